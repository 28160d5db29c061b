"""What pages tell of measured devices: tables of differences, parameters, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from ioffe.base.plotting import unit_label
from ioffe.measured.calibration import Calibration
from ioffe.measured.comparison import MeasuredBesideComputed
from ioffe.measured.figures import HARMAN
from ioffe.measured.readings import HEATS
from ioffe.report import page
from ioffe.report.markup import rich_text
from ioffe.report.measured.figures import calibration_figure, residual_figure, sweep_figure
from ioffe.report.text import printed, signed_percent, spoken, words_of

if TYPE_CHECKING:
    pass

CAPTION = "Open symbols: measured. Lines: computed at the mean temperatures of each sweep."
CALIBRATED = "Open symbols: measured. Lines: with the fitted parameters; dotted: the device as it was."
DIFFERENCE = (
    "Both by the same evaluation at the same currents: polynomials of one order through V(I), Q(I). "
    "Errors are one standard deviation, from the scatter and from what is stated."
)
FITTED = (
    "Least squares with the derivatives of the engine; outliers weigh less. Intervals follow from the "
    "profile of the sum: the other parameters are fitted again at every value of the one."
)


def comparison_rows(found: MeasuredBesideComputed) -> list[tuple[str, str, str, str, str, str, str]]:
    """Temperatures, figure, measured, computed, measured less computed, and that over the computed.

    Returns: one row for each figure of each sweep.
    """
    rows, m = [], found.measured
    for name in (*found.names, *(name for name in HARMAN if name in m.values and name not in found.names)):
        for k in range(len(m.T_hot)):
            value = float(m.values[name][k])
            computed = float(found.computed.values[name][k]) if name in found.names else np.nan
            if not np.isfinite(value) or (name in found.names and np.isnan(computed)):
                continue
            at = tuple(f"{T[k]:.1f} K" if np.isfinite(T[k]) else "-" for T in (m.T_hot, m.T_cold))
            less = ("-", "-", "-")
            if name in found.names:
                less = (
                    spoken(computed, name),
                    spoken(value - computed, name, 2),
                    signed_percent(value / computed - 1.0 if computed else np.nan),
                )
            std = float(m.std[name][k])
            error = f" ± {spoken(std, name, 2)}" if std > 0.0 else ""
            rows.append((words_of(name), *at, spoken(value, name) + error, *less))
    return rows


HEADS = ("Figure", "T hot", "T cold", "Measured", "Computed", "Measured − computed", "of the computed")


def measured_section(
    found: Sequence[MeasuredBesideComputed], notes: Sequence[str] = ()
) -> page.Section | None:
    """The section of a device's page about its measured sweeps; None without any.

    `found`: one for each table of sweeps.
    `notes`: what else must be known of each.
    """
    if not found:
        return None
    contents: list[Any] = []
    for k, one in enumerate(found):
        rows = comparison_rows(one)
        table = page.PageTable(HEADS, rows, page.numbers_from(1)) if rows else None
        remarks = [page.Note(text) for text in (*one.warnings, *one.notes)]
        name = "measured" if len(found) == 1 else f"measured-{k + 1}"
        picture = page.Picture(sweep_figure(one), CAPTION, "Measured points over computed curves", name)
        parts = (picture if one.names else None, table, page.Note(DIFFERENCE), *remarks)
        words = " ".join(
            filter(None, [Path(one.measured.measurement.name).name, notes[k] if k < len(notes) else ""])
        )
        contents.append(page.subsection(words, *parts))
    return page.section("measurement", "Measured beside computed", *contents, link="Measured")


def parameter_rows(found: Calibration) -> list[tuple[str, str, str, str, str]]:
    """Parameter, value of the device, fitted value, interval, and what was known besides."""
    rows = []
    for k, one in enumerate(found.parameters):
        name = f"{one.name} (factor)" if one.is_factor else one.name
        low, high = (one.shown(float(x[k]), 3) for x in (found.low, found.high))
        ends = f"{low} to {high}" + (", at its bound" if found.is_at_bound(k) else "")
        known = f"± {one.shown(one.known, 2)}" if one.known else ""
        rows.append((name, one.shown(one.start), one.shown(float(found.values[k])), ends, known))
    return rows


def _labelled(found: Calibration) -> list[tuple[str, ...]]:
    """Rows of the parameters with their units as they are printed."""
    return [(row[0], *(unit_label(cell) for cell in row[1:])) for row in parameter_rows(found)]


def calibration_page(found: Calibration, name: str = "", notes: Sequence[str] = ()) -> page.Page:
    """The page of a calibration.

    Parameters
    ----------
    found : Calibration
        What is reported.
    name : str
        Title; by default the name of the device.
    notes : sequence of str
        Paragraphs of the device file.

    Returns
    -------
    Page
        To be rendered or written.

    Examples
    --------
    >>> import ioffe as te
    >>> leg = te.Leg("MgAgSb0.99In0.01", "5 mm", "9 mm2", contact=te.Contact("8 uohm cm2"))
    >>> points = {"current": [0.0, 1.0], "voltage": [0.038, 0.0291], "T_hot": [500.0] * 2}
    >>> made = te.measured.measurement_of(points, T_cold=303.0, noise={"voltage": "0.1 mV"})
    >>> found = te.calibrate(leg, te.Generator(T_hot=500.0, T_cold=303.0), made, "material.seebeck")
    >>> [one.anchor for one in calibration_page(found).sections[1:]]
    ['parameters', 'curves', 'left', 'correlations']
    """
    share = f"{100 * found.confidence:g} % interval"
    parameters = page.PageTable(("Parameter", "Before", "Fitted", share, "Known besides"), _labelled(found))
    left = [(n, f"{runs} runs of equal sign, probability {p:.2g}") for n, (runs, p) in found.runs.items()]
    left.insert(
        0, ("Residuals", f"{found.residual_size:.3g} times the noise, probability {found.probability_words}")
    )
    left += [(f"Noise of the {n.replace('_', ' ')}", printed(v, n, 2)) for n, v in found.noise.items()]
    heads = ("", *found.names)
    alike = [(a, *(f"{c:+.2f}" for c in row)) for a, row in zip(found.names, found.correlation, strict=True)]
    curves = None
    if "voltage" in found.noise or set(HEATS) & set(found.noise):
        curves = page.Picture(
            calibration_figure(found), CALIBRATED, "Measured points and fitted curves", "calibration"
        )
    rest = page.Picture(residual_figure(found), "", "Residuals over the current", "residuals")
    return page.Page(
        name or found.device.name or "Calibration",
        f"Calibration with {len(found.measured)} measured points.",
        [
            page.findings((f.severity, "", f.message) for f in found.findings),
            page.section(
                "parameters", "What explains the measurement", parameters, page.Note(FITTED), *notes
            ),
            page.section("curves", "Curves", curves),
            page.section("left", "What is left", page.Facts(left), rest),
            page.section(
                "correlations",
                "Correlations of the estimates",
                page.PageTable(heads, alike, page.numbers_from(1)),
            ),
        ],
        [rich_text(f"{n}: {unit_label(found.shown(n))}.") for n in found.names[:3]],
    )


def write_calibration(
    found: Calibration,
    out: str | Path,
    name: str = "",
    notes: Sequence[str] = (),
    **how: Unpack[page.Writing],
) -> list[Path]:
    """Write the pictures of a calibration and `report.html` into a folder.

    Parameters
    ----------
    found : Calibration
        What is reported.
    out : path
        Folder; made if it does not exist.
    name : str
        Title; by default the name of the device.
    notes : sequence of str
        Paragraphs of the report.
    **how
        ``formats`` and ``date``, see `ioffe.report.page.Writing`.

    Returns
    -------
    list of Path
        `calibration` and `residuals` in every format, and `report.html`.

    Raises
    ------
    InputError
        For an unknown format.

    Examples
    --------
    >>> import ioffe as te
    >>> leg = te.Leg("MgAgSb0.99In0.01", "5 mm", "9 mm2", contact=te.Contact("8 uohm cm2"))
    >>> points = {"current": [0.0, 1.0], "voltage": [0.038, 0.0291], "T_hot": [500.0] * 2}
    >>> made = te.measured.measurement_of(points, T_cold=303.0, noise={"voltage": "0.1 mV"})
    >>> found = te.calibrate(leg, te.Generator(T_hot=500.0, T_cold=303.0), made, "material.seebeck")
    >>> [path.name for path in write_calibration(found, "out", formats=("svg",))]
    ['calibration.svg', 'residuals.svg', 'report.html']
    """
    return page.write_page(calibration_page(found, name, notes), out, **how)
