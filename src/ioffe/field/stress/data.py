"""Elastic data of the materials of a module, and what is known of their strength."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.curve import Curve
from ioffe.base.errors import Faults, did_you_mean
from ioffe.base.units import format_si, to_si
from ioffe.material.fields import STRENGTH
from ioffe.material.material import Material

Array = NDArray[np.float64]
ELASTIC = {"youngs_modulus": "47 GPa", "poisson_ratio": "0.28", "thermal_expansion": "17 ppm/K"}
"""What every material needs, with an example of each."""
WORDS = {
    "youngs_modulus": "Young's modulus",
    "poisson_ratio": "Poisson's ratio",
    "thermal_expansion": "thermal expansion",
}
SOURCE = "source"
"""Key of what is said of elastic data that are given."""
GIVEN, REMEMBERED = "given", "of the card, remembered"
SOFT, TIGHT = -0.99, 0.4999
"""Poisson's ratios between which the equations have a solution that is found."""
_ONE = ", ".join(f'"{key}": "{example}"' for key, example in ELASTIC.items())


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
    source : str
        Where the numbers come from.

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
    source: str = ""

    def __str__(self) -> str:
        strength, volume = format_si(self.strength, "strength"), format_si(self.volume, "volume")
        said = f" ({self.source})" if self.source else ""
        return f"{strength} of samples of {volume}, Weibull's modulus {self.shape:g}{said}"

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

    Raises `InputError` with everything that is missing, out of bounds or given for a material that is not
        there.

    >>> from ioffe.material.library import load_material
    >>> found = with_elastic_data([load_material("Cu")], {})
    >>> print(f"{found['Cu'].youngs_modulus / 1e9:.0f} GPa")
    130 GPa
    """
    faults, found = Faults(), {m.name: m for m in materials}
    for name, values in _of_materials("elastic", given, found, faults).items():
        where = f'elastic["{name}"]'
        if not isinstance(values, Mapping):
            faults.add(where, values, "elastic data by their names are expected", f"such as {{{_ONE}}}")
            continue
        for key in values:
            if key not in (*ELASTIC, SOURCE):
                faults.add(where, key, "elastic data are expected", did_you_mean(key, ELASTIC))
        with faults.collect(where):
            found[name] = found[name].replace(**{k: v for k, v in values.items() if k in ELASTIC})
    for name, material in found.items():
        for key, example in ELASTIC.items():
            _check(name, key, getattr(material, key), example, faults)
    faults.raise_if_any()
    return found


def _check(name: str, key: str, value: float | Curve | None, example: str, faults: Faults) -> None:
    """Note elastic data that are missing, or with which the equations have no solution that is found."""
    where = f'"{name}".{key}'
    if value is None:
        advice = (
            f'add {key} = "{example}" to the card, to [[stress.material]] of the device or to the file of '
            f'--elastic, or give elastic={{"{name}": {{"{key}": "{example}"}}}}'
        )
        faults.add(where, expected="it is missing", advice=advice)
        return
    low, high = (value.minimum(), value.maximum()) if isinstance(value, Curve) else (value, value)
    if key == "youngs_modulus" and not low > 0.0:
        faults.add(where, low, "an elastic modulus above 0 Pa is expected")
    if key == "poisson_ratio" and not (SOFT < low and high < TIGHT):
        expected = (
            f"a number above {SOFT:g} and below {TIGHT:g} is expected: at -1 and 0.5 moduli have no bound"
        )
        faults.add(where, low if low <= SOFT else high, expected)


def _of_materials(where: str, given: Any, found: Mapping[str, Material], faults: Faults) -> dict[str, Any]:
    """What is given for materials that are there; the rest is noted."""
    if not isinstance(given, Mapping):
        faults.add(where, given, "a mapping by the names of materials is expected")
        return {}
    for name in given:
        if name not in found:
            faults.add(where, name, "a material of the module is expected", did_you_mean(str(name), found))
    return {name: value for name, value in given.items() if name in found}


def strengths_of(
    materials: Mapping[str, Material], given: Mapping[str, BrittleStrength]
) -> dict[str, BrittleStrength]:
    """Strengths by the name of the material: those given, else of cards that state all of Weibull's law.

    Raises `InputError` for a strength of a material that is not there, and for what is no `BrittleStrength`.

    >>> from ioffe.material.library import load_material
    >>> materials = [load_material("generic p cooler leg"), load_material("Cu")]
    >>> found = strengths_of({m.name: m for m in materials}, {})
    >>> print(found["generic p cooler leg"])
    60 MPa of samples of 10 mm3, Weibull's modulus 8 (of the card, remembered)
    """
    faults, found = Faults(), {}
    for name, m in materials.items():
        strength, modulus, volume = (getattr(m, key) for key in STRENGTH)
        if None not in (strength, modulus, volume):
            found[name] = BrittleStrength(strength, modulus, volume, _card(m))
    for name, value in _of_materials("brittle", given, materials, faults).items():
        if not isinstance(value, BrittleStrength):
            advice = 'such as BrittleStrength("60 MPa", 8, "10 mm3")'
            faults.add(f'brittle["{name}"]', value, "a BrittleStrength is expected", advice)
        else:
            found[name] = replace(value, source=f"{GIVEN}: {value.source}" if value.source else GIVEN)
    faults.raise_if_any()
    return found


def _card(material: Material) -> str:
    """Where a number of a card comes from."""
    return REMEMBERED if material.quality == "remembered" else "of the card"


def origins_of(materials: Mapping[str, Material], given: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Where the elastic data of each material come from, in words.

    >>> from ioffe.material.library import load_material
    >>> origins_of({"Cu": load_material("Cu")}, {"Cu": {"poisson_ratio": 0.34, "source": "a hand-book"}})
    {'Cu': "Poisson's ratio given (a hand-book), the others of the card"}
    """
    found = {}
    for name, material in materials.items():
        own = given.get(name, {})
        stated = [key for key in ELASTIC if key in own]
        said = " (" + own[SOURCE] + ")" if own.get(SOURCE) else ""
        words = ", ".join(WORDS[key] for key in stated)
        if len(stated) == len(ELASTIC):
            found[name] = f"{GIVEN}{said}"
        else:
            found[name] = (
                f"{words} {GIVEN}{said}, the others {_card(material)}" if stated else _card(material)
            )
    return found


def at(value: float | Curve | None, T: Array) -> Array:
    """A number or a curve at temperatures."""
    return np.asarray(value(T), float) if isinstance(value, Curve) else np.full_like(T, value)
