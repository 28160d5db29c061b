"""What is known about moving ions in a material: plain numbers, each with its source.

The models that use them are in `ioffe.migration`; this file only holds and checks them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from math import isfinite
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.errors import Faults, did_you_mean
from ioffe.base.units import floats

LimitModel = Literal["critical voltage", "defect", "none"]
Bound = Literal["value", "at most", "at least"]
StatedQuality = Literal["measured", "derived", "fitted", "read", "remembered", "assumed", "stand-in"]
MODELS: Final[tuple[str, ...]] = get_args(LimitModel)
BOUNDS: Final[tuple[str, ...]] = get_args(Bound)
QUALITIES: Final[tuple[str, ...]] = get_args(StatedQuality)
QUANTITY_OF: Final = {
    "critical_voltage": "critical_voltage",
    "S_star": "seebeck",
    "transition_temperature": "temperature",
    "delta": "off_stoichiometry",
    "delta_c": "off_stoichiometry",
    "delta_max": "off_stoichiometry",
    "electron_hole_product": "electron_hole_product",
    "gibbs_energy": "energy",
    "molar_volume": "molar_volume",
    "ionic_conductivity": "ionic_conductivity",
    "diffusion_coefficient": "diffusion_coefficient",
    "activation_energy": "activation_energy",
}
"""Quantity of every number of `MigrationData`."""
POSITIVE: Final = (
    "critical_voltage",
    "transition_temperature",
    "electron_hole_product",
    "molar_volume",
    "ionic_conductivity",
    "diffusion_coefficient",
)
"""Numbers that must be above zero."""
SLACK: Final = 1.0
"""Distance in K from the temperature of a stated voltage at which it alone counts."""
WITH_T: Final = ("electron_hole_product", "ionic_conductivity", "diffusion_coefficient")
"""Numbers that say little without the temperature they hold at."""


@dataclass(frozen=True)
class Stated:
    """One number and its source.

    Parameters
    ----------
    value, std : float
        In SI, and its standard deviation, 0 where none is stated.
    T : float or None
        Temperature in K it holds at; None where it does not depend on one or none is stated.
    activation_energy : float or None
        In J: the value changes with temperature as exp(-E_a/k_B T) around T.
    bound : {"value", "at most", "at least"}
        Whether it is the number itself or a limit to it.
    spans : tuple of (float, float)
        Of S*: the lower and the upper ends in K of the samples it is the mean over; empty if it holds at
        every temperature.
    correlation : float
        Of a critical voltage: that of its error with the error of S*, 0 where they were measured apart.
    quality : str
        `measured`, `derived` (computed from measured numbers), `fitted`, `read`, `remembered`, `assumed` or
        `stand-in` (of another material).
    source, doi : str
        Reference; empty for that of the whole table, unless it is remembered or assumed.

    Examples
    --------
    >>> Stated(0.09, std=0.005, T=750.0, quality="measured").value
    0.09
    """

    value: float
    std: float = 0.0
    T: float | None = None
    activation_energy: float | None = None
    bound: Bound = "value"
    quality: StatedQuality = "measured"
    source: str = ""
    doi: str = ""
    spans: tuple[tuple[float, float], ...] = ()
    correlation: float = 0.0

    def covers(self, low: float, high: float) -> bool:
        """Whether it is known as the mean over a span of temperatures: an S* over the ends of a part.

        A mean over one span says nothing of its parts and of what lies beyond. Ends that differ count as long
        as they leave out, or add, no larger share of the span than the uncertainty is of the value.

        Parameters
        ----------
        low, high : float
            Ends of the part in K.

        Returns
        -------
        bool
            True for a part without a temperature difference, across which S* does nothing.

        Examples
        --------
        >>> S_star = Stated(0.2e-3, std=0.02e-3, spans=((350.0, 673.0),))
        >>> [S_star.covers(*ends) for ends in ((350, 660), (424, 549), (350, 750), (750, 750))]
        [True, False, False, True]
        """
        span = high - low
        if span <= SLACK or (not self.spans and self.T is None):
            return True
        share = abs(self.std / self.value) if self.value else 0.0
        allowed = max(2.0 * SLACK, span * share) if share < 1.0 else 0.0
        if not self.spans:
            return abs(0.5 * (low + high) - (self.T or 0.0)) <= 0.5 * allowed
        missed = 0.0
        for end, known in zip((low, high), zip(*self.spans, strict=True), strict=True):
            missed += max(min(known) - end, end - max(known), 0.0)
        return missed <= allowed


@dataclass(frozen=True)
class MigrationData:
    """Numbers of a mixed conductor that the limits of its current follow from.

    Parameters
    ----------
    ion : str
        The mobile ion, such as ``"Cu+"``.
    charge : int
        Its z.
    model : {"critical voltage", "defect", "none"}
        What the limit is taken from: the measured critical voltages, straight lines between them; the defect
        model with delta, delta_c and K_e; or nothing, where too little is known.
    critical_voltage : tuple of Stated
        Isothermal critical voltages -dmu_crit/(z F) in V, each with its T. For the model
        ``"critical voltage"`` all have a T, or there is one without, which then holds everywhere.
    S_star : Stated or None
        S_ion - S_e in V/K; None where it is not known.
    transition_temperature : Stated or None
        Temperature in K above which the ions move; None if they do at every temperature.
    delta, delta_c, delta_max : Stated or None
        Deficiency of the metal: of the sample, at the metal-rich and at the metal-poor phase boundary.
    electron_hole_product : Stated or None
        K_e of a formula unit with its T.
    gibbs_energy : Stated or None
        Delta G_e in J, instead of K_e.
    molar_volume : Stated or None
        Of the formula unit in m3/mol.
    ionic_conductivity : Stated or None
        In S/m with its T.
    diffusion_coefficient : Stated or None
        Chemical diffusion coefficient of the metal in m2/s with its T.
    activation_energy : Stated or None
        Of the ionic conductivity in J.
    unknown : tuple of str
        What is not known, in words, so that nobody takes silence for knowledge.
    source, doi : str
        Of every number that states none of its own.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> data = MigrationData("Cu+", 1, "critical voltage", (Stated(0.09, T=750.0), Stated(0.07, T=500.0)))
    >>> data.voltage_range, round(float(data.measured_voltage(625.0)), 6)
    ((500.0, 750.0), 0.08)
    """

    ion: str
    charge: int
    model: LimitModel
    critical_voltage: tuple[Stated, ...] = ()
    S_star: Stated | None = None
    transition_temperature: Stated | None = None
    delta: Stated | None = None
    delta_c: Stated | None = None
    delta_max: Stated | None = None
    electron_hole_product: Stated | None = None
    gibbs_energy: Stated | None = None
    molar_volume: Stated | None = None
    ionic_conductivity: Stated | None = None
    diffusion_coefficient: Stated | None = None
    activation_energy: Stated | None = None
    unknown: tuple[str, ...] = ()
    source: str = ""
    doi: str = ""

    def __post_init__(self) -> None:
        faults = Faults()
        _check_words(self, faults)
        for location, number in self.stated():
            _check_stated(location, number, faults)
        _check_voltages(self, faults)
        if self.model == "defect":
            _check_defect(self, faults)
        faults.raise_if_any()

    def stated(self) -> Iterator[tuple[str, Stated]]:
        """Every number with its name, in the order of the fields.

        Returns
        -------
        iterator of str, Stated
            Name and number.
        """
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, Stated):
                yield f.name, value
            elif f.name == "critical_voltage":
                yield from ((f"{f.name}[{i}]", v) for i, v in enumerate(value) if isinstance(v, Stated))

    def doi_of(self, number: Stated) -> str:
        """DOI behind a number: its own, else that of the table; none for what is remembered or assumed.

        Parameters
        ----------
        number : Stated
            One of the numbers of this table.

        Returns
        -------
        str
            Empty if none is known.
        """
        return number.doi or ("" if number.quality in ("remembered", "assumed") else self.doi)

    @property
    def voltages(self) -> tuple[Stated, ...]:
        """The critical voltages by rising temperature."""
        return tuple(sorted(self.critical_voltage, key=lambda v: v.T or 0.0))

    @property
    def voltage_range(self) -> tuple[float, float]:
        """Temperatures in K between which the limit is known; 0 and infinity where it has none of its own."""
        used = (
            self.voltages if self.model == "critical voltage" else (self.electron_hole_product, self.delta_c)
        )
        known = [one.T for one in used if one is not None and one.T is not None]
        return (min(known), max(known)) if known else (0.0, np.inf)

    def extrapolates(self, low: float, high: float, ends: Sequence[tuple[float, float]] = ()) -> bool:
        """Whether the critical voltage or S* is taken where neither is known.

        Parameters
        ----------
        low, high : float
            Temperatures in K at which the critical voltage is taken.
        ends : sequence of (float, float)
            Lower and upper ends in K of the parts whose S* is taken.

        Returns
        -------
        bool
            Dimensionless.
        """
        first, last = self.voltage_range
        S_star = self.S_star
        beyond = low < first - SLACK or high > last + SLACK
        return beyond or (S_star is not None and not all(S_star.covers(*one) for one in ends))

    @property
    def is_stand_in(self) -> bool:
        """Whether a number of the limit is that of another material or assumed, or S* is not known."""
        of_model = {
            "critical voltage": self.critical_voltage,
            "defect": (self.delta, self.delta_c, self.electron_hole_product, self.gibbs_energy),
        }.get(self.model, ())
        if self.model == "none":
            return False
        used = (self.transition_temperature, *of_model)
        borrowed = any(one is not None and one.quality in ("stand-in", "assumed") for one in used)
        return borrowed or self.S_star is None or self.S_star.quality in ("stand-in", "assumed")

    def bounds(self, low: float = 0.0, high: float = np.inf) -> frozenset[Bound]:
        """Bounds of the critical voltages that a limit is taken from.

        Parameters
        ----------
        low, high : float
            Temperatures in K at which the critical voltage is taken.

        Returns
        -------
        frozenset of str
            Of ``"value"``, ``"at most"``, ``"at least"``.
        """
        known = self.voltages
        if self.model != "critical voltage":
            return frozenset(("value",))
        if len(known) > 1:
            T = np.array([v.T or 0.0 for v in known])
            first = max(0, int(np.searchsorted(T, low + SLACK, side="right")) - 1)
            last = int(np.searchsorted(T, max(high - SLACK, low), side="left"))
            known = known[first : max(first, min(last, len(T) - 1)) + 1]
        return frozenset(v.bound for v in known)

    def proves(self, low: float, high: float, ends: Sequence[tuple[float, float]] = ()) -> tuple[bool, bool]:
        """Whether a current below the limit is known to be safe, and one above it to set metal free.

        An upper bound proves nothing safe, a lower one nothing unsafe; stand-ins and extrapolations neither.

        Parameters
        ----------
        low, high : float
            Temperatures in K at which the critical voltage is taken.
        ends : sequence of (float, float)
            Lower and upper ends in K of the parts whose S* is taken.

        Returns
        -------
        tuple of bool
            Dimensionless.
        """
        if self.model == "none" or self.is_stand_in or self.extrapolates(low, high, ends):
            return False, False
        found = self.bounds(low, high)
        return "at most" not in found, "at least" not in found

    def limit_words(self, low: float, high: float, ends: Sequence[tuple[float, float]] = ()) -> str:
        """What stands before the limit: "at most", "at least", "about" if it proves nothing, or no word.

        Parameters
        ----------
        low, high : float
            Temperatures in K at which the critical voltage is taken.
        ends : sequence of (float, float)
            Lower and upper ends in K of the parts whose S* is taken.

        Returns
        -------
        str
            Words without a unit.
        """
        if self.extrapolates(low, high, ends):
            return "about"
        found = self.bounds(low, high)
        if "at most" in found:
            return "at most"
        if self.is_stand_in:
            return "about"
        return "at least" if "at least" in found else ""

    def measured_voltage(self, T: ArrayLike) -> NDArray[np.float64]:
        """Critical voltage in V at T (K), linear between those stated, held outside them.

        Parameters
        ----------
        T : array_like
            In K.

        Returns
        -------
        ndarray
            In V, in the shape of T.
        """
        values = [v.value for v in self.voltages]
        t = floats(T, "temperature", "T")
        if len(values) == 1:
            return np.full(t.shape, values[0])
        return np.interp(t, [v.T or 0.0 for v in self.voltages], values)


def _check_words(data: MigrationData, faults: Faults) -> None:
    if not isinstance(data.ion, str) or not data.ion.strip():
        faults.add("ion", data.ion, 'the mobile ion is expected, such as "Cu+"')
    if isinstance(data.charge, bool) or not isinstance(data.charge, int) or data.charge < 1:
        faults.add("charge", data.charge, "a whole number from 1 on is expected, the z of the mobile ion")
    if data.model not in MODELS:
        words = ", ".join(f'"{m}"' for m in MODELS)
        faults.add("model", data.model, f"one of {words} is expected", did_you_mean(data.model, MODELS))


def _check_stated(location: str, number: Stated, faults: Faults) -> None:
    for name, value in (("value", number.value), ("uncertainty", number.std)):
        if not isfinite(value):
            faults.add(f"{location}.{name}", value, "a finite number is expected")
    if not -1.0 <= number.correlation <= 1.0:
        faults.add(f"{location}.correlation", number.correlation, "a number from -1 to 1 is expected")
    if number.T is not None and not (isfinite(number.T) and number.T > 0):
        faults.add(f"{location}.T", number.T, "a temperature above 0 K is expected")
    for span in number.spans:
        if not (len(span) == 2 and all(map(isfinite, span)) and 0 < span[0] < span[1]):
            faults.add(f"{location}.spans", list(span), "a lower and an upper temperature in K are expected")
    for name, word, words in (("bound", number.bound, BOUNDS), ("quality", number.quality, QUALITIES)):
        faults.one_of(f"{location}.{name}", word, words)
    if location.split("[", maxsplit=1)[0] in POSITIVE and isfinite(number.value) and number.value <= 0:
        faults.add(f"{location}.value", number.value, "a number above 0 is expected")
    if location in WITH_T and number.T is None:
        faults.add(f"{location}.T", expected="the temperature that this number holds at is missing")


def _check_voltages(data: MigrationData, faults: Faults) -> None:
    if data.model == "critical voltage" and not data.critical_voltage:
        faults.add("critical_voltage", expected='the model "critical voltage" needs at least one')
    T = [v.T for v in data.critical_voltage]
    if len(T) > 1 and data.model == "critical voltage":
        for i, one in enumerate(T):
            if one is None:
                expected = "each of several voltages needs its temperature"
                faults.add(f"critical_voltage[{i}].T", expected=expected)
            elif one in T[:i]:
                faults.add(f"critical_voltage[{i}].T", one, "temperatures that differ are expected")


def _check_defect(data: MigrationData, faults: Faults) -> None:
    for name in ("delta", "delta_c"):
        if getattr(data, name) is None:
            faults.add(name, expected='the model "defect" needs this number')
    if (data.electron_hole_product is None) == (data.gibbs_energy is None):
        expected = 'the model "defect" needs either electron_hole_product or gibbs_energy'
        faults.add("electron_hole_product", expected=expected)
    if data.delta is None or data.delta_c is None:
        return
    top = np.inf if data.delta_max is None else data.delta_max.value
    if not data.delta_c.value <= data.delta.value <= top:
        expected = f"a deficiency from delta_c = {data.delta_c.value:g} to delta_max = {top:g} is expected"
        faults.add("delta.value", data.delta.value, expected)
