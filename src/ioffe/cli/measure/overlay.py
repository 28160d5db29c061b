"""The command `ioffe measure overlay`: one's own values over those of the literature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ioffe.base.errors import Faults
from ioffe.base.quantities import quantity
from ioffe.base.saved import plain
from ioffe.base.units import convert
from ioffe.cli.measuring import Evaluation, collected, measure_command, option
from ioffe.material import library
from ioffe.measure._table import not_used
from ioffe.measure.literature import (
    OF_MATERIAL,
    curve_of,
    findings_of,
    layout,
    read_literature,
    sources,
    table_of,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@measure_command("overlay", "By default FILE-overlay.", arguments=(), always_writes=True)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@option("--x", "across", metavar="NAME", text="Quantity along x, such as delta_T or time.", required=True)
@option("--y", "up", metavar="NAME", text="Quantity along y, such as efficiency or zT.", required=True)
@option("--material", "materials", metavar="NAME", text="Card of the library or a store.", multiple=True)
@click.option("--relative", is_flag=True, help="Divide every curve by its first value.")
def overlay(
    files: tuple[str, ...], across: str, up: str, materials: tuple[str, ...], relative: bool
) -> Evaluation:
    """Your values over those of the literature, in one picture with the DOIs.

    FILE is a table with the headers "name", "doi" and both quantities with their units, such as "delta_T (K)"
    and "efficiency (%)", or in short "dT (K)", "eta (%)", "rho_c (uohm cm2)"; rows without a DOI are your own
    and drawn filled. With --x temperature --material
    adds curves of cards. Writes result.json, curves.csv and the picture (SVG).
    """
    faults = Faults()
    asked = collected(faults, layout, across, up)
    faults.raise_if_any()
    curves = []
    for file in files:
        curves += collected(faults, read_literature, file, across, up) or []
    if materials and (across != "temperature" or up not in OF_MATERIAL):
        expected = f"cards give {', '.join(OF_MATERIAL)} over the temperature; --x temperature is expected"
        faults.add("--material", materials[0], expected)
    for name in materials if not faults else ():
        material = collected(faults, library.load_material, name)
        if material is not None:
            curves.append(curve_of(material, up))
    if relative and not faults:
        for curve in curves:
            collected(faults, curve.relative)
    faults.raise_if_any()

    def picture() -> Figure:
        from ioffe.report.overlay import overlay_figure

        return overlay_figure(curves, across, up, relative=relative)

    shown, rows = quantity(up), []
    for curve in curves:
        low, high = (
            convert(curve.y.min(), shown.unit, shown.display_unit),
            convert(curve.y.max(), shown.unit, shown.display_unit),
        )
        rows.append((curve.name, str(len(curve.x)), f"{low:.4g} to {high:.4g}", curve.doi or "own"))
    heads = ("name", "points", f"{up} ({shown.display_unit})", "doi")
    numbers = {"format": "ioffe-overlay/1", "x": across, "y": up, "relative": relative}
    numbers |= {"curves": plain([vars(curve) for curve in curves]), "sources": sources(curves)}
    notes = [one.message for one in findings_of(curves, across, up)]
    notes += not_used(files, asked)
    tables = {"curves.csv": table_of(curves, across, up, relative=relative)}
    more: dict[str, Any] = {"findings": notes, "tables": tables, "pictures": {"overlay": picture}}
    return Evaluation(numbers, f"{up} over {across}", rows, heads, **more)
