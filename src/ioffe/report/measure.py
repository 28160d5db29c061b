"""Pictures and reports of raw measurements: line scans, onsets, Seebeck maps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np
from markupsafe import Markup

from ioffe.base.curve import Curve
from ioffe.base.plotting import COLOURS, axis_label, look, new_figure, unit_label
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert
from ioffe.interface.ageing.junctions import AgedJunctions
from ioffe.interface.ageing.result import draw_ageing
from ioffe.material.uncertainty import Estimate, with_error
from ioffe.measure.critical_current import Onset
from ioffe.measure.estimates import in_words
from ioffe.measure.hall_table import HallMeasurement
from ioffe.measure.laser_flash import LaserFlash, known_std
from ioffe.measure.line_scans import LineScan
from ioffe.measure.seebeck_map import SeebeckMap
from ioffe.measure.tlm import TransferLength
from ioffe.measure.zem import ZemResult
from ioffe.report import page
from ioffe.report.markup import symbol
from ioffe.report.pictures import title_letters, write_pictures
from ioffe.report.text import list_of, printed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CONTACT = "electrical_contact_resistivity"
TRANSFER = {"rho_c": r"$\rho_\mathrm{c}$", "R_sheet": r"$R_\mathrm{sh}$", "L_T": r"$L_\mathrm{T}$"}
"""What is written in the picture of a transfer length, and how."""
FITTED = (
    "Each part of a scan is a straight line, fitted with Tukey's biweight, for which points far off do not "
    "count (P. J. Huber, E. M. Ronchetti, Robust Statistics, doi 10.1002/9780470434697)."
)
JUMP = (
    "The jump is the difference of the lines of both sides at the interface; times the cross-section it is "
    "ρc. A tilt of the whole scan does not change it."
)
PLACE = (
    "Between the last point on one side and the first on the other the position of the interface is not "
    "known. Every position counts with its probability, and its error is part of that of ρc."
)
MEAN = (
    "Scans are averaged with their errors and the scatter between them (R. DerSimonian, N. Laird, "
    "doi 10.1016/0197-2456(86)90046-2). Errors are half of the interval of 68.3 % probability."
)
CAUSES = {"noise": "noise of the points", "position": "position of the interface"}
CAUSES |= {"scans": "scatter between scans", "area": "cross-section", "length": "scale of the positions"}
SCANS = (
    "a: resistance over the position, less that of the first metal at the interface. Lower left: the jumps "
    "enlarged; dotted the jump between the lines extrapolated to the interface, grey one standard deviation "
    "of its position. Right: residuals. Crosses are points that do not count."
)
MOST_BINS = 40
LINE_POINTS = 201


def write_line_scan(
    found: LineScan, out: str | Path, title: str = "", files: Sequence[str] = (), **how: Unpack[page.Writing]
) -> list[Path]:
    """Write the picture of a line scan and `report.html` into a folder.

    Parameters
    ----------
    found : LineScan
        What is reported.
    out : path
        Folder; made if it does not exist.
    title : str
        Of the report.
    files : sequence of str
        From which the scans were read.
    **how
        ``formats`` and ``date``, see `ioffe.report.page.Writing`.

    Returns
    -------
    list of Path
        `line-scan` in every format, and `report.html`.

    Raises
    ------
    InputError
        For an unknown format.
    """
    return page.write_page(line_scan_page(found, title, files), out, **how)


def line_scan_page(found: LineScan, title: str = "", files: Sequence[str] = ()) -> page.Page:
    """The page of a line scan.

    Parameters
    ----------
    found : LineScan
        What is reported.
    title : str
        Of the page.
    files : sequence of str
        From which the scans were read.

    Returns
    -------
    Page
        To be rendered or written.
    """
    alt = "Resistance over the position, the jumps enlarged, the residuals"
    alone = page.Note("Errors of single scans, without those of the cross-section.")
    each = page.subsection("Each scan", alone, _scans(found), page.Facts(_slopes(found)))
    return page.Page(
        title or "Line scan",
        " | ".join(found.parts) + (f", from {list_of(list(files))}" if files else ""),
        [
            page.findings((f.severity, "", f.message) for f in found.findings),
            page.section("curves", "Scans", page.Picture(found.figure(), SCANS, alt, "line-scan")),
            page.section("contacts", "Interfaces", _contacts(found), each),
            page.section("errors", "Where the errors come from", "Shares of the variance.", _errors(found)),
            page.section("method", "How it was computed", page.Bullets((FITTED, JUMP, PLACE, MEAN))),
        ],
        [_verdict(found)],
        _key_figures(found),
    )


def _words(estimate: Estimate, quantity: str) -> str:
    return _label(with_error(float(estimate.value), float(estimate.std), quantity))


def _label(text: str) -> str:
    return unit_label(text).replace("-", "−") if not text.endswith("^-3") else text


def _verdict(found: LineScan) -> str:
    count = len(found.scans)
    scans = "One scan gives" if count == 1 else f"{count} scans give"
    contacts = list_of([f"{_words(one.resistivity, CONTACT)} ({one.name})" for one in found.interfaces])
    mean = f", {_words(found.mean, CONTACT)} in the mean" if len(found.interfaces) > 1 else ""
    leg = _words(found.conductivity, "electrical_conductivity")
    return f"{scans} a contact resistivity of {contacts}{mean}, and {leg} for the leg."


def _key_figures(found: LineScan) -> list[page.KeyFigure]:
    out = [page.KeyFigure(one.name, _words(one.resistivity, CONTACT)) for one in found.interfaces]
    if len(out) > 1:
        out.append(page.KeyFigure("mean of both", _words(found.mean, CONTACT)))
    leg = _words(found.conductivity, "electrical_conductivity")
    return [*out, page.KeyFigure("conductivity of the leg", leg)]


def _contacts(found: LineScan) -> page.PageTable:
    heads = ("Interface", "Position", "Jump", symbol(CONTACT), "68.3 % from", "to")
    rows = []
    for one in found.interfaces:
        ends = [printed(float(end), CONTACT, 4) for end in (one.resistivity.low, one.resistivity.high)]
        where = _label(with_error(one.position, one.position_std, "position"))
        numbers = _words(one.resistance, "contact_resistance"), _words(one.resistivity, CONTACT)
        rows.append((one.name, where, *numbers, *ends))
    return page.PageTable(heads, rows, page.numbers_from(1), "values")


def _errors(found: LineScan) -> page.PageTable:
    """Shares of the variances."""
    named = [(f"ρc, {one.name}", one.resistivity) for one in found.interfaces]
    named.append(("σ of the leg", found.conductivity))
    causes = [c for c in CAUSES if any(float(e.shares.get(c, 0.0)) > 0.0 for _, e in named)]
    rows = [(name, *(f"{100 * float(e.shares.get(c, 0.0)):.0f} %" for c in causes)) for name, e in named]
    return page.PageTable(("", *(CAUSES[c] for c in causes)), rows, page.numbers_from(1), "narrow")


def _scans(found: LineScan) -> page.PageTable:
    contacts = (Markup("{} {}").format(symbol(CONTACT), one.name) for one in found.interfaces)
    heads = ("Scan", "Points", "Not counted", "Noise", *contacts)
    rows = []
    for k, one in enumerate(found.scans):
        each = [_label(with_error(*i.of_scans[k], CONTACT)) for i in found.interfaces]
        noise = printed(one.noise, "contact_resistance", 2)
        rows.append((one.scan.name, str(one.weights.size), str(int(one.outliers.sum())), noise, *each))
    return page.PageTable(heads, rows, page.numbers_from(1), "values")


def _slopes(found: LineScan) -> list[tuple[str, str]]:
    out = [("Cross-section", printed(found.area, "area", 4))]
    metals = [f"part {k + 1}" for k, word in enumerate(found.parts) if word == "metal"]
    for name, value in zip(metals, found.resistivity_of_metals, strict=True):
        shown = _label(with_error(float(value.value), float(value.std), "electrical_resistivity"))
        out.append((f"Slope of the metal, {name}, as ρ", shown))
    drifts = [f"{one.scan.name}: {one.drift * 1e9:.3g} nΩ/s" for one in found.scans if one.drift is not None]
    return [*out, *((("Drift", ", ".join(drifts)),) if drifts else ())]


def measured_pictures(result: object) -> dict[str, Callable[[Axes], None]]:
    """Pictures of a measurement by their names.

    `result`: a transfer length, an onset, a laser flash, a ZEM-3 run, a Hall measurement, aged junctions;
        others have none here.
    Returns: each draws on axes that it is given.
    """
    if isinstance(result, TransferLength):
        return {"transfer-length": partial(draw_transfer_length, found=result)}
    if isinstance(result, Onset):
        return {"onset": partial(draw_onset, found=result)}
    if isinstance(result, LaserFlash):
        curves = {"diffusivity": result.diffusivity, "conductivity": result.thermal_conductivity}
        return {name: partial(draw_points, curve=curve) for name, curve in curves.items()}
    if isinstance(result, ZemResult):
        both = {"seebeck": result.seebeck, "resistivity": result.electrical_resistivity}
        return {name: partial(draw_points, curve=curve) for name, curve in both.items()}
    if isinstance(result, AgedJunctions):
        return {"ageing": partial(draw_ageing, junctions=result.drawn())}
    if isinstance(result, HallMeasurement):
        return {"hall": partial(draw_hall, found=result)}
    return {}


def draw_points(ax: Axes, curve: Curve) -> None:
    """Draw the points of a curve with their standard deviations over the temperature.

    `curve`: made of points.
    """
    entry = QUANTITIES[curve.quantity]
    values, std = (
        np.asarray(convert(v, entry.unit, entry.display_unit)) for v in (curve.values, known_std(curve))
    )
    ax.plot(curve.T, values, color=COLOURS[0], linewidth=0.8)
    ax.errorbar(curve.T, values, std, fmt="o", color=COLOURS[0], elinewidth=0.8, capsize=1.5)
    ax.set(xlabel=axis_label("temperature"), ylabel=axis_label(curve.quantity))


def draw_hall(ax: Axes, found: HallMeasurement) -> None:
    """Draw Hall resistances over the field with their straight lines, or carrier densities over T."""
    if found.magnetic_field.size:
        B = found.magnetic_field
        ax.plot(B, found.resistance * 1e3, "o", color=COLOURS[1], label="measured")
        ends = np.argsort(B, kind="stable")
        style = "-" if len(found.results) == 1 else "."
        ax.plot(B[ends], found.fitted[ends] * 1e3, style, color=COLOURS[0], label="straight line")
        ax.set(xlabel=axis_label("magnetic_field"), ylabel=r"Hall resistance $R_{xy}$ (mΩ)")
        ax.legend()
        return
    n = found.columns()
    density, std = (n[f"hall_carrier_density{end}"] / 1e6 for end in ("", "_std"))
    at = found.T if np.all(np.isfinite(found.T)) else np.arange(1, found.T.size + 1)
    ax.errorbar(at, density, std, fmt="o", color=COLOURS[0], elinewidth=0.8, capsize=1.5)
    label = axis_label("temperature") if at is found.T else "Measurement"
    ax.set(xlabel=label, ylabel=axis_label("hall_carrier_density"))


def draw_transfer_length(ax: Axes, found: TransferLength) -> None:
    """Draw resistances against the gap with the fit."""
    order = np.argsort(found.gap, kind="stable")
    d, fitted = found.gap[order] * 1e6, found.fitted[order]
    if found.geometry == "linear":
        start = 0.0 if found.contact_resistance is None else 2.0 * float(found.contact_resistance.value)
        d, fitted = np.append(0.0, d), np.append(start, fitted)
    ax.plot(d, fitted, color=COLOURS[0], label="fit")
    ax.plot(found.gap * 1e6, found.resistance, "o", color=COLOURS[1], label="measured")
    ax.set_xlim(left=0.0)
    ax.set_ylim(bottom=min(0.0, float(np.min(found.resistance))))
    ax.set(xlabel="Gap $d$ (µm)", ylabel="Resistance $R$ (Ω)")
    ax.legend(loc="upper left")
    words = {key: unit_label(in_words(v, of).replace("um", "µm")) for key, v, of in found.named()}
    lines = [f"{label} = {words[key]}" for key, label in TRANSFER.items()]
    ax.text(0.97, 0.05, "\n".join(lines), transform=ax.transAxes, ha="right", fontsize=7.0)


def onset_figure(found: Onset) -> Figure:
    """Ratios over the current density in A/cm2 with the fitted lines.

    `found`: over the current density.
    Returns: a figure 100 mm wide; the band is the interval of the break.
    """
    with look():
        drawn, (ax,) = new_figure(width=100.0, height=72.0)
        draw_onset(ax, found)
    return drawn


def draw_onset(ax: Axes, found: Onset) -> None:
    """Draw the picture of `onset_figure` on given axes.

    `found`: over the current density.
    """
    x, y = found.x / 1e4, found.ratio
    if found.std is None:
        ax.plot(x, y, "o", color=COLOURS[0], ms=3.5, zorder=2)
    else:
        ax.errorbar(x, y, found.std, fmt="o", color=COLOURS[0], ms=3.5, lw=0.7, zorder=2)
    corner = [found.position / 1e4] if found.exists else []
    at = np.sort(np.append(np.linspace(x.min(), x.max(), LINE_POINTS), corner))
    ax.plot(at, found.value_at(at * 1e4), color="#3a3a3a", zorder=3)
    if found.exists:
        low, high = (v / 1e4 for v in found.interval)
        ends = (low if np.isfinite(low) else x.min(), high if np.isfinite(high) else x.max())
        ax.axvspan(*ends, color=COLOURS[1], alpha=0.2, lw=0)
        ax.axvline(found.position / 1e4, color=COLOURS[1])
        unit = unit_label("A/cm2")
        label = rf"$J_\mathrm{{c}}$ = {found.position / 1e4:.4g} {unit}, "
        label += f"{100 * found.confidence:.0f} %: {ends[0]:.4g} to {ends[1]:.4g} {unit}"
    else:
        label = f"no onset:\n{found.reason}"
    ax.set_title(label, loc="right", fontsize=7.0)
    ax.set(xlabel=f"Current density $J$ ({unit_label('A/cm2')})", ylabel=r"$R/R_0$ or $S/S_0$")


def write_onset(found: Onset, folder: Path) -> list[Path]:
    """Write the picture of an onset into a folder.

    Parameters
    ----------
    found : Onset
        As for `onset_figure`.
    folder : Path
        Folder; made if it does not exist.

    Returns
    -------
    list of Path
        The files.
    """
    return write_pictures({"onset": onset_figure(found)}, folder)


def seebeck_map_figure(found: SeebeckMap) -> Figure:
    """Map of S over the surface, and the distribution of its values.

    Returns: a figure 170 mm wide. Positions at which nothing was measured stay white; the dashed line is the
        mean, the band one standard deviation of the points.
    """
    x, y, values = found.picture()
    stats = found.statistics()
    shown = found.seebeck * 1e6
    with look():
        drawn, (left, right) = new_figure(1, 2, width=170.0, height=72.0, width_ratios=(1.25, 1.0))
        style = {"shading": "nearest", "cmap": "viridis", "rasterized": True}
        mesh = left.pcolormesh(x * 1e3, y * 1e3, values * 1e6, **style)
        left.set(aspect="equal", xlabel="Position $x$ (mm)", ylabel="Position $y$ (mm)")
        drawn.colorbar(mesh, ax=left, label=axis_label("seebeck"))
        mean, std = stats.mean * 1e6, stats.std * 1e6
        right.axvspan(mean - std, mean + std, color="0.9", linewidth=0.0, zorder=0)
        right.axvline(mean, color="0.2", linestyle="--", linewidth=0.9)
        bins = int(np.clip(np.sqrt(shown.size), 5, MOST_BINS))
        right.hist(shown, bins=bins, color=COLOURS[0], edgecolor="white", linewidth=0.4)
        right.set(xlabel=axis_label("seebeck"), ylabel="Number of points")
        right.locator_params("y", integer=True)
        text = unit_label(with_error(stats.mean, stats.standard_error, "seebeck")).replace("-", "−")
        words = f"mean {text}\nuniformity {100 * stats.uniformity:.1f} %, {stats.points} points"
        right.set_title(words, loc="right", fontsize=7.0)
        title_letters((left, right))
    return drawn


def write_seebeck_map(found: SeebeckMap, out: str | Path, formats: Sequence[str] = ()) -> list[Path]:
    """Write the picture of a Seebeck map into a folder.

    Parameters
    ----------
    found : SeebeckMap
        What was measured.
    out : path
        Folder; made if it does not exist.
    formats : sequence of str
        ``"svg"``, ``"png"``, ``"pdf"``.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    InputError
        For an unknown format.
    """
    return write_pictures({"seebeck-map": seebeck_map_figure(found)}, out, formats)
