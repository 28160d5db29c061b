"""The report of a result of a device: its pictures, its page, and both as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from markupsafe import Markup

from ioffe.base.errors import IoffeError
from ioffe.base.plotting import unit_label
from ioffe.base.status import Status
from ioffe.base.units import format_si
from ioffe.device.cascade import Cascade, legs_of, materials_of
from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact
from ioffe.device_file.measured import Comparison, Measured
from ioffe.field.elements.solids import leg_at
from ioffe.measured.file import compared
from ioffe.report import inputs, page, text, words
from ioffe.report.bodies.contents import bodies_shown
from ioffe.report.bodies.drawing import BodyView
from ioffe.report.curves import curve, curves, curves_caption, family, family_axis, family_caption, panels_of
from ioffe.report.drawing import drawing
from ioffe.report.families import best_family, families, sweeps_of
from ioffe.report.inputs import stages_of
from ioffe.report.markup import columns, data_cell, doi_link, rich_text, symbol
from ioffe.report.measured.pages import measured_section
from ioffe.report.page import PageTable, numbers_from
from ioffe.report.plan import leg_map, legs_caption
from ioffe.report.profiles import best_point, point_words, profiles, profiles_caption
from ioffe.report.text import in_unit, printed, readable_unit, signed_percent, small, words_of
from ioffe.result.ions import counted
from ioffe.result.steady import MAXIMA_KEYS, POINT_KEYS, Result
from ioffe.solve.assemble import bridge_resistance
from ioffe.solve.task import WHOLE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ioffe.device_file.read import DeviceFile

MOST_POINTS = 12
"""Operating points that are listed one by one."""
_SHOWN = "temperature", "electric_potential"
BODIES: dict[str, tuple[str, ...]] = {"3d": _SHOWN, "full": (*_SHOWN, "current_density")}
"""What is shown of a module in three dimensions."""
STAGES = ("T_hot", "T_cold", "current", "voltage", "power", "heat_hot", "heat_cold", "efficiency", "COP")
"""Quantities that are shown for each stage."""


def maxima_table(result: Result) -> PageTable:
    """One row for each pair of temperatures: V_oc, R, I_sc, P_max ... or Q_max, COP_max, delta_T_max."""
    found = list(families(result))
    where = {n: [f.at.get(n, _fixed(result, n)) for f in found] for n in ("T_hot", "T_cold", "heat")}
    shown = {n: v for n, v in where.items() if np.isfinite(v).any()}
    shown |= {k: [f.maxima[k] for f in found] for k in MAXIMA_KEYS if k in result.values}
    return PageTable(*columns(list(shown), list(shown.values())), numbers_from(0))


def _fixed(result: Result, name: str) -> float:
    value = getattr(result.conditions, name, None)
    return float(value) if value is not None and np.ndim(value) == 0 else np.nan


def points_table(result: Result) -> PageTable | None:
    """Every operating point, if they are few."""
    if len(result.points) > MOST_POINTS:
        return None
    names = [k for k in POINT_KEYS if k in result.values]
    values = [np.broadcast_to(result.values[k], result.point_status.shape).ravel() for k in names]
    return PageTable(*columns(names, values), numbers_from(0))


def migration_table(result: Result) -> PageTable | None:
    """Margins of the legs with a mixed conductor, over all operating points."""
    if result.migration is None:
        return None
    heads = ("Leg", "Current", "J (A/cm²)", "J_c (A/cm²)", "Margin J_c/J", "Voltage left (mV)", "State")
    rows = []
    for leg in result.migration.legs:
        direction = "against the heat" if leg.against_heat else "along the heat"
        bound = f"{leg.bound} " if leg.bound else ""
        limits = leg.critical_current_density / 1e4, leg.margin, 1e3 * leg.voltage_left
        shown = [_span(np.abs(leg.current_density) / 1e4), *(bound + _span(values) for values in limits)]
        rows.append((leg.name, direction, *shown, counted(leg)))
    return PageTable(heads, rows, numbers_from(2))


def _span(values: np.ndarray) -> str:
    """Smallest to largest of the finite numbers."""
    good = values[np.isfinite(values)]
    if not good.size:
        return "-"
    low, high = f"{good.min():.3g}", f"{good.max():.3g}"
    return low if low == high else f"{low} to {high}"


def comparison_table(comparisons: Sequence[Comparison]) -> PageTable | None:
    """Published values beside the computed ones, with the difference in per cent."""
    heads = ("Quantity", "Conditions", "Published", "Computed", "Difference", "Source")
    rows = []
    for c in comparisons:
        value, computed = _side_by_side(c)
        quantity = Markup("{} {}").format(words_of(c.quantity), symbol(c.quantity))
        if c.kind != "measured":
            quantity += Markup(" <em>({})</em>").format(c.kind)
        source = Markup("; ").join(filter(None, [rich_text(c.source), doi_link(c.doi) if c.doi else ""]))
        rows.append((quantity, _conditions(c), value, computed, signed_percent(c.difference), source))
    return PageTable(heads, rows, (2, 3, 4)) if rows else None


def _side_by_side(c: Comparison) -> tuple[str, Markup]:
    """Published value as its source writes it, and the computed one in the same unit."""
    unit = format_si(c.value, c.quantity).partition(" ")[2] or "1"
    ending = "" if unit == "1" else f"\u00a0{unit_label(unit)}"
    shown = f"{text.number(float(in_unit(c.computed, c.quantity, unit)), 3)}{ending}"
    spread = f" ± {float(in_unit(c.std, c.quantity, unit)):.2g}{ending}" if c.std else ""
    published = printed(c.value, c.quantity) + spread
    return published, data_cell(c.computed, shown)


def _conditions(c: Comparison) -> str:
    names = {"load": "load_resistance"}
    words = [f"{words_of(k)} {printed(v, names.get(k, k))}" for k, v in c.at.items()]
    return "; ".join(filter(None, [", ".join(words), c.condition]))


def heat_facts(result: Result, index: tuple[int, ...]) -> list[tuple[str, str]]:
    """Energy balance of one operating point, as name and value."""
    v = {k: float(result.values[k][index]) for k in ("heat_hot", "heat_cold", "power")}
    generator = isinstance(result.conditions, Generator)
    lost = (v["heat_hot"] - v["heat_cold"] - v["power"]) * (1.0 if generator else -1.0)
    flows = {
        f"Heat {'entering' if generator else 'given off'} at the hot side": v["heat_hot"],
        f"Heat {'leaving' if generator else 'taken up'} at the cold side": v["heat_cold"],
        f"Electric power {'given' if generator else 'taken up'}": v["power"],
    }
    if any(leg.side is not None for leg in legs_of(result.device)):
        flows["Heat lost through the sides of the legs"] = lost
    unit = readable_unit(list(flows.values()), "heat")
    shown = in_unit(list(flows.values()), "heat", unit)
    places = max(text.decimals(shown, 5), 2)
    rows = [(k, f"{x:.{places}f}\u00a0{unit}".replace("-", "−")) for k, x in zip(flows, shown, strict=True)]
    return [*rows, ("Relative imbalance", small(float(result.point_energy_balance[index])))]


def stages_table(result: Result, index: tuple[int, ...]) -> PageTable | None:
    """What each stage of a cascade does at one operating point; None for another device."""
    if result.stages is None:
        return None
    keys = [key for key in STAGES if key in result.stages.values]
    values = [np.asarray(result.stages.values[key])[index] for key in keys]
    cells = ([printed(float(v), key, 5) for v in row] for key, row in zip(keys, values, strict=True))
    rows = [(str(k), *row) for k, row in enumerate(zip(*cells, strict=True), start=1)]
    return PageTable(("Stage", *(words_of(key) or key for key in keys)), rows, numbers_from(1))


def resistance_table(result: Result) -> PageTable | None:
    """Where the internal resistance at the best temperatures comes from; None without such a resistance."""
    best = best_family(result)
    total = np.nan if best is None else best.maxima.get("internal_resistance", np.nan)
    if not np.isfinite(total):
        return None
    parts = _parts_in_three_dimensions(result) if result.fidelity in WHOLE else _parts(result)
    together = "Legs and electrodes" if result.fidelity == "full" else "Legs"
    parts[f"{together}, temperature effects included"] = total - sum(parts.values())
    parts["Internal resistance"] = total
    shown = {words: ohm for words, ohm in parts.items() if ohm or words == "Internal resistance"}
    cells = (data_cell(ohm, text.spoken(ohm, "electrical_resistance", 4)) for ohm in shown.values())
    shares = (f"{100.0 * ohm / total:.1f}\u00a0%" for ohm in shown.values())
    rows = list(zip(shown, cells, shares, strict=True))
    return PageTable(("Part", "Resistance", "Share"), rows, numbers_from(1), "narrow")


def _parts(result: Result) -> dict[str, float]:
    """Contacts, electrodes and leads of the whole device in ohm; shares of the current count squared."""
    device = result.device
    shares = device.currents if isinstance(device, Cascade) else (1.0,)
    junctions = result.values if result.stages is None else result.stages.values
    parts: dict[str, float] = {}
    for k, ((_, stage), share) in enumerate(zip(stages_of(device), shares, strict=True)):
        couples = 1 if isinstance(stage, Leg) else stage.couples
        found = {"Contacts": couples * _contacts(stage)}
        if isinstance(stage, Module):
            T = [np.asarray(junctions[name]) for name in ("T_hot_junction", "T_cold_junction")]
            hot, cold = (np.nanmean(t if result.stages is None else t[..., k]) for t in T)
            sides = (stage.hot, hot), (stage.cold, cold)
            bridges = sum(bridge_resistance(stage, layers, float(t)) for layers, t in sides)
            found["Electrodes"] = couples * bridges
            found["Leads and joints"] = stage.series_resistance
        parts = {name: parts.get(name, 0.0) + float(share**2 * ohm) for name, ohm in found.items()}
    return parts


def _parts_in_three_dimensions(result: Result) -> dict[str, float]:
    """Contacts of all legs, electrodes where they are told apart, leads and joints in ohm."""
    module, best = result.device, best_point(result)
    assert isinstance(module, Module)
    legs = (leg_at(module, k) for k in range(2 * module.couples))
    contacts = sum(c.electrical / leg.area for leg in legs for c in _of_leg(leg))
    parts = {"Contacts": contacts, "Leads and joints": module.series_resistance}
    if best is not None and result.fidelity == "3d":
        index = int(np.ravel_multi_index(best, result.point_status.shape)) if best else 0
        point: Any = result.points[index]
        parts["Electrodes and terminals"] = point.electrode_resistance(result)
    return parts


def _of_leg(leg: Leg) -> tuple[Contact, ...]:
    return leg.contact_hot, leg.contact_cold, *leg.between


def _contacts(device: Leg | Module) -> float:
    """Contacts of one couple or leg in ohm."""
    contacts = {leg: _of_leg(leg) for leg in legs_of(device)}
    return sum(c.electrical / leg.area for leg, found in contacts.items() for c in found)


MIGRATION_NOTE = (
    "J_c is the current density above which a leg sets metal free after a long time. A margin J_c/J above 1 "
    "is safe where J_c is known; by bounds and estimates nothing is. ioffe migrate shows the safe region and "
    "proposes barriers."
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
    measured, comparisons, notes, name, sweeps = (), (), (), "", None
    if device_file is not None:
        measured, comparisons = device_file.measured, device_file.comparisons
        notes, name = device_file.notes, device_file.name
        if device_file.sweeps:
            conditions = [one.condition for one in device_file.sweeps]
            sweeps = measured_section(compared(device_file), conditions)
    pictures, alone = pictures_of_page(result, measured)
    made = device_page(result, pictures, comparisons, notes, name, sweeps)
    return page.write_page(made, out, more=alone, **how)


def pictures_of_page(
    result: Result, measured: Sequence[Measured] = ()
) -> tuple[dict[str, page.Picture], Callable[[], dict[str, Figure]]]:
    """The pictures of the page, and what draws each curve alone; without a solution there are none."""
    made: dict[str, page.Picture] = {}

    def alone() -> dict[str, Figure]:
        if sweeps is None:
            return {}
        return {f"current-{name}": curve(result, name, measured, sweeps) for name in panels_of(result)}

    try:
        sweeps = sweeps_of(result)
    except IoffeError:
        sweeps = None
    if sweeps is not None:
        caption = curves_caption(result, sweeps)
        together = curves(result, measured, sweeps)
        made["curves"] = page.Picture(together, caption, "Curves over the current", "curves")
    if family_axis(result):
        caption, drawn = family_caption(result, measured), family(result, measured)
        made["family"] = page.Picture(drawn, caption, "Maxima over the temperature", "family")
    best = best_point(result)
    if best is not None:
        alt, drawn = "Temperature, potential and heat flux through the device", profiles(result, best)
        made["profiles"] = page.Picture(drawn, profiles_caption(result, best), alt, "profiles")
    if best is not None and result.legs is not None:
        alt, caption, drawn = "Temperatures of the legs", legs_caption(result, best), leg_map(result, best)
        made["legs"] = page.Picture(drawn, caption, alt, "legs")
    return made, alone


def bodies_of_page(result: Result) -> list[BodyView | page.Picture]:
    """View and cuts at the best point of a module in three dimensions; none of another result."""
    best = best_point(result)
    names = BODIES.get(result.fidelity)
    return [] if best is None or names is None else bodies_shown(result.bodies(best), names)


def device_page(
    result: Result,
    pictures: Mapping[str, page.Picture],
    comparisons: Sequence[Comparison] = (),
    notes: Sequence[str] = (),
    name: str = "",
    sweeps: page.Section | None = None,
) -> page.Page:
    """The page of a result.

    Parameters
    ----------
    result : Result
        What is reported.
    pictures : mapping of str to Picture
        Under the keys ``curves``, ``family``, ``profiles`` and ``legs``, as far as there are any.
    comparisons : sequence of Comparison
        Published beside computed values.
    notes : sequence of str
        Paragraphs from the device file.
    name : str
        Title; by default the name of the device.
    sweeps : Section, optional
        Measured sweeps beside computed ones.

    Returns
    -------
    Page
        To be rendered or written.
    """
    device, best = result.device, best_point(result)
    published = comparison_table(comparisons)
    migration = migration_table(result)
    inside = ("No operating point has a solution, so there is no profile and no balance.",)
    if best is not None:
        balance, where = page.Facts(heat_facts(result, best)), point_words(result, best)
        inside = (
            pictures.get("profiles"),
            pictures.get("legs"),
            *bodies_of_page(result),
            page.subsection(f"Energy balance at the best point ({where})", balance),
            page.subsection("Stages at this point, from the hot side", stages_table(result, best)),
        )
    shown = [pictures.get("curves"), pictures.get("family")] if pictures else ["No curve could be solved."]
    details = (
        maxima_table(result),
        page.subsection("Operating points", points_table(result)),
        page.subsection("Ion migration", migration, page.Note(MIGRATION_NOTE) if migration else None),
        page.subsection("Where the resistance comes from", resistance_table(result)),
    )
    difference = page.Note("Difference: computed less published, over published.") if published else None
    heading = "Published beside computed values" if published else "Notes"
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
            page.warning_list(result.warnings, result.notes),
            page.section("device", "Device", page.DeviceDrawing(drawing(device, result.conditions))),
            page.section("curves", "Curves", *shown),
            page.section(
                "maxima", "Maxima", "Largest values over the current at fixed temperatures.", *details
            ),
            *([] if sweeps is None else [sweeps]),
            page.section("published", heading, published, difference, *notes),
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
