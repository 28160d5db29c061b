"""A looser tolerance changes values within itself, and no status: for every aim, in both engines."""

import numpy as np
import pytest

import ioffe as te
from ioffe.base.aims import AIMS
from ioffe.engine import compiled

CONTACT = te.Contact("5 uohm cm2", "1e-5 m2 K/W")
STACK = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]


def module(**more):
    legs = {k: te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm", **more) for k in "pn"}
    return te.Module(**legs, fill_factor=0.28, hot=STACK, cold=STACK)


DEVICES = {
    "plain couple": te.Module(
        *(te.Leg(f"generic {k} cooler leg", "1.6 mm", "2 mm2") for k in "pn"), fill_factor=0.3
    ),
    "losing heat": module(contact=CONTACT, side=te.SideLoss("20 W/(m2 K)", 0.8)),
}


def requests():
    """Conditions, the quantity that is compared, for every aim and for other kinds of points."""
    generator = {"T_hot": 400, "T_cold": 300, "T_ambient": 300, "hot_resistance": 2.0}
    cooler = {"T_hot": 300, "T_ambient": 300, "hot_resistance": 2.0}
    for aim, one in AIMS.items():
        if aim in ("max_power", "max_efficiency"):
            yield aim, te.Generator(**generator, current=aim), one.quantity
        elif aim in ("max_heat", "max_COP"):
            yield aim, te.Cooler(**cooler, T_cold=285, current=aim), one.quantity
        elif aim == "delta_T_max":
            yield aim, te.Cooler(T_hot=300, T_ambient=300, heat=0.0, aim="delta_T"), "delta_T"
    yield "short circuit", te.Generator(**generator, voltage=0.0), "current"
    yield "load", te.Generator(**generator, load=0.01), "power"
    yield "heat", te.Cooler(**cooler, T_cold=290, heat=0.02), "COP"
    yield "floating", te.Cooler(**cooler, heat=0.01, current=1.0), "T_cold"


REQUESTS = {name: (conditions, quantity) for name, conditions, quantity in requests()}


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", REQUESTS)
def test_tolerances_change_no_status(name, device):
    conditions, quantity = REQUESTS[name]
    T_hot = (
        np.linspace(385.0, 425.0, 5) if isinstance(conditions, te.Generator) else np.linspace(295.0, 335.0, 5)
    )
    expected = current = None
    for tolerance in (1e-10, 1e-6, 1e-4):
        for engine in ("numpy", "compiled") if compiled.available() else ("numpy",):
            options = {"tolerance": tolerance, "engine": engine}
            found = te.solve_batch(DEVICES[device], conditions, {"T_hot": T_hot}, **options)
            assert found.point_status.max() < int(te.Status.RUNAWAY), options
            expected = found.values[quantity] if expected is None else expected
            allowed = 3.0 * tolerance + 1e-8
            np.testing.assert_allclose(found.values[quantity], expected, rtol=allowed, err_msg=str(options))
            # the current of a maximum is a root of its slope, so that its error is no root of the tolerance
            current = found.values["current"] if current is None else current
            allowed = 3.0 * tolerance + 3e-7
            np.testing.assert_allclose(found.values["current"], current, rtol=allowed, err_msg=str(options))


def test_single_coolers_at_loose_tolerances():
    cooler = DEVICES["plain couple"]
    conditions = te.Cooler(T_hot=300, heat=0.0, aim="delta_T")
    found = [cooler.solve(conditions, tolerance=t).delta_T for t in (1e-3, 1e-5, 1e-6, 1e-7, 1e-9)]
    # 67.841 K of the generic legs at 300 K
    np.testing.assert_allclose(found, 67.841, atol=2e-3)
