"""Maxima are computed at the first look at them, and are those of a solve that asks for them."""

import copy
import pickle

import numpy as np
import pytest

import ioffe as te

CONTACT = te.Contact("10 uohm cm2")
P, N = (te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm", contact=CONTACT) for k in "pn")
MODULE = te.Module(p=P, n=N, couples=40, fill_factor=0.28)
GRADED = te.GradedLeg({0: "Bi0.42Sb1.58Te3", 1: "generic p cooler leg"}, "2 mm", "4 mm2", slices=4)
STAGES = (MODULE, MODULE.replace(couples=12))
CASCADE = te.Cascade(STAGES)
APART = te.Cascade(STAGES, "independent")
AT, COLD = {"T_hot": 400.0, "T_cold": 300.0}, {"T_hot": 300.0, "T_cold": 275.0}
CASES = {
    "leg": (P, te.Generator(**AT, current=1.0), "1d"),
    "loads": (MODULE, te.Generator(**AT | {"T_hot": [390.0, 400.0]}, load=[1.0, 2.0]), "1d"),
    "aim": (MODULE, te.Generator(**AT, current="max_power"), "1d"),
    "heated": (MODULE, te.Generator(heat=50.0, T_cold=300.0, current=1.0), "ideal"),
    "cooler": (MODULE, te.Cooler(**COLD, current=1.0), "1d"),
    "heat": (MODULE, te.Cooler(**COLD, heat=1.0), "ideal"),
    "too cold": (MODULE, te.Cooler(T_hot=300.0, T_cold=[180.0, 280.0], current=1.0), "ideal"),
    "free cold side": (MODULE, te.Cooler(T_hot=300.0, heat=0.1, current=[1.0, 2.0]), "ideal"),
    "sweep": (MODULE, te.Cooler(**COLD, current="sweep"), "ideal"),
    "graded": (GRADED, te.Generator(**AT, current=1.0), "1d"),
    "cascade": (CASCADE, te.Generator(**AT, current=1.0), "1d"),
    "cooling cascade": (CASCADE, te.Cooler(**COLD, current=[0.5, 1.0]), "ideal"),
    "stages apart": (APART, te.Generator(**AT, current="max_power"), "ideal"),
    "cooling stages apart": (APART, te.Cooler(**COLD, heat=0.5), "ideal"),
}
WAYS = {
    "attribute": lambda r: (getattr(r, list(r.values)[-1]), r)[1],
    "copy": copy.deepcopy,
    "pickle": lambda r: pickle.loads(pickle.dumps(r)),
    "text": lambda r: (str(r), r)[1],
    "table": lambda r: (r.table(), r)[1],
    "file": lambda r: (r.to_dict(), r)[1],
}


def equal(seen, asked):
    """All that two results hold, to rounding: what is solved beside a case moves its last bits."""
    assert (list(seen.values), seen.status) == (list(asked.values), asked.status)
    for key in asked.values:
        np.testing.assert_allclose(seen.values[key], asked.values[key], rtol=1e-12, atol=0.0, err_msg=key)
    assert (seen.warnings, seen.notes) == (asked.warnings, asked.notes)


@pytest.mark.parametrize("name", CASES)
def test_every_device_computes_its_maxima_later(name):
    device, conditions, fidelity = CASES[name]
    result = device.solve(conditions, fidelity)
    asked = device.solve(conditions, fidelity, maxima=True)
    assert not result.values.is_complete
    assert len(result.values.ready) < len(asked.values)
    assert result.status is asked.status
    equal(result, asked)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_looking_finds_them(way):
    result, asked = (MODULE.solve(te.Cooler(**COLD, current=9.0), "ideal", maxima=x) for x in (None, True))
    seen = WAYS[way](result)
    assert result.values.is_complete
    equal(seen, asked)


def test_a_strict_solve_looks_at_the_maxima_at_once():
    """At its currents the maximum may lie beyond the measured range, which ends the solve."""
    result = MODULE.solve(te.Generator(**AT, load=1.0), strict=True)
    assert "max_power" in dict(result.values)
    assert not hasattr(result.values, "is_complete")
