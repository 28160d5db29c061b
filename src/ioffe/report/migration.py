"""The report on ion migration: safe operation, barriers, the data behind the limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from markupsafe import Markup

from ioffe.base.result import sources_of
from ioffe.base.units import format_si
from ioffe.device.cascade import materials_of
from ioffe.device.conditions import Generator
from ioffe.material.migration import QUANTITY_OF
from ioffe.report import page
from ioffe.report.device import title_of
from ioffe.report.drawing import drawing
from ioffe.report.migration_figures import barrier_figure, efficiency_figure, map_figure
from ioffe.result.ions import NOT_KNOWN, UNSAFE, WORDS
from ioffe.solve.ions.barriers import BarrierDesign, known_designs
from ioffe.solve.ions.margins import legs_in
from ioffe.solve.ions.region import Allowed, SafeRegion

if TYPE_CHECKING:
    from ioffe.material.migration import MigrationData


Families = Mapping[float, Sequence[BarrierDesign]]
"""Designs with barriers, by the contact resistivity of a barrier in ohm m2."""
EFFICIENCY_CAPTION = (
    "Efficiency over the current density at the hottest temperature. In the red region metal is set free "
    "after a long time, in the hatched one it is not known whether it is{}."
)
MARKED = "; the dashed lines are the largest safe current densities with 1, 2 ... barriers"
MAP_CAPTION = (
    "Largest safe current density over the hot-side temperature, beside that of the largest efficiency; "
    "hatched: not known; thin lines are lines of equal efficiency."
)
BARRIERS_CAPTION = (
    "What barriers give and cost, by the contact resistivity of each: largest efficiency within the safe "
    "current density. The numbers count the barriers."
)
BARRIER_WORDS = (
    "Ion-blocking, electron-conducting interfaces at the positions where all parts have equal margins; "
    "contact resistivity of each {} µΩ cm²."
)
UNSEEN = 1e-4
"""Share of a number below which its standard deviation is not shown."""
EFFICIENCIES = ("efficiency within it (%)", "largest efficiency (%)")
"""Heads of columns that both tables have."""
MARGIN_NOTE = (
    "J_c/J above 1 is safe where J_c is known. Where its errors are stated, safe currents end at the lower "
    "end of its 95 % interval, and up to the upper end nothing is known. All end at the short circuit."
)
EFFICIENCY_ALT = "Efficiency over the current density"
METHOD_TITLE = "What the model says and leaves out"
METHOD = (
    """Every segment of a leg is treated alone: ions are blocked at its ends, at barriers and where the leg \
falls below the superionic transition.""",
    """A segment is safe while J ∫dx/σ stays below V_c = V_iso − ∫S* dT, with V_iso taken at the mean of its \
end temperatures and T(x) as solved. J runs along the heat in the p-leg of a generator, against it in the \
n-leg.""",
    """The voltage is J ∫dx/σ over the superionic part of a segment, not the voltage at the terminals. All \
segments carry the same current; the one with the least voltage left decides.""",
    """The limit is that of equilibrium after a long time. How fast metal appears beyond it, and whether it \
