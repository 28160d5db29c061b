"""Public names of the package, and values with units in all of its parts."""

import subprocess
import sys

import numpy as np
import pytest

import ioffe as te
from ioffe.base.constants import e
from ioffe.base.errors import InputError
from ioffe.interface import ageing, barrier, compatibility, diffusion


@pytest.mark.parametrize("package", [te.interface, ageing, barrier, compatibility, diffusion])
def test_every_public_name_is_found(package):
    for name in package.__all__:
        assert getattr(package, name) is not None
    assert set(package.__all__) <= set(dir(package))


def test_the_parts_are_in_the_whole():
    for part in (ageing, barrier, compatibility, diffusion):
        for name in part.__all__:
            assert getattr(te.interface, name) is getattr(part, name)
    with pytest.raises(AttributeError, match="no attribute"):
        te.interface.junktion  # noqa: B018 - reading it is what raises


def test_importing_the_package_loads_nothing_heavy():
    heavy = ("scipy", "matplotlib", "pandas")
    code = f"import sys, ioffe.interface; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_texts_with_units_are_the_numbers():
    day = 86400.0
    assert te.interface.diffusion_width("1e-14 cm2/s", "1 day") == te.interface.diffusion_width(1e-18, day)
    assert te.interface.time_lag("5 um", "1e-12 cm2/s") == te.interface.time_lag(5e-6, 1e-16)
    assert te.interface.LayerGrowth("0.4 um2/day").constant == pytest.approx(0.4e-12 / day)
    assert te.interface.Arrhenius("1 eV", "300 degC").reference_temperature == 573.15
    assert te.interface.LaminateLayer("3 mm", "40 GPa", 0.25, 20e-6).youngs_modulus == 40e9
    assert te.interface.Phase("Mg3Sb2", "-0.62 eV").formation_energy == pytest.approx(-0.62 * e)
    law = te.interface.Relaxation(2e-9, 8e-10, "8 day", acceleration=te.interface.Arrhenius(e, 573.15))
    assert law.at("30 day", "250 degC") == law.at(30 * day, 523.15)
    series = te.interface.AgeingSeries("a", ["0 h", "24 h"], [2e-9, 1e-9], "300 degC")
    np.testing.assert_array_equal(series.times, [0.0, day])


def test_what_is_checked_is_what_is_computed_with():
    edges, fresh = np.linspace(0.0, 4e-6, 21), np.repeat([1.0, 0.0], 10)
    plain = te.interface.diffuse(edges, fresh, 1e-16, [3600.0]).concentration
    np.testing.assert_array_equal(
        te.interface.diffuse(edges, fresh, "1e-12 cm2/s", ["1 h"]).concentration, plain
    )
    x = np.linspace(-3e-6, 3e-6, 61)
    c = te.interface.couple_profile(x, "0.6 um", 30.0)
    width = [te.interface.fit_profile(x, c, probe=s).parameter("width").value for s in (2e-7, "0.2 um")]
    assert width[0] == width[1] < 0.6e-6
    law = te.interface.Relaxation(2e-9, 8e-10, "8 day", acceleration=te.interface.Arrhenius(e, 573.0))
    days = np.arange(6.0) * 5 * 86400.0
    series = [te.interface.AgeingSeries(f"{T:g}", days, law.at(days, T), T) for T in (543.0, 573.0)]
    fit = te.interface.fit_ageing(series, own=(), reference_temperature="300 degC")
    assert fit.law("573").acceleration.reference_temperature == 573.15
    ends = te.interface.Phase("Mg3Sb2", -0.6 * e), te.interface.Phase("Mg3Bi2", -0.3 * e)
    mixed = [te.interface.solid_solution(ends, [0.5, 0.5], T, 0.4) for T in (573.15, "300 degC")]
    assert mixed[0].formation_energy == mixed[1].formation_energy


@pytest.mark.parametrize(
    "call",
    [
        lambda: te.interface.diffusion_width("1 K", 1.0),
        lambda: te.interface.Arrhenius("1 K", 573.0),
        lambda: te.interface.LayerGrowth("3 mm"),
        lambda: te.interface.Junction("0.3 eV", "1e19 cm^-3", "3 mm", 20.0),
        lambda: te.interface.LaminateLayer("3 K", 40e9, 0.25, 20e-6),
    ],
)
def test_a_unit_of_another_dimension_is_refused(call):
    with pytest.raises(InputError):
        call()


def test_quantities_of_pint():
    pint = pytest.importorskip("pint", reason="pint is an optional extra")
    Q = pint.UnitRegistry().Quantity
    junction = te.interface.Junction(Q(0.3, "eV"), Q([1e18, 1e19], "1/cm^3"), Q(300, "K"), 20.0)
    same = te.interface.Junction(0.3 * e, [1e24, 1e25], 300.0, 20.0)
    rho = te.interface.contact_resistivity(junction)
    np.testing.assert_allclose(rho, te.interface.contact_resistivity(same), rtol=1e-12)
    np.testing.assert_allclose(te.interface.diffusion_width(1e-18, Q(1, "hour")), 2.0 * np.sqrt(3600e-18))
    faster = te.interface.Arrhenius(Q(1.0, "eV"), Q(300.0, "degC"))
    np.testing.assert_allclose(faster.factor(Q([300.0, 350.0], "degC")), faster.factor([573.15, 623.15]))
    shear = te.interface.EdgeShear(-26e6, 1.26e-3, -28e3, 1.5e-3)
    np.testing.assert_allclose(shear.at(Q(1.0, "mm")), shear.at(1e-3))
    with pytest.raises(InputError):  # no unit of a value in the unit of a law
        te.interface.AgeingSeries("a", [0.0, 1.0], Q([1.0, 2.0], "mm"))
