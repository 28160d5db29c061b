"""Every error bar that the package prints holds the truth as often as it says.

Few points a fit, so that a wrong number of degrees of freedom shows: with n - 1 in place of n - 2 a standard
error of four points holds the truth in 50 % of the cases in place of 58 %. Bars of line scans, of measured
sweeps and their calibration, of Seebeck lines, of the bipolar part, of Weibull's B10, of material fits and of
stated errors of profiles are counted in the tests of their own packages.
"""

import numpy as np
import pytest
from scipy.stats import t as student

from ioffe.base.constants import e
from ioffe.base.curve import Curve
from ioffe.device import Contact, Generator, Leg
from ioffe.interface.ageing import AgeingSeries, LinearGrowth, Relaxation, fit_ageing
from ioffe.interface.contact import mean_contact_resistivity
from ioffe.interface.diffusion import RateConstant, fit_arrhenius, fit_growth
from ioffe.life import (
    Aged,
    Degradation,
    LifeTask,
    Service,
    cycling_statistics,
    fit_life,
    fit_weibull,
)
from ioffe.life.fitting import _LifeFitTask
from ioffe.material.analysis.bipolar import split_bipolar
from ioffe.measure.cell import cell_parameters
from ioffe.measure.critical_current import critical_voltage_of_onset, onset
from ioffe.measure.diffraction import two_theta
from ioffe.measure.estimates import averaged
from ioffe.measure.hall import hall_coefficient
from ioffe.measure.laser_flash import conductivity
from ioffe.measure.seebeck_map import SeebeckMap
from ioffe.measure.sound import velocity
from ioffe.measure.zem import ZemRun
from ioffe.measured import evaluate, measurement_of

ONE = 0.6826894921370859
DEVIATIONS = 3.7
"""Standard deviations of a count that are allowed: one test of five thousand would fail by chance."""


def one_error(degrees):
    """Probability that one standard error from the scatter holds the truth."""
    return 2.0 * student.cdf(1.0, degrees) - 1.0


def within(value, std, truth):
    return abs(value - truth) < std


def cycles(rng):
    x = np.array([1.0, 2.0, 3.0])
    found = cycling_statistics(1.0 - 5e-4 * x + 1e-3 * rng.standard_normal(3), x)
    low, high = found.drift_interval(0.9)
    truth = -5e-4 / (1.0 - 1e-3)
    return within(found.drift, found.drift_std, truth), low < truth < high


def growth(rng):
    t = np.array([1.0, 4.0, 9.0, 16.0]) * 1e5
    found = fit_growth(t, np.sqrt(1e-17 * t) + 1e-8 * rng.standard_normal(4))
    return (
        within(found.growth.constant, found.constant_std, 1e-17),
        within(found.exponent, found.exponent_std, 0.5),
    )


def arrhenius(rng):
    T, law = np.array([523.0, 548.0, 573.0, 598.0]), RateConstant(3e-6, 1.25 * e)
    found = fit_arrhenius(T, law(T) * np.exp(0.05 * rng.standard_normal(4)))
    value, std = found.at(550.0)
    return (
        within(found.rate.activation_energy, found.activation_energy_std, 1.25 * e),
        within(float(value), float(std), law(550.0)),
        abs(np.log(found.rate.prefactor / 3e-6)) < np.log(found.prefactor_factor),
    )


def ageing(rng):
    times = np.array([0.0, 1.0, 2.0]) * 1e6
    values = 1e-9 + 3e-16 * times + 1e-11 * rng.standard_normal(3)
    found = fit_ageing(AgeingSeries("a", times, values), LinearGrowth)
    rate, band = found.parameter("growth"), found.band([0.0, 3e6])
    return rate.low < 3e-16 < rate.high, band.low[1] < 1.9e-9 < band.high[1]


def contacts(rng):
    scans = 1e-9 + 5e-11 * rng.standard_normal((2, 3))
    free, stated = mean_contact_resistivity(scans[0]), mean_contact_resistivity(scans[1], std=1e-15)
    return within(free.value, free.std, 1e-9), within(stated.value, stated.std, 1e-9)


