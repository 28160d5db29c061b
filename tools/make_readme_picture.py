"""Draw docs/images/mgagsb-module.png, the picture of the README, from examples/mgagsb-module.toml.

python tools/make_readme_picture.py
"""

from pathlib import Path

from ioffe.base.plotting import look
from ioffe.device_file.read import read_device
from ioffe.report.curves import curves

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "images" / "mgagsb-module.png"
WIDTH_MM, WIDTH_PX = 190.0, 1600


def main() -> None:
    """Solve the example and draw power, efficiency and voltage over the current."""
    result = read_device(ROOT / "examples" / "mgagsb-module.toml").solve()
    figure = curves(result, names=("power", "efficiency", "voltage"), columns=3, width=WIDTH_MM)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    with look():
        figure.savefig(PICTURE, dpi=WIDTH_PX / (WIDTH_MM / 25.4), metadata={"Software": None})


if __name__ == "__main__":
    main()
