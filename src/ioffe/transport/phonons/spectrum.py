"""Which phonons carry the heat: conductivity by frequency and by mean free path of a `DebyeCallaway` model.

>>> from ioffe.transport.phonons.debye_callaway import DebyeCallaway
>>> umklapp = {"U": lambda omega: 1e-16 * omega**2}
>>> model = DebyeCallaway(sound_velocity=3000.0, debye_temperature=200.0, resistive=umklapp)
>>> kappa = model.thermal_conductivity(300.0)
>>> shares = cumulative_by_mean_free_path(model, [1e-6, 50e-9, 5e-9], 300.0) / kappa
>>> [round(float(share), 3) for share in shares]
[0.788, 0.063, 0.0]
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.arrays import Array
from ioffe.base.constants import hbar, k_B
from ioffe.base.errors import Fault, InputError
from ioffe.base.roots import halve
from ioffe.base.units import floats
from ioffe.transport._quadrature import integrate_panels, thermal_window
from ioffe.transport.phonons.debye_callaway import TOLERANCE, DebyeCallaway

_SCAN: Final = 400
"""Frequencies at which the mean free path is looked at for crossings."""
_LOWEST: Final = 1e-6
"""First of them, over the Debye frequency; below it nothing carries heat (its cube is 1e-18)."""
_BISECTIONS: Final = 55


def spectral_conductivity(model: DebyeCallaway, omega: ArrayLike, T: ArrayLike) -> Array:
    r"""Conductivity by angular frequency.

    .. math:: \kappa_s = \frac{k_B \omega^2}{2 \pi^2 v} \frac{x^2 e^x}{(e^x - 1)^2} \tau \left( 1 +
              \frac{\beta}{\tau_N} \right), \qquad \kappa = \int_0^{\omega_D} \kappa_s\,\mathrm{d}\omega

    with Callaway's time beta, which is 0 without normal processes.

    Parameters
    ----------
    model : DebyeCallaway
    omega, T : array_like
        Angular frequency in rad/s and temperature in K; they broadcast.

    Returns
    -------
    ndarray
        In W s/(m K rad); 0 above the Debye frequency.

    Examples
    --------
    >>> model = DebyeCallaway(sound_velocity=3000.0, debye_temperature=200.0, resistive={"B": 1e10})
    >>> print(f"{spectral_conductivity(model, 1e13, 300.0):.3e}")
    2.319e-12
    """
    w, t = floats(omega), floats(T)
    return _spectral(model, w, t, model.displacement(t))


def _spectral(model: DebyeCallaway, omega: Array, T: Array, displacement: Array) -> Array:
    normal = model.normal_rate(omega, T)
    total = sum(model.rates(omega, T).values()) + normal
    share = omega**2 * thermal_window(hbar * omega / (k_B * T)) * (1.0 + displacement * normal) / total
    found = k_B / (2.0 * np.pi**2 * np.asarray(model.sound_velocity)) * share
    return np.where(omega <= model.debye_frequency * (1 + 1e-12), found, 0.0)


def cumulative_by_frequency(
    model: DebyeCallaway, omega: ArrayLike, T: ArrayLike, tolerance: float = TOLERANCE
) -> Array:
    """Conductivity by the phonons up to a frequency.

    Parameters
    ----------
    model : DebyeCallaway
        Of one Debye temperature.
    omega : array_like of shape (n,)
        Angular frequencies in rad/s, not falling; from the Debye frequency on it is the whole conductivity.
    T : array_like
        Temperatures in K.
    tolerance : float
        Relative to the whole conductivity.

    Returns
    -------
    ndarray of shape (n, ...)
        In W/(m K), the shape of T last.

    Raises
    ------
    InputError
        For frequencies that fall or are negative, or a model of several Debye temperatures.

    Examples
    --------
    >>> model = DebyeCallaway(sound_velocity=3000.0, debye_temperature=200.0, resistive={"B": 1e10})
    >>> top = float(model.debye_frequency)
    >>> curve = cumulative_by_frequency(model, [0.0, 0.5 * top, top], [300.0])
    >>> [round(float(share), 3) for share in (curve / curve[-1])[:, 0]]
    [0.0, 0.127, 1.0]
    """
    w, t = np.atleast_1d(floats(omega)), floats(T)
    if w.ndim != 1 or not np.all(w >= 0) or not np.all(np.diff(w) >= 0):
        raise InputError(Fault("omega", omega, "rising frequencies from 0 on are expected"))
    top = _one_debye_frequency(model)
    wanted = np.sqrt(np.minimum(w, top) / top)
    edges = np.unique(np.concatenate([[0.0], wanted, [1.0]]))
    displacement = model.displacement(t, tolerance)

    def integrand(s: Array) -> Array:
        nodes = s.reshape(-1, *(1,) * displacement.ndim)
        found = _spectral(model, top * nodes**2 * np.ones_like(displacement), t, displacement)
        return 2.0 * top * nodes * found

    panels = integrate_panels(integrand, edges, tolerance)[0]
    sums = np.concatenate([np.zeros((1, *panels.shape[1:])), np.cumsum(panels, axis=0)])
    return sums[np.searchsorted(edges, wanted)]


def cumulative_by_mean_free_path(
    model: DebyeCallaway, mean_free_path: ArrayLike, T: float, tolerance: float = TOLERANCE
) -> Array:
    """Conductivity by the phonons whose mean free path is at most a length.

    Parameters
    ----------
    model : DebyeCallaway
        With parameters that are no arrays.
    mean_free_path : array_like of shape (n,)
        Lengths in m.
    T : float
        Temperature in K.
    tolerance : float
        Relative to the whole conductivity.

    Returns
    -------
    ndarray of shape (n,)
        In W/(m K). The mean free path need not fall with frequency: all bands of frequency in which it is
        below the length are counted, told apart at 400 frequencies.

    Raises
    ------
    InputError
        For lengths that are not positive, or a model of several Debye temperatures.

    Examples
    --------
    >>> model = DebyeCallaway(sound_velocity=3000.0, debye_temperature=200.0, resistive={"B": 1e10})
    >>> cumulative_by_mean_free_path(model, [2.9e-7, 3.1e-7], 300.0) / model.thermal_conductivity(300.0)
    array([0., 1.])
    """
    lengths = np.atleast_1d(floats(mean_free_path))
    if lengths.ndim != 1 or not np.all(lengths > 0):
        raise InputError(Fault("mean_free_path", mean_free_path, "lengths above 0 m are expected"))
    top = _one_debye_frequency(model)
    scan = np.concatenate([[0.0], np.geomspace(_LOWEST, 1.0, _SCAN) * top])
    log_path = np.log(model.mean_free_path(scan[1:], T))
    log_path = np.concatenate([log_path[:1], log_path])
    below = log_path[None, :] <= np.log(lengths)[:, None]
    which, where = np.nonzero(below[:, 1:] != below[:, :-1])
    # frequencies at which the mean free path is the length, by bisection
    low, high, was_below = scan[where], scan[where + 1], below[which, where]

    def before(omega: Array) -> NDArray[np.bool_]:
        return (model.mean_free_path(omega, T) <= lengths[which]) == was_below

    low, high = halve(before, low, high, _BISECTIONS) if low.size else (low, high)
    crossings = 0.5 * (low + high)
    order = np.argsort(crossings, kind="stable")
    sums = cumulative_by_frequency(model, np.concatenate([crossings[order], [top]]), T, tolerance)
    at_crossing = np.empty_like(crossings)
    at_crossing[order] = sums[:-1]
    found = np.where(below[:, -1], sums[-1], 0.0)
    np.add.at(found, which, np.where(was_below, at_crossing, -at_crossing))
    return found


def _one_debye_frequency(model: DebyeCallaway) -> float:
    if np.ndim(model.debye_temperature) or np.ndim(model.sound_velocity):
        expected = "a model of one Debye temperature and one velocity is expected"
        raise InputError(Fault("model", expected=expected))
    return float(model.debye_frequency)
