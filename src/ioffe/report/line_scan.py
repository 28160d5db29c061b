"""The report of a line scan: one HTML file with everything in it, readable without a network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ioffe._version import __version__
from ioffe.base.plotting import unit_label
from ioffe.material.uncertainty import Estimate, with_error
from ioffe.measure.line_scan import LineScan
from ioffe.report.html import environment
from ioffe.report.markup import Table, linked, symbol
from ioffe.report.saving import embedded
from ioffe.report.text import list_of, printed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["render", "write_line_scan"]

NAME = "line-scan"
REPORT = "report.html"
CONTACT = "electrical_contact_resistivity"
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
CAUSES = {
    "noise": "noise of the points",
    "position": "position of the interface",
    "scans": "scatter between scans",
    "area": "cross-section",
    "length": "scale of the positions",
}


def write_line_scan(
    found: LineScan,
    out: str | Path,
    formats: Sequence[str] = ("svg", "png"),
    date: str | None = None,
    title: str = "",
    files: Sequence[str] = (),
) -> list[Path]:
    """Write the picture of a line scan and `report.html` into a folder.

    Parameters
    ----------
    found : LineScan
    out : path
        Folder; made if it does not exist.
    formats : sequence of str
        ``"svg"``, ``"png"``, ``"pdf"``.
    date : str, optional
        Printed in the report; by default that of today.
    title : str
        Of the report.
    files : sequence of str
        From which the scans were read.

    Returns
    -------
    list of Path
        `line-scan` in every format, and `report.html`.

    Raises
    ------
    InputError
        For an unknown format.
    """
    from datetime import datetime

    from ioffe.report import checked_formats
    from ioffe.report.saving import save, settle

    checked_formats(formats)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    drawn = settle(found.plot())
    paths = save(drawn, folder, NAME, formats)
    today = datetime.now().astimezone().date().isoformat() if date is None else date
    report = folder / REPORT
    report.write_text(render(found, drawn, today, title, files), encoding="utf-8")
    return [*paths, report]


def render(
    found: LineScan, figure: Figure, date: str = "", title: str = "", files: Sequence[str] = ()
) -> str:
    """HTML text of the report.

    Parameters
    ----------
    found : LineScan
    figure : Figure
        Its picture.
    date, title : str
    files : sequence of str
        From which the scans were read.
    """
    context: dict[str, Any] = {
        "title": title or "Line scan",
        "subtitle": f"{' | '.join(found.parts)}" + (f", from {list_of(list(files))}" if files else ""),
        "date": date,
        "version": __version__,
        "verdict": _verdict(found),
        "figures": _figures(found),
        "findings": [(f.severity, f.message) for f in found.findings],
        "picture": embedded(figure),
        "contacts": _contacts(found),
        "errors": _errors(found),
        "scans": _scans(found),
        "slopes": _slopes(found),
        "method": [linked(text) for text in (FITTED, JUMP, PLACE, MEAN)],
    }
    return environment().get_template("line_scan.html.jinja").render(context)


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


def _figures(found: LineScan) -> list[tuple[str, str]]:
    out = [(one.name, _words(one.resistivity, CONTACT)) for one in found.interfaces]
    if len(out) > 1:
        out.append(("mean of both", _words(found.mean, CONTACT)))
    return [*out, ("conductivity of the leg", _words(found.conductivity, "electrical_conductivity"))]


def _contacts(found: LineScan) -> Table:
    heads = ("Interface", "Position", "Jump", symbol(CONTACT), "68.3 % from", "to")
    rows = []
    for one in found.interfaces:
        ends = [printed(float(end), CONTACT, 4) for end in (one.resistivity.low, one.resistivity.high)]
        where = _label(with_error(one.position, one.position_std, "position"))
        rows.append(
            (
                one.name,
                where,
                _words(one.resistance, "contact_resistance"),
                _words(one.resistivity, CONTACT),
                *ends,
            )
        )
    return Table(heads, tuple(rows), frozenset(range(1, 6)))


def _errors(found: LineScan) -> Table:
    """Shares of the variances."""
    named = [(f"ρc, {one.name}", one.resistivity) for one in found.interfaces]
    named.append(("σ of the leg", found.conductivity))
    causes = [c for c in CAUSES if any(float(e.shares.get(c, 0.0)) > 0.0 for _, e in named)]
    rows = [(name, *(f"{100 * float(e.shares.get(c, 0.0)):.0f} %" for c in causes)) for name, e in named]
    return Table(("", *(CAUSES[c] for c in causes)), tuple(rows), frozenset(range(1, len(causes) + 1)))


def _scans(found: LineScan) -> Table:
    heads = [
        "Scan",
        "Points",
        "Not counted",
        "Noise",
        *(Markup("{} {}").format(symbol(CONTACT), i.name) for i in found.interfaces),
    ]
    rows = []
    for k, one in enumerate(found.scans):
        each = [_label(with_error(*i.of_scans[k], CONTACT)) for i in found.interfaces]
        noise = printed(one.noise, "contact_resistance", 2)
        rows.append((one.scan.name, str(one.weights.size), str(int(one.outliers.sum())), noise, *each))
    return Table(tuple(heads), tuple(rows), frozenset(range(1, len(heads))))


def _slopes(found: LineScan) -> list[tuple[str, str]]:
    out = [("Cross-section", printed(found.area, "area", 4))]
    metals = [f"part {k + 1}" for k, word in enumerate(found.parts) if word == "metal"]
    for name, value in zip(metals, found.resistivity_of_metals, strict=True):
        shown = _label(with_error(float(value.value), float(value.std), "electrical_resistivity"))
        out.append((f"Slope of the metal, {name}, as ρ", shown))
    drifts = [f"{one.scan.name}: {one.drift * 1e9:.3g} nΩ/s" for one in found.scans if one.drift is not None]
    return [*out, *((("Drift", ", ".join(drifts)),) if drifts else ())]
