"""Which samples of a large table are wanted, and what a list says of them without making materials.

Between its points every property is taken as linear here: what is listed and chosen must be there in seconds
for 60 000 samples. Materials that are made of the chosen ones are interpolated as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite, nan
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Faults, InputError, did_you_mean
from ioffe.base.units import to_si
from ioffe.transport.formula import ATOMIC_WEIGHTS, parse_formula

if TYPE_CHECKING:
    from ioffe.material.readers.records import SampleSource
    from ioffe.material.readers.series import Carrier

Points = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Temperatures in K, rising, and values in SI."""
SYMBOL: Final = re.compile(r"[A-Z][a-z]?")
SAME: Final = 1e-6
"""Difference of two atomic fractions up to which they are the same."""


@dataclass(frozen=True)
class Outline:
    """What the points of a sample say at a glance; NaN where a property is missing.

    Parameters
    ----------
    carrier : str
        `p` or `n` by the sign of S; empty if it changes or is not known.
    T_min, T_max : float
        Temperatures in K at which all transport properties of the sample were measured.
    zT, zT_temperature : float
        Largest zT and where it is; or zT at the temperature that was asked for.
    """

    carrier: str = ""
    T_min: float = nan
    T_max: float = nan
    zT: float = nan
    zT_temperature: float = nan


def outline(points: Mapping[str, Points], T: float | None = None) -> Outline:
    """What the points of a sample say.

    Parameters
    ----------
    points : mapping of str to (T, values)
        By quantity, in SI.
    T : float, optional
        Temperature in K at which zT is wanted, by default where it is largest of all at which a property
        was measured.

    Returns
    -------
    Outline

    Examples
    --------
    >>> T = np.array([300.0, 400.0])
    >>> outline({"seebeck": (T, np.array([2e-4, 2e-4])), "electrical_conductivity": (T, np.array([1e5, 1e5])),
    ...     "thermal_conductivity": (T, np.array([1.5, 1.0]))})
    Outline(carrier='p', T_min=300.0, T_max=400.0, zT=1.6, zT_temperature=400.0)
    """
    S, kappa = points.get("seebeck"), points.get("thermal_conductivity")
    rho = points.get("electrical_resistivity")
    electrical = rho or points.get("electrical_conductivity")
    known = [one for one in (S, electrical, kappa) if one is not None and len(one[0])]
    low = max((float(one[0][0]) for one in known), default=nan)
    high = min((float(one[0][-1]) for one in known), default=nan)
    if S is None or not len(S[0]):
        return Outline("", low, high)
    sign = "p" if S[1].min() > 0.0 else "n" if S[1].max() < 0.0 else ""
    if electrical is None or kappa is None or len(known) < 3 or not low <= high:
        return Outline(sign, low, high)
    if T is not None and not low <= T <= high:
        return Outline(sign, low, high, nan, T)
    at = S[0] if T is None else np.array([T])
    if T is None and not all(one[0] is at or np.array_equal(one[0], at) for one in known):
        at = np.unique(np.concatenate([one[0] for one in known]))
        at = at[(low <= at) & (at <= high)]
    seebeck, other, k = (one[1] if one[0] is at else np.interp(at, *one) for one in (S, electrical, kappa))
    with np.errstate(divide="ignore", invalid="ignore"):
        zT = seebeck * seebeck * at / (other * k) if rho is not None else seebeck * seebeck * other * at / k
    best = int(zT.argmax())
    return Outline(sign, low, high, float(zT[best]), float(at[best]))


def bare_doi(text: str) -> str:
    """A DOI in lower case without what people write in front of it.

    `text`: a DOI, its address, or a beginning of one.

    >>> bare_doi("https://doi.org/10.1000/XYZ"), bare_doi("DOI: 10.1000/xyz")
    ('10.1000/xyz', '10.1000/xyz')
    """
    return re.sub(r"^(?:https?://)?(?:(?:dx\.|www\.)?doi\.org/|doi:?\s*)?", "", text.strip().casefold())


