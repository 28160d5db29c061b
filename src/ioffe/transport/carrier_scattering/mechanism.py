r"""What a scattering mechanism is: a relaxation time tau(E), and the sum of several by Matthiessen's rule.

In a band of Kane's shape with :math:`x = E/k_BT`, :math:`\alpha = k_BT/E_g`, :math:`y = x + \alpha x^2`
(which is :math:`\hbar^2k^2/2mk_BT`) and the mass factor :math:`m(x) = 1 + 2\alpha x` a mechanism scatters at
the rate

.. math:: \frac{1}{\tau(x)} = \frac{1}{\tau_0}\,s(y, m),\qquad s(1, 1) = 1,\qquad \mu_0 = \frac{e\tau_0}{m_I},

and several mechanisms at the sum of their rates at every energy (A. Matthiessen, Ann. Phys. 198 (1864) 188,
doi 10.1002/andp.18641980504). :math:`\tau_0` is the relaxation time at :math:`E = k_BT` of a parabolic band.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import KW_ONLY, dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import e, m_e
from ioffe.base.errors import Fault, InputError
from ioffe.base.units import floats
from ioffe.transport.kane import density_integrals, thermal_density

Property = float | Array | tuple[float, ...] | Callable[[Array], ArrayLike]
"""Number, array, coefficients of a polynomial in T, or function of T."""


def value_at(prop: Property, temperature: ArrayLike) -> Array:
    """A property at temperatures.

    Parameters
    ----------
    prop : Property
        Number, array, coefficients of a polynomial in T (lowest power first), or function of T.
    temperature : array_like
        In K.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(value_at((0.10, 1e-4), np.array([300.0, 500.0])))  # 0.10 + 1e-4 T
    [0.13 0.15]
    """
    T = floats(temperature)
    if callable(prop):
        return np.asarray(prop(T), float)
    if isinstance(prop, tuple):
        return np.asarray(np.polynomial.polynomial.polyval(T, prop), float)
    return floats(prop)


@dataclass(frozen=True)
class TemperaturePower:
    """A property that is value_300 (T/300 K)^exponent.

    Parameters
    ----------
    value_300 : array_like
        Value at 300 K.
    exponent : float
        Power of T.

    Examples
    --------
    >>> print(f"{TemperaturePower(100.0, -1.5)(np.array(1200.0)):.2f}")
    12.50
    """

    value_300: ArrayLike
    exponent: float

    def __call__(self, temperature: Array) -> Array:
        """The property at temperatures in K."""
        return np.asarray(self.value_300, float) * (temperature / 300.0) ** self.exponent


class CarrierState(NamedTuple):
    """What the scattering of a carrier may depend on, besides its energy.

    Parameters
    ----------
    reduced_fermi_level : array_like
        eta, from the band edge into the band over k_B T.
    nonparabolicity : array_like
        alpha = k_B T/E_g; 0 for a parabolic band.
    temperature : array_like, optional
        In K. None where a band is described by its Fermi level alone.
    effective_mass : array_like, optional
        Density-of-states mass of one valley at the band edge, over the electron mass.
    valleys : float
        Number of equal valleys.

    Examples
    --------
    >>> state = CarrierState(0.0, temperature=300.0, effective_mass=1.0)
    >>> print(f"{state.density()[0]:.3e} 1/m3")  # F_1/2(0) = 0.678 times 2/sqrt(pi) times 2.509e25 1/m3
    1.920e+25 1/m3
    """

    reduced_fermi_level: ArrayLike
    nonparabolicity: ArrayLike = 0.0
    temperature: ArrayLike | None = None
    effective_mass: ArrayLike | None = None
    valleys: float = 1.0

    def value(self, prop: Property, needed_by: str) -> Array:
        """A property at the temperature, which may be unknown if the property does not depend on it.

        Parameters
        ----------
        prop : Property
        needed_by : str
            What depends on it, for the message.

        Returns
        -------
        ndarray
        """
        changes = callable(prop) or isinstance(prop, tuple)
        return value_at(prop, self.known("temperature", needed_by) if changes else 0.0)

    def known(self, name: str, needed_by: str) -> Array:
        """Temperature or effective mass as an array.

        Parameters
        ----------
        name : {"temperature", "effective_mass"}
        needed_by : str
            What depends on it, for the message.

        Returns
        -------
        ndarray
            In K, or the mass over that of the electron.

        Raises
        ------
        InputError
            Where the band is described by its Fermi level alone.
        """
        value = getattr(self, name)
        if value is None:
            expected = f"{needed_by} depends on it, and a band given by its Fermi level alone has none"
            advice = "use Band and transport of ioffe.transport.many_bands, or give the energy law itself"
            raise InputError(Fault(name, expected=expected, advice=advice))
        return floats(value)

    def density(self) -> tuple[Array, Array]:
        """Carrier density in 1/m3, and the derivative of its logarithm by the reduced Fermi level.

        Returns
        -------
        tuple of ndarray
            In 1/m3, and a number.
        """
        T, mass = (self.known(name, "the carrier density") for name in ("temperature", "effective_mass"))
        filling, slope = density_integrals(self.reduced_fermi_level, self.nonparabolicity)
        return self.valleys * thermal_density(T, mass) * np.exp(filling), slope


class Term(NamedTuple):
    """One summand of a rate: strength times the shape of a mechanism with its parameters."""

    strength: Array
    mechanism: SingleMechanism
    parameters: tuple[Array, ...]


class Mechanism(ABC):
    """How carriers are scattered: a relaxation time as a function of the energy.

    One mechanism (:class:`SingleMechanism`), or several at once (:class:`Matthiessen`, which ``+`` makes).

    Examples
    --------
    >>> from ioffe.transport.carrier_scattering import mechanism
    >>> mechanism("acoustic").relative_time([1.0, 4.0], CarrierState(0.0))  # x^(-1/2)
    array([1. , 0.5])
    """

    exponent: float | None = None
    """Exponent r of tau ~ E^r in a parabolic band; None where tau is no power of the energy."""

    temperature_exponent: float | None = None
    """Power of T of the mobility parameter mu_0, where the mechanism implies one."""

    @property
    def edge_exponent(self) -> float:
        """Exponent of tau ~ E^r in the limit of the band edge.

        That of a power law; otherwise -1/2, where the rate follows the density of states.
        """
        return -0.5 if self.exponent is None else self.exponent

    @abstractmethod
    def terms(self, state: CarrierState, *, relative: bool = False) -> tuple[Term, ...]:
        """Summands of the rate of a carrier.

        Parameters
        ----------
        state : CarrierState
        relative : bool
            Strengths over their sum; otherwise in units of e/m_I, V s/m2.

        Returns
        -------
        tuple of Term

        Raises
        ------
        InputError
            For a mechanism without a strength, or a state that lacks what the mechanism depends on.
        """

    def __add__(self, other: Mechanism) -> Matthiessen:
        return Matthiessen((self, other))

    def mobility_parameter(self, state: CarrierState) -> Array:
        """Mobility parameter mu_0 = e tau_0/m_I in m2/(V s); of several mechanisms the reciprocals add.

        Parameters
        ----------
        state : CarrierState

        Returns
        -------
        ndarray
        """
        return np.asarray(1.0 / sum(term.strength for term in self.terms(state)))

    def relative_time(self, reduced_energy: ArrayLike, state: CarrierState) -> Array:
        r"""Relaxation time over that at :math:`E = k_BT` of a parabolic band.

        Parameters
        ----------
        reduced_energy : array_like
            x = E/(k_B T) from the band edge, above 0.
        state : CarrierState
            Broadcasts against the energy.

        Returns
        -------
        ndarray
        """
        x, alpha = floats(reduced_energy), np.asarray(state.nonparabolicity, float)
        y, mass = x * (1.0 + alpha * x), 1.0 + 2.0 * alpha * x
        terms = self.terms(state, relative=True)
        return np.asarray(1.0 / sum(t.strength * t.mechanism.shape(y, mass, *t.parameters) for t in terms))

    def relaxation_time(
        self, reduced_energy: ArrayLike, state: CarrierState, inertial_mass: ArrayLike | None = None
    ) -> Array:
        """Relaxation time tau(E) in s.

        Parameters
        ----------
        reduced_energy : array_like
            x = E/(k_B T) from the band edge, above 0.
        state : CarrierState
            With an effective mass.
        inertial_mass : array_like, optional
            m_I over the electron mass; by default the effective mass of the state.

        Returns
        -------
        ndarray

        Raises
        ------
        InputError
            For a mechanism without a strength, or a state without a mass.

        Examples
        --------
        >>> from ioffe.transport.carrier_scattering import mechanism
        >>> state = CarrierState(0.0, temperature=300.0, effective_mass=0.5)
        >>> print(f"{mechanism('acoustic', 100e-4).relaxation_time(1.0, state):.3e} s")
        2.843e-14 s
        """
        given = inertial_mass is not None
        mass = floats(inertial_mass) if given else state.known("effective_mass", "a time")
        return mass * m_e / e * self.mobility_parameter(state) * self.relative_time(reduced_energy, state)


@dataclass(frozen=True)
class SingleMechanism(Mechanism):
    """One mechanism. A subclass gives :meth:`shape`, and says on what it depends.

    Parameters
    ----------
    mobility : Property, optional
        Mobility parameter mu_0 = e tau_0/m_I in m2/(V s) at T. Without, only what does not depend on the
        strength can be had, unless the mechanism knows its strength.
    weight : float
        Factor of the rate, for fits.
    """

    _: KW_ONLY
    mobility: Property | None = None
    weight: float = 1.0

    @property
    def law(self) -> Hashable:
        """Mechanisms with the same law have the same shape, and their strengths add."""
        return id(self)

    @abstractmethod
    def shape(self, y: Array, mass: Array, *parameters: Array) -> Array:
        """Rate over that at E = k_B T of a parabolic band.

        Parameters
        ----------
        y, mass : ndarray
            x + alpha x^2 and 1 + 2 alpha x.
        *parameters : ndarray
            Those of :meth:`shape_parameters`, which broadcast against y.

        Returns
        -------
        ndarray
        """

    def shape_parameters(self, state: CarrierState) -> tuple[Array, ...]:
        """Numbers on which the shape depends, as they follow from the state; none by default.

        Parameters
        ----------
        state : CarrierState

        Returns
        -------
        tuple of ndarray
        """
        del state
        return ()

    def own_mobility(self, state: CarrierState) -> Array:
        """Mobility parameter in m2/(V s) where none is given.

        Parameters
        ----------
        state : CarrierState

        Returns
        -------
        ndarray
            In m2/(V s).

        Raises
        ------
        InputError
            Unless the mechanism knows its strength.
        """
        expected = "a mobility parameter in m2/(V s) is expected"
        raise InputError(Fault("mobility", expected=expected, advice="mechanism(name, mobility)"))

    def terms(self, state: CarrierState, *, relative: bool = False) -> tuple[Term, ...]:
        """One summand."""
        if relative:
            strength = np.ones(())
        elif self.mobility is None:
            strength = self.weight / self.own_mobility(state)
        else:
            strength = self.weight / state.value(self.mobility, "the mobility parameter")
        return (Term(np.asarray(strength), self, self.shape_parameters(state)),)


@dataclass(frozen=True)
class Matthiessen(Mechanism):
    """Several mechanisms together: their rates add at every energy.

    Parameters
    ----------
    parts : tuple of Mechanism
        At least one, each with its strength. The sum is a power law if all of them are the same one.

    Raises
    ------
    InputError
        For no mechanism.

    Examples
    --------
    >>> from ioffe.transport.carrier_scattering import mechanism
    >>> both = mechanism("acoustic", 100e-4) + mechanism("acoustic", 300e-4)  # 1/(1/100 + 1/300)
    >>> print(f"{both.mobility_parameter(CarrierState(0.0)) * 1e4:.1f} cm2/(V s)")
    75.0 cm2/(V s)
    """

    parts: tuple[Mechanism, ...]

    def __post_init__(self) -> None:
        if not self.parts:
            raise InputError(Fault("mechanisms", self.parts, "at least one mechanism is expected"))
        exponents = {part.exponent for part in self.parts}
        object.__setattr__(self, "exponent", exponents.pop() if len(exponents) == 1 else None)

    @property
    def edge_exponent(self) -> float:
        """The largest of the parts: the fewest carriers pass at the band edge."""
        return max(part.edge_exponent for part in self.parts)

    def terms(self, state: CarrierState, *, relative: bool = False) -> tuple[Term, ...]:
        """Summands of all parts; those of one law make one."""
        found: dict[Hashable, Term] = {}
        for term in (term for part in self.parts for term in part.terms(state)):
            law = term.mechanism.law
            found[law] = term._replace(strength=found[law].strength + term.strength) if law in found else term
        total = sum(term.strength for term in found.values()) if relative else 1.0
        return tuple(term._replace(strength=term.strength / total) for term in found.values())
