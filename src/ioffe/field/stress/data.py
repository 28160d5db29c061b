"""Elastic data of the materials of a module, and what is known of their strength."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.curve import Curve
from ioffe.base.errors import Faults, did_you_mean
from ioffe.base.units import to_si
from ioffe.material.fields import STRENGTH
from ioffe.material.material import Material

Array = NDArray[np.float64]
ELASTIC = {"youngs_modulus": "47 GPa", "poisson_ratio": "0.28", "thermal_expansion": "17 ppm/K"}
"""What every material needs, with an example of each."""


@dataclass(frozen=True)
class BrittleStrength:
    r"""Strength of a brittle material after Weibull.

    .. math:: P = 1 - \exp\left[-\frac{1}{V_0}\int \left(\frac{\sigma_1}{\sigma_0}\right)^m dV\right]

    over all tension, after W. Weibull, J. Appl. Mech. 18 (1951) 293, doi 10.1115/1.4010337.

    Parameters
    ----------
    strength : float or str
        Scale sigma_0 in Pa: of a volume V_0 under this tension 37 % survive.
    shape : float
        Weibull's modulus m.
    volume : float or str
        V_0 in m3, that of the sample on which the strength was measured.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> BrittleStrength("40 MPa", 8, "10 mm3").strength
    40000000.0
    """

    strength: float
    shape: float
    volume: float

    def __post_init__(self) -> None:
        faults = Faults()
        for name, quantity in (("strength", "strength"), ("volume", "volume")):
            with faults.collect():
                object.__setattr__(self, name, to_si(getattr(self, name), quantity, name))
        if not (isinstance(self.shape, int | float) and 1.0 <= self.shape <= 200.0):
            faults.add("shape", self.shape, "a number from 1 to 200 is expected")
        faults.raise_if_any()

    def failing(self, tension: Array, volumes: Array) -> float:
        """Probability of failure under tensions in Pa of volumes in m3.

        Parameters
        ----------
        tension, volumes : array_like
            Largest principal stress in Pa, and the volume in m3 under it.

        Returns
        -------
        float
            From 0 to 1.

        Examples
        --------
        >>> one = BrittleStrength("40 MPa", 8, "10 mm3")
        >>> round(one.failing(np.array([40e6]), np.array([10e-9])), 4)
        0.6321
        """
        share = (np.maximum(tension, 0.0) / self.strength) ** self.shape
        return float(-np.expm1(-(share * volumes).sum() / self.volume))


def with_elastic_data(
    materials: Iterable[Material], given: Mapping[str, Mapping[str, Any]]
) -> dict[str, Material]:
    """Materials by name, with the elastic data that are given beside those of the cards.

    Raises
    ------
    InputError
        With everything that is missing, out of bounds or given for a material that is not there.

    Examples
    --------
    >>> from ioffe.material.library import load_material
    >>> found = with_elastic_data([load_material("Cu")], {})
    >>> print(f"{found['Cu'].youngs_modulus / 1e9:.0f} GPa")
    130 GPa
    """
    faults, found = Faults(), {m.name: m for m in materials}
    for name, values in given.items():
        if name not in found:
            faults.add("elastic", name, "a material of the module is expected", did_you_mean(name, found))
            continue
        for key in values:
            if key not in ELASTIC:
                faults.add(f'elastic["{name}"]', key, "elastic data are expected", did_you_mean(key, ELASTIC))
        with faults.collect(f'elastic["{name}"]'):
            found[name] = found[name].replace(**{k: v for k, v in values.items() if k in ELASTIC})
    for name, material in found.items():
        for key, example in ELASTIC.items():
            if getattr(material, key) is None:
                advice = f'add it to the card, or give elastic={{"{name}": {{"{key}": "{example}"}}}}'
                faults.add(f'"{name}".{key}', expected="it is missing", advice=advice)
    faults.raise_if_any()
    return found


def strengths_of(materials: Iterable[Material]) -> dict[str, BrittleStrength]:
    """Strengths of the cards that state all three numbers of Weibull's law, by the name of the material.

    Examples
    --------
    >>> from ioffe.material.library import load_material
    >>> list(strengths_of([load_material("generic p cooler leg"), load_material("Cu")]))
    ['generic p cooler leg']
    """
    found = {}
    for m in materials:
        strength, modulus, volume = (getattr(m, key) for key in STRENGTH)
        if None not in (strength, modulus, volume):
            found[m.name] = BrittleStrength(strength, modulus, volume)
    return found


def at(value: float | Curve | None, T: Array) -> Array:
    """A number or a curve at temperatures."""
    return np.asarray(value(T), float) if isinstance(value, Curve) else np.full_like(T, value)
