import subprocess
import sys

import numpy as np
import pytest

from ioffe.base.errors import InputError
from ioffe.base.plotting import COLOURS, RC, axis_label, look, new_figure, save_figure, unit_label
from ioffe.base.quantities import QUANTITIES


def test_labels_name_the_quantity_its_symbol_and_unit():
    assert axis_label("electrical_resistivity") == r"Electrical resistivity $\rho$ (mΩ cm)"
    assert axis_label("zT", words="Figure of merit") == "Figure of merit $zT$"
    assert [axis_label(name, words=name) for name in ("zT", "ZT", "COP")] == ["$zT$", "$ZT$", "COP"]
    assert axis_label("power", "mW", "Power") == "Power $P$ (mW)"
    with pytest.raises(InputError, match="thermal_conductivity"):
        axis_label("thermal_conductivty")


def test_every_display_unit_can_be_printed():
    for entry in QUANTITIES.values():
        text = unit_label(entry.display_unit)
        assert "^" not in text
        assert "ohm" not in text
        assert text.replace("µ", "u").replace("Ω", "ohm")[:1] == entry.display_unit[:1] or text.startswith(
            "°"
        )


def test_units_as_printed():
    assert [unit_label(u) for u in ("W/(m K)", "uW/(cm K2)", "um", "mohm cm", "1/K", "USD/kg", "m3/C")] == [
        "W/(m K)",
        "µW/(cm K²)",
        "µm",
        "mΩ cm",
        "1/K",
        "USD/kg",
        "m³/C",
    ]


def test_colours_differ_in_lightness_and_hue():
    """Okabe and Ito's palette without its yellow."""
    assert len(set(COLOURS)) == 7
    assert all(len(c) == 7 and c.startswith("#") for c in COLOURS)
    assert "#F0E442" not in COLOURS


def test_the_look_is_left_behind():
    import matplotlib as mpl

    before = mpl.rcParams["xtick.direction"]
    with look():
        assert mpl.rcParams["xtick.direction"] == RC["xtick.direction"] == "in"
    assert mpl.rcParams["xtick.direction"] == before == "out"


def test_figures_have_the_size_asked_for():
    figure, axes = new_figure(2, 3, width=170.0, height=120.0)
    np.testing.assert_allclose(figure.get_size_inches() * 25.4, [170.0, 120.0])
    assert len(axes) == 6


def test_the_same_figure_gives_the_same_file(tmp_path):
    def draw(path):
        with look():
            figure, (axes,) = new_figure()
            axes.plot([0, 1], [0, 1])
            return save_figure(figure, path).read_bytes()

    for ending in ("png", "svg", "pdf"):
        first = draw(tmp_path / "new" / f"a.{ending}")
        assert first == draw(tmp_path / f"b.{ending}")
        assert len(first) > 1000
    with pytest.raises(InputError, match=r"ending in \.png, \.svg, \.pdf is expected"):
        draw(tmp_path / "a.gif")
    assert not (tmp_path / "a.gif").exists()


def test_importing_it_loads_no_matplotlib():
    code = "import sys, ioffe.base.plotting; sys.exit('matplotlib' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}, check=False
        ).returncode
        == 0
    )
