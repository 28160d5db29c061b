"""Choice of an interface material: a list scored by stated rules, which says what is not known.

The score is a way to read a table, not a law: every rule is in `RULES`, the weights are the reader's.
A property that is not known has no mark; the list is sorted by the sure score, in which a missing mark is 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log10
from types import MappingProxyType
from typing import Final

from ioffe.base.errors import Fault, InputError
from ioffe.base.quantities import quantity
from ioffe.interface._checks import FROM_ZERO, POSITIVE, SHARE, Checks, Kind

CRITERIA: Final = {
    "contact_resistivity": (3.0, "1 at or below the aim, 0 at 100 times the aim, straight in its logarithm"),
    "stability": (
        3.0,
        "1 where rho_c does not rise in the ageing test, 0 where it rises tenfold (logarithmic)",
    ),
    "thermal_expansion": (2.0, "1 for the expansion of the leg, 0 from the largest tolerated difference on"),
    "melting": (1.0, "1 from 200 K above the hottest service temperature on, 0 at it"),
    "bonding": (1.0, "1 where it is bonded 100 K or more below the melting of leg and interface, 0 at it"),
    "price": (0.5, "1 at or below 1 USD/kg, 0 from 1000 USD/kg on, straight in its logarithm"),
    "weldability": (0.5, "as given, from 0 to 1"),
}
"""Weight and rule of every property that a candidate is judged by."""

WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {name: weight for name, (weight, _) in CRITERIA.items()}
)
"""Weights where none are given: those of the judgement that resistance and stability decide."""

RULES: Final[Mapping[str, str]] = MappingProxyType({name: rule for name, (_, rule) in CRITERIA.items()})
"""How every property becomes a number from 0 to 1."""

KINDS: Final[dict[str, Kind]] = {
    "contact_resistivity": replace(quantity("electrical_contact_resistivity"), exclusive=True),
    "ageing_factor": POSITIVE,
    "thermal_expansion": "thermal_expansion",
    "melting_temperature": "melting_temperature",
    "bonding_temperature": "melting_temperature",
    "price": replace(quantity("price"), exclusive=True),
    "weldability": SHARE,
}
"""What each property of a candidate is."""

MELTING_MARGIN: Final = 200.0
"""In K above the hottest service temperature, for the full mark."""
BONDING_MARGIN: Final = 100.0
"""In K below the melting of leg and interface, for the full mark."""
DECADES_OF_RESISTIVITY: Final = 2.0
"""From the full mark to none, above the aim."""
DECADES_OF_PRICE: Final = 3.0
"""From the full mark to none, above 1 USD/kg."""


@dataclass(frozen=True)
class Candidate:
    """An interface material, with what is known of it; None is what is not known.

    Parameters
    ----------
    name : str
    contact_resistivity : float
        rho_c on the leg in ohm m2.
    ageing_factor : float
        rho_c after over rho_c before an ageing test; say in `notes` which.
    thermal_expansion : float
        In 1/K.
    melting_temperature, bonding_temperature : float
        In K; the lowest temperature at which anything of the joint melts, and that at which it is made.
    price : float
        In USD/kg.
    weldability : float
        Judged, from 0 (cannot be joined to an electrode) to 1 (soldered without a flux).
    notes : tuple of str
        Sources and circumstances.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> Candidate("Ni", contact_resistivity="5 uohm cm2", thermal_expansion=13e-6).contact_resistivity
    5e-10
    """

    name: str
    contact_resistivity: float | None = None
    ageing_factor: float | None = None
    thermal_expansion: float | None = None
    melting_temperature: float | None = None
    bonding_temperature: float | None = None
    price: float | None = None
    weldability: float | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        with Checks() as checks:
            checks.fields(self, **KINDS)


@dataclass(frozen=True)
class Demand:
    """What the leg asks for.

    Parameters
    ----------
    thermal_expansion : float
        Of the leg in 1/K.
    hottest : float
        Hottest service temperature of the joint in K.
    melting_temperature : float, optional
        At which the leg melts or decomposes, in K.
    contact_resistivity : float
        Aim for rho_c in ohm m2: below it nothing is gained.
    tolerated_difference : float
        Difference of the expansions in 1/K from which a joint is taken to break.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> Demand(thermal_expansion=18.75e-6, hottest="400 degC").hottest
    673.15
    """

    thermal_expansion: float
    hottest: float
    melting_temperature: float | None = None
    contact_resistivity: float = 1e-9
    tolerated_difference: float = 10e-6

    def __post_init__(self) -> None:
        hot = {"hottest": KINDS["melting_temperature"], "tolerated_difference": POSITIVE}
        same = ("thermal_expansion", "contact_resistivity", "melting_temperature")
        with Checks() as checks:
            checks.fields(self, **hot, **{name: KINDS[name] for name in same})


@dataclass(frozen=True)
class Ranked:
    """A candidate with its score.

    Attributes
    ----------
    candidate : Candidate
    score : float
        Weighted mean of the known marks, from 0 to 1.
    known : float
        Part of the weights for which something is known.
    marks : dict of str to float
        By rule.
    missing : tuple of str
        Rules for which nothing is known.
    stops : tuple of str
        What rules the material out, whatever its score.

    Examples
    --------
    >>> (line,) = rank_candidates([Candidate("Ni", price=10.0)], Demand(18.75e-6, 673.0))
    >>> round(line.score, 2), round(line.worst, 2), round(line.best, 2)
    (0.67, 0.03, 0.98)
    """

    candidate: Candidate
    score: float
    known: float
    marks: Mapping[str, float]
    missing: tuple[str, ...]
    stops: tuple[str, ...]

    @property
    def worst(self) -> float:
        """Sure score: as if every missing mark were 0."""
        return self.score * self.known

    @property
    def best(self) -> float:
        """Score if every missing mark were 1."""
        return self.score * self.known + 1.0 - self.known

    def __str__(self) -> str:
        text = f"{self.candidate.name}: {self.score:.2f} ({self.worst:.2f} to {self.best:.2f})"
        if self.missing:
            text += f"; not known: {', '.join(self.missing)}"
        return text + "".join(f"; ruled out: {stop}" for stop in self.stops)


def rank_candidates(
    candidates: Sequence[Candidate], demand: Demand, weights: Mapping[str, float] | None = None
) -> tuple[Ranked, ...]:
    """Candidates by their sure score, those that are ruled out at the end.

    Parameters
    ----------
    candidates : sequence of Candidate
    demand : Demand
    weights : mapping of str to float, optional
        By rule (see `RULES`), relative to each other; a rule left away has no weight. By default `WEIGHTS`.

    Returns
    -------
    tuple of Ranked

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> leg = Demand(thermal_expansion=18.75e-6, hottest=673.0, melting_temperature=923.0)
    >>> for line in rank_candidates(example_candidates(), leg)[:2]:
    ...     print(line)
    CuNi: 0.90 (0.82 to 0.91); not known: price, weldability
    Sb: 0.92 (0.50 to 0.96); not known: thermal_expansion, melting, bonding, price, weldability
    """
    chosen = dict(WEIGHTS if weights is None else weights)
    with Checks() as checks:
        for name, weight in chosen.items():
            checks.one_of("weights", name, RULES)
            checks.number(f"weights.{name}", weight, FROM_ZERO)
        if not candidates:
            checks.add("candidates", expected="at least one candidate is expected")
    if not sum(chosen.values()) > 0.0:
        raise InputError(Fault("weights", chosen, "a weight above 0 is expected"))
    found = [_ranked(candidate, demand, chosen) for candidate in candidates]
    return tuple(sorted(found, key=lambda line: (bool(line.stops), -line.worst)))


def _ranked(candidate: Candidate, demand: Demand, weights: Mapping[str, float]) -> Ranked:
    marks = {name: mark for name, mark in _marks(candidate, demand).items() if name in weights}
    known = {name: mark for name, mark in marks.items() if mark is not None}
    whole, sure = sum(weights.values()), sum(weights[name] for name in known)
    score = sum(weights[name] * mark for name, mark in known.items()) / sure if sure else 0.0
    missing = tuple(name for name, mark in marks.items() if mark is None and weights[name] > 0.0)
    return Ranked(candidate, score, sure / whole, known, missing, _stops(candidate, demand))


def _marks(c: Candidate, demand: Demand) -> dict[str, float | None]:
    marks: dict[str, float | None] = dict.fromkeys(RULES)
    if c.contact_resistivity is not None:
        decades = log10(c.contact_resistivity / demand.contact_resistivity)
        marks["contact_resistivity"] = _clip(1.0 - decades / DECADES_OF_RESISTIVITY)
    if c.ageing_factor is not None:
        marks["stability"] = _clip(1.0 - log10(c.ageing_factor))
    if c.thermal_expansion is not None:
        difference = abs(c.thermal_expansion - demand.thermal_expansion)
        marks["thermal_expansion"] = _clip(1.0 - difference / demand.tolerated_difference)
    if c.melting_temperature is not None:
        marks["melting"] = _clip((c.melting_temperature - demand.hottest) / MELTING_MARGIN)
    melting = [T for T in (c.melting_temperature, demand.melting_temperature) if T is not None]
    if c.bonding_temperature is not None and melting:
        marks["bonding"] = _clip((min(melting) - c.bonding_temperature) / BONDING_MARGIN)
    if c.price is not None:
        marks["price"] = _clip(1.0 - log10(c.price) / DECADES_OF_PRICE)
    marks["weldability"] = c.weldability
    return marks


def _stops(c: Candidate, demand: Demand) -> tuple[str, ...]:
    stops = []
    if c.melting_temperature is not None and c.melting_temperature <= demand.hottest:
        stops.append(f"melts at {c.melting_temperature:g} K, used at {demand.hottest:g} K")
    melting = demand.melting_temperature
    if c.bonding_temperature is not None and melting is not None and c.bonding_temperature >= melting:
        stops.append(f"bonded at {c.bonding_temperature:g} K, the leg melts before")
    return tuple(stops)


def _clip(mark: float) -> float:
    return min(max(mark, 0.0), 1.0)


def example_candidates() -> tuple[Candidate, ...]:
    """Contacts on legs of the Mg3Sb2 family, with what three papers say of them and nothing else.

    K. K. Raut et al. on all-Mg3Sb2 devices; A. Li et al. on the self-optimised contact Sb/MgAgSb, doi
    10.1038/s41467-025-56861-3; J. Yang et al., Joule 6 (2022) 193, doi 10.1016/j.joule.2021.11.008. The
    contacts are on different legs: rho_c of one leg says little of another.

    Returns
    -------
    tuple of Candidate

    Examples
    --------
    >>> [candidate.name for candidate in example_candidates()]
    ['CuNi', 'Mg2Cu', 'Fe', 'Fe75Sb25', 'Sb', 'Ag']
    """
    cu_ni = ("Raut: on p-Mg1.18Cu0.02Yb0.6Zn1.2Sb2; 3 days at 673 K; melts with the leg",)
    mg2cu = ("Yang 2022: on n-Mg3.2Bi1.4975Sb0.5Te0.0025",)
    # name, rho_c, ageing factor, thermal expansion, melting and bonding temperature
    return (
        Candidate("CuNi", 2.76e-10, 4.1 / 2.76, 16.2e-6, 923.0, 773.0, notes=cu_ni),
        Candidate("Mg2Cu", 12e-10, melting_temperature=853.0, bonding_temperature=803.0, notes=mg2cu),
        Candidate("Fe", 4.5e-10, thermal_expansion=12e-6, notes=("Raut: on Mg1.98Ag0.02ZnSb2",)),
        Candidate("Fe75Sb25", 4e-10, notes=("Raut: on Na0.01Mg1.7Zn1Yb0.25Sb2",)),
        Candidate("Sb", 20.8e-10, 7.9 / 20.8, notes=("Li 2025: on MgAgSb; 30 days at 573 K in air",)),
        Candidate("Ag", 6.1e-10, 1006.0 / 6.1, notes=("Li 2025: on MgAgSb; 12 h, no temperature stated",)),
    )
