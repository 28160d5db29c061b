"""Pictures and the report on ion migration, written into a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ioffe.device.conditions import Generator
from ioffe.solve.ions.barriers import BarrierDesign
from ioffe.solve.ions.region import SafeRegion

__all__ = ["write_migration_report"]


def write_migration_report(
    region: SafeRegion,
    conditions: Generator,
    families: Mapping[float, Sequence[BarrierDesign]],
    contact: float,
    out: str | Path,
    *,
    name: str = "",
    date: str | None = None,
    notes: Sequence[str] = (),
    warnings: Sequence[str] = (),
    formats: Sequence[str] = ("svg", "png"),
) -> list[Path]:
    """Write ``efficiency``, ``safe-map``, ``barriers`` and ``report.html``.

    Parameters
    ----------
    region : SafeRegion
    conditions : Generator
    families : mapping of float to designs
        By the contact resistivity of a barrier in ohm m2; empty where no barrier could be placed.
    contact : float
        The one of them whose designs are tabulated.
    out : path
        Folder; made if it does not exist.
    name, date, notes, warnings
        Title, date (by default today's), paragraphs and warnings of the report.
    formats : sequence of str
        ``"svg"``, ``"png"``, ``"pdf"``.

    Returns
    -------
    list of Path
    """
    from datetime import datetime

    from ioffe.report import checked_formats
    from ioffe.report.html import Picture
    from ioffe.report.migration_figures import barrier_figure, efficiency_figure, map_figure
    from ioffe.report.migration_html import render_migration
    from ioffe.report.saving import save, settle

    checked_formats(formats)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    designs = families.get(contact, ())
    pictures = {
        "efficiency": Picture(efficiency_figure(region, designs), _EFFICIENCY),
        "map": Picture(map_figure(region), _MAP),
    }
    if designs:
        pictures["barriers"] = Picture(barrier_figure(families, region), _BARRIERS)
    for picture in pictures.values():
        settle(picture.figure)
    files = [
        path
        for key, picture in pictures.items()
        for path in save(picture.figure, folder, "safe-map" if key == "map" else key, formats)
    ]
    day = datetime.now().astimezone().date().isoformat() if date is None else date
    text = render_migration(region, conditions, designs, contact, pictures, name, day, notes, warnings)
    page = folder / "report.html"
    page.write_text(text, encoding="utf-8")
    return [*files, page]


_EFFICIENCY = (
    "Efficiency over the current density at the hottest temperature. In the red region metal is set free "
    "after a long time; the dashed lines are the largest safe current densities with 1, 2 ... barriers."
)
_MAP = (
    "Largest safe current density over the hot-side temperature, beside that of the largest efficiency; thin "
    "lines are lines of equal efficiency."
)
_BARRIERS = (
    "What barriers give and cost, by the contact resistivity of each: largest efficiency within the safe "
    "current density. The numbers count the barriers."
)
