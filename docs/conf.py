"""Settings of the documentation; the table of quantities is written from the package at every build."""

from pathlib import Path

from ioffe import __version__
from ioffe.base.quantities import QUANTITIES

project = "ioffe"
author = "ioffe contributors"
copyright = "2026, ioffe contributors"
release = version = __version__

extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"ioffe {__version__}"
html_show_sourcelink = False


def quantity_rows() -> list[str]:
    """One row of a Markdown table for each quantity, in the order of the package's table."""
    rows = []
    for quantity in QUANTITIES.values():
        symbol = f"${quantity.symbol.strip('$')}$" if quantity.symbol else ""
        description = quantity.description.replace("|", "\\|")
        cells = [f"`{quantity.name}`", symbol, quantity.unit, quantity.display_unit, description]
        rows.append("| " + " | ".join(cells) + " |")
    return rows


def write_quantities(app: object) -> None:
    """Write quantities.md beside this file, only when it changes, so that a rebuild stays short."""
    del app
    page = Path(__file__).parent / "quantities.md"
    text = "\n".join(
        [
            "# Quantities",
            "",
            "These words are the attributes of a result, the keys of `result.json` and the columns of",
            "`curves.csv`. Inside the package and in every file it writes, a number is in the SI unit;",
            "pictures, reports and the terminal use the unit of the field.",
            "",
            "| name | symbol | SI unit | shown in | meaning |",
            "|---|---|---|---|---|",
            *quantity_rows(),
            "",
        ]
    )
    if not page.exists() or page.read_text(encoding="utf-8") != text:
        page.write_text(text, encoding="utf-8")


def setup(app) -> None:
    """Hang the table into the build."""
    app.connect("builder-inited", write_quantities)
