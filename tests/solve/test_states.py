"""Several steady states of one leg: closed forms, `solve_bvp`, and what is said of the end of a branch."""

import numpy as np
import pytest
from scipy.integrate import solve_bvp

import ioffe as te
from ioffe.base.curve.interpolation import table_cells
from ioffe.device.parameters import rebuilt
from ioffe.engine.branches import PeakCurve
from ioffe.engine.table import pack
from ioffe.solve.states import is_sole

LEG = te.Leg("Cu2Se", "5 mm", "9 mm2", contact=te.Contact("1 uohm cm2"))
HOT, COLD = 400.0, 300.0


def conditions(current):
    return te.Generator(T_hot=HOT, T_cold=COLD, current=current)


def curve_of(resistivity, T0=300.0, T1=300.0):
    """Of a table with constant kappa = 1 W/(m K), no Seebeck coefficient and this resistivity."""
    T = np.linspace(300.0, 3000.0, 136)
    S, kappa = (T[[0, -1]], np.zeros((1, 4))), (T[[0, -1]], np.array([[1.0, 0.0, 0.0, 0.0]]))
    rho = T, table_cells(T, resistivity(T), "cubic")
    return PeakCurve(pack(S, rho, kappa, resistivity=True), T0, T1, 1.0)


def test_linear_resistivity_has_the_profile_of_a_cosine():
    # T - T0 + 1/b = cos(w (x - L/2))/(b cos(w L/2)) with w^2 = J^2 rho0 b/kappa
    b, peaks = 2e-3, np.array([310.0, 400.0, 900.0, 2500.0])
    found = curve_of(lambda T: 1e-5 * (1.0 + b * (T - 300.0))).current(peaks)
    exact = 2.0 * np.arccos(1.0 / (1.0 + b * (peaks - 300.0))) / np.sqrt(1e-5 * b)
    np.testing.assert_allclose(found, exact, rtol=1e-9)


def test_fold_of_exponential_resistivity_is_that_of_thermal_explosion():
    # D. A. Frank-Kamenetskii's slab: J^2 rho0 b L^2/kappa = 3.513830719 at b (T_m - T0) = 1.186842168
    b = 5e-3
    T_max, j = curve_of(lambda T: 1e-5 * np.exp(b * (T - 300.0))).end()
    assert j**2 * 1e-5 * b == pytest.approx(3.513830719, rel=1e-6)
    assert b * (T_max - 300.0) == pytest.approx(1.186842168, rel=1e-3)


def by_solve_bvp(profile, current):
    """Heat at both ends in W and largest temperature of the state near a profile."""
    material, area, length = LEG.segments[0].material, 9e-6, 5e-3
    J = current / area

    def rates(_, y):
        T, q = y
        S, rho = material.seebeck(T), 1.0 / material.electrical_conductivity(T)
        slope = (S * T * J - q) / material.thermal_conductivity(T)
        return np.array([slope, J * (J * rho + S * slope)])

    x = np.linspace(0.0, length, 200)
    T = np.interp(x, profile.position, profile.T)
    start = np.array([T, material.seebeck(T) * T * J - material.thermal_conductivity(T) * np.gradient(T, x)])
    found = solve_bvp(
        rates, lambda a, b: np.array([a[0] - HOT, b[0] - COLD]), x, start, tol=1e-6, max_nodes=50_000
    )
    assert found.success
    return area * found.y[1, 0], area * found.y[1, -1], found.y[0].max()


def test_three_states_of_a_cu2se_leg_are_those_of_solve_bvp():
    current = 40.0
    states = LEG.solve(conditions(current), states="all")
    assert [str(s.status) for s in states] == ["ok", "ok", "outside_table"]
    ohm = 1e-10 / 9e-6
    for state in states[:2]:  # the third is beyond the table
        profile = state.profile()
        hot, cold, T_max = by_solve_bvp(profile, current)
        assert state.heat_hot == pytest.approx(hot - current**2 * ohm, rel=2e-5)
        assert state.heat_cold == pytest.approx(cold + current**2 * ohm, rel=2e-5)
        assert profile.T.max() == pytest.approx(T_max, rel=1e-3)  # at the points of the profile
        assert state.energy_balance < 1e-12
    assert "unstable" in states[1].warnings[-1]
    single = LEG.solve(conditions(current))
    assert single.heat_hot == pytest.approx(states[0].heat_hot, rel=1e-9)


