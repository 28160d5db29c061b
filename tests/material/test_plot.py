import subprocess
import sys

import numpy as np
import pytest

from ioffe.base.errors import InputError
from ioffe.base.plotting import COLOURS
from ioffe.material import library
from ioffe.material.figure import BAND, DOUBT, NO_BAND, plot
from tests.material.samples import T, smooth

STD = {"seebeck": "6 %", "electrical_conductivity": "8 %", "thermal_conductivity": "11 %"}


def curves(panel):
    return [line for line in panel.lines if line.get_linestyle() != "None" and len(line.get_xdata()) > 100]


def points(panel):
    return [
        line for line in panel.lines if line.get_marker() not in ("None", "") and len(line.get_xdata()) < 100
    ]


def caption(figure):
    return figure.get_supxlabel().replace("\n", " ")


def test_four_panels_with_curve_and_points_in_display_units():
    m = smooth()
    figure = plot(m)
    panels = figure.axes
    assert [panel.get_ylabel() for panel in panels] == [
        "Seebeck coefficient $S$ (µV/K)",
        r"Electrical conductivity $\sigma$ (S/cm)",
        r"Thermal conductivity $\kappa$ (W/(m K))",
        "Figure of merit $zT$",
    ]
    assert [panel.get_xlabel() for panel in panels[2:]] == ["Temperature $T$ (K)"] * 2
    expected = (m.seebeck(T) * 1e6, m.electrical_conductivity(T) / 100, m.thermal_conductivity(T), m.zT(T))
    for panel, values in zip(panels, expected, strict=True):
        (curve,), (marks,) = curves(panel), points(panel)
        np.testing.assert_allclose(marks.get_xdata(), T)
        np.testing.assert_allclose(marks.get_ydata(), values, rtol=1e-12)
        np.testing.assert_allclose(np.interp(T, curve.get_xdata(), curve.get_ydata()), values, rtol=1e-3)
        assert curve.get_color() == marks.get_color() == COLOURS[0]


def test_the_band_is_one_standard_deviation():
    m = smooth(std=STD)
    figure = plot(m)
    assert BAND in caption(figure)
    for panel, share in zip(figure.axes, (0.06, 0.08, 0.11, 0.18138357), strict=True):
        (band,) = panel.collections
        y = band.get_paths()[0].vertices
        at_300 = y[np.isclose(y[:, 0], 300.0), 1]
        middle = curves(panel)[0].get_ydata()[0]
        assert at_300.max() == pytest.approx(middle * (1 + share), rel=1e-6)
        assert at_300.min() == pytest.approx(middle * (1 - share), rel=1e-6)


def test_the_absence_of_a_band_is_stated():
    figure = plot(smooth())
    assert NO_BAND in caption(figure)
    assert not any(panel.collections for panel in figure.axes)


def test_reported_zT_is_drawn_open():
    m = library.load_material("MgAgSb0.99In0.01")
    figure = plot(m)
    reported = [line for line in figure.axes[3].lines if line.get_fillstyle() == "none"]
    assert len(reported) == 1
    np.testing.assert_allclose(reported[0].get_ydata(), m.reported_zT.values)
    assert "Open symbols: zT as reported." in caption(figure)
    assert "doi 10.1021/cm5041826" in caption(figure)
    assert "Open symbols" not in caption(plot(smooth()))


def test_several_materials_share_one_look():
    names = ["MgAgSb0.99In0.01", "Bi0.42Sb1.58Te3", "generic n cooler leg"]
    figure = plot([library.load_material(name) for name in names])
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == names
    assert [line.get_color() for line in curves(figure.axes[0])] == list(COLOURS[:3])
    assert len(points(figure.axes[0])) == 2
    words = caption(figure)
    assert "monotone cubic interpolation (pchip)" in words
    assert "polynomial formula" in words
    with pytest.raises(InputError, match="one to 7 materials"):
        plot([])
    with pytest.raises(InputError, match="one to 7 materials"):
        plot([smooth()] * 8)


def test_passive_materials_say_what_they_have_not():
    def words(name):
        return [[text.get_text() for text in panel.texts] for panel in plot(library.load_material(name)).axes]

    assert words("Cu") == [["S = 0 (metal)"], [], [], ["zT = 0 (metal)"]]
    assert words("Al2O3") == [
        ["S = 0 (ceramic)"],
        ["no electrical conductivity (ceramic)"],
        [],
        ["zT = 0 (ceramic)"],
    ]
    constant = plot(library.load_material("generic Bi2Te3 (constant)"))
    assert curves(constant.axes[0])[0].get_xdata()[[0, -1]].tolist() == [250.0, 350.0]


def test_zT_points_are_those_where_everything_was_measured():
    m = smooth()
    other = m.replace(seebeck=smooth().seebeck.replace(T=T[1:], values=m.seebeck.values[1:]))
    (marks,) = points(plot(other).axes[3])
    assert marks.get_xdata().tolist() == T[1:].tolist()


def test_files(tmp_path):
    smooth().plot(tmp_path / "m.svg")
    text = (tmp_path / "m.svg").read_text(encoding="utf-8")
    assert "smooth, p-type (measured)" in text
    with pytest.raises(InputError, match="ending in"):
        smooth().plot(tmp_path / "m.jpg")


def test_no_window_and_no_global_figure():
    code = (
        "import sys; from ioffe.material import library; library.load_material('Cu').plot(); "
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}, check=False)
    assert done.returncode == 0


def test_rings_stand_about_the_values_in_doubt():
    m = smooth()
    assert "rings" not in caption(plot(m))
    S = m.seebeck
    bent = m.replace(seebeck=S.replace(values=S.values * np.where(np.arange(len(S.T)) == 3, 1.5, 1.0)))
    figure = plot(bent)
    assert "Red rings: values in doubt." in caption(figure)
    rings = [[line for line in panel.lines if line.get_color() == DOUBT] for panel in figure.axes]
    assert [len(found) for found in rings[:3]] == [1, 0, 0]
    (ring,) = rings[0]
    assert S.T[3] in ring.get_xdata()
    np.testing.assert_allclose(ring.get_ydata(), bent.seebeck(ring.get_xdata()) * 1e6)
