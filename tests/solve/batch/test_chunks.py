"""Batches in chunks: the same numbers to the last bit, checked beforehand, never all in memory."""

import pickle

import numpy as np
import pytest

import ioffe as te
from ioffe.engine import compiled
from ioffe.solve.batch.engines import NumpyEngine
from ioffe.solve.batch.plan import planned

P, N, OTHER = "Bi0.42Sb1.58Te3", "Bi2Te2.7Se0.3", "Bi0.48Sb1.52Te3"
CONTACT = te.Contact("5 uohm cm2", "2e-6 m2 K/W")
PLAIN = te.Leg(P, "2 mm", "2 mm2")
LEG = te.Leg(P, "2 mm", "2 mm2", contact=CONTACT, side=te.SideLoss(20.0))
COUPLE = te.Module(
    p=te.Leg(P, "2 mm", "2 mm2", contact=CONTACT), n=te.Leg(N, "2 mm", "2 mm2"), fill_factor=0.3
)
BLOCK = 20
POWER = te.Generator(T_hot=450, T_cold=310, current="max_power", T_ambient=300)
GIVEN = te.Generator(T_hot=450, T_cold=310, current=0.3)
SWEEP = te.Generator(T_hot=450, T_cold=310, current="sweep")
COOLER = te.Cooler(T_hot=310, T_cold=300, current="max_COP")


def some(low, high, n):
    return np.random.default_rng(n).uniform(low, high, n)


CASES = {
    "power": (PLAIN, POWER, {"length": (1e-3, 4e-3), "T_hot": (350.0, 550.0)}, {}),
    "side": (LEG, POWER, {"length": (1e-3, 4e-3)}, {"interfaces": True}),
    "cooler": (COUPLE, COOLER, {"legs.length": (1e-3, 4e-3), "T_hot": (305.0, 315.0)}, {"keep": ["COP"]}),
    "given": (COUPLE, COOLER.replace(current=2.0), {"legs.length": (1e-3, 4e-3)}, {"gradient": ["T_hot"]}),
    "sweep": (PLAIN, SWEEP, {"length": (1e-3, 4e-3), "contact.thermal": (-1e-6, 2e-6)}, {}),
    "gradient": (LEG.replace(side=None), GIVEN, {"length": (1e-3, 4e-3)}, {"gradient": ["length", "T_hot"]}),
}
"""Device, conditions, what is varied between which numbers, and options."""


def numbers(result):
    found = {**result.values, "status": result.point_status, "error": result.point_error_estimate}
    found |= dict(result.interface_temperatures)
    if result.derivatives is not None:
        found["slope"] = result.gradient["power"]["T_hot"]
    return found


def assert_same(whole, parts):
    expected, found = numbers(whole), [numbers(part) for part in parts]
    for name, values in expected.items():
        joined = np.concatenate([part[name] for part in found])
        np.testing.assert_array_equal(joined, values.reshape(joined.shape), err_msg=name)