def hall(rng):
    B = np.array([-1.0, -0.5, 0.5, 1.0])
    noisy = hall_coefficient(B, 3e-6 * B + 1e-7 * rng.standard_normal(4), current=1e-2, thickness=1e-3)
    thick = 1e-3 * (1.0 + 0.02 * rng.standard_normal())
    off = hall_coefficient(B, 3e-6 * B, current=1e-2, thickness=thick, thickness_std=2e-5)
    return tuple(within(one.coefficient, one.coefficient_std, 3e-7) for one in (noisy, off))


def means(rng):
    T = np.array([300.0, 301.0, 302.0])
    curve = averaged(T, 1.0 + 0.01 * rng.standard_normal(3), "")
    S = SeebeckMap(T, np.zeros(3), 2e-4 * (1.0 + 0.01 * rng.standard_normal(3))).statistics()
    return within(curve(301.0), curve.std[0], 1.0), within(S.mean, S.standard_error, 2e-4)


def break_of_a_curve(rng):
    J = np.arange(1.0, 10.0)
    found = onset(J, 1.0 - 0.05 * np.maximum(J - 4.5, 0.0) + 0.004 * rng.standard_normal(9))
    low, high = critical_voltage_of_onset(found, 1.0, 2.0)[1]
    return found.interval[0] < 4.5 < found.interval[1], low < 9.0 < high


def lattice(rng):
    T = np.array([300.0, 350.0, 400.0, 450.0])
    found = split_bipolar(T, 150.0 / T + 0.4 + 0.005 * rng.standard_normal(4), np.inf)
    return (
        within(found.a, found.a_std, 150.0),
        within(found.b, found.b_std, 0.4),
        within(found.lattice(500.0), found.lattice_std(500.0), 0.7),
    )


def failures(rng):
    fit = fit_weibull(1000.0 * rng.weibull(2.2, 60))
    (a, b), (c, d) = fit.shape_interval(0.9), fit.scale_interval(0.9)
    return a < 2.2 < b, c < 1000.0 < d


def sound(rng):
    thickness, time = 5e-3 * (1.0 + 0.02 * rng.standard_normal()), 2.5e-6 * (1 + 0.02 * rng.standard_normal())
    given = {"value": thickness, "uncertainty": 1e-4}, {"value": time, "uncertainty": 5e-8}
    found = velocity(*given)
    return (within(found["value"], found["uncertainty"], 4000.0),)


def cells(rng):
    planes = [(0, 0, 6), (0, 1, 5), (1, 0, 10), (1, 1, 0), (2, 0, 5)]
    measured = two_theta(planes, a=4.38e-10, c=30.49e-10) + 0.01 * rng.standard_normal(5)
    found = cell_parameters(planes, measured, "hexagonal", shift="zero").parameters
    a, c, volume = (found[name] for name in ("a", "c", "volume"))
    truth = np.sqrt(0.75) * 4.38e-10**2 * 30.49e-10
    return a.low < 4.38e-10 < a.high, within(c.value, c.std, 30.49e-10), volume.low < truth < volume.high


def harman(rng):
    t = np.arange(5.0) * 1e6
    ac = 0.01 * (1.0 + 2e-9 * t) + 1e-5 * rng.standard_normal(5)
    aged = evaluate(measurement_of({"time": t, "ac_resistance": ac}))
    dc = 0.017 + 1e-4 * rng.standard_normal(5)
    found = evaluate(
        measurement_of({"ac_resistance": np.full(5, 0.01), "dc_resistance": dc}, T_hot=300.0, T_cold=300.0)
    )
    drift = within(aged.resistance_drift[0], aged.resistance_drift_std[0], 2e-9)
    return drift, within(found.ZT[0], found.ZT_std[0], 0.7)


def zem(rng):
    """Three readings at one temperature, of an instrument that is off by what it states, or not at all."""
    off = 1.0 + 0.05 * rng.standard_normal()
    T, S = np.array([500.0, 501.0, 502.0]), 2e-4 * (1.0 + 0.01 * rng.standard_normal(3))
    rho = 1e-5 * off * np.ones(3)
    run = ZemRun("a.txt", T, rho, S, seebeck_std=np.zeros(3), resistivity_std=np.zeros(3))
    single = ZemRun("b.txt", T[:1], rho[:1], S[:1], resistivity_std=5e-7 * off * np.ones(1))
    curves = run.seebeck_curve(), run.resistivity_curve(uncertainty="5 %"), single.resistivity_curve()
    truths = 2e-4, 1e-5, 1e-5
    return tuple(within(c.values[0], c.std[0], truth) for c, truth in zip(curves, truths, strict=True))


