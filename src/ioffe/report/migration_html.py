"""The report on ion migration: safe operation, barriers, the data behind the limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from ioffe._version import __version__
from ioffe.base.units import format_si
from ioffe.material.material import Material
from ioffe.material.migration import QUANTITY_OF
from ioffe.report.drawing import drawing
from ioffe.report.html import Picture, environment
from ioffe.report.markup import Table, linked, name_html
from ioffe.report.saving import embedded
from ioffe.result.steady import citations
from ioffe.solve.ions.barriers import BarrierDesign
from ioffe.solve.ions.profile import legs_in
from ioffe.solve.ions.region import SafeRegion

if TYPE_CHECKING:
    from ioffe.device.conditions import Generator

__all__ = ["barrier_table", "region_table", "render_migration", "verdict"]

METHOD = (
    """Every segment of a leg stands for itself: ions are blocked at its ends, at barriers and where the leg \
falls below the superionic transition.""",
    """A segment is safe while J ∫dx/σ stays below V_c = V_iso − ∫S* dT, with V_iso taken at the mean of its \
end temperatures and T(x) as solved. J runs along the heat in the p-leg of a generator, against it in the \
n-leg.""",
    """The voltage is J ∫dx/σ over the superionic part of a segment, not the voltage at the terminals. All \
segments carry the same current; the one with the least voltage left decides.""",
    """The limit is that of equilibrium after a long time. How fast metal appears beyond it, and whether it \
returns, is not computed here.""",
)


def render_migration(
    region: SafeRegion,
    conditions: Generator,
    designs: Sequence[BarrierDesign],
    contact: float,
    pictures: dict[str, Picture],
    name: str = "",
    date: str = "",
    notes: Sequence[str] = (),
    warnings: Sequence[str] = (),
) -> str:
    """HTML text of the report.

    Parameters
    ----------
    region : SafeRegion
    conditions : Generator
        For the drawing.
    designs : sequence of BarrierDesign
        None where barriers could not be placed.
    contact : float
        Contact resistivity of a barrier in ohm m2.
    pictures : dict of Picture
        ``efficiency``, ``map`` and, with designs, ``barriers``.
    name, date : str
    notes, warnings : sequence of str
        Paragraphs of the device file; what must be known besides the notes of the region.
    """
    title = name or region.device.name or "Thermoelectric device"
    mixed = [s.material for _, _, leg in legs_in(region.device) for s in leg.segments if s.material.migration]
    materials = list({m.name: m for m in mixed}.values())
    context = {
        "title": f"{title}: ion migration",
        "heading": name_html(f"{title}: ion migration"),
        "subtitle": f"Safe operation of a generator, cold side {region.T_cold:g} K",
        "date": date,
        "version": __version__,
        "verdict": [name_html(text) for text in verdict(region, designs)],
        "warnings": [name_html(text) for text in (*region.notes, *warnings)],
        "notes": [name_html(text) for text in notes],
        "pictures": {k: (embedded(p.figure), p.caption) for k, p in pictures.items()},
        "drawing": Markup(drawing(region.device, conditions)),
        "region": region_table(region),
        "barriers": barrier_table(designs) if designs else None,
        "contact": f"{contact * 1e10:g} µΩ cm²",
        "materials": [(name_html(m.name), _data_table(m), _unknown(m)) for m in materials],
        "method": METHOD,
        "citations": [linked(text) for text in citations(region.device)],
    }
    return environment().get_template("migration.html.jinja").render(context)


def verdict(region: SafeRegion, designs: Sequence[BarrierDesign]) -> list[str]:
    """Sentences that say what is safe and what helps."""
    last, area = region.allowed[-1], region.area
    J, best = last.current / area, last.max_efficiency_current / area
    said = [
        f"At {region.T_hot[-1]:g} K the {region.part} leg carries {_density(J)} without setting metal "
        f"free, {_percent(last.efficiency)} efficiency; the largest efficiency, "
        f"{_percent(last.max_efficiency)}, is at {_density(best)}."
        if J > 0
        else f"At {region.T_hot[-1]:g} K metal is set free in the {region.part} leg even without a current."
    ]
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
        at = "; ".join(
            f"{', '.join(f'{1e3 * x:.2f}' for x in places)} mm from the hot end of the {part} leg"
            for part, places in enough.positions.items()
            if places
        )
        said.append(
            f"{_barriers(enough.count)} at {at} would allow {_density(enough.current_density)}, enough for "
            f"the largest efficiency with {'it' if enough.count == 1 else 'them'}, "
            f"{_percent(enough.allowed.efficiency)}."
        )
    return said


def region_table(region: SafeRegion) -> Table:
    """Safe currents over the hot-side temperature."""
    heads = (
        "T_hot (K)",
        "safe J (A/cm²)",
        "safe I (A)",
        "efficiency within it (%)",
        "largest efficiency (%)",
        "at J (A/cm²)",
        "J_c/J there",
    )
    rows = []
    for T, one in zip(region.T_hot, region.allowed, strict=True):
        J, best = one.current / region.area / 1e4, one.max_efficiency_current / region.area / 1e4
        numbers = (J, one.current, 100 * one.efficiency, 100 * one.max_efficiency, best, one.margin)
        rows.append((f"{T:g}", *(f"{v:.3g}" for v in numbers)))
    return Table(heads, tuple(rows), numeric=frozenset(range(len(heads))))


def barrier_table(designs: Sequence[BarrierDesign]) -> Table:
    """What each number of barriers gives."""
    heads = (
        "barriers",
        "places from the hot end (mm)",
        "safe J (A/cm²)",
        "efficiency within it (%)",
        "largest efficiency (%)",
        "J_c/J there",
    )
    rows = []
    for d in designs:
        both = len(d.positions) > 1
        places = "; ".join(
            f"{part}: " * both + ", ".join(f"{1e3 * x:.2f}" for x in found)
            for part, found in d.positions.items()
            if found
        )
        numbers = (
            d.current_density / 1e4,
            100 * d.allowed.efficiency,
            100 * d.allowed.max_efficiency,
            d.allowed.margin,
        )
        rows.append((f"{d.count}", places or "-", *(f"{v:.3g}" for v in numbers)))
    return Table(heads, tuple(rows), numeric=frozenset({0, 2, 3, 4, 5}))


def _data_table(material: Material) -> Table:
    """The numbers behind the limits of a material, with their sources."""
    data = material.migration
    assert data is not None
    rows = []
    for place, number in data.stated():
        name = place.split("[")[0]
        bound = "" if number.bound == "value" else f"{number.bound} "
        value = bound + format_si(number.value, QUANTITY_OF[name])
        doi = data.doi_of(number)
        where = "; ".join(t for t in (number.source, f"doi {doi}" if doi else "") if t)
        at = "" if number.T is None else f"{number.T:g} K"
        rows.append((Markup("<code>{}</code>").format(name), value, at, number.quality, linked(where)))
    return Table(("number", "value", "at", "quality", "source"), tuple(rows))


def _unknown(material: Material) -> list[str]:
    return [] if material.migration is None else [name_html(text) for text in material.migration.unknown]


def _density(J: float) -> str:
    return f"{J / 1e4:.3g} A/cm²"


def _percent(value: float) -> str:
    return f"{100.0 * value:.2f} %"


def _barriers(count: int) -> str:
    return "One barrier" if count == 1 else f"{count} barriers"
