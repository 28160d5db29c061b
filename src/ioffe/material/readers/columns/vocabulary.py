"""What column headers mean: a vocabulary of names and units, that of materials and those of measurements."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from ioffe.base.errors import UnitError
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import parse_unit, unit_of_header
from ioffe.material.readers.columns.words import (
    ABBREVIATED,
    BRANCH,
    BY_UNIT,
    CORRELATION,
    INSTRUMENTS,
    MEANING,
    OF_PROPERTY,
    PAPER,
    SAMPLE,
    STD,
    TURNED,
    repaired,
    word_of,
)

_WORDS: Final = (
    (re.compile(r"(?i)\bmicro[- ]?(?=[a-zΩ])"), "u"),
    (re.compile(r"(?i)\bmilli[- ]?(?=[a-zΩ])"), "m"),
    (re.compile(r"(?i)\bkelvins?\b"), "K"),
    (re.compile(r"(?i)\bcelsius\b"), "degC"),
    (re.compile(r"(?i)\bvolts?\b"), "V"),
    (re.compile(r"(?i)\bwatts?\b"), "W"),
    (re.compile(r"(?i)(?<![A-Za-z])siemens\b"), "S"),
    (re.compile(r"(?i)\bohms\b"), "ohm"),
    (re.compile(r"(?<![A-Za-z])([umk])\s+(?=[Oo]hm|OHM)"), r"\1"),
    (re.compile(r"(?<![A-Za-z])([umk]?)Ohms?(?![a-z])"), r"\1ohm"),
    (re.compile(r"(?<![A-Za-z])([umk])(?:OHM|volts?)\b"), r"\1V"),
    (re.compile(r"(?i)\b(?:centi-?met(?:er|re)s?)\b"), "cm"),
    (re.compile(r"(?i)\bmet(?:er|re)s?\b"), "m"),
    (re.compile(r"\s+per\s+"), "/"),
    (re.compile(r"(?<![A-Za-z])mu(?=V|[Oo]hm|Ω)"), "u"),
    (re.compile(r"\bcc\b"), "cm^3"),
    (re.compile(r"\bgm\b"), "g"),
    (re.compile(r"^\s*(?:[x×*·]|in)\s*(?=10|1e)"), ""),
    (re.compile(r"^E\+?(-?\d{1,2})\s*(?=[A-Za-z1/])"), r"10^\1 "),
    (re.compile(r"(?<=[A-Za-z/(·*. ])(?:°C|deg\.?C)"), "K"),
    *((re.compile(rf"^1{'0' * n}\s*(?=[A-Za-zΩΩ])"), f"10^{n} ") for n in range(3, 7)),
    (re.compile(r"^10\s*\^?\s*([-−–]?\d+)\s*[*·×]\s*"), r"10^\1 "),
)
LOWER_CASE: Final = (
    "uV/K",
    "S/cm",
    "S/m",
    "W/mK",
    "W/m/K",
    "W/(mK)",
    "W/(m K)",
    "K",
    "mohm cm",
    "uohm m",
    "ohm m",
)
"""Units that some programs write without capitals."""
_DEGREES: Final = re.compile(r"(?i)^(?:°|deg\.?|degrees?|o|\?)\s*c?\.?$|^deg(?:rees?)?\.?\s*c(?:elsius)?$")


_MEASURED: Final = re.compile(
    r"(?<=.)_\(?(?:exp|exptl?|experimental|experiment|meas|measured|abs|absolute|tot|total)_?\)?$|"
    r"(?<=[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af])_?\(?[a-zα-ω]{1,2}\)?$"
)
"""End of a name that says that the values are measured, or the whole, or repeats it as a symbol."""
_FOOTNOTE: Final = re.compile(r"(?<=[)\]])\s*(?:[*†‡§¶]+|\^?\(?[a-e]\)?|[ᵃᵇᶜᵈᵉ]+)$")
"""Mark of a footnote behind a unit."""
_WITHIN: Final = re.compile(r"\s*[(,]?\s*(?:±|\+/-|\+-)\s*(\d+(?:[.,]\d+)?)\s*%\s*\)?(?=$|\s*[(\[/])")
"""Error of all values of a column, at the end of its header or before the unit."""
_FACTOR: Final = re.compile(r"[x×*·]\s*10")
_OTHERWISE: Final = (("t", "s"), ("figure_of_merit", "1/K"), ("zt", "1/K"))
"""Names that mean something else in such a unit: a time, and Z without T."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Names of columns and the units they need.

    `names`: what a word means, in the spelling of `word_of`; of several meanings the unit tells.
    `units`: SI unit of everything that is a number; "1" needs none in the header.
    `by_unit`: what a word means where its unit says so, and nothing without a unit.
    `texts`: columns of texts, such as the name of a sample.

    >>> of_scan = Vocabulary.of({"position": ("x", "pos."), "scan": ("line",)}, {"position": "m"})
    >>> of_scan.meaning("pos", "mm"), of_scan.parts("x/mm"), of_scan.texts
    (('position', False), ('x', 'mm'), {'line': 'scan'})
    """

    names: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str]
    by_unit: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, names: Mapping[str, tuple[str, ...]], units: Mapping[str, str], base: Vocabulary | None = None
    ) -> Vocabulary:
        """A vocabulary of the names of every column, perhaps beside those of another one.

        `names`: names by what a column holds; what has no unit holds texts.
        `units`: SI units by what a column holds.
        `base`: whose words are known too; a word that both have means first what is said here.
        """
        found: dict[str, tuple[str, ...]] = dict(base.names) if base else {}
        for what, words in reversed(list(names.items())):
            for word in words if what in units else ():
                found[word_of(word)] = (what, *found.get(word_of(word), ()))
        texts = {word_of(w): what for what, words in names.items() if what not in units for w in words}
        known = {**base.units, **units} if base else units
        return cls(found, known, base.by_unit if base else {}, {**base.texts, **texts} if base else texts)

    def fits(self, what: str, unit: str) -> bool:
        """Whether a unit is one of those that a column of this kind has.

        `what`: what the column holds.
        `unit`: text of a unit.
        """
        return _same_kind(self.units.get(what, ""), unit)

    def has_unit(self, text: str) -> bool:
        """Whether a text means a unit of something that a column holds, in any spelling.

        `text`: of a cell.

        >>> MATERIAL.has_unit("microvolt per kelvin"), MATERIAL.has_unit("sample A")
        (True, False)
        """
        return any(
            unit != "1" and _same_kind(unit, _unit_of(unit, text)) for unit in set(self.units.values())
        )

    def unit_of(self, what: str, text: str) -> str:
        """The unit that a text means for a column, in a spelling that the parser of units knows.

        A text that can be read in two ways is read in the one that fits, so that `W/m K` of a thermal
        conductivity is W/(m K).

        `what`: what the column holds.
        `text`: as it stands in the header.
        Returns: the text itself if no reading fits.

        >>> MATERIAL.unit_of("thermal_conductivity", "W/m K"), MATERIAL.unit_of("seebeck", "microV/K")
        ('W/(m K)', 'uV/K')
        >>> MATERIAL.unit_of("temperature", "C"), MATERIAL.unit_of("electrical_conductivity", "x10^5 S/m")
        ('degC', '10^5 S/m')
        """
        return _unit_of(self.units.get(what, ""), text)

    def meaning(self, name: str, unit: str = "") -> tuple[str, bool]:
        """What a column holds, and whether it is its standard deviation; ("", False) if unknown.

        `name`: name of a column, without its unit.
        `unit`: its unit, which tells some names apart.

        >>> [MATERIAL.meaning(name) for name in ("Seebeck Coefficient", "± S", "kappa_std", "Sebeck")]
        [('seebeck', False), ('seebeck', True), ('thermal_conductivity', True), ('', False)]
        >>> MATERIAL.meaning("alpha", "mm2/s"), MATERIAL.meaning("Conductivity", "W/K-m")
        (('thermal_diffusivity', False), ('thermal_conductivity', False))
        """
        return _meaning(self, name, unit)

    def text_of(self, name: str) -> str:
        """What a column of texts holds; empty if it is unknown.

        `name`: name of a column.
        """
        return self.texts.get(word_of(name), "")

    def parts(self, header: str) -> tuple[str, str]:
        """Name and unit of a header; a comma or a blank may separate them when the name is known.

        `header`: text of a header.
        Returns: name and unit.

        >>> MATERIAL.parts("kappa, W/m/K"), MATERIAL.parts("S uV/K"), MATERIAL.parts("Seebeck_uV/K")
        (('kappa', 'W/m/K'), ('S', 'uV/K'), ('Seebeck', 'uV/K'))
        """
        header = _WITHIN.sub("", repaired(header).strip().lstrip("#").strip())
        header = _FOOTNOTE.sub("", header)
        name, unit = unit_of_header(header)
        if (
            unit and self.meaning(name)[0] == "correlation"
        ):  # in brackets stands of what, or that it is a number
            return (name, "") if unit in ("1", "-") or unit.casefold() == "none" else (header, "")
        if self.meaning(name, unit)[0] and (not unit or unit == "%" or self._reads(name, unit)):
            return name, unit
        if word_of(header) in self.names:  # a name with a stroke, such as R/R0
            return header, ""
        if self.meaning(name, unit)[0]:
            return name, unit
        for mark in (" in ", "/", ",", " "):
            first, _, rest = header.partition(mark)
            rest = _unwrapped(rest.strip())
            if _FACTOR.match(rest):  # two readings: the values were multiplied, or are to be
                continue
            if rest and (rest == "%" or self._reads(first, rest)) and self.meaning(first, rest)[0]:
                return first.strip(), rest
        for mark in re.finditer("_", header):  # of programs: Seebeck_uV/K, Temp_C; but T_C is a cold side
            first, rest = header[: mark.start()], header[mark.end() :]
            if ("/" in rest or len(first) > 1) and self._reads(first, rest):
                return first, rest
        return name, unit

    def _reads(self, name: str, unit: str) -> bool:
        """Whether a unit is one of what a name means."""
        what = self.meaning(name, unit)[0]
        return bool(what) and self.fits(what, self.unit_of(what, unit))

    def example(self, what: str) -> str:
        """A unit in which a column is usually written.

        `what`: what the column holds.
        """
        entry = QUANTITIES.get(what)
        return entry.display_unit if entry and entry.unit == self.units[what] else self.units[what]


@lru_cache(maxsize=4096)
def _same_kind(unit: str, other: str) -> bool:
    try:
        return bool(unit) and parse_unit(other).dimension == parse_unit(unit).dimension
    except UnitError:
        return False


@lru_cache(maxsize=4096)
def _unit_of(wanted: str, text: str) -> str:
    clean = repaired(text).strip().strip("[]").strip()
    if wanted == "K" and (clean in ("C", "c", "oC", "ºC") or _DEGREES.match(clean)):
        return "degC"
    if _same_kind(wanted, clean):
        return clean
    if wanted == "1" and clean.casefold() == "none":
        return "1"
    worded = clean
    for pattern, word in _WORDS:
        worded = pattern.sub(word, worded)
    above, mark, below = worded.partition("/")
    readings = [worded]
    if mark and not below.strip().startswith("("):
        readings.append(f"{above}/({below.replace('/', ' ').strip()})")
    for reading in readings:
        for candidate in (
            *(reading, reading.replace("^ ", "^").replace("*", " "), reading.replace("k", "K")),
            re.sub(r"V[ .*·-]?[sS](?=\)?$)", "V s", reading),
        ):
            if _same_kind(wanted, candidate):
                return candidate
    usual = {unit.casefold(): unit for unit in LOWER_CASE}.get(
        clean.casefold().replace("µ", "u").replace("μ", "u"), ""
    )
    return usual if usual and _same_kind(wanted, usual) else text


@lru_cache(maxsize=65536)
def _meaning(words: Vocabulary, name: str, unit: str) -> tuple[str, bool]:
    if TURNED.match(name):
        return "", False
    word = _MEASURED.sub("", word_of(name))
    found = _of_word(words, word, unit)
    if found:
        return found, False
    match = STD.fullmatch(word)
    if match:
        inner = (match["after"] or match["before"] or match["behind"]).strip("_ ")
        found = _of_word(words, inner, "" if unit == "%" else unit)
        return found, bool(found)
    return "", False


def _of_word(words: Vocabulary, word: str, unit: str) -> str:
    usual = words.names.get(word, ())
    meant = (*usual, *words.by_unit.get(word, ())) if unit else usual
    fitting = (what for what in meant if not unit or words.fits(what, words.unit_of(what, unit)))
    found = next(fitting, "")
    if not found and any(name == word and _same_kind(other, unit) for name, other in _OTHERWISE):
        return ""
    found = found or next(iter(usual), "") or _temperature_of(words, word, unit)
    if found or not unit:
        return found
    for first, symbol in (word.rpartition("_")[::2], word.partition("_")[2::-2]):  # Seebeck coefficient S
        found = _of_word(words, first, unit) if len(first) > 4 and symbol in words.names else ""
        if found and found == _of_word(words, symbol, unit):
            return found
    whole = "_".join(ABBREVIATED.get(part, part) for part in word.split("_"))
    return _of_word(words, whole, unit) if whole != word else ""


def _temperature_of(words: Vocabulary, word: str, unit: str) -> str:
    """`temperature` for that of a property or of an instrument, such as T_kappa in K; else empty."""
    match = OF_PROPERTY.fullmatch(word)
    if match is None or not words.fits("temperature", words.unit_of("temperature", unit)):
        return ""
    what = match["behind"] or match["before"]
    of_property = words.names.get(what, ("temperature",))[0] != "temperature"
    return "temperature" if of_property or what in INSTRUMENTS else ""


def share_of_header(header: str) -> float:
    """Error in per cent that a header states for all values of its column; 0 without one.

    `header`: text of a header.

    >>> share_of_header("S (uV/K) ± 5 %"), share_of_header("S ± 3% (uV/K)"), share_of_header("S (uV/K)")
    (5.0, 3.0, 0.0)
    """
    match = _WITHIN.search(repaired(header).strip())
    return float(match[1].replace(",", ".")) if match and match.start() else 0.0


def _unwrapped(text: str) -> str:
    """Unit without the brackets around it."""
    return text[1:-1].strip() if text[:1] in ("(", "[") and text[-1:] in (")", "]") else text


MATERIAL: Final = Vocabulary(
    {**{word: (what,) for word, what in MEANING.items()}, **dict.fromkeys(CORRELATION, ("correlation",))},
    {**{what: QUANTITIES[what].unit for what in (*MEANING.values(), *sum(BY_UNIT.values(), ()))},
     "power_factor": QUANTITIES["power_factor"].unit, "correlation": "1"},
    BY_UNIT,
    {
        word: kind
        for kind, words in (("sample", SAMPLE), ("paper", PAPER), ("branch", BRANCH))
        for word in words
    },
)  # fmt: skip
"""Properties of materials over the temperature."""
