"""Maximum efficiency of one leg and a 61-point V-I curve, against TEflow 0.4.6 and solve_bvp.

The material has a closed form, so that the error of everybody's answer from 9, 17 and 401 points is known:
it is taken against the converged solution from 401 points with a cubic spline.
"""

import numpy as np
from scipy.integrate import solve_bvp
from scipy.optimize import minimize_scalar

import ioffe as te
from benchmarks.timing import median_time, note, show

T_HOT, T_COLD, LENGTH = 700.0, 300.0, 1e-3


def table(points):
    """T in K, S in V/K, sigma in S/m, kappa in W/(m K)."""
    T = np.linspace(T_COLD, T_HOT, points)
    t = T - 300.0
    S = (140 + 0.32 * t - 2.6e-4 * t**2) * 1e-6
    sigma = 1.3e5 * (T / 300) ** -1.6
    kappa = 375 / T + 1.8e-8 * sigma * T + 0.25 * np.exp((T - 700) / 90)
    return T, S, sigma, kappa


def leg(points, interpolation):
    T, S, sigma, kappa = table(points)
    material = te.Material.from_arrays(
        name="made up",
        carrier="p",
        T=T,
        seebeck=S,
        electrical_conductivity=sigma,
        thermal_conductivity=kappa,
        interpolation=interpolation,
    )
    return te.Leg(material, LENGTH, 1e-4)


def by_ioffe(one):
    return one.solve(te.Generator(T_hot=T_HOT, T_cold=T_COLD)).max_efficiency


def by_teflow(points):
    from teflow.engout import GenLeg
    from teflow.ztdev import optim_u

    T, S, sigma, kappa = table(points)
    data = [T, sigma / 100, S * 1e6, kappa]

    def device():
        return optim_u(data, returnYita=True)[1] / 100

    def engineering():
        leg = GenLeg(data, T_COLD, T_HOT, L=1, A=100)
        leg.build()
        return float(np.squeeze(leg.simulate(I_r="YitaMax").Yita)) / 100

    return device, engineering


def bvp(one, J, tol=1e-6):
    """Heat in, heat out (W/m2) at current density J by solve_bvp on the material's own curves."""
    m = one.segments[0].material
    S, sigma, kappa = m.seebeck, m.electrical, m.thermal_conductivity
    S, sigma, kappa = (c.replace(extrapolation="hold") for c in (S, sigma, kappa))
    unit = 1e6

    def rates(_, y):
        slope = (J * S(y[0]) * y[0] - unit * y[1]) / kappa(y[0])
        return LENGTH * np.vstack([slope, (J**2 / sigma(y[0]) + J * S(y[0]) * slope) / unit])

    x = np.linspace(0, 1, 11)
    y = np.vstack([T_HOT - (T_HOT - T_COLD) * x, np.full(11, 0.7)])
    s = solve_bvp(rates, lambda a, b: np.array([a[0] - T_HOT, b[0] - T_COLD]), x, y, tol=tol, max_nodes=20000)
    return unit * s.y[1, 0], unit * s.y[1, -1], s.status


def by_bvp(one, tol=1e-6):
    def loss(J):
        hot, cold, _ = bvp(one, J, tol)
        return cold / hot - 1

    return -minimize_scalar(loss, bounds=(1e5, 4e6), method="bounded", options={"xatol": 500.0}).fun


def efficiency(reference):
    for points in (9, 17, 401):
        one, rough = leg(points, "cubic"), leg(points, "pchip")
        device, engineering = by_teflow(points)
        rows = []
        for who, call, remark in (
            ("ioffe, cubic", lambda one=one: by_ioffe(one), "with V_oc, I_sc, P_max and their currents"),
            ("ioffe, pchip", lambda one=rough: by_ioffe(one), ""),
            ("TEflow, device efficiency", device, "optimum of the last row of the table"),
            ("TEflow, engineering estimate", engineering, ""),
            ("solve_bvp (1e-6) and a scalar search", lambda one=one: by_bvp(one), "cubic"),
        ):
            seconds, value = median_time(call)
            rows.append((who, seconds, abs(value / reference - 1), remark))
        show(f"Maximum efficiency of one leg, 700/300 K, {points} points", rows)


