"""The library: cards of thermoelectric and passive materials, and prices of the elements.

>>> from ioffe.material import library
>>> library.load_material("bi0.42sb1.58te3")
Material("Bi0.42Sb1.58Te3", p, thermoelectric, 323 K to 573 K, measured)
>>> library.find(kind="ceramic")
['Al2O3', 'Al2O3 96%', 'AlN', 'AlN (second source)']
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from ioffe.base._files import check_regular, missing
from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.units import to_si
from ioffe.material.card import read_card
from ioffe.material.fields import KINDS
from ioffe.material.material import Material

__all__ = ["CardEntry", "Price", "entries", "find", "load_material", "names", "prices"]

FOLDER = Path(__file__).parent
PRICES = "prices.toml"
TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".dat", ".xlsx", ".xlsm", ".xls", ".gz", ".zip", ".duckdb")
"""Endings of tables, and of stores."""


@dataclass(frozen=True)
class CardEntry:
    """What the index knows of a card without reading its curves."""

    name: str
    family: str
    kind: str
    carrier: str | None
    quality: str
    path: Path


@dataclass(frozen=True)
class Price:
    """Price of an element in one year.

    Parameters
    ----------
    element : str
        Symbol.
    value : float
        USD/kg.
    year : int or None
        Year of the price; None where the source states none.
    source, quality, note : str
        Reference, whether it was read there or is remembered, and what one must know.

    Examples
    --------
    >>> from ioffe.material.library import prices
    >>> {price.element for price in prices("Te")}
    {'Te'}
    """

    element: str
    value: float
    year: int | None
    source: str
    quality: str
    note: str = ""


@lru_cache(maxsize=1)
def entries() -> tuple[CardEntry, ...]:
    """Index of all cards, sorted by kind (thermoelectric first), family and name.

    Returns
    -------
    tuple of CardEntry
    """
    found = []
    for path in FOLDER.glob("*.toml"):
        if path.name != PRICES:
            card = tomllib.loads(path.read_text(encoding="utf-8"))
            kind = card.get("kind", KINDS[0])
            carrier, quality = card.get("carrier"), card.get("quality", "")
            found.append(CardEntry(card["name"], card.get("family", ""), kind, carrier, quality, path))
    return tuple(sorted(found, key=lambda e: (KINDS.index(e.kind), e.family, e.name)))


def names() -> list[str]:
    """Names of all materials of the library, sorted by kind, family and name.

    Returns
    -------
    list of str

    Examples
    --------
    >>> "MgAgSb0.99In0.01" in names(), "Cu" in names()
    (True, True)
    """
    return [entry.name for entry in entries()]


def parted(name: str | Path) -> tuple[str, str | None]:
    """File and sample of ``FILE#SAMPLE``; any other name as it is, and None.

    `name`: as for `load_material`.

    >>> parted("estm.xlsx#2-7"), parted("Bi2Te3")
    (('estm.xlsx', '2-7'), ('Bi2Te3', None))
    """
    text = str(name)
    file, mark, sample = text.partition("#")
    if mark and sample.strip() and Path(file).suffix.casefold() in TABLE_ENDINGS:
        return file, sample.strip()
    return text, None


def load_material(name: str | Path, beside: str | Path | None = None, sample: str | None = None) -> Material:
    """Material by its name in the library, or from a file.

    Parameters
    ----------
    name : str or path
        Exact composition or name, capitals do not count; or a `.toml` card, a table file or a store, with
        ``FILE#SAMPLE`` for one sample of many.
    beside : path, optional
        Folder in which a relative path is looked for; by default the working directory.
    sample : str, optional
        The sample of a file, as behind ``#``.

    Returns
    -------
    Material

    Raises
    ------
    InputError
        For a name that does not exist, with the nearest one; or with every fault of the file.

    Examples
    --------
    >>> load_material("generic n cooler leg").carrier
    'n'
    >>> load_material("MgAgSb0.99In")
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: material = "MgAgSb0.99In": no material ... did you mean "MgAgSb0.99In0.01"?
    """
    entry = _by_name().get(str(name).strip().casefold())
    file, named = parted(name)
    path = Path(file) if beside is None else Path(beside) / file
    ending = path.suffix.casefold()
    if entry is None and ending in TABLE_ENDINGS:
        from ioffe.material.readers import read_one

        return read_one(path, sample=sample or named)
    if sample is not None and (entry is not None or ending == ".toml"):
        raise InputError(Fault("sample", sample, f"{name} is one material and holds no samples"))
    if entry is not None:
        return _card(entry.path)
    if ending == ".toml":
        return read_card(path)
    advice = (
        did_you_mean(str(name), names()) or "ioffe materials list shows all; a file ends in .toml or .csv"
    )
    check_regular(path)
    if re.fullmatch(r"\.[a-z]\w*", ending) and not path.exists():  # in compositions digits follow points
        raise InputError(missing(path))
    expected = "no material of the library has this name"
    raise InputError(Fault("material", str(name), expected, advice))


def find(
    family: str | None = None,
    carrier: str | None = None,
    kind: str | None = None,
    T: float | str | None = None,
    min_zT: float | None = None,
) -> list[str]:
    """Names of the materials that fit every condition.

    Parameters
    ----------
    family : str, optional
        Part of the family's name, capitals do not count.
    carrier : {"p", "n"}, optional
        Sign of the carriers.
    kind : str, optional
        `thermoelectric`, `metal`, `ceramic`, `solder` ...
    T : float or str, optional
        Temperature in K or with a unit; materials not measured there are left out.
    min_zT : float, optional
        Smallest zT: at T if it is given, else anywhere in the range of the material.

    Returns
    -------
    list of str
        Sorted by kind, family and name.

    Raises
    ------
    InputError
        For a word that no material has, with the nearest one.

    Examples
    --------
    >>> find(family="bi2te3", carrier="n", T="400 K", min_zT=0.8)
    ['(CuI)0.003Bi2Te3', 'Bi2Te3']
    """
    _check_words(family, carrier, kind)
    temperature = None if T is None else to_si(T, "temperature", "T")
    return [
        entry.name
        for entry in entries()
        if (family is None or family.casefold() in entry.family.casefold())
        and carrier in (None, entry.carrier)
        and kind in (None, entry.kind)
        and _fits(entry, temperature, min_zT)
    ]


def prices(element: str) -> list[Price]:
    """Prices of an element, one for each vintage, those without a year last.

    Parameters
    ----------
    element : str
        Symbol, such as `Te`.

    Returns
    -------
    list of Price
        One for each vintage.

    Raises
    ------
    InputError
        For an element without a price, with the nearest symbol.

    Examples
    --------
    >>> [(p.year, p.value) for p in prices("Te")]
    [(2013, 348.9913), (2016, 27.5), (None, 63.5)]
    """
    known, vintages = _prices()
    symbol = next((e for e in known if e.casefold() == element.strip().casefold()), None)
    if symbol is None:
        advice = did_you_mean(element, known) or f"there are prices for {', '.join(sorted(known))}"
        raise InputError(Fault("element", element, "no price of this element is known", advice))
    return [
        Price(symbol, known[symbol][v["key"]], v.get("year"), v["source"], v["quality"], v.get("note", ""))
        for v in vintages
        if v["key"] in known[symbol]
    ]


@lru_cache(maxsize=1)
def _prices() -> tuple[dict[str, dict[str, float]], list[dict]]:
    content = tomllib.loads((FOLDER / PRICES).read_text(encoding="utf-8"))
    return content["element"], content["vintage"]


@lru_cache(maxsize=256)
def _card(path: Path) -> Material:
    return read_card(path)


@lru_cache(maxsize=1)
def _by_name() -> dict[str, CardEntry]:
    return {entry.name.casefold(): entry for entry in entries()}


def _fits(entry: CardEntry, T: float | None, min_zT: float | None) -> bool:
    if T is None and min_zT is None:
        return True
    material = _card(entry.path)
    low, high = material.T_range
    if T is not None and not low <= T <= high:
        return False
    if min_zT is None:
        return True
    zT = material.zT(T if T is not None else material.temperatures())
    return bool(np.max(zT) >= min_zT)


def _check_words(family: str | None, carrier: str | None, kind: str | None) -> None:
    faults = Faults()
    families = sorted({entry.family for entry in entries()})
    if family is not None and not any(family.casefold() in known.casefold() for known in families):
        advice = did_you_mean(family, families) or f"there are {', '.join(families)}"
        faults.add("family", family, "no material of the library is of this family", advice)
    if carrier not in (None, "p", "n"):
        faults.add("carrier", carrier, '"p" or "n" is expected')
    if kind is not None:
        faults.one_of("kind", kind, KINDS)
    faults.raise_if_any()
