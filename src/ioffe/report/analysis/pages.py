"""Analysis of materials with the exact efficiency of a leg, its pictures and its report.

>>> from pathlib import Path
>>> import ioffe as te
>>> found = analyse(te.load_material("Bi0.42Sb1.58Te3"), T_cold=330, T_hot=500)
>>> files = write_analysis(found, Path("out"), formats=("svg",))
>>> [path.name for path in files]
['analysis.svg', 'report.html']
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.material.analysis import Analysis
from ioffe.material.analysis.analyse import analyse as analyse_curves

if TYPE_CHECKING:
    from ioffe.material import Material
    from ioffe.material.fit import Fit
    from ioffe.report.page import Page, Writing


MOST_NAMES = 3
"""Samples that are named in the title."""


def analyse(materials: Material | Sequence[Material], *, exact: bool = True, **options: Any) -> Analysis:
    """Analysis of one sample or of a series; see `ioffe.material.analysis.analyse`.

    Parameters
    ----------
    materials : Material or sequence of Material
        Samples; names must differ.
    exact : bool
        Whether the span also gets the largest efficiency of a leg without contacts and its device ZT.
    **options
        As for `ioffe.material.analysis.analyse`.

    Returns
    -------
    Analysis
        Its samples have `max_efficiency` and `ZT` beside Kim's estimate.

    Examples
    --------
    >>> import ioffe as te
    >>> sample = analyse(te.load_material("Bi0.42Sb1.58Te3"), T_cold=330, T_hot=500)[0]
    >>> round(float(sample.max_efficiency.value), 4), round(float(sample.efficiency_kim.value), 4)
    (0.0542, 0.0564)
    """
    return analyse_curves(materials, legs=exact_legs if exact else None, **options)


def exact_legs(materials: Sequence[Material], T_cold: Array, T_hot: Array) -> Mapping[str, Array]:
    """Largest efficiencies of legs without contacts and losses between two temperatures, and device ZT.

    They do not depend on length and cross-section. The device ZT is that of constant properties with
    the same efficiency (`ioffe.transport.merit.device_ZT`). Materials of the same name are the first of them
    with an error of its properties, and are solved at its current: a shift of the best current changes the
    largest efficiency in second order alone.

    `materials`: one for each leg, which were checked before.
    `T_cold`, `T_hot`: in K, one for each leg.
    Returns: `max_efficiency` and `ZT`; NaN where there is no solution.
    """
    from ioffe.device import Generator, Leg, Status
    from ioffe.solve.batch.solve import solve_cases
    from ioffe.transport.merit import device_ZT

    leg = Leg(materials[0], length=1e-3, area=1e-6)
    sides = {"T_hot": float(T_hot[0]), "T_cold": float(T_cold[0])}

    def solved(of: NDArray[np.intp], operation: Generator, **more: Array) -> Array:
        vary = {"material": [materials[k] for k in of], "T_hot": T_hot[of], "T_cold": T_cold[of], **more}
        batch = solve_cases(leg, operation, vary, keep=["efficiency", "current"])
        return np.where(batch.point_status < Status.RUNAWAY, (batch.efficiency, batch.current), nan)

    known: dict[str, int] = {}
    own = np.array([known.setdefault(one.name, k) for k, one in enumerate(materials)])
    efficiency, current = np.full((2, len(own)), nan)
    first = np.unique(own)
    efficiency[first], current[first] = solved(first, Generator(**sides, load="max_efficiency"))
    rest = np.setdiff1d(np.flatnonzero(np.isfinite(current[own])), first)
    if len(rest):
        at = current[own[rest]]
        efficiency[rest] = solved(rest, Generator(**sides, current=float(at[0])), current=at)[0]
    return {"max_efficiency": efficiency, "ZT": np.asarray(device_ZT(efficiency, T_hot, T_cold))}


def write_analysis(
    analysis: Analysis, out: str | Path, title: str = "", fit: Fit | None = None, **how: Unpack[Writing]
) -> list[Path]:
    """Write the picture of an analysis and `report.html` into a folder.

    Parameters
    ----------
    analysis : Analysis
        The picture shows sixteen samples at most: those with the largest zT.
    out : path
        Folder; made if it does not exist.
    title : str
        Of the report; by default the names of the samples.
    fit : Fit, optional
        Of bands to the samples; it gets a section and a picture.
    **how
        ``formats`` and ``date``, see `ioffe.report.page.Writing`.

    Returns
    -------
    list of Path
        `analysis` (and `fit`) in every format, and `report.html`.

    Raises
    ------
    InputError
        For an unknown format.
    """
    from ioffe.report.page import write_page

    return write_page(analysis_page(analysis, title, fit), out, **how)


def analysis_page(analysis: Analysis, title: str = "", fit: Fit | None = None) -> Page:
    """The page of an analysis.

    Parameters
    ----------
    analysis : Analysis
        What is reported.
    title : str
        By default the names of the samples.
    fit : Fit, optional
        Bands fitted to the samples.

    Returns
    -------
    Page
        To be rendered or written.
    """
    from ioffe.report.analysis import tables
    from ioffe.report.analysis.figure import drawn_of, figure
    from ioffe.report.fit import fit_section
    from ioffe.report.page import Facts, Note, Page, Picture, findings, section, subsection

    names = [sample.name for sample in analysis]
    shares = tables.shares_table(analysis)
    average = "Shares of the variance, averaged over the temperatures." if shares else None
    errors = Facts(tables.error_facts(analysis)), average, shares
    doubts: dict[tuple[str, str], list[str]] = {}
    for sample in analysis:
        for one in sample.findings:
            doubts.setdefault((one.severity, one.message), []).append(sample.name)
    several = len(names) > 1
    found = ((kind, _some(alike) if several else "", text) for (kind, text), alike in doubts.items())
    gap = subsection("Gap and bipolar conduction", tables.gap_table(analysis))
    summary = tables.summary_table(analysis), Note(tables.SUMMARY_NOTE), gap
    hall = tables.hall_table(analysis)
    drawn = drawn_of(analysis)
    few = f"The {len(drawn)} of {len(names)} samples with the largest zT." if len(drawn) < len(names) else ""
    values = (subsection(s.name, *tables.values_tables(s)) for s in analysis)
    return Page(
        title or _some(names),
        "Analysis of 1 sample" if len(names) == 1 else f"Analysis of {len(names)} samples",
        [
            findings(found),
            section("curves", "Curves", Picture(figure(drawn), few, tables.ALT, "analysis")),
            section("summary", "Over the temperature span", *summary, link="Over the span"),
            section("hall", "Hall measurement and one parabolic band", hall, link="Hall measurement"),
            *([] if fit is None else [fit_section(fit)]),
            section("errors", "Errors and where they come from", *errors, link="Errors"),
            section("tables", "Values at the measured temperatures", *values, link="Values"),
            section("method", "What the numbers mean", tables.method_table(analysis)),
            section("sources", "Samples and sources", tables.sources_table(analysis), link="Sources"),
        ],
        tables.verdict(analysis),
        tables.key_figures(analysis),
    )


def _some(names: list[str]) -> str:
    """Samples by their names, by the first of them where they are many."""
    from ioffe.report.text import list_of

    return list_of(names if len(names) <= MOST_NAMES else [names[0], f"{len(names) - 1} more samples"])
