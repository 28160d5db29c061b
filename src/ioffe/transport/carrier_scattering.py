r"""Carriers by their sign, and how their relaxation time depends on energy, :math:`\tau\propto E^r`."""

from __future__ import annotations

from typing import Final

from ioffe.base.errors import Fault, InputError, did_you_mean

__all__ = ["ACOUSTIC", "EXPONENTS", "carrier_sign", "scattering_exponent"]

ACOUSTIC: Final = -0.5
"""Exponent r of acoustic phonons, the default everywhere."""

EXPONENTS: Final = {
    "acoustic": ACOUSTIC,
    "alloy": -0.5,
    "neutral_impurity": 0.0,
    "polar_optical": 0.5,
    "ionised_impurity": 1.5,
}
"""Exponents r by name. Alloy disorder has the energy law of acoustic phonons and another one of temperature;
polar optical phonons have 1/2 far above their own temperature."""


def scattering_exponent(scattering: str | float) -> float:
    """Exponent r of a mechanism given by name or as a number.

    Raises
    ------
    InputError
        For an unknown name.

    Examples
    --------
    >>> scattering_exponent("polar_optical"), scattering_exponent(0)
    (0.5, 0.0)
    """
    if not isinstance(scattering, str):
        return float(scattering)
    if scattering not in EXPONENTS:
        expected = "one of " + ", ".join(EXPONENTS) + ", or an exponent, is expected"
        raise InputError(Fault("scattering", scattering, expected, did_you_mean(scattering, EXPONENTS)))
    return EXPONENTS[scattering]


def carrier_sign(carrier: str) -> float:
    """Sign of the charge: 1 for holes ("p"), -1 for electrons ("n").

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