def teflow_curve(points):
    """TEflow's 61 currents and heats; its own scan does not run with numpy 2, so the currents are given."""
    from teflow.engout import GenLeg

    T, S, sigma, kappa = table(points)

    def call():
        leg = GenLeg([T, sigma / 100, S * 1e6, kappa], T_COLD, T_HOT, L=1, A=100)
        leg.build()
        out = leg.simulate(I_r=np.linspace(0, 1, 61))
        return np.ravel(out.I), np.ravel(out.Qhot)

    return call


def curve():
    """61 currents from open to short circuit."""
    for points in (9, 401):
        one = leg(points, "cubic")
        top = one.solve(te.Generator(T_hot=T_HOT, T_cold=T_COLD)).short_circuit_current

        def heat(currents, one=one, **more):
            conditions = te.Generator(T_hot=T_HOT, T_cold=T_COLD, current=currents)
            return one.solve(conditions, maxima=False, **more).heat_hot

        def theirs(currents, one=one):
            return np.array([bvp(one, i / 1e-4)[0] * 1e-4 for i in currents])

        currents = np.linspace(0, top, 61)
        exact = heat(currents, tolerance=1e-12)
        rows = []
        for who, call in (("ioffe", heat), ("solve_bvp (1e-6), one by one", theirs)):
            seconds, value = median_time(lambda call=call, currents=currents: call(currents))
            rows.append((who, seconds, float(np.max(np.abs(value / exact - 1))), ""))
        sweep = te.Generator(T_hot=T_HOT, T_cold=T_COLD, load="sweep")
        seconds, _ = median_time(lambda one=one, sweep=sweep: one.solve(sweep))
        rows.insert(1, ("ioffe, with all maxima", seconds, rows[0][2], ""))
        seconds, (amperes, watts) = median_time(teflow_curve(points))
        error = float(np.max(np.abs(watts / heat(amperes, tolerance=1e-12) - 1)))
        rows.append(("TEflow, engineering formulas", seconds, error, "at its own currents"))
        show(f"V-I curve of 61 currents, heat at the hot side, {points} points", rows)


def families():
    """What a designer runs: a family of sweeps of a module and of a cooler."""
    contact = te.Contact("7.9 uohm cm2")
    p, n = (
        te.Leg(m, "6 mm", "3.8 mm x 3.8 mm", contact=contact)
        for m in ("MgAgSb0.99In0.01", "Mg3.5SbBi0.96Te0.04")
    )
    copper = [te.Layer("Cu", "0.3 mm")]
    module = te.Module(p=p, n=n, couples=2, fill_factor=0.58, hot=copper, cold=copper)
    hot = te.Generator(T_hot=[373, 423, 473, 533, 593], T_cold=293, load="sweep")
    cp, cn = (te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm") for k in "pn")
    cooler = te.Module(p=cp, n=cn, couples=127, fill_factor=0.28)
    cold = te.Cooler(T_hot=300, T_cold=[300, 290, 280, 260], current="sweep")
    print("\nWhole results, all maxima included")
    for who, call in (
        ("generator module, 5 x 61 points", lambda: module.solve(hot)),
        ("cooler module, 4 x 61 points", lambda: cooler.solve(cold)),
        ("delta_T_max of the cooler", lambda: cooler.delta_T_max(T_hot=300)),
    ):
        seconds, result = median_time(call)
        print(f"  {who:34}{seconds * 1e3:>9.0f} ms   error estimate {result.error_estimate:.0e}")
        note(f"Whole results: {who}", seconds)


def main():
    exact = leg(401, "cubic").solve(te.Generator(T_hot=T_HOT, T_cold=T_COLD), tolerance=1e-12)
    print("ioffe", te.__version__, "- one thread; error: relative, against the converged solution")
    efficiency(exact.max_efficiency)
    curve()
    families()
