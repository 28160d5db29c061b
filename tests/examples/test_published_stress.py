"""The contact layers of a published cooler: on a coarse mesh, what the documentation says of their order."""

import runpy
from pathlib import Path

import ioffe as te
from ioffe.field.elements import solids

ROOT = Path(__file__).parents[2]


def test_nickel_is_stressed_most_on_the_n_leg_at_the_bridge(monkeypatch):
    monkeypatch.setattr(solids, "CELLS", dict.fromkeys(solids.CELLS, 1))
    example = runpy.run_path(str(ROOT / "examples" / "published-stress.py"))
    module, elastic = example["pair"]("Ni")
    full = module.solve(te.Generator(T_hot=300.5, T_cold=299.5, current=0.0), "full", maxima=False)
    parts = te.stress(full, free=example["FREE"], elastic=elastic).parts
    at = {name: parts[f"{name}, Ni"]["largest_mises"] for name in ("hot solder (p)", "hot solder (n)")}
    ends = {k: parts[f"cold solder ({k}), Ni"]["largest_mises"] for k in "pn"}
    assert at["hot solder (n)"] > at["hot solder (p)"] > ends["p"]
    assert at["hot solder (n)"] > ends["n"] > 5e7