@pytest.mark.parametrize("current", [1.0, 25.0, 38.2, 38.4, 40.0, 41.3])
def test_a_result_says_that_there_are_other_states(current):
    others = len(LEG.solve(conditions(current), states="all")) > 1
    said = [text for text in LEG.solve(conditions(current)).warnings if "other steady states" in text]
    assert bool(said) is others
    assert others == (current > 38.33)  # the second fold
    assert all('states="all"' in text and "--states all" in text for text in said)


def test_beyond_its_branch_a_state_is_a_runaway():
    found = LEG.solve(conditions([10.0, 41.0, 42.0]))
    assert [str(te.Status(code)) for code in found.point_status] == ["ok", "ok", "runaway"]
    assert np.isnan(found.power[2])
    assert any("begin at zero current end at 41.34 A" in text for text in found.warnings)
    (only,) = LEG.solve(conditions(42.0), states="all")
    assert "state 1 of 1" in only.warnings[-1]
    assert "reached from zero" not in only.warnings[-1]
    (cold,) = LEG.solve(conditions(1.0), states="all")
    assert cold.power == pytest.approx(LEG.solve(conditions(1.0)).power, rel=1e-12)


def test_states_are_refused_where_they_are_not_known():
    legs = [te.Leg(f"generic {k} cooler leg", 2e-3, 4e-6) for k in ("p", "n")]
    module = te.Module(*legs, fill_factor=0.3)
    with pytest.raises(te.InputError, match="states"):
        module.solve(te.Generator(T_hot=350, T_cold=300, current=1.0), states="all")
    with pytest.raises(te.InputError, match="current"):
        LEG.solve(conditions("max_power"), states="all")
    with pytest.raises(te.InputError, match="connected"):
        LEG.solve(conditions(1.0), states="any")


@pytest.mark.parametrize("thomson", [0.0, 2e-4])
@pytest.mark.parametrize("b", [0.0, 1e-3, 5e-3])
def test_what_is_called_the_only_state_lies_before_the_first_fold(b, thomson):
    T = np.linspace(300.0, 3000.0, 136)
    seebeck = T, table_cells(T, thomson * np.log(T / 300.0), "cubic")  # T dS/dT is the constant
    kappa = T[[0, -1]], np.array([[1.0, 0.0, 0.0, 0.0]])
    rho = T, table_cells(T, 1e-5 * np.exp(b * np.minimum(T - 300.0, 600.0)), "cubic")
    table = pack(seebeck, rho, kappa, resistivity=True)
    curve = PeakCurve(table, 300.0, 300.0, 1.0, 1000.0)
    peaks = np.linspace(301.0, 900.0, 200)
    j, ends = curve.current(peaks), np.full(200, 300.0)
    sole = is_sole(table, ends, ends, peaks, j)
    fold = next((at for at, _ in curve.folds()), np.inf)
    assert np.isfinite(fold) == (b > 4e-3)
    assert np.all(peaks[sole] < fold)
    assert np.count_nonzero(sole) > 10
    assert np.all(sole) == (b < 4e-3 and thomson == 0.0)


@pytest.mark.parametrize("kind", [te.Generator, te.Cooler])
@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_a_batch_says_what_single_solves_say(engine, kind):
    if engine == "compiled":
        pytest.importorskip("numba", reason="numba is an optional extra")
    current, hot = np.array([10.0, 38.0, 41.0, 42.0, 60.0, 44.0]), np.array([400.0, 380, 400, 400, 395, 310])
    materials = ["Cu2Se"] * 5 + ["Bi0.42Sb1.58Te3"]
    cold = np.full(6, 300.0)
    vary = {"current": current, "T_hot": hot, "T_cold": cold, "material": materials}
    at = kind(T_hot=HOT, T_cold=COLD, current=1.0)
    batch = te.solve_batch(LEG, at, vary, engine=engine, tolerance=1e-9)
    rows = [dict(zip(vary, row, strict=True)) for row in zip(*vary.values(), strict=True)]
    found = [this.solve(there) for this, there in (rebuilt(LEG, at, row) for row in rows)]
    assert batch.point_status.tolist() == [int(one.status) for one in found]
    assert {te.Status.OK, te.Status.RUNAWAY} <= set(batch.counts())
    for key in ("power", "heat_hot", "heat_cold"):
        np.testing.assert_allclose(batch.values[key], [one.values[key] for one in found], rtol=1e-6)