@pytest.mark.parametrize(
    ("engine", "case", "n", "chunks"),
    [("compiled", case, 100, (1, 17, 100)) for case in CASES]
    + [("numpy", case, 50, (BLOCK, BLOCK + 1)) for case in ("power", "given", "sweep")],
)
def test_results_do_not_depend_on_the_chunk(engine, case, n, chunks, monkeypatch):
    monkeypatch.setattr(NumpyEngine, "block", BLOCK)
    if engine == "compiled" and not compiled.available():
        pytest.skip("numba is an optional extra")
    device, conditions, ranges, options = CASES[case]
    vary = {path: np.maximum(some(low, high, n), 0.0) for path, (low, high) in ranges.items()}
    if case == "power":
        vary["material"] = np.resize(np.array([P, P, OTHER], object), n)
    options = options | {"engine": engine}
    whole = te.solve_batch(device, conditions, vary, **options)
    assert np.isfinite(next(iter(whole.values.values()))).mean() > 0.9
    for chunk in chunks:
        parts = list(te.solve_chunks(device, conditions, vary, chunk=chunk, **options))
        longest = -(-chunk // BLOCK) * BLOCK if engine == "numpy" else chunk
        assert max(len(part.point_status) for part in parts) == min(longest, n)
        assert_same(whole, parts)


def test_a_dense_table_changes_nothing_of_devices_beside_it():
    if not compiled.available():
        pytest.skip("numba is an optional extra")
    T = np.linspace(300.0, 900.0, 2001)
    x = (T - 300.0) / 600.0
    dense = te.Material.from_arrays(
        name="dense",
        carrier="p",
        T=T,
        seebeck=1e-4 + 1e-4 * np.sin(3.0 * x),
        electrical_conductivity=1e5 * np.exp(-1.3 * x + 0.2 * np.sin(7.0 * x)),
        thermal_conductivity=2.0 - 0.8 * x + 0.2 * np.cos(5.0 * x),
    )
    n, other = 20, "Pb0.99Na0.01Te"
    vary = {
        "length": some(1e-3, 4e-3, n),
        "T_hot": some(350.0, 850.0, n),
        "current": some(0.0, 8.0, n + 1)[:n],
    }
    vary["material"] = np.resize(np.array([dense, *[other] * 9], object), n)
    for leg in (te.Leg(other, "2 mm", "2 mm2"), te.Leg(other, "2 mm", "2 mm2", contact=CONTACT)):
        whole = te.solve_batch(leg, GIVEN, vary, engine="compiled")
        parts = list(te.solve_chunks(leg, GIVEN, vary, engine="compiled", chunk=1))
        for name, values in whole.values.items():
            np.testing.assert_array_equal([part.values[name][0] for part in parts], values, err_msg=name)
        errors = [part.point_error_estimate[0] for part in parts]
        np.testing.assert_allclose(errors, whole.point_error_estimate, rtol=1e-6)


def test_rows_are_those_of_arrays_that_broadcast():
    vary = {"length": np.array([[1e-3], [2e-3], [4e-3]]), "material": [P, OTHER], "T_cold": 300.0}
    whole = te.solve_batch(PLAIN, GIVEN, vary, engine="numpy")
    parts = list(te.solve_chunks(PLAIN, GIVEN, vary, chunk=500, engine="numpy"))
    assert_same(whole, parts)
    assert parts[0].varied["material"].tolist() == [P, OTHER] * 3
    assert parts[0].varied["length"].tolist() == whole.varied["length"].ravel().tolist()
    assert parts[0].conditions == whole.conditions


def test_arrays_that_broadcast_are_never_written_out():
    n = 100_000  # squared that would be 80 GB for each number
    vary = {"length": np.linspace(1e-3, 2e-3, n)[:, None], "T_hot": np.linspace(400.0, 450.0, n)}
    chunks = te.solve_chunks(PLAIN, GIVEN, vary, chunk=500, engine="numpy", keep=["power"])
    first = next(chunks)
    row = {"T_hot": vary["T_hot"][:500], "length": vary["length"][0]}
    np.testing.assert_array_equal(
        first.power, te.solve_batch(PLAIN, GIVEN, row, engine="numpy", keep=["power"]).power
    )
    assert set(first.values) == {"power"}


def test_everything_is_checked_before_the_first_chunk():
    vary = {"length": [1e-3] * 30 + [-1e-3]}
    with pytest.raises(te.InputError, match=r"vary\.length\[30\]"):
        te.solve_chunks(PLAIN, GIVEN, vary, chunk=10)
    for wrong in (0, -3, 2.5, True):
        with pytest.raises(te.InputError, match="chunk"):
            te.solve_chunks(PLAIN, GIVEN, {"length": [1e-3]}, chunk=wrong)


def test_a_strict_solve_ends_with_the_chunk_that_leaves_the_range():
    vary = {"T_hot": np.append(np.full(500, 400.0), 600.0)}
    chunks = te.solve_chunks(PLAIN, GIVEN.replace(T_cold=330.0), vary, chunk=500, strict=True, engine="numpy")
    assert len(next(chunks)) == 500
    with pytest.raises(te.ExtrapolationError, match="1 of 1 devices"):
        next(chunks)


def test_parts_go_to_other_processes(monkeypatch):
    monkeypatch.setattr(NumpyEngine, "block", BLOCK)
    vary = {"length": some(1e-3, 4e-3, 50), "material": np.resize(np.array([P, OTHER], object), 50)}
    plan = planned(LEG, POWER, vary, engine="numpy", interfaces=True)
    sent = [pickle.dumps(part) for part in plan.parts(BLOCK)]
    assert len(sent) == 3
    assert_same(plan.solve(), [pickle.loads(part).solve() for part in sent])
