"""Lattice thermal conductivity by Debye and Callaway: a spectrum of phonons with one velocity of sound.

>>> from functools import partial
>>> from ioffe.transport.phonons.scattering_rates import boundaries, point_defects, umklapp
>>> crystal = dict(sound_velocity=2147.0, atomic_volume=31.26e-30)
>>> model = DebyeCallaway(sound_velocity=2147.0, debye_temperature=94.0, resistive={
...     "U": partial(umklapp, **crystal, atomic_mass=2.25e-25, gruneisen=2.33, strength=2.6),
...     "PD": partial(point_defects, **crystal, scattering_parameter=0.02218),
...     "GB": boundaries(sound_velocity=2147.0, size=2e-6)})
>>> for name, kappa in model.contributions(300.0).items():
...     print(f"{name:8} {kappa:.3f}")
U        0.942
U+PD     0.886
U+PD+GB  0.828
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import hbar, k_B
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import floats
from ioffe.transport._quadrature import integrate_panels, thermal_window

Rate = Callable[..., Any] | ArrayLike
"""A scattering rate in 1/s: a function of omega, of omega and T, or a constant."""

TOLERANCE: Final = 1e-11
_CUT: Final = 60.0
"""hbar omega/(k_B T) above which nothing counts: x^4 exp(-x) is 1e-19 there."""
_LOW: Final = (1e-9, 1e-10)
"""Shares of the Debye frequency at which the behaviour towards zero frequency is read."""
_HALVES: Final = (0.0, 0.5, 1.0)


def debye_frequency(debye_temperature: ArrayLike) -> Array:
    """Highest angular frequency of the Debye spectrum, k_B theta_D/hbar, in rad/s.

    Parameters
    ----------
    debye_temperature : array_like
        In K.

    Returns
    -------
    ndarray
        In rad/s.

    Examples
    --------
    >>> print(f"{debye_frequency(94.0):.4e}")
    1.2307e+13
    """
    return k_B * floats(debye_temperature) / hbar


@dataclass(frozen=True)
class DebyeCallaway:
    r"""Phonons of one velocity up to the Debye frequency, with their scattering.

    .. math::

        \kappa = \frac{k_B}{2 \pi^2 v} \left( \frac{k_B T}{\hbar} \right)^3 \left\{ \int \tau g\,\mathrm{d}x
        + \frac{[\int (\tau/\tau_N) g\,\mathrm{d}x]^2}{\int \tau/(\tau_N \tau_R) g\,\mathrm{d}x} \right\}, \\
        g = \frac{x^4 e^x}{(e^x - 1)^2}, \quad \frac{1}{\tau} = \frac{1}{\tau_R} + \frac{1}{\tau_N}

    over x = hbar omega/(k_B T) from 0 to theta_D/T. The second term, Callaway's correction, gives back the
    heat that normal processes do not stop; without `normal` there is none.

    Parameters
    ----------
    sound_velocity : float or array
        v in m/s.
    debye_temperature : float or array
        theta_D in K.
    resistive : mapping of str to callable or array
        Rates 1/tau_R in 1/s by name, in the order in which `contributions` adds them: a function of omega
        (rad/s), of omega and `T` (K), or a constant. Their own parameters may be arrays that broadcast with
        T.
    normal : callable, optional
        Rate 1/tau_N of normal processes.

    Raises
    ------
    InputError
        For a velocity or temperature that is not positive, or no resistive rate.

    Notes
    -----
    J. Callaway, Phys. Rev. 113 (1959) 1046, doi 10.1103/PhysRev.113.1046. One branch with a mean velocity
    represents three; optical modes are left out.

    Examples
    --------
    >>> model = DebyeCallaway(3000.0, 100.0, {"constant": 1e12})
    >>> print(f"{model.thermal_conductivity(3000.0):.4f}")  # far above theta_D: k_B omega_D^3 tau/(6 pi^2 v)
    0.1744
    """

    sound_velocity: ArrayLike
    debye_temperature: ArrayLike
    resistive: Mapping[str, Rate]
    normal: Rate | None = None
    _takes_T: Mapping[str, bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        faults = Faults()
        for name in ("sound_velocity", "debye_temperature"):
            value = np.asarray(getattr(self, name))
            if value.dtype.kind not in "iuf" or not np.all((value > 0) & np.isfinite(value)):
                faults.add(name, getattr(self, name), "a number above 0 is expected")
        if not self.resistive:
            faults.add("resistive", expected="at least one scattering rate is expected, such as umklapp")
        faults.raise_if_any()
        terms = dict(self.resistive)
        object.__setattr__(self, "resistive", MappingProxyType(terms))
        takes = {name: _takes_T(term) for name, term in {**terms, "": self.normal}.items()}
        object.__setattr__(self, "_takes_T", MappingProxyType(takes))

    @property
    def debye_frequency(self) -> Array:
        """Highest angular frequency in rad/s."""
        return debye_frequency(self.debye_temperature)

    def rates(self, omega: ArrayLike, T: ArrayLike) -> dict[str, Array]:
        """Every resistive rate by its name, in 1/s.

        Parameters
        ----------
        omega, T : array_like
            Angular frequency in rad/s and temperature in K; they broadcast.

        Returns
        -------
        dict of str to ndarray
            In 1/s.
        """
        w, t = np.broadcast_arrays(floats(omega), floats(T))
        return {name: self._rate(name, term, w, t) for name, term in self.resistive.items()}

    def normal_rate(self, omega: ArrayLike, T: ArrayLike) -> Array:
        """Rate of normal processes in 1/s, 0 without them.

        Parameters
        ----------
        omega : array_like
            Angular frequency in rad/s.
        T : array_like
            In K.

        Returns
        -------
        ndarray
            In 1/s.
        """
        w, t = np.broadcast_arrays(floats(omega), floats(T))
        return np.zeros_like(w) if self.normal is None else self._rate("", self.normal, w, t)

    def mean_free_path(self, omega: ArrayLike, T: ArrayLike) -> Array:
        """Mean free path v tau in m, Callaway's correction left out.

        Parameters
        ----------
        omega : array_like
            Angular frequency in rad/s.
        T : array_like
            In K.

        Returns
        -------
        ndarray
            In m.
        """
        total = sum(self.rates(omega, T).values()) + self.normal_rate(omega, T)
        return np.asarray(self.sound_velocity) / total

    def thermal_conductivity(self, T: ArrayLike, tolerance: float = TOLERANCE) -> Array:
        """Lattice thermal conductivity in W/(m K).

        Parameters
        ----------
        T : array_like
            Temperatures in K.
        tolerance : float
            Relative error of every integral.

        Returns
        -------
        ndarray
            In the shape of T (and of parameters that are arrays).

        Raises
        ------
        InputError
            If the rates vanish so fast towards zero frequency that the conductivity is infinite.
        ConvergenceError
            If the integrals do not reach the tolerance.
        """
        return self._integrate(T, tolerance, in_turn=False)[0]

    def contributions(self, T: ArrayLike, tolerance: float = TOLERANCE) -> dict[str, Array]:
        """Conductivity with the resistive rates switched on one after the other.

        Parameters
        ----------
        T, tolerance
            As for `thermal_conductivity`.

        Returns
        -------
        dict of str to ndarray
            "U", "U+PD", ... by the names of the rates; the last is the conductivity. Normal processes, with
            their correction, are in every one.

        Raises
        ------
        InputError, ConvergenceError
            As `thermal_conductivity`; the first rate has to do alone.
        """
        names = accumulate(self.resistive, lambda before, name: f"{before}+{name}")
        return dict(zip(names, self._integrate(T, tolerance, in_turn=True), strict=True))

    def displacement(self, T: ArrayLike, tolerance: float = TOLERANCE) -> Array:
        """Callaway's time in s: the drift that normal processes keep up adds it over tau_N to every tau.

        Zero without normal processes. The relaxation time that gives the whole conductivity is tau
        (1 + displacement/tau_N).

        Parameters
        ----------
        T : array_like
            In K.
        tolerance : float
            Relative error of every integral.

        Returns
        -------
        ndarray
            In s.
        """
        moments = self._moments(floats(T), tolerance, in_turn=False)[0]
        return np.zeros_like(moments[0]) if self.normal is None else _ratio(moments[1], moments[2])

    def _rate(self, name: str, term: Any, omega: Array, T: Array) -> Array:
        if not callable(term):
            return np.broadcast_to(floats(term), np.broadcast_shapes(omega.shape, np.shape(term)))
        found = term(omega, T=T) if self._takes_T[name] else term(omega)
        return floats(found)

    def _integrate(self, T: ArrayLike, tolerance: float, in_turn: bool) -> Array:
        t = floats(T)
        moments = self._moments(t, tolerance, in_turn)
        correction = 0.0 if self.normal is None else moments[:, 1] * _ratio(moments[:, 1], moments[:, 2])
        scale = k_B / (2.0 * np.pi**2 * np.asarray(self.sound_velocity)) * (k_B * t / hbar) ** 3
        return scale * (moments[:, 0] + correction)

    def _moments(self, T: Array, tolerance: float, in_turn: bool) -> Array:
        """The three integrals of the formula for every stage of the sum, shape (stages, 3, ...)."""
        if not np.all((T > 0) & np.isfinite(T)):
            raise InputError(Fault("T", T, "temperatures above 0 K are expected"))
        T = np.broadcast_to(T, self._lanes(T))
        self._refuse_divergence(T, in_turn)
        top = np.minimum(np.asarray(self.debye_temperature) / T, _CUT)

        def integrand(s: Array) -> Array:
            nodes = s.reshape(-1, *(1,) * top.ndim)
            x = top * nodes**2
            weight = 2.0 * top * nodes * x**2 * thermal_window(x)
            return _three(weight, *self._stages(x * k_B * T / hbar, T, in_turn))

        return integrate_panels(integrand, _HALVES, tolerance)[0].sum(axis=0)

    def _lanes(self, T: Array) -> tuple[int, ...]:
        """Shape of the result: that of T, of the model's numbers and of the parameters of its rates."""
        numbers = np.broadcast_shapes(*map(np.shape, (T, self.debye_temperature, self.sound_velocity)))
        omega = np.broadcast_to(_LOW[0] * self.debye_frequency, numbers)
        found = [rate.shape for rate in self.rates(omega, T).values()]
        return np.broadcast_shapes(numbers, *found, self.normal_rate(omega, T).shape)

    def _stages(self, omega: Array, T: Array, in_turn: bool) -> tuple[Array, Array | None]:
        """Sums of the resistive rates, shape (nodes, stages, ...), and the normal rate (nodes, 1, ...)."""
        sums = list(accumulate(self.rates(omega, T).values()))
        shape = np.broadcast_shapes(omega.shape, *(rate.shape for rate in sums))
        stages = np.stack([np.broadcast_to(rate, shape) for rate in (sums if in_turn else sums[-1:])], axis=1)
        return stages, None if self.normal is None else self.normal_rate(omega, T)[:, None]

    def _refuse_divergence(self, T: Array, in_turn: bool) -> None:
        """Refuse rates of the third or a higher power of omega at low frequency, and rates that are zero."""
        omega = np.stack([np.broadcast_to(share * self.debye_frequency, T.shape) for share in _LOW])
        stages, normal = self._stages(omega, T, in_turn)
        total = stages if normal is None else stages + normal
        with np.errstate(divide="ignore", invalid="ignore"):
            power = np.log(total[0] / total[1]) / np.log(_LOW[0] / _LOW[1])
        wrong = ~(power < 3.0 - 1e-6) | ~(stages[0] > 0)
        faults = Faults()
        for name, bad in zip(accumulate(self.resistive, lambda a, b: f"{a}+{b}"), wrong, strict=False):
            if np.any(bad):
                location = f"resistive.{name}" if in_turn else "resistive"
                expected = "a rate that falls more slowly than omega^3 is expected, or the heat is infinite"
                faults.add(location, expected=expected, advice="add boundaries or Umklapp processes first")
        faults.raise_if_any()


def _takes_T(term: Any) -> bool:
    """Whether a rate is a function of temperature too."""
    return callable(term) and "T" in inspect.signature(term).parameters


def _three(weight: Array, resistive: Array, normal: Array | None) -> Array:
    """Integrands of tau, tau/tau_N and tau/(tau_N tau_R), shape (nodes, stages, 3, ...)."""
    weighted = np.expand_dims(weight, 1)
    if normal is None:
        return np.expand_dims(weighted / resistive, 2)
    first = weighted / (resistive + normal)
    return np.stack([first, first * normal, first * normal * resistive], axis=2)


def _ratio(above: Array, below: Array) -> Array:
    """Quotient, 0 where there are no normal processes."""
    return np.divide(above, below, out=np.zeros(np.shape(above)), where=np.asarray(above) > 0)
