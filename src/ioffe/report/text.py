r"""Numbers, units, formulas and symbols as they are printed in a report or a drawing.

>>> spoken(0.41977, "max_power"), printed(7.9e-10, "electrical_contact_resistivity")
('420\xa0mW', '7.9\xa0µΩ\xa0cm²')
>>> formula("Bi2Te2.7Se0.3")
[('Bi', False), ('2', True), ('Te', False), ('2.7', True), ('Se', False), ('0.3', True)]
"""

from __future__ import annotations

import re
from math import floor, isfinite, log10

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.aims import LARGEST
from ioffe.base.plotting import axis_label, unit_label
from ioffe.base.quantities import quantity
from ioffe.base.units import convert, format_si

SPACE = "\u00a0"
NONE = "none"
_SYMBOLS = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr "
    "Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W "
    "Re Os Ir Pt Au Hg Tl Pb Bi Th U"
)
ELEMENTS = frozenset(_SYMBOLS.split())
GREEK = {"eta": "η", "kappa": "κ", "sigma": "σ", "rho": "ρ", "omega": "ω", "varphi": "φ", "epsilon": "ε"}
GREEK |= {"Delta": "Δ", "delta": "δ", "alpha": "α", "nu": "ν", "mu": "μ", "gamma": "γ", "theta": "θ"}
GREEK |= {"Omega": "Ω", "phi": "φ", "Sigma": "Σ", "sum": "Σ"}

WORDS = {f"T_{side}": f"{side} side" for side in ("hot", "cold")}
WORDS |= {f"T_{side}_junction": f"{side} junction" for side in ("hot", "cold")}
WORDS |= {f"heat_{side}": f"heat, {side} side" for side in ("hot", "cold")}
WORDS |= {"open_circuit_voltage": "open-circuit voltage", "short_circuit_current": "short-circuit current"}
WORDS |= {"delta_T": "difference", "delta_T_max": "largest difference"}
WORDS |= {"max_heat": "largest heat taken up", "COP": ""}
"""Words of quantities, where they are not those of the name."""
NOUNS = {"heat_hot": "heat taken in", "heat_cold": "heat taken up", "COP": "COP"}
NOUNS |= {"delta_T": "temperature difference", "delta_T_max": "largest temperature difference"}
"""Words of quantities in sentences and on axes, where they are longer than those of a column."""
EITHER_WAY = {"heat_hot": "heat at the hot side", "heat_cold": "heat at the cold side"}
"""Words of generators and coolers alike: what one takes in the other gives off."""
AXIS_WORDS = {"COP": "", "max_COP": "", "electric_potential": "potential"}
AXIS_WORDS |= {"delta_T_max": "largest difference", "delta_T_max_current": "current"}
"""Words on axes, where they are shorter than in sentences."""
AIMS = {aim.quantity: name for name, aim in LARGEST.items()}
"""Quantities that a device is made for, each with its maximum; the current of a maximum is NAME_current."""

_FORMULA = re.compile(r"[A-Z][a-z]?|\d+(?:\.\d+)?|[(),]")
_WORD = re.compile(r"(\s+)")
_TRAILING = re.compile(r"(.*?)([.,;:]*)", re.DOTALL)
_MARK = re.compile(r"[_^](?:\{((?:[^{}]|\{[^{}]*\})*)\}|(\\mathrm\{[^{}]*\}|\w))")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def readable_unit(values: ArrayLike, name: str) -> str:
    """Unit in which the largest of the values (SI) is from 1 to 1000, such as mW for 0.4 W.

    >>> readable_unit([0.03, 0.42], "power"), readable_unit([7.3], "current"), readable_unit([6.5], "voltage")
    ('mW', 'A', 'V')
    """
    sizes = np.abs(np.asarray(values, float))
    sizes = sizes[np.isfinite(sizes)]
    largest = float(sizes.max()) if sizes.size else 0.0
    unit, larger = (format_si(part * largest, name).partition(" ")[2] or "1" for part in (0.1, 1.0))
    return unit if in_unit(largest, name, unit) < 1000.0 else larger


def in_unit(values: ArrayLike, name: str, unit: str) -> np.ndarray:
    """Values in SI in another unit of the quantity, as an array."""
    return np.asarray(convert(np.asarray(values, float), quantity(name).unit, unit))


