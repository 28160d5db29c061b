"""`ioffe select`: which coolers of a list of data sheets carry a heat load, and how well."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from ioffe.base.units import format_si
from ioffe.cli import terminal
from ioffe.cli.output import RESULT, Output, output_options
from ioffe.measured.data_sheets import read_data_sheets
from ioffe.measured.selection import Shortlist
from ioffe.measured.selection import select as select_modules

HEADS = ("module", "COP", "current", "voltage", "power", "hot junctions", "carries at most", "source")
SINK_HELP = "Thermal resistance from the hot face to the ambient."
COLD_HELP = "Thermal resistance from what is cooled to the cold face."


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("sheets", type=click.Path(path_type=Path), metavar="LIST.csv")
@click.option("--heat", required=True, metavar="Q", help='Heat load, such as "20 W".')
@click.option(
    "--T-cold", "--t-cold", "cold", required=True, metavar="T", help='What is cooled, such as "5 degC".'
)
@click.option(
    "--ambient", default="25 degC", show_default=True, metavar="T", help="Air or water at the sink."
)
@click.option("--sink", default="0 K/W", show_default=True, metavar="R", help=SINK_HELP)
@click.option("--cold-resistance", default="0 K/W", show_default=True, metavar="R", help=COLD_HELP)
@click.option("--count", default=1, show_default=True, metavar="N", help="Modules that share heat and sink.")
@output_options("selection", of="sheets", report="")
def select(
    sheets: Path,
    heat: str,
    cold: str,
    ambient: str,
    sink: str,
    cold_resistance: str,
    count: int,
    output: Output,
) -> None:
    """Select coolers from a list of data sheets for a heat load, temperatures and a heat sink.

    LIST.csv has a row for each module and temperature: name, couples, T_hot (degC), I_max (A), V_max (V),
    Q_max (W), dT_max (K). Add rows of your own. Prints the modules that carry the heat by their COP, then
    the others with what they carry at most. Writes result.json and modules.csv. With --json the result
    alone is printed, and files are written only into --out.
    """
    listed = read_data_sheets(sheets)
    with terminal.working("solving"):
        where = {"heat": heat, "T_cold": cold, "T_ambient": ambient, "sink": sink}
        found = select_modules(listed, **where, cold_resistance=cold_resistance, count=count)
    output.show(found.to_dict(), lambda: print_selection(found), found.warnings)
    output.write({RESULT: found.to_dict(), "modules.csv": found.table()}, book=found)


def print_selection(found: Shortlist) -> None:
    """Print the best module, and all of them in their order."""
    from ioffe.report.study.sentences import of_selection

    rows = []
    for k, name in enumerate(found.names):
        shown = {key: float(values[k]) for key, values in found.values.items()}
        keys = ("COP", "current", "voltage", "power", "T_hot_junction", "max_heat")
        cells = [format_si(shown[key], key, 3) if np.isfinite(shown[key]) else "-" for key in keys]
        rows.append((name, *cells, found.sources[k]))
    each = f", {found.count} modules of each" if found.count > 1 else ""
    title = f"{sum(found.reached)} of {len(found.names)} carry {format_si(found.heat, 'heat')}{each}"
    terminal.print_text(of_selection(found))
    terminal.print_remarks(found.warnings)
    terminal.print_table(title, HEADS, rows, range(1, 7), wrapped={7: None})
    terminal.print_remarks((), found.notes)
