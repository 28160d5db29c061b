"""Results that the tests of the report share."""

import numpy as np
import pytest

from ioffe.device import Cooler, GapFiller, Generator, Leg, Segment, SideLoss
from ioffe.device_file.measured import Measured, compare
from ioffe.material.fields import Provenance
from tests.report.devices import HOSTILE, File, P, constant, module


@pytest.fixture(scope="session")
def generator():
    """A module at three hot-side temperatures, swept over the current."""
    return module().solve(Generator(T_hot=[500, 350, 425], T_cold=300, current="sweep"))


@pytest.fixture(scope="session")
def cooler():
    """A cooler with 17 pairs at two hot-side temperatures, swept over the current."""
    device = module(17, filler=GapFiller(thermal_conductivity=0.03), series_resistance="5 mohm")
    return device.solve(Cooler(T_hot=[300, 330], T_cold=285, current="sweep"))


@pytest.fixture(scope="session")
def single():
    """One operating point of a segmented leg with a thin layer and side losses."""
    segments = [Segment("Ni", "2 um"), Segment(P, "2 mm"), Segment("Bi0.42Sb1.58Te3", "1 mm")]
    leg = Leg(segments=segments, area="2 mm x 2 mm", side=SideLoss(emissivity=0.5))
    return leg.solve(Generator(T_hot=450, T_cold=310, T_ambient=300, load="max_efficiency"))


@pytest.fixture(scope="session")
def runaway():
    """A cooler driven far too hard: the last of its points have no solution."""
    leg = Leg(constant("hot", "n", -2e-4), length="2 mm", area="1 mm x 1 mm")
    result = leg.solve(Cooler(T_hot=300, T_cold=290, current=np.linspace(0.2, 150.0, 30)))
    assert np.isnan(result.heat_cold).any()
    assert np.isfinite(result.heat_cold).any()
    return result


@pytest.fixture(scope="session")
def hostile():
    """A result of materials whose names and sources try to break out."""
    source = Provenance(doi='10.1/"><script>', source="<b>bold</b>", note="</table>")
    leg = Leg(constant(HOSTILE, "p", 2e-4, provenance=source), length="2 mm", area="1 mm2", name=HOSTILE)
    return leg.solve(Generator(T_hot=400, T_cold=300))


@pytest.fixture(scope="session")
def device_file(generator):
    """Published values, with what is computed at the same temperatures."""
    rows = (
        Measured("max_power", 0.1, 0.01, {"T_hot": 500.0}, "fresh", source="A & B", doi="10.1000/abc"),
        Measured("voltage", 0.05, at={"T_hot": 350.0, "current": 1.0}),
        Measured("max_efficiency", 0.07, at={"T_hot": 500.0}, kind="simulated"),
    )
    return File(rows, compare(rows, generator.conditions, generator.device.solve))
