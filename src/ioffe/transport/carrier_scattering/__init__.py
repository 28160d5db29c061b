r"""Mechanisms that scatter carriers: each is one object with its relaxation time tau(E).

:class:`~ioffe.transport.carrier_scattering.mechanism.Mechanism` says what a mechanism is,
:mod:`~ioffe.transport.carrier_scattering.power_laws` holds those with :math:`\tau\propto E^r` and
:mod:`~ioffe.transport.carrier_scattering.brooks_herring` ionised impurities with screening. Wherever a
mechanism is expected, its name, an exponent r or the object itself may be given. Every module of this package
offers its mechanisms by name in a table ``MECHANISMS``; a new mechanism is a new module.

>>> mechanism("acoustic").exponent
-0.5
>>> tau = mechanism("acoustic", 80e-4) + mechanism("brooks_herring", 200e-4, screening=30.0)  # Matthiessen
>>> print(tau.relative_time([0.5, 1.0, 2.0], CarrierState(0.0)).round(3))
[0.904 1.    0.879]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final, cast

from numpy.typing import ArrayLike

from ioffe.base.errors import Fault, InputError, check_one_of, did_you_mean
from ioffe.transport.carrier_scattering.mechanism import (
    CarrierState,
    Matthiessen,
    Mechanism,
    Property,
    SingleMechanism,
    TemperaturePower,
    value_at,
)
from ioffe.transport.carrier_scattering.power_laws import PowerLawScattering

__all__ = [
    "ACOUSTIC",
    "CarrierState",
    "Level",
    "Matthiessen",
    "Mechanism",
    "PowerLawScattering",
    "Property",
    "Scattering",
    "TemperaturePower",
    "carrier_sign",
    "mechanism",
    "mechanisms",
    "scattering_exponent",
    "value_at",
]

Scattering = str | float | Mechanism
"""Name of a mechanism, exponent r of a power law, or the mechanism itself."""

Level = ArrayLike | CarrierState
"""Reduced Fermi level of a parabolic band, or the state of any band."""

ACOUSTIC: Final = "acoustic"
"""Acoustic phonons, the default everywhere."""


@cache
def mechanisms() -> Mapping[str, SingleMechanism]:
    """Mechanisms by name: the tables ``MECHANISMS`` of all modules of this package.

    Returns
    -------
    mapping of str to SingleMechanism
        Without a strength; parameters of their own are not set.

    Examples
    --------
    >>> sorted(mechanisms())
    ['acoustic', 'alloy', 'brooks_herring', 'ionised_impurity', 'neutral_impurity', 'polar_optical']
    """
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    return {name: one for module in modules for name, one in getattr(module, "MECHANISMS", {}).items()}


def mechanism(
    scattering: Scattering = ACOUSTIC,
    mobility: Property | None = None,
    weight: float = 1.0,
    **parameters: Any,
) -> Mechanism:
    """A mechanism by name or exponent, with its strength and its own parameters.

    Parameters
    ----------
    scattering : str, float or Mechanism
        Name; or exponent r of tau ~ E^r, which means the named mechanism of that energy law if there is one,
        so that -1/2 means acoustic phonons; or a mechanism to change.
    mobility : Property, optional
        Mobility parameter mu_0 = e tau(k_B T)/m_I in m2/(V s); a mechanism that follows from constants of the
        material needs none.
    weight : float
        Factor of the rate, for fits.
    **parameters
        Parameters of the mechanism itself, such as `permittivity` of ``"brooks_herring"``.

    Returns
    -------
    Mechanism

    Raises
    ------
    InputError
        For an unknown name, or a parameter that the mechanism does not have.

    Examples
    --------
    >>> phonons = mechanism("acoustic", TemperaturePower(80e-4, -1.5))
    >>> print(f"{phonons.mobility_parameter(CarrierState(0.0, temperature=600.0)) * 1e4:.2f} cm2/(V s)")
    28.28 cm2/(V s)
    """
    if isinstance(scattering, Mechanism):
        found = scattering
    elif isinstance(scattering, str):
        if scattering not in mechanisms():
            expected = f"one of {', '.join(mechanisms())}, or an exponent, is expected"
            advice = did_you_mean(scattering, mechanisms())
            raise InputError(Fault("scattering", scattering, expected, advice))
        found = mechanisms()[scattering]
    else:
        r = float(scattering)
        found = next((one for one in mechanisms().values() if one.exponent == r), PowerLawScattering(r))
    given = parameters | ({} if mobility is None else {"mobility": mobility})
    given |= {} if weight == 1.0 else {"weight": weight}
    for name in given:
        check_one_of("parameters", name, vars(found))
    return replace(cast(Any, found), **given) if given else found


def scattering_exponent(scattering: Scattering) -> float:
    """Exponent r of a mechanism with tau ~ E^r.

    Parameters
    ----------
    scattering : str, float or Mechanism

    Returns
    -------
    float

    Raises
    ------
    InputError
        For an unknown name, or a mechanism whose relaxation time is no power of the energy.

    Examples
    --------
    >>> scattering_exponent("polar_optical"), scattering_exponent(0)
    (0.5, 0.0)
    """
    if isinstance(scattering, int | float):
        return float(scattering)
    exponent = mechanism(scattering).exponent
    if exponent is None:
        raise InputError(Fault("scattering", scattering, "a mechanism with tau ~ E^r is expected here"))
    return exponent


def carrier_sign(carrier: str) -> float:
    """Sign of the charge of carriers.

    Parameters
    ----------
    carrier : {"p", "n"}
        Holes or electrons.

    Returns
    -------
    float
        1 for holes, -1 for electrons.

    Raises
    ------
    InputError
        For another word.

    Examples
    --------
    >>> carrier_sign("n")
    -1.0
    """
    if carrier not in ("p", "n"):
        raise InputError(Fault("carrier", carrier, '"p" or "n" is expected'))
    return 1.0 if carrier == "p" else -1.0
