r"""Values of the literature beside one's own: curves of two quantities with names and DOIs.

>>> rows = "A,10.1000/a,300,7.2\nA,10.1000/a,200,5.1\nours,,300,8.0\n"
>>> _ = Path("eta.csv").write_text("name,doi,delta_T (K),efficiency (%)\n" + rows)
>>> for curve in read_literature("eta.csv", "delta_T", "efficiency"):
...     print(curve.name, curve.doi or "own", curve.x, curve.y)
A 10.1000/a [200. 300.] [0.051 0.072]
ours own [300.] [0.08]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, Faults, InputError, check_one_of, did_you_mean
from ioffe.base.quantities import QUANTITIES, quantity, short_words
from ioffe.base.table import ResultTable, table
from ioffe.material.checks import Finding
from ioffe.material.material import Material
from ioffe.measure._table import TableLayout, read_table
from ioffe.measure.plausible import RANGES, doubts

OF_MATERIAL: Final = (
    "zT",
    "seebeck",
    "electrical_conductivity",
    "electrical_resistivity",
    "thermal_conductivity",
    "power_factor",
)
"""Quantities that a card gives over the temperature."""
POINTS: Final = 60
_DOI: Final = re.compile(r"10\.\d{4,9}(\.\d+)*/\S+")


@dataclass(frozen=True, eq=False)
class LiteratureCurve:
    """A curve or single points of one source.

    Parameters
    ----------
    name : str
        Of the sample or device.
    doi : str
        Of the source; empty for one's own values.
    x, y : ndarray, shape (n,)
        In SI, by rising x.
    std : ndarray, shape (n,)
        Standard deviations of y, 0 where none is stated.

    Examples
    --------
    >>> contact = LiteratureCurve("Sb", "", np.array([0.0, 1e6]), np.array([20e-10, 10e-10]), np.zeros(2))
    >>> contact.relative().y
    array([1. , 0.5])
    """

    name: str
    doi: str
    x: Array
    y: Array
    std: Array

    def relative(self) -> LiteratureCurve:
        """The curve over its first value, such as rho_c over that of the fresh contact.

        Returns
        -------
        LiteratureCurve

        Raises
        ------
        InputError
            If the first value is 0.
        """
        first = float(self.y[0])
        if first == 0.0:
            raise InputError(Fault(self.name, first, "a first value other than 0 is expected"))
        return replace(self, y=self.y / first, std=np.abs(self.std / first))


def read_literature(path: str | Path, x: str, y: str) -> list[LiteratureCurve]:
    r"""Read curves of two quantities from a table.

    Parameters
    ----------
    path : path
        Text table or Excel workbook with the names of both quantities and their units as headers, such as
        ``time (day)`` and ``electrical_contact_resistivity (uohm cm2)``, and columns ``name`` and ``doi``.
        Rows with the same name and DOI are one curve; without a DOI they are one's own. Rows in which a
        number is missing are left out.
    x, y : str
        Names in the quantity table.

    Returns
    -------
    list of LiteratureCurve
        In the order of the file.

    Raises
    ------
    InputError
        For unknown quantities, and with every fault of the file and its line (at most twenty).

    Examples
    --------
    >>> rows = "A,10.1000/a,300,0.7\nA,10.1000/a,400,0.9\n"
    >>> _ = Path("zT.csv").write_text("name,doi,temperature (K),zT\n" + rows)
    >>> read_literature("zT.csv", "temperature", "zT")[0].y
    array([0.7, 0.9])
    """
    read = read_table(path, layout(x, y))
    count = len(read.numbers["x"])
    names = read.texts.get("name", [Path(path).stem] * count)
    sources = read.texts.get("doi", [""] * count)
    std = np.nan_to_num(read.stds.get("y", np.zeros(count)))
    keys = [(name.strip(), _plain_doi(doi)) for name, doi in zip(names, sources, strict=True)]
    found = []
    for name, doi in dict.fromkeys(keys):
        rows = np.flatnonzero([key == (name, doi) for key in keys])
        rows = rows[np.argsort(read.numbers["x"][rows], kind="stable")]
        found.append(LiteratureCurve(name, doi, read.numbers["x"][rows], read.numbers["y"][rows], std[rows]))
    return found


def layout(x: str, y: str) -> TableLayout:
    """Columns of a table of two quantities.

    `x`, `y`: names in the quantity table.
    """
    with Faults() as faults:
        for place, name in (("x", x), ("y", y)):
            if name not in QUANTITIES:
                expected = "a quantity of the glossary is expected, such as delta_T or efficiency"
                faults.add(place, name, expected, did_you_mean(name, QUANTITIES))
    heads = [f"{name} ({quantity(name).display_unit})" for name in (x, y)]
    units = {"x": quantity(x).unit, "y": quantity(y).unit}
    return TableLayout(
        names={
            "x": (x, x.replace("_", " "), *short_words(x)),
            "y": (y, y.replace("_", " "), *short_words(y)),
            "name": ("name", "sample", "material", "device", "label"),
            "doi": ("doi", "source", "reference"),
        },
        units=units,
        needed=({"x", "y"},),
        errors=("y",),
        leaves_out=True,
        expected=f'the headers "{heads[0]}" and "{heads[1]}" are expected',
    )


def curve_of(material: Material, y: str) -> LiteratureCurve:
    """Curve of a material over the temperature in K.

    Parameters
    ----------
    material : Material
        From the library, a store or a file; its DOI is the source.
    y : str
        One of zT, seebeck, electrical_conductivity, electrical_resistivity, thermal_conductivity,
        power_factor.

    Returns
    -------
    LiteratureCurve
        In SI.

    Raises
    ------
    InputError
        For another quantity.

    Examples
    --------
    >>> from ioffe.material import library
    >>> curve_of(library.load_material("MgAgSb0.99In0.01"), "zT").doi
    '10.1021/cm5041826'
    """
    check_one_of("y", y, OF_MATERIAL)
    T = material.temperatures(POINTS)
    values = np.asarray(getattr(material, y)(T), float)
    return LiteratureCurve(material.name, _plain_doi(material.provenance.doi), T, values, np.zeros(len(T)))


def table_of(curves: Sequence[LiteratureCurve], x: str, y: str, *, relative: bool = False) -> ResultTable:
    """The points of all curves, one after the other.

    `x`, `y`: names of both quantities in the quantity table.
    `relative`: whether y is over its first value, a pure number, as ``relative_`` and the name.
    Returns: with name and DOI of the curve; a standard deviation that is not known is NaN.
    """
    curves = [curve.relative() for curve in curves] if relative else curves
    counts = [curve.x.size for curve in curves]
    index = {
        "name": np.repeat([curve.name for curve in curves], counts),
        "doi": np.repeat([curve.doi for curve in curves], counts),
        x: np.concatenate([curve.x for curve in curves]),
    }
    std = np.concatenate([curve.std for curve in curves])
    name = f"relative_{y}" if relative else y
    columns = {name: np.concatenate([curve.y for curve in curves])}
    if np.any(std > 0.0):
        columns[f"{name}_std"] = np.where(std > 0.0, std, np.nan)
    units = dict.fromkeys(columns, "1") if relative else {}
    return table({name: (("point",), value) for name, value in index.items()}, columns, units)


def sources(curves: Sequence[LiteratureCurve]) -> list[str]:
    """Name and DOI of every curve that has one."""
    return [f"{curve.name}: doi {curve.doi}" for curve in curves if curve.doi]


def findings_of(curves: Sequence[LiteratureCurve], x: str, y: str) -> list[Finding]:
    """Sources that are no DOI, and values that nothing of this field has.

    `x`, `y`: names of both quantities.
    """
    found = [
        Finding("warning", "doi", f'{curve.name}: "{curve.doi}" is no DOI, such as 10.1000/xyz')
        for curve in curves
        if curve.doi and not _DOI.fullmatch(curve.doi)
    ]
    for curve in curves:
        given = {name: values for name, values in ((x, curve.x), (y, curve.y)) if name in RANGES}
        found += [replace(one, message=f"{curve.name}: {one.message}") for one in doubts(given)]
    return found


def _plain_doi(text: str) -> str:
    """A DOI without an address."""
    lowered = text.strip()
    for head in ("https://doi.org/", "http://doi.org/", "http://dx.doi.org/", "https://dx.doi.org/", "doi:"):
        lowered = lowered[len(head) :].strip() if lowered.casefold().startswith(head) else lowered
    return lowered
