"""What a fit says about other carrier densities: Pisarenko curves and the best doping."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError
from ioffe.base.units import floats
from ioffe.material.derived import parabola_top
from ioffe.material.fit.electronic import DOPING, ElectronicModel
from ioffe.material.uncertainty import with_error
from ioffe.transport import quality

if TYPE_CHECKING:
    from ioffe.material.fit.model import Values
    from ioffe.material.fit.result import Fit

DENSITIES = (1e23, 1e28)
"""Range in 1/m3 in which the best density is looked for."""
OVER_DENSITY = ("hall_carrier_density", "seebeck", "electrical_conductivity", "power_factor", "zT")
"""Quantities that are computed over the carrier density unless the caller chooses."""
GRID = 201
REFINED = 41


@dataclass(frozen=True)
class BestDoping:
    """Doping with the largest zT at a temperature, the lattice left as it is.

    Parameters
    ----------
    T : float
        In K.
    carrier_density, reduced_fermi_level, zT : float
        At the best doping, in 1/m3; NaN what the data do not determine.
    carrier_density_std, reduced_fermi_level_std, zT_std : float
        Standard deviations.
    zT_now : float
        zT of the fit at the doping of the sample.
    at_end : bool
        Whether the best density lies at an end of the range that was searched.
    """

    T: float
    carrier_density: float
    carrier_density_std: float
    reduced_fermi_level: float
    reduced_fermi_level_std: float
    zT: float
    zT_std: float
    zT_now: float
    at_end: bool

    def __str__(self) -> str:
        n = with_error(self.carrier_density, self.carrier_density_std, "carrier_density")
        n = "a density the data do not determine" if n == "none" else n
        best = with_error(self.zT, self.zT_std, "zT")
        return f"at {self.T:g} K zT is largest, {best}, at {n}; the sample has {self.zT_now:.3g}"


def best_doping(fit: Fit, T: float, sample: str | None = None) -> BestDoping:
    """Doping with the largest zT at T: the carrier density is varied, everything else kept.

    Parameters
    ----------
    fit : Fit
        Of bands.
    T : float
        In K.
    sample : str, optional
        Whose lattice counts; needed if there are several.

    Returns
    -------
    BestDoping

    Raises
    ------
    InputError
        For a fit of the lattice alone.
    """
    model, sign = _bands(fit), fit.seen(sample).sign
    at, zT = np.array([float(T)]), _zT(fit, T, sample)

    def best(values: Values) -> Array:
        draws = len(next(iter(values.values())))
        middle = np.full((draws, 1), 0.5 * np.log(DENSITIES[0] * DENSITIES[1]))
        half = 0.5 * np.log(DENSITIES[1] / DENSITIES[0])
        for count in (GRID, REFINED):
            x = middle + half * np.linspace(-1.0, 1.0, count)
            k, shift, top = parabola_top(zT(values, np.exp(x)))
            step = 2.0 * half / (count - 1)
            middle, half = x[np.arange(draws), k][:, None] + step * np.clip(shift, -1.0, 1.0)[:, None], step
        level = model.electronic({**values, DOPING: np.exp(middle)}, at, sign).reduced_fermi_level
        columns = [middle, np.broadcast_to(level, middle.shape), top[:, None], zT(values, values[DOPING])]
        return np.concatenate(columns, axis=1)

    value, std = fit.estimate(best, sample)
    ends = np.log(DENSITIES)
    at_end = bool(np.min(np.abs(value[0] - ends)) < 2.0 * (ends[1] - ends[0]) / GRID)
    _, level, top, now = value.tolist()
    density = float(np.exp(value[0]))
    n_std, level_std, top_std, _ = std.tolist()
    return BestDoping(float(T), density, density * n_std, level, level_std, top, top_std, now, at_end)


def best_dopings(fit: Fit) -> list[tuple[str, BestDoping]]:
    """Best doping of every sample at the lowest and the highest temperature of its fitted data.

    Parameters
    ----------
    fit : Fit
        Of bands.

    Returns
    -------
    list of str, BestDoping
        Name of the sample and its best doping.
    """
    found = []
    for name in fit.samples:
        T = np.concatenate([series.T for series in fit.seen(name).series])
        ends = dict.fromkeys((float(T.min()), float(T.max())))
        found += [(name, best_doping(fit, end, name)) for end in ends]
    return found


def _zT(fit: Fit, T: float, sample: str | None) -> Callable[[Values, Array], Array]:
    """zT at T as a function of the parameters and of another doping; the lattice is that of the sample."""
    model, sign = _bands(fit), fit.seen(sample).sign
    at, lattice = np.array([float(T)]), lattice_part(fit, sample)

    def zT(values: Values, density: Array) -> Array:
        return model.electronic({**values, DOPING: density}, at, sign).zT(lattice(values, at))

    return zT


def pisarenko(
    fit: Fit,
    T: float,
    carrier_density: ArrayLike,
    quantities: Sequence[str] = OVER_DENSITY,
    sample: str | None = None,
) -> dict[str, Array]:
    """Quantities over the carrier density at one temperature, with standard deviations.

    `fit`: of bands.
    `T`: in K.
    `carrier_density` (n,): in 1/m3.
    `quantities`: what the model offers, and `zT`.
    `sample`: whose parameters and lattice count; needed if there are several.
    Returns: `carrier_density`, every quantity, and its standard deviation under the name with `_std`; NaN
        where it depends on what the data do not determine.
    """
    model, sign = _bands(fit), fit.seen(sample).sign
    at, n = np.array([float(T)]), np.atleast_1d(floats(carrier_density, "carrier_density", "carrier_density"))
    zT = _zT(fit, T, sample)
    out = {"carrier_density": n}
    for name in quantities:

        def one(values: Values, name: str = name) -> Array:
            wide = {k: np.broadcast_to(v, (len(v), len(n))) for k, v in values.items()}
            wide[DOPING] = np.broadcast_to(n, (len(wide[DOPING]), len(n)))
            return zT(values, wide[DOPING]) if name == "zT" else model.predict(wide, at, sign, (name,))[name]

        out[name], out[f"{name}_std"] = fit.estimate(one, sample)
    return out


def quality_factor(fit: Fit, T: Array, sample: str | None = None) -> tuple[Array, Array]:
    """Quality factor B = (k_B/e)^2 sigma_E0 T/kappa_lat of a single band and its standard deviation.

    `fit`: of one band.
    `T` (n,): in K.
    `sample`: whose lattice counts; needed if there are several.
    Returns: value and standard deviation, shape (n,).
    Raises `InputError` for a model without a single weighted mobility.
    """
    model = _bands(fit)
    lattice = lattice_part(fit, sample)

    def one(values: Values) -> Array:
        return quality.quality_factor(model.weighted_mobility(values, T), lattice(values, T), T)

    value, std = fit.estimate(one, sample)
    if model.lattice is not None:
        return value, std
    material = fit.material(sample)
    values = {k: np.full((1, 1), v) for k, v in fit.values(sample).items()}
    error = np.asarray(material.known_thermal_conductivity.std_at(T)) / lattice(values, T)[0]
    return value, np.hypot(std, value * error)


def lattice_part(fit: Fit, sample: str | None = None) -> Callable[[Values, Array], Array]:
    """Lattice part as a function of parameters and T: of the model, or kappa less that of the carriers.

    `fit`: of bands.
    `sample`: name of the sample; needed if there are several.
    Returns: parameters and temperatures in K to W/(m K).
    """
    model, sign = _bands(fit), fit.seen(sample).sign
    if model.lattice is not None:
        return model.lattice.lattice
    material = fit.material(sample)

    def rest(values: Values, T: Array) -> Array:
        found = model.electronic(values, T, sign)
        carriers = found.electronic_thermal_conductivity, found.bipolar_thermal_conductivity
        return np.asarray(material.known_thermal_conductivity(T)) - carriers[0] - carriers[1]

    return rest


def _bands(fit: Fit) -> ElectronicModel:
    if not isinstance(fit.model, ElectronicModel):
        raise InputError(
            Fault("model", repr(fit.model), "a fit of bands is expected; this one is of the lattice")
        )
    return fit.model
