"""Chemical potential of the mobile metal against its deficiency, and the critical voltage that follows.

The model of Qiu, Shi, Chen, Snyder et al., Nat. Commun. 9 (2018) 2910, doi 10.1038/s41467-018-05248-8, for
Cu2-delta X: electrons and holes in equilibrium, e h = K_e, and z delta = h - e per formula unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import F, R, k_B
from ioffe.base.errors import ConvergenceError, Faults, check_one_of
from ioffe.base.roots import falling_root
from ioffe.base.units import floats
from ioffe.migration._check import Variable, check_positive, checked, shown, value_at

Form: TypeAlias = Literal["linear profile", "uniform field"]
FORMS: Final = get_args(Form)
_SERIES: Final = 1e-4
"""Half-width below which sinh(h)/h is taken from its series."""
_CLOSE: Final = 1e-8
"""Last Newton step, over 1 plus the width, behind which the width is right to rounding."""
_SLACK: Final = 1e-9
"""Room beside the ends of an interval that may be the root itself."""


def electron_gibbs_energy(K_e: ArrayLike, T: ArrayLike) -> Array:
    r"""Gibbs energy of making an electron and a hole, from their equilibrium constant.

    .. math:: \Delta G_e = -k_B T \ln K_e

    Parameters
    ----------
    K_e : array_like
        Product of electrons and holes per formula unit, above 0.
    T : array_like
        In K.

    Returns
    -------
    ndarray
        In J.

    Examples
    --------
    >>> from ioffe.base.constants import e
    >>> round(float(electron_gibbs_energy(2.24e-3, 750.0)) / e, 4)  # eV, Cu2-xS
    0.3943
    """
    return -k_B * floats(T) * np.log(floats(K_e))


@dataclass(frozen=True)
class DefectModel:
    r"""Chemical potential of the metal in M\ :sub:`n-delta`\ X as a function of delta and T.

    .. math:: \mu = \mu_0 - z R T\,\mathrm{arsinh}\frac{z \delta}{2 \sqrt{K_e}}, \qquad
              K_e = e^{-(\Delta G_e - T \Delta S_e)/k_B T}

    mu_0 does not depend on delta; what it may do with temperature is counted in S* of the material.

    Parameters
    ----------
    gibbs_energy : float
        Delta G_e in J; with `entropy` the enthalpy.
    delta_c : float or callable
        Deficiency in equilibrium with the metal, the metal-rich phase boundary; a callable takes T in K.
    delta_max : float or callable
        Metal-poor phase boundary, where the anion leaves; infinite where unknown. Nothing then stops delta
        at the metal of the formula unit.
    charge : int
        z of the mobile ion.
    entropy : float
        Delta S_e in J/K.
    overpotential : float
        Voltage in V that the first nucleus of metal asks for beyond equilibrium.

    Notes
    -----
    Qiu, Shi, Chen, Snyder et al., Nat. Commun. 9 (2018) 2910, doi 10.1038/s41467-018-05248-8, Eq. 7, for
    z = 1. Electrons and holes are not degenerate; delta is small against the metal of the formula.

    Examples
    --------
    >>> model = DefectModel.of_constant(K_e=2.24e-3, T=750.0, delta_c=-0.03)
    >>> [round(float(1e3 * model.critical_voltage(delta, 750.0)), 3) for delta in (0.0, 0.03, 0.1)]
    [40.310, 74.842, 124.910]
    >>> round(float(1e3 * model.critical_voltage(0.03, 750.0, form="uniform field")), 3)
    78.323
    """

    gibbs_energy: float
    delta_c: Variable
    delta_max: Variable = np.inf
    charge: int = 1
    entropy: float = 0.0
    overpotential: float = 0.0

    def __post_init__(self) -> None:
        faults = Faults()
        if not np.isfinite(self.gibbs_energy) or not np.isfinite(self.entropy):
            faults.add("gibbs_energy", self.gibbs_energy, "a finite energy in J is expected")
        if isinstance(self.charge, bool) or not isinstance(self.charge, int | np.integer) or self.charge < 1:
            faults.add("charge", self.charge, "a whole number from 1 on is expected, the z of the mobile ion")
        if not (np.isfinite(self.overpotential) and self.overpotential >= 0):
            faults.add("overpotential", self.overpotential, "a voltage from 0 on is expected")
        if not callable(self.delta_c):
            if not np.isfinite(self.delta_c):
                faults.add("delta_c", self.delta_c, "a finite deficiency is expected")
            elif not callable(self.delta_max) and not self.delta_max > self.delta_c:
                expected = f"a deficiency above delta_c = {shown(self.delta_c)} is expected"
                faults.add("delta_max", self.delta_max, expected)
        faults.raise_if_any()

    @classmethod
    def of_constant(
        cls,
        K_e: float,
        T: float,
        delta_c: Variable,
        delta_max: Variable = np.inf,
        *,
        charge: int = 1,
        overpotential: float = 0.0,
    ) -> DefectModel:
        """Model whose equilibrium constant is `K_e` at T, and exp(-Delta G_e/k_B T) everywhere.

        Parameters
        ----------
        K_e : float
            Product of electrons and holes by formula unit at T.
        T : array_like
            In K.
        delta_c : float or callable
            Metal-rich phase boundary, a number or a function of T in K.
        delta_max : float or callable
            Metal-poor phase boundary; infinite where unknown.
        charge : int
            z of the mobile ion.
        overpotential : float
            In V.

        Returns
        -------
        DefectModel
        """
        with checked() as faults:
            check_positive(faults, K_e=K_e, T=T)
        energy = float(electron_gibbs_energy(K_e, T))
        return cls(energy, delta_c, delta_max, charge, overpotential=overpotential)

    def K_e(self, T: ArrayLike) -> Array:
        """Product of electrons and holes per formula unit at T.

        Parameters
        ----------
        T : array_like
            In K.

        Returns
        -------
        ndarray
            By formula unit, squared.
        """
        t = floats(T)
        return np.exp(-(self.gibbs_energy - t * self.entropy) / (k_B * t))

    def metal_boundary(self, T: ArrayLike) -> Array:
        """Delta in equilibrium with the metal at T, without the overpotential.

        Parameters
        ----------
        T : array_like
            In K.

        Returns
        -------
        ndarray
            Delta.
        """
        return value_at(self.delta_c, T)

    def anion_boundary(self, T: ArrayLike) -> Array:
        """Largest delta of the phase at T.

        Parameters
        ----------
        T : array_like
            In K.

        Returns
        -------
        ndarray
            Delta.
        """
        return value_at(self.delta_max, T)

    def deposition_threshold(self, T: ArrayLike) -> Array:
        """Delta at which metal begins to appear at T: the metal boundary, beyond it by the overpotential.

        Parameters
        ----------
        T : array_like
            In K.

        Returns
        -------
        ndarray
            Delta.
        """
        t = floats(T)
        if self.overpotential == 0:
            return self.metal_boundary(t)
        reduced = self.reduced(self.metal_boundary(t), t) - F * self.overpotential / (R * t)
        return self.composition_of_reduced(reduced, t)

    def holes(self, delta: ArrayLike, T: ArrayLike) -> Array:
        """Holes per formula unit; the electrons are K_e over them.

        Parameters
        ----------
        delta : array_like
            Deficiency of the metal by formula unit.
        T : array_like
            In K.

        Returns
        -------
        ndarray
            By formula unit.
        """
        return np.sqrt(self.K_e(T)) * np.exp(self.reduced(delta, T))

    def reduced(self, delta: ArrayLike, T: ArrayLike) -> Array:
        """The number arsinh(z delta/(2 sqrt K_e)), (mu_0 - mu)/(z R T).

        Parameters
        ----------
        delta : array_like
            Deficiency of the metal by formula unit.
        T : array_like
            In K.

        Returns
        -------
        ndarray
        """
        return np.arcsinh(self.charge * floats(delta) / (2.0 * np.sqrt(self.K_e(T))))

    def composition_of_reduced(self, reduced: ArrayLike, T: ArrayLike) -> Array:
        """Delta whose `reduced` is given.

        Parameters
        ----------
        reduced : array_like
            (mu_0 - mu)/(z R T).
        T : array_like
            In K.

        Returns
        -------
        ndarray
            Delta.
        """
        return 2.0 * np.sqrt(self.K_e(T)) / self.charge * np.sinh(reduced)

    def chemical_potential(self, delta: ArrayLike, T: ArrayLike) -> Array:
        """The difference mu - mu_0 in J/mol.

        Parameters
        ----------
        delta : array_like
            Deficiency of the metal by formula unit.
        T : array_like
            In K.

        Returns
        -------
        ndarray
            In J/mol.
        """
        return -self.charge * R * floats(T) * self.reduced(delta, T)

    def composition(self, chemical_potential: ArrayLike, T: ArrayLike) -> Array:
        """Delta at which mu - mu_0 (J/mol) is reached: the inverse of `chemical_potential`.

        Parameters
        ----------
        chemical_potential : array_like
            mu - mu_0 in J/mol.
        T : array_like
            In K.

        Returns
        -------
        ndarray
        """
        t = floats(T)
        return self.composition_of_reduced(-floats(chemical_potential) / (self.charge * R * t), t)

    def chemical_potential_slope(self, delta: ArrayLike, T: ArrayLike) -> Array:
        """Derivative of mu by delta at constant T in J/mol, below 0.

        Parameters
        ----------
        delta : array_like
            Deficiency of the metal by formula unit.
        T : array_like
            In K.

        Returns
        -------
        ndarray
            In J/mol.
        """
        root = np.sqrt((self.charge * floats(delta)) ** 2 + 4.0 * self.K_e(T))
        return -(self.charge**2) * R * floats(T) / root

    def chemical_diffusion(
        self, delta: ArrayLike, T: ArrayLike, sigma_ion: ArrayLike, molar_volume: ArrayLike
    ) -> Array:
        r"""Chemical diffusion coefficient of the metal.

        .. math:: D = -\frac{\sigma_{ion} V_m}{z^2 F^2} \frac{\partial \mu}{\partial \delta}

        Parameters
        ----------
        delta, T : array_like
            Deficiency and temperature in K.
        sigma_ion : array_like
            Ionic conductivity in S/m.
        molar_volume : array_like
            Of the formula unit to which delta refers, in m3/mol.

        Returns
        -------
        ndarray
            In m2/s.
        """
        slope = self.chemical_potential_slope(delta, T)
        volume = floats(molar_volume)
        return -floats(sigma_ion) * volume * slope / (self.charge * F) ** 2

    def critical_voltage(self, delta: ArrayLike, T: ArrayLike, *, form: Form = "linear profile") -> Array:
        r"""Voltage J L/sigma along an isothermal leg at which metal appears at the cathode.

        .. math:: V_c = \frac{\mu_{cathode} - \mu_{anode}}{z F}

        with delta_c at the cathode. "linear profile" (Eq. 7 of the source) takes delta as linear in x, so
        that the anode has 2 delta - delta_c. "uniform field" is exact for a conductivity that does not depend
        on delta: mu is linear in x, and the anode follows from the mean of delta, which is conserved.

        Parameters
        ----------
        delta : array_like
            Mean deficiency of the leg.
        T : array_like
            In K.
        form : {"linear profile", "uniform field"}

        Returns
        -------
        ndarray
            In V; independent of the length.

        Raises
        ------
        InputError
            If delta is outside the homogeneity range.
        """
        d, t = self.check(delta, T)
        return self._voltage(d, t, self.deposition_threshold(t), form)

    def anode_voltage(self, delta: ArrayLike, T: ArrayLike, *, form: Form = "linear profile") -> Array:
        """Voltage at which the anode of an isothermal leg reaches `delta_max` and loses anions.

        The second limit of a leg; infinite where `delta_max` is. Arguments as for `critical_voltage`.

        Parameters
        ----------
        delta : array_like
            Deficiency of the metal by formula unit.
        T : array_like
            In K.
        form : {"linear profile", "uniform field"}
            As for `DefectModel.critical_voltage`.

        Returns
        -------
        ndarray
            In V; infinite where `delta_max` is.
        """
        d, t = self.check(delta, T)
        top = self.anion_boundary(t)
        finite = np.isfinite(top)
        found = self._voltage(-d, t, -np.where(finite, top, d + 1.0), form)
        return np.where(finite, found, np.inf)

    def limiting_voltage(self, delta: ArrayLike, T: ArrayLike, *, form: Form = "linear profile") -> Array:
        """The smaller of `critical_voltage` and `anode_voltage`.

        Parameters
        ----------
        delta : array_like
            Deficiency of the metal by formula unit.
        T : array_like
            In K.
        form : {"linear profile", "uniform field"}
            As for `DefectModel.critical_voltage`.

        Returns
        -------
        ndarray
            In V.
        """
        cathode = self.critical_voltage(delta, T, form=form)
        return np.minimum(cathode, self.anode_voltage(delta, T, form=form))

    def check(self, delta: ArrayLike, T: ArrayLike) -> tuple[Array, Array]:
        """The mean delta and T as arrays of one shape, or an `InputError` if delta is outside the range.

        Parameters
        ----------
        delta : array_like
            Deficiency of the metal by formula unit.
        T : array_like
            In K.

        Returns
        -------
        tuple of ndarray
        """
        faults = Faults()
        check_positive(faults, T=T)
        faults.raise_if_any()
        d, t = np.broadcast_arrays(floats(delta), floats(T))
        low, high = self.metal_boundary(t), self.anion_boundary(t)
        inside = (low <= d) & (d <= high)
        if not np.all(inside):
            at = tuple(np.argwhere(~inside)[0])
            range_there = f"{shown(low[at])} to {shown(high[at])} at {shown(t[at])} K"
            expected = f"a deficiency in the homogeneity range {range_there} is expected"
            faults.add("delta" + (f"[{at[-1]}]" if at else ""), float(d[at]), expected)
        faults.raise_if_any()
        return d, t

    def _voltage(self, delta: Array, T: Array, cathode: Array, form: Form) -> Array:
        check_one_of("form", form, FORMS)
        low = self.reduced(cathode, T)
        if form == "uniform field":
            return R * T / F * _width_of_mean(self.reduced(delta, T), low)
        return R * T / F * (self.reduced(2.0 * delta - cathode, T) - low)


def _width_of_mean(mean: Array, low: Array) -> Array:
    """Width w for which sinh has the mean sinh(`mean`) over the interval from `low` to low + w.

    The mean is sinh(low + w/2) sinh(w/2)/(w/2) and rises with w. Newton's method on its arsinh, which is
    nearly straight on both sides of a steep part, kept inside an interval that holds the root.
    """

    def missing(width: Array) -> tuple[Array, Array]:
        half = 0.5 * width
        small = np.abs(half) < _SERIES
        safe = np.where(small, 1.0, half)
        ratio = np.where(small, 1.0 + half**2 / 6.0, np.sinh(safe) / safe)
        ratio_slope = np.where(small, half / 3.0, (np.cosh(safe) - np.sinh(safe) / safe) / safe)
        value = np.sinh(low + half) * ratio
        slope = 0.5 * (np.cosh(low + half) * ratio + np.sinh(low + half) * ratio_slope)
        return mean - np.arcsinh(value), -slope / np.sqrt(1.0 + value**2)

    most = np.maximum(2.0 * (mean - low), -2.0 * low)
    found = falling_root(missing, most, low=mean - low - _SLACK, high=most + _SLACK, close=_CLOSE)
    if np.any(np.isnan(found) & np.isfinite(most)):
        raise ConvergenceError("no critical voltage was found for a uniform field")
    return found


CU2S: Final = DefectModel.of_constant(K_e=2.24e-3, T=750.0, delta_c=-0.03, delta_max=0.27)
"""Cu2-delta S as fitted at 750 K by Qiu, Shi, Chen, Snyder et al., doi 10.1038/s41467-018-05248-8.

delta_c, delta_max and Delta G_e are those of 750 K; the source gives no other temperature.
"""