def number(value: float, digits: int = 4) -> str:
    """Number with its significant digits, zeros at the end included.

    >>> number(419.77), number(0.05), number(12345.6), number(float("nan")), number(-2.0)
    ('419.8', '0.05000', '12346', 'none', '−2.000')
    """
    if not isfinite(value):
        return NONE
    size = floor(log10(abs(value))) if value else 0
    if not -5 <= size <= 6:
        return small(value)
    return f"{value:.{max(digits - 1 - size, 0)}f}".replace("-", "−")


def decimals(values: ArrayLike, digits: int = 4) -> int:
    """Decimals behind the point that suit a column of numbers: `digits` for the largest, 3 for the smallest.

    Whole numbers such as temperatures get none.

    >>> decimals([26.95, 419.6]), decimals([0.9342, 3.157]), decimals([373.0, 593.0])
    (1, 3, 0)
    """
    sizes = np.abs(np.asarray(values, float))
    sizes = sizes[np.isfinite(sizes) & (sizes > 0.0)]
    if not sizes.size or np.all(sizes == np.round(sizes)):
        return 0
    high, low = floor(log10(float(sizes.max()))), floor(log10(float(sizes.min())))
    return int(np.clip(max(digits - 1 - high, 2 - low), 0, digits - high + 1))


def small(value: float) -> str:
    r"""Very small or large number as a power of ten.

    >>> small(1.5e-11), small(0.0), small(float("nan"))
    ('1.5\xa0×\xa010⁻¹¹', '0', 'none')
    """
    if not isfinite(value) or not value:
        return NONE if value else "0"
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    power = str(int(exponent)).translate(_RAISED)
    return mantissa.replace("-", "−") + (f"{SPACE}×{SPACE}10{power}" if int(exponent) else "")


def spoken(value: float, name: str, digits: int = 3) -> str:
    r"""Computed value in SI as one would say it, the number at least 1 where a prefix can make it so.

    >>> spoken(3.7, "current"), spoken(0.95, "COP")
    ('3.70\xa0A', '0.950')
    """
    if not isfinite(value):
        return NONE
    unit = readable_unit(value, name)
    return _joined(number(float(in_unit(value, name, unit)), digits), unit)


def printed(value: float, name: str, digits: int = 6) -> str:
    r"""Value in SI as one would write it in an input: 0.3 mm, not 300 µm.

    >>> printed(3e-4, "thickness"), printed(0.28, "fill_factor")
    ('0.3\xa0mm', '0.28')
    """
    if not isfinite(value):
        return NONE
    text, _, unit = format_si(value, name, digits).partition(" ")
    return _joined(text, unit)


def _joined(text: str, unit: str) -> str:
    text = text.replace("-", "−")
    return text if unit in ("", "1") else f"{text} {unit_label(unit)}".replace(" ", SPACE)


def words_of(name: str) -> str:
    """Short words of a quantity, as over the column of a table whose symbol follows them.

    >>> words_of("max_power"), words_of("max_power_current"), words_of("internal_resistance")
    ('largest power', 'at current', 'internal resistance')
    """
    whose, _, what = name.rpartition("_")
    of_maximum = whose in AIMS.values()
    return WORDS.get(name, f"at {what}" if of_maximum else name.replace("max_", "largest ").replace("_", " "))


def noun(name: str) -> str:
    """Quantity as a sentence names it.

    >>> noun("max_efficiency"), noun("heat_cold")
    ('largest efficiency', 'heat taken up')
    """
    return NOUNS.get(name) or words_of(name)


def axis(name: str, unit: str | None = None) -> str:
    r"""Label of an axis: words, symbol and unit; see `ioffe.base.plotting.axis_label`.

    >>> axis("heat_cold", "mW"), axis("max_efficiency")
    ('Heat taken up $Q_\\mathrm{c}$ (mW)', 'Largest efficiency $\\eta_\\mathrm{max}$ (%)')
    """
    return axis_label(name, unit, AXIS_WORDS.get(name, noun(name)))


def signed_percent(value: float) -> str:
    r"""Relative difference with its sign.

    >>> signed_percent(0.0244), signed_percent(-0.3), signed_percent(float("nan"))
    ('+2.4\xa0%', '−30.0\xa0%', 'none')
    """
    return f"{100 * value:+.1f}{SPACE}%".replace("-", "−") if isfinite(value) else NONE