returns, is not computed here.""",
)


def write_migration_report(
    region: SafeRegion,
    conditions: Generator,
    families: Families,
    contact: float,
    out: str | Path,
    *,
    name: str = "",
    notes: Sequence[str] = (),
    warnings: Sequence[str] = (),
    **how: Unpack[page.Writing],
) -> list[Path]:
    """Write ``efficiency``, ``safe-map``, ``barriers`` and ``report.html``.

    Parameters
    ----------
    region : SafeRegion
        Safe currents over the hot-side temperature.
    conditions : Generator
        For the drawing of the device.
    families : mapping of float to designs
        By the contact resistivity of a barrier in ohm m2; empty where no barrier could be placed.
    contact : float
        The one of them whose designs are tabulated.
    out : path
        Folder; made if it does not exist.
    name, notes, warnings
        Title, paragraphs and warnings of the report.
    **how
        ``formats`` and ``date``, see `ioffe.report.page.Writing`.

    Returns
    -------
    list of Path
        The files, the page last.

    Raises
    ------
    InputError
        For an unknown format.
    """
    made = migration_page(region, conditions, families, contact, name, notes, warnings)
    return page.write_page(made, out, **how)


def migration_page(
    region: SafeRegion,
    conditions: Generator,
    families: Families,
    contact: float,
    name: str = "",
    notes: Sequence[str] = (),
    warnings: Sequence[str] = (),
) -> page.Page:
    """The page on ion migration.

    Parameters
    ----------
    region : SafeRegion
        Safe currents over the hot-side temperature.
    conditions : Generator
        For the drawing.
    families : mapping of float to designs
        By the contact resistivity of a barrier in ohm m2; empty where no barrier could be placed. Designs
        whose limits are bounds or estimates are left out.
    contact : float
        The one of them whose designs are tabulated.
    name : str
        Title; by default the name of the device.
    notes, warnings : sequence of str
        Paragraphs of the device file; what must be known besides the notes of the region.

    Returns
    -------
    Page
        To be rendered or written.
    """
    families = {value: known for value, one in families.items() if (known := known_designs(one))}
    designs = families.get(contact, ())
    caption = EFFICIENCY_CAPTION.format(MARKED if len(designs) > 1 else "")
    mixed = [s.material for _, _, leg in legs_in(region.device) for s in leg.segments]
    materials = {m.name: m.migration for m in mixed if m.migration is not None}
    data = (page.subsection(name, *_data(data)) for name, data in materials.items())
    alts = f"{EFFICIENCY_ALT} with the forbidden region", "Safe current density over the hot-side temperature"
    safe = (
        page.Picture(efficiency_figure(region, designs), caption, alts[0], "efficiency"),
        page.Picture(map_figure(region), MAP_CAPTION, alts[1], "safe-map"),
        region_table(region),
    )
    barriers = ("None were placed.",)
    if designs:
        words = BARRIER_WORDS.format(f"{contact * 1e10:g}")
        alt = "Efficiency and allowed current density with barriers"
        picture = page.Picture(barrier_figure(families, region), BARRIERS_CAPTION, alt, "barriers")
        barriers = (words, barrier_table(designs), picture)
    return page.Page(
        f"{title_of(region.device, name)}: ion migration",
        f"Safe operation of a generator, cold side {region.T_cold:g} K",
        [
            page.warning_list((*region.warnings, *warnings), region.notes),
            page.section("device", "Device", page.DeviceDrawing(drawing(region.device, conditions), name="")),
            page.section("region", "Safe operation", *safe, page.Note(MARGIN_NOTE), *notes),
            page.section("barriers", "Barriers", *barriers),
            page.section("data", "Data behind the limits", *data),
            page.section("method", METHOD_TITLE, page.Bullets(METHOD), link="What the model says"),
            page.citations(sources_of(materials_of(region.device))),
        ],
        verdict(region, designs),
    )


def verdict(region: SafeRegion, designs: Sequence[BarrierDesign]) -> list[str]:
    """Sentences that say what is safe and what helps."""
    last, area = region.allowed[-1], region.area
    J, best = last.current / area, last.max_efficiency_current / area
    leg = f"the {region.part} leg"
    largest = f"the largest efficiency, {_percent(last.max_efficiency)}, is at {_density(best)}"
    efficiency = f"{_percent(last.efficiency)} efficiency"
    free = f"without setting metal free{_within(last, area)}"
    said = [f"At {region.T_hot[-1]:g} K {leg} carries {_density(J)} {free}, {efficiency}; {largest}."]
    if last.is_unsafe_at_rest:
        said = [f"At {region.T_hot[-1]:g} K metal is set free in {leg} even without a current."]
    elif last.known and J <= 0:
        said = [
            f"At {region.T_hot[-1]:g} K {leg} is {NOT_KNOWN} at any current{_within(last, area)}; {largest}."
        ]
    elif not last.known:
        limit = _density(last.critical_current / area)
        known = (
            f"only an upper bound of its limit is known, J_c at most {limit}"
            if last.bound == "at most"
            else f"its limit, about {limit}, rests on extrapolation, on other materials or on assumptions"
        )
        found = f"At {region.T_hot[-1]:g} K {leg} is {NOT_KNOWN} at any current: {known}. T{largest[1:]}."
        if last.state == UNSAFE:
            return [found, "The largest efficiency is not safe without barriers."]
        return [found, "Whether barriers are needed is not known. --onset takes a measurement of J_c."]
    if not designs:
        return said
    enough = next((d for d in designs if d.suffices), None)
    if enough is None:
        most = designs[-1]
        said.append(
            f"{_barriers(most.count)} would allow {_density(most.current_density)} and "
            f"{_percent(most.allowed.efficiency)}, still below the current of the largest efficiency."
        )
    elif enough.count == 0:
        said.append("No barrier is needed for the largest efficiency.")
    else:
        at = "; ".join(f"{x} mm from the hot end of the {part} leg" for part, x in _placed(enough).items())
        said.append(
            f"{_barriers(enough.count)} at {at} would allow {_density(enough.current_density)}, enough for "
            f"the largest efficiency with {'it' if enough.count == 1 else 'them'}, "
            f"{_percent(enough.allowed.efficiency)}."
        )
    return said


def _within(one: Allowed, area: float) -> str:
    """J_c with its interval, where one is stated."""
    low, high, J_c = (x / area / 1e4 for x in (*one.interval, one.critical_current))
    return f" (J_c {J_c:.3g}, 95 % {low:.3g} to {high:.3g} A/cm²)" if low < high else ""


def region_table(region: SafeRegion) -> page.PageTable:
    """Safe currents over the hot-side temperature; a limit that is a bound or an estimate says so."""
    any_known = any(one.known for one in region.allowed)
    heads = ("safe J (A/cm²)", "safe I (A)", EFFICIENCIES[0]) if any_known else ()
    exact = region.known and all(
        one.critical_current_low == one.critical_current_high for one in region.allowed
    )
    heads = ("T_hot (K)", *heads, *(() if exact else ("J_c (A/cm²)",)), EFFICIENCIES[1])
    heads += "at J (A/cm²)", "J_c/J there", "there"
    rows = []
    for T, one in zip(region.T_hot, region.allowed, strict=True):
        unit, words = 1e4 * region.area, f"{one.bound} " if one.bound else ""
        safe = [f"{v:.3g}" for v in (one.current / unit, one.current, 100 * one.efficiency)]
        limits = (safe if one.known else ["-"] * 3) if any_known else []
        low, high = (end / unit for end in one.interval)
        within = f" ({low:.3g} to {high:.3g})" if low < high and not words else ""
        limits += [] if exact else [f"{words}{one.critical_current / unit:.3g}{within}"]
        best = f"{100 * one.max_efficiency:.3g}", f"{one.max_efficiency_current / unit:.3g}"
        rows.append((f"{T:g}", *limits, *best, f"{words}{one.margin:.3g}", WORDS[one.state]))
    return page.PageTable(heads, rows, tuple(range(len(heads) - 1)))


def barrier_table(designs: Sequence[BarrierDesign]) -> page.PageTable:
    """What each number of barriers gives."""
    heads = ("barriers", "positions from the hot end (mm)", "allowed J (A/cm²)")
    heads += (*EFFICIENCIES, "J_c/J there")
    rows = []
    for d in designs:
        both = len(d.positions) > 1
        positions = "; ".join(f"{part}: " * both + found for part, found in _placed(d).items())
        percent = 100 * d.allowed.efficiency, 100 * d.allowed.max_efficiency
        numbers = (d.current_density / 1e4, *percent, d.allowed.margin)
        rows.append((f"{d.count}", positions or "-", *(f"{v:.3g}" for v in numbers)))
    return page.PageTable(heads, rows, (0, *page.numbers_from(2)))


def _data(data: MigrationData) -> Iterator[page.Content | None]:
    """The numbers behind the limits of a material with their sources, and what is not known."""
    rows = [(Markup("<code>{}</code>").format(name), *rest) for name, *rest in data_rows(data)]
    yield page.PageTable(("number", "value", "at", "quality", "source"), rows, style="texts")
    yield "Not known:" if data.unknown else None
    yield page.Bullets(data.unknown)


def data_rows(data: MigrationData) -> list[tuple[str, str, str, str, str]]:
    """Name, value, temperature, quality and source of every number behind the limits of a material."""
    rows = []
    for path, number in data.stated():
        name = path.split("[")[0]
        bound = "" if number.bound == "value" else f"{number.bound} "
        value = bound + format_si(number.value, QUANTITY_OF[name])
        if number.std > UNSEEN * abs(number.value):
            value += f" ± {format_si(number.std, QUANTITY_OF[name])}"
        doi = data.doi_of(number)
        source = "; ".join(t for t in (number.source, f"doi {doi}" if doi else "") if t)
        at = "" if number.T is None else f"{number.T:g} K"
        rows.append((name, value, at, number.quality, source))
    return rows


def _placed(design: BarrierDesign) -> dict[str, str]:
    """Positions of the barriers in mm from the hot end, by the leg that they are in."""
    found = {part: positions for part, positions in design.positions.items() if positions}
    return {part: ", ".join(f"{1e3 * x:.2f}" for x in positions) for part, positions in found.items()}


def _density(J: float) -> str:
    return f"{J / 1e4:.3g} A/cm²"


def _percent(value: float) -> str:
    return f"{100.0 * value:.2f} %"


def _barriers(count: int) -> str:
    return "One barrier" if count == 1 else f"{count} barriers"
