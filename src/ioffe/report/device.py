"""The report of a result of a device: its pictures, its page, and both as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from ioffe.base.errors import IoffeError
from ioffe.base.status import Status
from ioffe.device.cascade import materials_of
from ioffe.device_file.measured import Comparison, Measured
from ioffe.report import inputs, outputs, page, words
from ioffe.report.curves import curve, curves, curves_caption, family, family_axis, family_caption, panels_of
from ioffe.report.drawing import drawing
from ioffe.report.families import sweeps_of
from ioffe.report.profiles import best_point, point_words, profiles, profiles_caption
from ioffe.report.text import small
from ioffe.result.steady import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ioffe.device_file.read import DeviceFile


MIGRATION_NOTE = (
    "J_c is the current density above which a leg sets metal free after a long time. A margin J_c/J above 1 "
    "is safe. ioffe migrate shows the safe region and proposes barriers."
)
STATUS_KINDS = {Status.OK: "good", Status.OUTSIDE_TABLE: "fair"}


def write_report(
    result: Result, out: str | Path, device_file: DeviceFile | None = None, **how: Unpack[page.Writing]
) -> list[Path]:
    """Write the pictures of a result and `report.html` into a folder.

    Parameters
    ----------
    result : Result
        Of a generator or a cooler; its curves are solved again where it holds single operating points.
    out : path
        Folder; made if it does not exist.
    device_file : DeviceFile, optional
        For its name, its notes and the published values that are compared.
    **how
        ``formats`` and ``date``, see `ioffe.report.page.Writing`; the drawing of the device is always SVG.

    Returns
    -------
    list of Path
        The files: curves together, family, profiles, each curve alone, `device.svg`, `report.html`.

    Raises
    ------
    InputError
        For an unknown format.
    """
    measured, comparisons, notes, name = (), (), (), ""
    if device_file is not None:
        measured, comparisons = device_file.measured, device_file.comparisons
        notes, name = device_file.notes, device_file.name
    pictures, alone = pictures_of_page(result, measured)
    made = device_page(result, pictures, comparisons, notes, name)
    return page.write_page(made, out, more=alone, **how)


def pictures_of_page(
    result: Result, measured: Sequence[Measured] = ()
) -> tuple[dict[str, page.Picture], dict[str, Figure]]:
    """The pictures of the page, and the curves alone, by their names; without a solution there are none."""
    made: dict[str, page.Picture] = {}
    alone: dict[str, Figure] = {}
    try:
        sweeps = sweeps_of(result)
    except IoffeError:
        sweeps = None
    if sweeps is not None:
        caption = curves_caption(result, sweeps)
        together = curves(result, measured, sweeps)
        made["curves"] = page.Picture(together, caption, "Curves over the current", "curves")
        alone = {f"current-{name}": curve(result, name, measured, sweeps) for name in panels_of(result)}
    if family_axis(result):
        caption, drawn = family_caption(result, measured), family(result, measured)
        made["family"] = page.Picture(drawn, caption, "Maxima over the temperature", "family")
    best = best_point(result)
    if best is not None:
        alt, drawn = "Temperature, potential and heat flux through the device", profiles(result, best)
        made["profiles"] = page.Picture(drawn, profiles_caption(result, best), alt, "profiles")
    return made, alone


def device_page(
    result: Result,
    pictures: Mapping[str, page.Picture],
    comparisons: Sequence[Comparison] = (),
    notes: Sequence[str] = (),
    name: str = "",
) -> page.Page:
    """The page of a result.

    Parameters
    ----------
    result : Result
        What is reported.
    pictures : mapping of str to Picture
        Under the keys ``curves``, ``family`` and ``profiles``, as far as there are any.
    comparisons : sequence of Comparison
        Published beside computed values.
    notes : sequence of str
        Paragraphs from the device file.
    name : str
        Title; by default the name of the device.

    Returns
    -------
    Page
        To be rendered or written.
    """
    device, best = result.device, best_point(result)
    compared = outputs.comparison_table(comparisons)
    migration = outputs.migration_table(result)
    inside = ("No operating point has a solution, so there is no profile and no balance.",)
    if best is not None:
        balance, where = page.Facts(outputs.heat_facts(result, best)), point_words(result, best)
        inside = (
            pictures.get("profiles"),
            page.subsection(f"Energy balance at the best point ({where})", balance),
            page.subsection("Stages at this point, from the hot side", outputs.stages_table(result, best)),
        )
    shown = [pictures.get("curves"), pictures.get("family")] if pictures else ["No curve could be solved."]
    details = (
        outputs.maxima_table(result),
        page.subsection("Operating points", outputs.points_table(result)),
        page.subsection("Ion migration", migration, page.Note(MIGRATION_NOTE) if migration else None),
        page.subsection("Where the resistance comes from", outputs.resistance_table(result)),
    )
    difference = page.Note("Difference: computed less published, over published.") if compared else None
    heading = "Published beside computed values" if compared else "Notes"
    facts = page.Facts(inputs.device_facts(device))
    given = (
        page.subsection("Materials", inputs.materials_table(result)),
        page.subsection("Geometry", inputs.geometry_table(device), facts),
        page.subsection("Contacts", inputs.contacts_table(device)),
        page.subsection("Conditions", page.Facts(inputs.conditions_facts(result.conditions))),
    )
    states = page.PageTable(("Status", "Points", "What it means"), words.status_rows(result), (1,))
    limits = page.subsection("What the model does and leaves out", page.Bullets(words.limits(result)))
    return page.Page(
        title_of(result.device, name),
        words.subtitle(result),
        [
            page.warning_list(result.warnings),
            page.section("device", "Device", page.DeviceDrawing(drawing(device, result.conditions))),
            page.section("curves", "Curves", *shown),
            page.section(
                "maxima", "Maxima", "Largest values over the current at fixed temperatures.", *details
            ),
            page.section("published", heading, compared, difference, *notes),
            page.section("inside", "Inside the device", *inside),
            page.section("inputs", "Inputs and sources", *given),
            page.section("trust", "How far to trust it", page.Facts(_trust(result)), states, limits),
            page.citations(result.citations()),
            page.section("definitions", "Definitions", words.glossary_table(result)),
        ],
        words.verdict(result, comparisons),
        words.key_figures(result),
        status_bar(result.status, result.energy_balance, result.error_estimate),
    )


def title_of(device: object, name: str = "") -> str:
    """A name, or that of the device, or what it is."""
    return name or getattr(device, "name", "") or "Thermoelectric device"


def status_bar(status: Status, balance: float, error: float) -> page.StatusBar:
    """How good the numbers of a result are: its worst status, the energy balance and the numerical error."""
    text = f"Status {status_name(status)} · energy balance {small(balance)} · numerical error {small(error)}"
    return page.StatusBar(STATUS_KINDS.get(status, "off"), text)


def status_name(status: Status) -> str:
    """Status in words."""
    return status.name.lower().replace("_", " ")


def _trust(result: Result) -> list[tuple[str, str]]:
    stated = [m.name for m in materials_of(result.device) if m.has_std]
    return [
        ("Energy balance, largest over all points", small(result.energy_balance)),
        ("Estimated numerical error of the heat flow, largest", small(result.error_estimate)),
        ("Tolerance asked for", small(result.tolerance)),
        ("Fidelity", result.fidelity),
        ("Materials that state a standard deviation", ", ".join(stated) or "none"),
    ]