@dataclass(frozen=True)
class Selection:
    """Samples that are wanted; what is not given is not asked for.

    Parameters
    ----------
    formula : str
        The same composition, whatever the order of the elements; or a part of the name.
    elements : tuple of str
        Symbols that all occur in the name.
    doi : str
        The DOI, or its beginning.
    T : float or str, optional
        Temperature in K or with a unit at which every property of the sample was measured.
    min_zT : float, optional
        Smallest zT, at T if that is given, else at any temperature.
    carrier : {"p", "n"}, optional
        By the sign of S.

    Raises
    ------
    InputError
        For a symbol that is no element, with the nearest one; for a temperature or zT that is no number.

    Examples
    --------
    >>> wanted = Selection(formula="Te3Bi2", elements=("Te",))
    >>> [name for name in ("Bi2Te3", "Bi2Se3", "PbTe") if wanted.names(name)]
    ['Bi2Te3']
    """

    formula: str = ""
    elements: tuple[str, ...] = ()
    doi: str = ""
    T: float | str | None = None
    min_zT: float | None = None
    carrier: Carrier | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        for symbol in self.elements:
            if symbol not in ATOMIC_WEIGHTS:
                expected = "the symbol of an element with a standard atomic weight is expected, such as Te"
                faults.add("element", symbol, expected, did_you_mean(symbol, ATOMIC_WEIGHTS))
        with faults.collect():
            _ = self.temperature
        if self.min_zT is not None and not 0.0 <= self.min_zT < inf:
            faults.add("min_zT", self.min_zT, "a number from 0 on is expected")
        faults.raise_if_any()

    @cached_property
    def temperature(self) -> float | None:
        """T in K."""
        return None if self.T is None else to_si(self.T, "temperature", "temperature")

    @property
    def is_open(self) -> bool:
        """Whether nothing is asked for."""
        return self == Selection()

    @property
    def needs_points(self) -> bool:
        """Whether the points of a sample decide and not its name and DOI alone."""
        return not (self.T is None and self.min_zT is None and self.carrier is None)

    @cached_property
    def _amounts(self) -> dict[str, float]:
        return _composition(self.formula)

    def names(self, name: str, doi: str = "") -> bool:
        """Whether a name and a DOI are wanted.

        Parameters
        ----------
        name, doi : str
            Of a sample.

        Returns
        -------
        bool
        """
        if self.doi and not bare_doi(doi).startswith(bare_doi(self.doi)):
            return False
        if self.elements and not set(self.elements) <= set(SYMBOL.findall(name)):
            return False
        if not self.formula or self.formula.strip().casefold() in name.casefold():
            return True
        wanted = self._amounts
        if not wanted or set(SYMBOL.findall(name)) != set(wanted):
            return False
        found = _composition(name)
        return bool(found) and all(abs(found.get(k, 0.0) - wanted[k]) < SAME for k in wanted)

    def admits(self, seen: Outline) -> bool:
        """Whether what the points say is wanted.

        Parameters
        ----------
        seen : Outline
            With zT at the temperature of the selection, if it has one.

        Returns
        -------
        bool
        """
        T = self.temperature
        if self.carrier is not None and seen.carrier != self.carrier:
            return False
        if T is not None and not seen.T_min <= T <= seen.T_max:
            return False
        return self.min_zT is None or (isfinite(seen.zT) and seen.zT >= self.min_zT)

    def of(self, sources: Iterable[SampleSource]) -> Iterator[SampleSource]:
        """Samples that are wanted.

        Parameters
        ----------
        sources : iterable of SampleSource
            Of a file.

        Returns
        -------
        iterator of SampleSource
        """
        for source in sources:
            sample = source.sample
            if not self.names(sample.name, sample.doi) or (self.min_zT is not None and sample.missing):
                continue
            if not self.needs_points or self.admits(outline_of(source, self.temperature)):
                yield source


def outline_of(source: SampleSource, T: float | None = None) -> Outline:
    """What the points of a sample say; of a store, which knows it, without reading them if that is enough.

    Parameters
    ----------
    source : SampleSource
        The sample.
    T : float, optional
        As for `outline`.

    Returns
    -------
    Outline
    """
    known: Outline | None = getattr(source, "known", None)
    if known is not None and T is None:
        return known
    if known is not None and T is not None and not known.T_min <= T <= known.T_max:
        return Outline(known.carrier, known.T_min, known.T_max, nan, T)
    return outline(source.points(), T)


def _composition(text: str) -> dict[str, float]:
    """Atomic fractions of a formula; empty for other words."""
    try:
        found = parse_formula(text)
    except InputError:
        return {}
    return {element: amount / found.atoms for element, amount in found.amounts.items()}
