"""Debye-Callaway conductivity and a fit of three scattering strengths, against TEflow 0.4.6.

Bi0.5Sb1.5Te3 with nanoprecipitates: Umklapp processes, point defects, grain boundaries and precipitates. The
coefficients of the rates are the same for both; TEflow's own prefactor of Umklapp processes has the mass of
the neutron where the atomic mass constant belongs (0.9 %), so that it is given the coefficient. Its
dislocation term is left out, because its cores are divided by v and not by its square.
"""

import numpy as np
from scipy.optimize import curve_fit

from benchmarks.timing import median_time, show
from ioffe.transport.phonons import DebyeCallaway
from ioffe.transport.phonons.extended_defects import precipitates
from ioffe.transport.phonons.scattering_rates import boundaries, point_defects, umklapp

VELOCITY, DEBYE, VOLUME = 2147.0, 94.0, 31.26e-30
STRENGTH, GAMMA, GRAIN = 2.6, 0.02218, 2e-6
CRYSTAL = {"sound_velocity": VELOCITY, "atomic_volume": VOLUME}
PARTICLES = {"radius": 20e-9, "number_density": 7.33e21, "density_difference": 1 / 6.65}
UMKLAPP = float(umklapp(1.0, 1.0, **CRYSTAL, atomic_mass=2.25e-25, gruneisen=2.33))


def ours(strength=STRENGTH, gamma=GAMMA, grain=GRAIN):
    """The model; its strengths may be arrays."""
    return DebyeCallaway(
        VELOCITY,
        DEBYE,
        {
            "U": lambda omega, T: strength * UMKLAPP * omega**2 * T,
            "PD": lambda omega: point_defects(omega, **CRYSTAL, scattering_parameter=gamma),
            "GB": boundaries(sound_velocity=VELOCITY, size=grain),
            "SP": lambda omega: precipitates(omega, sound_velocity=VELOCITY, **PARTICLES),
        },
    )


def theirs(strength=STRENGTH, gamma=GAMMA, grain=GRAIN * 1e6):
    """TEflow's model in its units; a strength may be one of its variables."""
    from teflow import kappa

    umklapp_scale = kappa.Variable(strength, 1.0, 0.0, 100.0, UMKLAPP) if isinstance(strength, str) else None
    defects = kappa.Variable(gamma, 0.01, 0.0, 10.0) if isinstance(gamma, str) else gamma
    size = kappa.Variable(grain, 1.0, 1e-3, 1e3) if isinstance(grain, str) else grain
    parts = [
        kappa.ThreePhonon(coef=umklapp_scale if umklapp_scale is not None else strength * UMKLAPP),
        kappa.PointDefect(VELOCITY / 1e3, VOLUME * 1e30, defects),
        kappa.GrainBoundary(VELOCITY / 1e3, size),
        kappa.Nanoparticles(7.33, VELOCITY / 1e3, 20.0, 6.65, 5.65),
    ]
    return kappa.KappaDebye(VELOCITY / 1e3, DEBYE, parts), [umklapp_scale, defects, size]


def evaluation():
    model, (peer, _) = ours(), theirs()
    for title, T in (
        ("one temperature, 300 K", np.array([300.0])),
        ("41 temperatures, 300-500 K", np.linspace(300, 500, 41)),
        ("100 temperatures, 2-500 K", np.geomspace(2, 500, 100)),
    ):
        exact = model.thermal_conductivity(T, 1e-13)
        rows = []
        for who, call, remark in (
            ("ioffe", lambda T=T: model.thermal_conductivity(T), "tolerance 1e-11"),
            ("TEflow", lambda T=T: peer(T), "scipy's quad for every temperature"),
        ):
            seconds, value = median_time(call)
            rows.append((who, seconds, float(np.max(np.abs(value / exact - 1))), remark))
        show(f"Debye-Callaway conductivity, {title}", rows)


def contributions():
    """U, U+PD, ... one after the other at 41 temperatures."""
    model, (peer, _) = ours(), theirs()
    T = np.linspace(300, 500, 41)
    exact = np.array(list(model.contributions(T, 1e-13).values()))
    rows = []
    for who, call in (
        ("ioffe", lambda: np.array(list(model.contributions(T).values()))),
        ("TEflow", lambda: np.array([peer(T, count) for count in (1, 2, 3, 4)])),
    ):
        seconds, value = median_time(call)
        rows.append((who, seconds, float(np.max(np.abs(value / exact - 1))), ""))
    show("Four contributions at 41 temperatures", rows)


def by_ioffe(T, measured):
    """Three logarithms of strengths; the columns of the Jacobian are lanes of one call."""
    step = 1e-6

    def conductivity(_, *logs):
        return ours(*np.exp(logs)).thermal_conductivity(T)

    def jacobian(_, *logs):
        points = np.array(logs) + step * np.concatenate([np.eye(3), -np.eye(3)])
        sides = ours(*np.exp(points).T[:, :, None]).thermal_conductivity(T)
        return (sides[:3] - sides[3:]).T / (2 * step)

    found, _ = curve_fit(conductivity, T, measured, np.log([1.0, 0.01, 1e-6]), jac=jacobian)
    return np.exp(found) * [1.0, 1.0, 1e6]


def by_teflow(T, measured):
    from teflow import kappa

    kappa.Variable._Variable__instances.clear()
    model, variables = theirs("strength", "gamma", "grain")
    return model.fit(T, measured, variables=variables)[0]


def fit():
    """Three strengths from 30 points without noise, so that the answer is known."""
    T = np.geomspace(4.0, 400.0, 30)
    measured = ours().thermal_conductivity(T, 1e-13)
    truth = np.array([STRENGTH, GAMMA, GRAIN * 1e6])
    rows = []
    for who, call in (("ioffe", lambda: by_ioffe(T, measured)), ("TEflow", lambda: by_teflow(T, measured))):
        seconds, value = median_time(call, most=20)
        rows.append((who, seconds, float(np.max(np.abs(value / truth - 1))), "error of the worst parameter"))
    show("Fit of three scattering strengths to 30 points, 4-400 K", rows)


def main():
    print("\nLattice thermal conductivity; error: relative, against a tolerance of 1e-13")
    evaluation()
    contributions()
    fit()


if __name__ == "__main__":
    main()