def list_of(words: list[str]) -> str:
    """Words in a row: a, b and c.

    >>> list_of(["a"]), list_of(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1] if words else ""]))


def formula(text: str) -> list[tuple[str, bool]]:
    """Pieces of a text, each with whether it is set as a subscript: the numbers of chemical formulas.

    Numbers of an alloy that add up to 100 are per cent and stay as they are.

    >>> formula("Mg3(Sb,Bi)2, cold")
    [('Mg', False), ('3', True), ('(Sb,Bi)', False), ('2', True), (', cold', False)]
    >>> formula("sample S3"), formula("Sn63Pb37 solder")
    ([('sample S3', False)], [('Sn63Pb37 solder', False)])
    """
    pieces: list[tuple[str, bool]] = []
    for word in _WORD.split(text):
        parts = _TRAILING.fullmatch(word)
        for piece in (*_word(parts[1]), (parts[2], False)) if parts else [(word, False)]:
            if pieces and pieces[-1][1] == piece[1]:
                pieces[-1] = (pieces[-1][0] + piece[0], piece[1])
            elif piece[0]:
                pieces.append(piece)
    return pieces or [("", False)]


def name_mathtext(text: str) -> str:
    r"""Text in which the numbers of chemical formulas are subscripts, for Matplotlib.

    >>> name_mathtext("Bi2Te2.7Se0.3, $1")
    'Bi$_{2}$Te$_{2.7}$Se$_{0.3}$, \\$1'
    """
    shown = "".join(c if c.isprintable() else "?" for c in text)
    pieces = ((piece.replace("$", r"\$"), low) for piece, low in formula(shown))
    return "".join(f"$_{{{piece}}}$" if low else piece for piece, low in pieces)


def _word(word: str) -> list[tuple[str, bool]]:
    tokens = _FORMULA.findall(word)
    elements = [t for t in tokens if t[0].isalpha()]
    if "".join(tokens) != word or len(elements) < 2 or not ELEMENTS.issuperset(elements):
        return [(word, False)]
    follows = zip(["(", *tokens], tokens, strict=False)
    pieces = [(token, token[0].isdigit() and before not in "(,") for before, token in follows]
    in_percent = sum(float(token) for token, low in pieces if low) == 100.0
    return [(word, False)] if in_percent else pieces


def symbol_html(name: str) -> str:
    r"""Symbol of a quantity with HTML subscripts in place of mathtext.

    >>> symbol_html("internal_resistance"), symbol_html("delta_T_max")
    ('<i>R</i><sub>in</sub>', 'Δ<i>T</i><sub>max</sub>')
    """
    text = quantity(name).symbol
    return _marked(text[1:-1]) if text.startswith("$") else text


def symbol_text(name: str) -> str:
    r"""Symbol of a quantity in plain letters, for a terminal.

    >>> symbol_text("open_circuit_voltage"), symbol_text("max_efficiency"), symbol_text("delta_T_max")
    ('V_oc', 'eta_max', 'delta_T_max')
    """
    text = re.sub(r"\\mathrm\{([^{}]*)\}", r"\1", quantity(name).symbol.strip("$"))
    return re.sub(r"[{}]", "", text.replace("\\Delta ", "delta_").replace("\\", ""))


def _marked(text: str) -> str:
    out, end = "", 0
    for match in _MARK.finditer(text):
        tag = "sub" if match[0][0] == "_" else "sup"
        out += _letters(text[end : match.start()]) + f"<{tag}>{_marked(match[1] or match[2])}</{tag}>"
        end = match.end()
    return out + _letters(text[end:])


def _letters(text: str) -> str:
    """Roman words stay upright, single letters become italic, Greek names become letters."""
    text = re.sub(r"\\dot\{(\w)\}", "\\1\u0307", text)
    pieces = re.split(r"\\mathrm\{([^{}]*)\}", text)
    for i, piece in enumerate(pieces):
        if i % 2 == 0:
            piece = re.sub(r"\\([A-Za-z]+) ?", lambda m: GREEK.get(m[1], m[1]), piece)
            pieces[i] = re.sub(r"[A-Za-z]+", lambda m: f"<i>{m[0]}</i>", piece)
    return "".join(pieces)
