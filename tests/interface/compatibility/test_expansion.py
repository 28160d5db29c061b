"""Curves of thermal expansion on cards, and the strain between joined materials."""

import numpy as np
import pytest

from ioffe.base.errors import InputError
from ioffe.interface.compatibility import plot_expansion, thermal_strain
from ioffe.material import Material

CARD = """\
format = 1
name = "metal"
kind = "metal"
quality = "remembered"
interpolation = "linear"
[constant]
thermal_conductivity = "90 W/(m K)"
electrical_resistivity = "7e-8 ohm m"
[[table]]
columns = { T = "K", thermal_expansion = "ppm/K" }
rows = [[300, 10], [700, 18]]
"""


@pytest.fixture
def metal(tmp_path):
    (tmp_path / "metal.toml").write_text(CARD, encoding="utf-8")
    return Material.from_card(tmp_path / "metal.toml")


def test_elongation_is_the_integral_of_the_curve(metal):
    """alpha = 10 + 0.02 (T - 300) ppm/K: from 400 K the integral is 12 x + 0.01 x2 ppm, both ways."""
    x = np.array([-100.0, 0.0, 50.0, 300.0])
    assert thermal_strain(metal, 400.0, 400.0 + x) == pytest.approx(
        1e-6 * (12.0 * x + 0.01 * x**2), abs=1e-15
    )
    constant = metal.replace(thermal_expansion=12e-6)
    assert thermal_strain(constant, 400.0, 400.0 + x) == pytest.approx(12e-6 * x)


def test_picture_shows_curves_and_the_strain_between_neighbours(metal, tmp_path):
    other = metal.replace(name="other", thermal_expansion=12e-6)
    figure = plot_expansion([metal, other], 400.0, (300.0, 700.0), tmp_path / "a.svg")
    left, right = figure.axes
    assert left.lines[0].get_ydata()[[0, -1]] == pytest.approx([10.0, 18.0])
    strain = right.lines[0]
    at_free = np.argmin(np.abs(strain.get_xdata() - 400.0))
    assert strain.get_ydata()[at_free] == pytest.approx(0.0, abs=1e-12)
    assert strain.get_ydata()[-1] == pytest.approx(100e-6 * 0.01 * 300.0**2)
    assert (tmp_path / "a.svg").exists()


def test_faults(metal):
    bare = metal.replace(thermal_expansion=None)
    with pytest.raises(InputError, match="a thermal expansion on the card"):
        plot_expansion([metal, bare], 400.0, (300.0, 700.0))
    with pytest.raises(InputError) as caught:
        plot_expansion([metal], 400.0, (700.0, 300.0))
    assert [fault.location for fault in caught.value.faults] == ["materials", "span"]