def flash(rng):
    """Diffusivity, density and heat capacity that are off by what is stated; errors add in squares."""
    a, b, c = 1.0 + np.array([0.03, 0.01, 0.02]) * rng.standard_normal(3)
    D = Curve([300.0, 400.0], [1e-6 * a, 0.9e-6 * a], "thermal_diffusivity", std=[3e-8 * a, 2.7e-8 * a])
    density = {"value": 6000.0 * b, "uncertainty": 60.0 * b}
    kappa = conductivity(D, density, 250.0 * c, heat_capacity_uncertainty="2 %").thermal_conductivity
    return (within(kappa.values[1], kappa.std[1], 1.35),)


def lives(rng):
    """R(t) of a relaxing contact in closed form in place of the solver, with a level of its own."""
    days = np.array([0.0, 1.0, 3.0, 6.0, 10.0, 20.0, 40.0])
    law = Relaxation(10e-10, 100e-10, 5 * 86400.0)

    def resistance(law):
        return 0.01 + 2e5 * law.at(86400.0 * days)

    truth = 1.2 * resistance(law)
    found = []
    for stated in (True, False):
        noisy = truth * (1.0 + 2e-3 * rng.standard_normal(days.size))
        std = 2e-3 * noisy if stated else np.zeros(days.size)
        points = zip((86400.0 * days).tolist(), noisy.tolist(), std.tolist(), strict=True)
        measured = tuple(Aged("internal_resistance", *one) for one in points)
        begun = Degradation("contact.electrical", law.changed(final=60e-10, time=3 * 86400.0))
        at = Generator(T_hot=500.0, T_cold=300.0, current=0.5)
        leg = Leg("Bi2Te3", "5 mm", "9 mm2", contact=Contact("10 uohm cm2"))
        task = LifeTask(leg, at, (begun,), Service.constant("40 day"), {"maxima": False}, measured=measured)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(_LifeFitTask, "computed", lambda made, u: resistance(made.laws(u)[0].law))
            fit = fit_life(task, ["contact.electrical.final", "contact.electrical.time"])
        found += [low < x < high for low, x, high in zip(fit.low, (1e-8, 4.32e5), fit.high, strict=True)]
    return found


BARS = {
    "cycles: drift, interval": (cycles, 900, (one_error(1), 0.9)),
    "layers: constant, exponent": (growth, 900, (one_error(2), one_error(2))),
    "arrhenius: energy, coefficient, prefactor": (arrhenius, 900, (one_error(2), one_error(2), ONE)),
    "ageing: growth, band": (ageing, 200, (ONE, 0.95)),
    "contacts: free, understated": (contacts, 900, (one_error(2), one_error(2))),
    "hall: scatter, thickness": (hall, 900, (one_error(2), ONE)),
    "means: curve, map": (means, 900, (one_error(2), one_error(2))),
    "onset: interval, voltage": (break_of_a_curve, 200, (ONE, ONE)),
    "lattice: a, b, line": (lattice, 600, (one_error(2),) * 3),
    "weibull: shape, scale": (failures, 400, (0.9, 0.9)),
    "cells: a, c, volume": (cells, 500, (ONE, one_error(2), ONE)),
    "sound: velocity": (sound, 500, (ONE,)),
    "ZEM: scatter, of the instrument, stated": (zem, 500, (one_error(2), ONE, ONE)),
    "flash: conductivity": (flash, 500, (ONE,)),
    "lives: final, time; the same from the scatter": (lives, 40, (0.95,) * 4),
    "measured devices: drift, Harman's ZT": (harman, 500, (one_error(3), one_error(4))),
}


@pytest.mark.parametrize("name", BARS)
def test_bars_hold_the_truth_as_often_as_they_say(name):
    draw, count, expected = BARS[name]
    rng = np.random.default_rng(2024)
    share = np.mean([draw(rng) for _ in range(count)], axis=0)
    p = np.array(expected)
    assert np.all(np.abs(share - p) <= DEVIATIONS * np.sqrt(p * (1.0 - p) / count)), (share, p)
