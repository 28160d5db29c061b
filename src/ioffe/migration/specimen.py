"""A leg of a mixed conductor with everything its profiles of composition depend on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import F, R
from ioffe.base.errors import Faults, InputError
from ioffe.base.units import floats
from ioffe.migration._check import Variable, check_finite, check_positive, check_profile, checked, value_at
from ioffe.migration.defect import DefectModel, Form
from ioffe.migration.leg import LegLimits, check_barriers, leg_limits, superionic_parts
from ioffe.migration.limits import MixedConductor

_SIMPSON: Final = 64


@dataclass(frozen=True)
class HoleConductivity:
    r"""Conductivity in proportion to the carriers of a defect model; mobilities do not depend on delta.

    .. math:: \sigma \propto h + b e, \qquad h e = K_e, \qquad h - e = z \delta

    Parameters
    ----------
    model : DefectModel
    sigma : float or callable
        In S/m at the deficiency `delta`; a callable takes T in K.
    delta : float
        Deficiency at which `sigma` holds.
    mobility_ratio : float
        b, the mobility of electrons over that of holes; 0 counts the holes alone.

    Examples
    --------
    >>> from ioffe.migration.defect import CU2S
    >>> conductivity = HoleConductivity(CU2S, sigma=122e2, delta=0.03)
    >>> conductivity([0.0, 0.03, 0.06], 750.0).round(0)
    array([ 8931., 12200., 16236.])
    """

    model: DefectModel
    sigma: Variable
    delta: float
    mobility_ratio: float = 0.0

    def __post_init__(self) -> None:
        with checked() as faults:
            if not callable(self.sigma):
                check_positive(faults, sigma=self.sigma)
            if not (np.isfinite(self.mobility_ratio) and self.mobility_ratio >= 0):
                faults.add("mobility_ratio", self.mobility_ratio, "a number from 0 on is expected")

    def __call__(self, delta: ArrayLike, T: ArrayLike) -> Array:
        """Conductivity in S/m at delta and T (K)."""
        t = floats(T)
        reference = value_at(self.sigma, t)
        here, there = self.model.reduced(delta, t), self.model.reduced(self.delta, t)
        b = self.mobility_ratio
        return reference * (np.exp(here) + b * np.exp(-here)) / (np.exp(there) + b * np.exp(-there))


@dataclass(frozen=True)
class MigratingLeg:
    r"""Leg of a mixed conductor between electrodes that block ions, with a temperature profile that is given.

    The flux of the metal along x is

    .. math::

        j = -\frac{\sigma_{ion}}{(z F)^2} \left[ \frac{\mathrm{d}\mu}{\mathrm{d}x} - \frac{z F J}{\sigma}
        + z F S^* \frac{\mathrm{d}T}{\mathrm{d}x} \right]

    Parameters
    ----------
    x : array_like
        Rising positions in m.
    T : float or array_like
        Temperature in K at each position, linear between them.
    model : DefectModel
    delta : float or array_like
        Deficiency of the metal at the beginning, one number or one a position.
    sigma : float or callable
        Electronic conductivity in S/m; a callable takes delta and T (K), as `HoleConductivity` does.
    sigma_ion : float or callable
        Ionic conductivity in S/m, above 0 above the transition; a callable takes T (K).
    molar_volume : float
        Of the formula unit to which delta refers, in m3/mol.
    S_star : float or callable
        S_ion - S_e in V/K; a callable takes T (K).
    seebeck : callable, optional
        Seebeck coefficient in V/K from delta and T (K), for the Seebeck coefficient of the leg.
    barriers : sequence of float
        Positions in m of interfaces that block ions.
    transition : float
        Temperature in K above which the ions move; 0 if they always do.

    Notes
    -----
    Qiu, Shi, Chen, Snyder et al., Nat. Commun. 9 (2018) 2910, doi 10.1038/s41467-018-05248-8; the flux is
    that of which Eq. 4 is the zero.

    Examples
    --------
    >>> from ioffe.migration.defect import CU2S
    >>> leg = MigratingLeg([0, 10e-3], 750.0, CU2S, 0.03, 122e2, 100.0, 28.4e-6)
    >>> round(leg.limits().upper / 1e4, 3)  # A/cm2, linear profile
    9.131
    """

    x: ArrayLike
    T: ArrayLike
    model: DefectModel
    delta: ArrayLike
    sigma: float | Callable[[Array, Array], ArrayLike]
    sigma_ion: Variable
    molar_volume: float
    S_star: Variable = 0.0
    seebeck: Callable[[Array, Array], ArrayLike] | None = None
    barriers: Sequence[float] = ()
    transition: float = 0.0

    def __post_init__(self) -> None:
        x, T = check_profile(self.x, T=self.T)
        faults = Faults()
        with faults.collect():
            object.__setattr__(self, "barriers", tuple(map(float, check_barriers(x, self.barriers))))
        delta = np.asarray(self.delta, float)
        if delta.ndim and delta.shape != x.shape:
            faults.add("delta", self.delta, f"one number or {x.size} numbers are expected, one a position")
        else:
            delta = np.broadcast_to(delta, x.shape)
            with faults.collect():
                self.model.check(delta if np.ptp(delta) else delta[0], T if np.ptp(T) else T[0])
        check_positive(faults, molar_volume=self.molar_volume)
        for name, value in (("x", x), ("T", T), ("delta", delta)):
            object.__setattr__(self, name, value)
        if not faults:
            self._check_conductivities(faults)
        faults.raise_if_any()

    @property
    def length(self) -> float:
        """In m."""
        return float(self.positions[-1] - self.positions[0])

    @property
    def positions(self) -> Array:
        """x as an array."""
        return np.asarray(self.x, float)

    @property
    def temperatures(self) -> Array:
        """T at the positions in K."""
        return np.asarray(self.T, float)

    def temperature_at(self, x: ArrayLike) -> Array:
        """Temperature in K at positions in m.

        Parameters
        ----------
        x : array_like
            Positions in m.

        Returns
        -------
        ndarray
            In K.
        """
        return np.interp(floats(x), self.positions, self.temperatures)

    def delta_at(self, x: ArrayLike) -> Array:
        """Deficiency at the beginning, at positions in m.

        Parameters
        ----------
        x : array_like
            Positions in m.

        Returns
        -------
        ndarray
        """
        return np.interp(floats(x), self.positions, np.asarray(self.delta, float))

    def sigma_at(self, delta: ArrayLike, T: ArrayLike) -> Array:
        """Electronic conductivity in S/m.

        Parameters
        ----------
        delta : array_like
            Deficiency of the metal by formula unit.
        T : array_like
            In K.

        Returns
        -------
        ndarray
            In S/m.
        """
        d, t = np.broadcast_arrays(floats(delta), floats(T))
        found = self.sigma(d, t) if callable(self.sigma) else self.sigma
        return np.broadcast_to(np.asarray(found, float), d.shape)

    def sigma_ion_at(self, T: ArrayLike) -> Array:
        """Ionic conductivity in S/m.

        Parameters
        ----------
        T : array_like
            In K.

        Returns
        -------
        ndarray
            In S/m.
        """
        return value_at(self.sigma_ion, T)

    def potential(self, delta: ArrayLike, T: ArrayLike) -> Array:
        """The chemical potential of the metal over z F, in V.

        Parameters
        ----------
        delta : array_like
            Deficiency of the metal by formula unit.
        T : array_like
            In K.

        Returns
        -------
        ndarray
            In V.
        """
        return self.model.chemical_potential(delta, T) / (self.model.charge * F)

    def composition(self, potential: ArrayLike, T: ArrayLike) -> Array:
        """Delta of a `potential` in V.

        Parameters
        ----------
        potential : array_like
            mu/(z F) in V.
        T : array_like
            In K.

        Returns
        -------
        ndarray
        """
        reduced = -F * floats(potential) / (R * floats(T))
        with np.errstate(over="ignore"):
            return self.model.composition_of_reduced(reduced, T)

    def thermal_potential(self, T: ArrayLike) -> Array:
        """Integral of S* over temperature in V, from the first temperature of the leg to T.

        Parameters
        ----------
        T : array_like
            In K.

        Returns
        -------
        ndarray
            In V.
        """
        t, start = floats(T), float(self.temperatures[0])
        if not callable(self.S_star):
            return float(self.S_star) * (t - start)
        nodes = np.linspace(0.0, 1.0, 2 * _SIMPSON + 1)
        weights = np.ones(nodes.size) / 3.0
        weights[1:-1:2], weights[2:-1:2] = 4.0 / 3.0, 2.0 / 3.0
        samples = start + np.multiply.outer(t - start, nodes)
        return (t - start) * (value_at(self.S_star, samples) @ weights) / (2 * _SIMPSON)

    def parts(self) -> list[tuple[float, float]]:
        """Starts and ends in m of the superionic parts, between positions that block the ions.

        Returns
        -------
        list of tuple of float
            In m.
        """
        cuts = np.asarray(self.barriers, float)
        found = superionic_parts(self.positions, self.temperatures, self.positions, self.transition, cuts)
        return [(float(x[0]), float(x[-1])) for x, *_ in found]

    def rest(self) -> list[Array]:
        """Positions in m of the pieces of the leg in which no ions move, each with both of its ends.

        Returns
        -------
        list of ndarray
            In m.
        """
        x = self.positions
        blocked = [x[0], *np.array(self.parts()).reshape(-1), x[-1]]
        ends = zip(blocked[::2], blocked[1::2], strict=True)
        return [np.array([a, *x[(x > a) & (x < b)], b]) for a, b in ends if b > a]

    def limits(self, J: float = 0.0, *, form: Form = "linear profile") -> LegLimits:
        """Limits of the current from the critical voltages of the parts, with sigma of the beginning.

        The deficiency must be the same all along the leg.

        Parameters
        ----------
        J : float
            Current density in A/m2, positive towards larger x.
        form : {"linear profile", "uniform field"}
            As for `DefectModel.critical_voltage`.

        Returns
        -------
        LegLimits
        """
        delta = np.asarray(self.delta, float)
        if np.ptp(delta) > 0:
            raise InputError("delta: one deficiency all along the leg is expected for critical voltages")
        material = (self.model, float(delta[0]), self.S_star, self.transition)
        conductor = MixedConductor.of_defect(*material, form=form)
        sigma = self.sigma_at(delta, self.temperatures)
        return leg_limits(self.positions, self.temperatures, sigma, conductor, J, self.barriers)

    def _check_conductivities(self, faults: Faults) -> None:
        x = np.union1d(self.positions, np.linspace(self.positions[0], self.positions[-1], 33))
        T, delta = self.temperature_at(x), self.delta_at(x)
        sigma, mobile = self.sigma_at(delta, T), self.sigma_ion_at(T)[self.transition < T]
        if not np.all(np.isfinite(sigma) & (sigma > 0)):
            faults.add("sigma", self.sigma, "an electronic conductivity above 0 is expected")
        if not np.all(np.isfinite(mobile) & (mobile > 0)):
            advice = "a part without mobile ions is described by `transition`"
            expected = "an ionic conductivity above 0 is expected wherever the ions move"
            faults.add("sigma_ion", self.sigma_ion, expected, advice)
        if not callable(self.S_star):
            check_finite(faults, S_star=self.S_star)


def relaxation_time(length: ArrayLike, diffusion: ArrayLike) -> Array:
    r"""Time constant of the slowest mode of a profile between blocking ends.

    .. math:: \tau = \frac{L^2}{\pi^2 D}

    Parameters
    ----------
    length : array_like
        Of the part between positions that block ions, in m.
    diffusion : array_like
        Chemical diffusion coefficient in m2/s, as of `DefectModel.chemical_diffusion`.

    Returns
    -------
    ndarray
        In s.

    Examples
    --------
    >>> float(relaxation_time(10e-3, 1.9e-8))
    533.3
    """
    return floats(length) ** 2 / (np.pi**2 * floats(diffusion))
