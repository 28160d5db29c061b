"""What people call their columns and units, in one spelling: LaTeX, broken encodings, words for prefixes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from ioffe.base.errors import UnitError
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import parse_unit

SYNONYMS: Final = {
    "temperature": "t temp temperature measurement_temp measurement_temperature meas_temp meas_temperature "
    "mean_temperature average_temperature avg_temp avg_temperature t_avg t_mean sample_temperature "
    "sample_temp temperatur temperature_t temp_t t_sample probe_temperature 温度",
    "seebeck": "s seebeck seebeck_coefficient alpha α thermopower seebeck_coeff seebeck_coef abs_seebeck "
    "absolute_seebeck absolute_seebeck_coefficient seebeck_s thermoelectric_power s_abs seebeck_koeffizient",
    "electrical_conductivity": "sigma σ conductivity electrical_conductivity electric_conductivity "
    "elec_conductivity ec conductivity_sigma electr_conductivity el_conductivity elec_cond electrical_cond "
    "electric_cond el_cond",
    "electrical_resistivity": "rho ρ resistivity electrical_resistivity electric_resistivity resist res "
    "elec_resistivity resistivity_rho el_resistivity elec_res electrical_res",
    "thermal_conductivity": "kappa κ k lambda λ thermal_conductivity total_thermal_conductivity kappa_tot "
    "kappa_total κ_tot k_tot k_total κ_total ktot kappatot therm_conductivity thermal_cond k_t kappa_t λ_tot "
    "lambda_tot cond_thermal therm_cond th_conductivity thermal_conductivity_total",
    "zT": "zt figure_of_merit zt_reported reported_zt figure_of_merit_zt zt_value",
    "heat_capacity": "cp c_p heat_capacity specific_heat specific_heat_capacity cp_calc",
    "thermal_expansion": "cte thermal_expansion",
    "hall_coefficient": "r_h rh hall_coefficient hall_coeff hall_coef hall_constant",
    "hall_carrier_density": "n_h n nh n_hall p_h carrier_density carrier_concentration hall_carrier_density "
    "hall_carrier_concentration carrier_conc hall_concentration hall_density carriers charge_carrier_density",
    "thermal_diffusivity": "diffusivity thermal_diffusivity diff therm_diffusivity",
    "density": "density mass_density bulk_density",
}
"""Names of columns, in lower case with underscores and without points, by the quantity they mean."""
MEANING: Final = {word: prop for prop, words in SYNONYMS.items() for word in words.split()}
BY_UNIT: Final = {
    "d": ("thermal_diffusivity", "density"),
    "a": ("thermal_diffusivity",),
    "α": ("thermal_diffusivity",),
    "alpha": ("thermal_diffusivity",),
    "conductivity": ("thermal_conductivity",),
    "cond": ("electrical_conductivity", "thermal_conductivity"),
    "total_conductivity": ("thermal_conductivity",),
    "λ": ("thermal_conductivity",),
    "r": ("hall_coefficient", "electrical_resistivity"),
    "p": ("hall_carrier_density",),
    "ρ": ("density",),
    "rho": ("density",),
    "σ": ("electrical_conductivity",),
}
"""Names that the unit alone tells apart."""
CORRELATION: Final = frozenset({"r^2_by_seebeck", "r2_by_seebeck", "r^2_seebeck", "r^2"})
"""Columns of the straightness of voltage against temperature difference in files of a ZEM."""
BRANCH: Final = frozenset({"run", "branch", "direction", "cycle", "heating/cooling", "segment", "sweep"})
"""Columns that may say whether a row belongs to heating or cooling."""
REASONS: Final = (
    (r"(k|kappa|κ|λ|lambda)_?\{?(l|lat|latt|lattice|ph|phonon)\}?|lattice_.*|.*_lattice(_.*)?|phonon_.*",
     "the lattice part, never taken for the total"),
    (r"(k|kappa|κ|λ|lambda)_?\{?(e|el|ele|electronic|elec|carrier)\}?|electronic_.*",
     "the electronic part, never taken for the total"),
    (r"(k|kappa|κ|λ|lambda)_?\{?(b|bip|bi|bipolar)\}?|bipolar_.*",
     "the bipolar part, never taken for the total"),
    (r"pf|power_factor.*|s\^?2_?[σs].*", "the power factor; it follows from S and the conductivity"),
    (r"rel_.*|relative_.*|.*_relative|.*_rel|wire_.*|apparent_.*|d_?volt_/d_?temp",
     "relative to the wires of the instrument, not absolute"),
    (r"(k|kappa|κ|λ|lambda)_?(tot|total)?_?[-−–_]_?(k|kappa|κ|λ|lambda|l).*",
     "a part of kappa, never taken for the total"),
    (r"(log10|log|lg|ln)[_(\d].*", "a logarithm"),
    (r".*[x×*·]_?10[\^⁰¹²³⁴⁵⁶⁷⁸⁹⁻\d_].*", "a factor in the name has two readings; put it before the unit"),
    (r"l|lorenz.*", "the Lorenz number"),
    (r"(mu|μ|µ|mobility|hall_mobility|mu_h|μ_h|µ_h|mob).*", "the mobility; it follows from n and sigma"),
    (r"set_.*", "the set point"),
    (r"(system|min|max|minimum|maximum|furnace|ambient|hot|cold|block|delta|high|low)_(temp|t).*",
     "not the temperature of the sample"),
    (r"temperature_(gradient|difference).*|[dδ∆]t|delta_t", "not the temperature of the sample"),
)  # fmt: skip
"""Why a column that is known is not used."""
STD_WORDS: Final = (
    "std std_dev stddev stdev st_dev standard_deviation sd se err error errors uncertainty unc deviation dev "
    "fehler std_err rel_err rel_error"
)
_STD: Final = "|".join(sorted((re.escape(word) for word in STD_WORDS.split()), key=len, reverse=True))
STD: Final = re.compile(
    rf"(?:(?:(?:±|\+/?_?|δ)_?|(?:{_STD})_(?:of_|in_)?)(?P<after>.+)|(?P<before>.+?)_?(?:±|\+/?_?)|"
    rf"(?P<behind>.+?)_(?:{_STD}))"
)
BARE_STD: Final = re.compile(rf"(?:±|\+/?_?|δ|{_STD})(?:_?\d+)?")

_LATEX: Final = (
    (re.compile(r"\\(?:mathrm|mathit|text|textrm|rm|it|operatorname|mathsf|si)\s*\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\(?:mathrm|rm|it|left|right|,|;|!|:|quad|thinspace| )"), " "),
    (re.compile(r"\\(?:cdot|times)"), "·"),
    (re.compile(r"\^\{?\\circ\}?\s*C?|\\degree\s*C?|\\textdegree\s*C?"), "°C"),
    (re.compile(r"\\(?:mu|micro|textmu)\b\s*"), "μ"),
    (re.compile(r"\\Omega\b\s*|\\ohm\b\s*"), "Ω"),
    (re.compile(r"\\(sigma|rho|kappa|alpha|lambda)\b"), r"\1"),
    (re.compile(r"\^\{([^{}]*)\}"), r"^\1"),
    (re.compile(r"_\{([^{}]*)\}"), r"_\1"),
    (re.compile(r"[$\\]"), ""),
)
_WIDE: Final = {0xFF08: "(", 0xFF09: ")", 0xFF0F: "/", 0xFF0C: ",", 0xFF1A: ":", 0x3000: " ", 0x3010: "[",
                0x3011: "]", 0xFEFF: "", 0x200B: "", 0xFF05: "%",
                0x2103: "°C", 0xBA: "°", 0x2DA: "°"}  # fmt: skip
_BROKEN: Final = re.compile("[ÂÃÎÏâ][\u0080-\u00bf\u2018-\u2122\u0152-\u0192]")
_WORDS: Final = (
    (re.compile(r"(?i)\bmicro[- ]?(?=[a-zΩ])"), "u"),
    (re.compile(r"(?i)\bmilli[- ]?(?=[a-zΩ])"), "m"),
    (re.compile(r"(?i)\bkelvins?\b"), "K"),
    (re.compile(r"(?i)\bcelsius\b"), "degC"),
    (re.compile(r"(?i)\bvolts?\b"), "V"),
    (re.compile(r"(?i)\bwatts?\b"), "W"),
    (re.compile(r"(?i)(?<![A-Za-z])siemens\b"), "S"),
    (re.compile(r"(?i)\bohms\b"), "ohm"),
    (re.compile(r"(?<![A-Za-z])([umk]?)Ohms?(?![a-z])"), r"\1ohm"),
    (re.compile(r"(?<![A-Za-z])([umk])(?:OHM|volts?)\b"), r"\1V"),
    (re.compile(r"(?i)\b(?:centi-?met(?:er|re)s?)\b"), "cm"),
    (re.compile(r"(?i)\bmet(?:er|re)s?\b"), "m"),
    (re.compile(r"\s+per\s+"), "/"),
    (re.compile(r"^\s*(?:[x×*·]|in)\s*(?=10|1e)"), ""),
    (re.compile(r"^E\+?(-?\d{1,2})\s*(?=[A-Za-z1/])"), r"10^\1 "),
    (re.compile(r"(?<=[A-Za-z/(·*. ])(?:°C|deg\.?C)"), "K"),
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


def repaired(text: str) -> str:
    r"""A header without LaTeX, full-width signs and letters that a wrong encoding has broken.

    Parameters
    ----------
    text : str
        As read.

    Returns
    -------
    str

    Examples
    --------
    >>> repaired(r"$S$ ($\mu$V K$^{-1}$)"), repaired("T (Â°C)"), repaired("温度（℃）")
    ('S (μV K^-1)', 'T (°C)', '温度(°C)')
    """
    if _BROKEN.search(text):
        for encoding in ("cp1252", "latin-1"):
            try:
                text = text.encode(encoding).decode("utf-8")
                break
            except UnicodeError:
                continue
    if "$" in text or "\\" in text:
        for pattern, word in _LATEX:
            text = pattern.sub(word, text)
    return " ".join(text.translate(_WIDE).split())


def word_of(name: str) -> str:
    """Name of a column in lower case, with underscores for blanks and hyphens and without points.

    Parameters
    ----------
    name : str
        Name without its unit.

    Returns
    -------
    str

    Examples
    --------
    >>> word_of("Seebeck Coeff."), word_of("#Diffusivity"), word_of("Std.Dev.")
    ('seebeck_coeff', 'diffusivity', 'std_dev')
    """
    text = re.sub(r"\.\d+$", "", repaired(name).strip().lstrip("#%").strip())
    text = (
        text.casefold().replace(".", " ").replace("-", " ").replace("_", " ").replace(",", " ").strip(" :=*/")
    )
    return "_".join(text.split())


@lru_cache(maxsize=4096)
def fits(quantity: str, unit: str) -> bool:
    """Whether a unit is one of a quantity.

    Parameters
    ----------
    quantity : str
        Name in the quantity table.
    unit : str
        Text of a unit.

    Returns
    -------
    bool
    """
    try:
        return parse_unit(unit).dimension == parse_unit(QUANTITIES[quantity].unit).dimension
    except UnitError:
        return False


@lru_cache(maxsize=4096)
def unit_of(quantity: str, text: str) -> str:
    """The unit that a text means for a quantity, in a spelling that the parser of units knows.

    A text that can be read in two ways is read in the one that fits the quantity, so that `W/m K` of a
    thermal conductivity is W/(m K).

    Parameters
    ----------
    quantity : str
        Name in the quantity table.
    text : str
        As it stands in the header.

    Returns
    -------
    str
        The text itself if no reading fits.

    Examples
    --------
    >>> unit_of("thermal_conductivity", "W/m K"), unit_of("seebeck", "microV/K")
    ('W/(m K)', 'uV/K')
    >>> unit_of("temperature", "C"), unit_of("electrical_conductivity", "x10^5 S/m")
    ('degC', '10^5 S/m')
    """
    clean = repaired(text).strip().strip("[]").strip()
    if quantity == "temperature" and (clean in ("C", "c", "oC", "ºC") or _DEGREES.match(clean)):
        return "degC"
    if fits(quantity, clean):
        return clean
    worded = clean
    for pattern, word in _WORDS:
        worded = pattern.sub(word, worded)
    above, mark, below = worded.partition("/")
    readings = [worded]
    if mark and not below.strip().startswith("("):
        readings.append(f"{above}/({below.replace('/', ' ').strip()})")
    for reading in readings:
        for candidate in (reading, reading.replace("^ ", "^").replace("*", " "), reading.replace("k", "K")):
            if fits(quantity, candidate):
                return candidate
    usual = {unit.casefold(): unit for unit in LOWER_CASE}.get(
        clean.casefold().replace("µ", "u").replace("μ", "u"), ""
    )
    return usual if usual and fits(quantity, usual) else text


@lru_cache(maxsize=65536)
def meaning(name: str, unit: str = "") -> tuple[str, bool]:
    """Property that a column name means, and whether it is its standard deviation; ("", False) if unknown.

    Parameters
    ----------
    name : str
        Name of a column, without its unit.
    unit : str
        Its unit, which tells some names apart.

    Returns
    -------
    str, bool
        Quantity and whether it is a standard deviation.

    Examples
    --------
    >>> meaning("Seebeck Coefficient"), meaning("± S"), meaning("kappa_std"), meaning("Sebeck")
    (('seebeck', False), ('seebeck', True), ('thermal_conductivity', True), ('', False))
    >>> meaning("alpha", "mm2/s"), meaning("Conductivity", "W/K-m"), meaning("k_L")
    (('thermal_diffusivity', False), ('thermal_conductivity', False), ('', False))
    """
    word = word_of(name)
    found = _of_word(word, unit)
    if found:
        return found, False
    match = STD.fullmatch(word)
    if match:
        inner = (match["after"] or match["before"] or match["behind"]).strip("_ ")
        found = _of_word(inner, "" if unit == "%" else unit)
        return found, bool(found)
    return "", False


def _of_word(word: str, unit: str) -> str:
    usual = MEANING.get(word, "")
    if word == "t" and unit and fits("time", unit):
        return ""
    if usual and (not unit or fits(usual, unit_of(usual, unit))):
        return usual
    if unit:
        fitting = (prop for prop in BY_UNIT.get(word, ()) if fits(prop, unit_of(prop, unit)))
        return next(fitting, usual)
    return usual


def reason(name: str) -> str:
    """Why a column that is known is not used; empty for one that is not known.

    Parameters
    ----------
    name : str
        Name without unit.

    Returns
    -------
    str

    Examples
    --------
    >>> reason("k_L"), reason("PF")[:16]
    ('the lattice part, never taken for the total', 'the power factor')
    """
    word = word_of(name)
    return next((text for pattern, text in REASONS if re.fullmatch(pattern, word)), "")
