"""`ioffe export`: a device as a SPICE subcircuit and a Modelica model, with their error."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from ioffe.base.errors import Faults
from ioffe.base.units import format_si
from ioffe.cli import terminal
from ioffe.cli.measuring import page_writer
from ioffe.cli.output import RESULT, Output, judging_options, output_options
from ioffe.cli.run import read_file
from ioffe.export.compact import CompactModel, compact_model
from ioffe.export.equations import CELLS

COLDEST_HELP = "Lowest temperature of both sides; by default that of the device file."
HOTTEST_HELP = "Highest temperature of both sides; by default that of the device file."
CURRENT_HELP = "Largest current (A); by default that of short circuit, or of the largest heat."
CAPACITY_HELP = "Heat capacity by volume of a material whose card has none, such as Bi2Te3=1.2e6 J/(m3 K)."
FACES_HELP = "The thermal pins are the outer faces, without films and resistances of the device file."
CELLS_HELP = "Cells of a leg."


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("device", type=click.Path(path_type=Path), metavar="DEVICE.toml")
@click.option("--coldest", metavar="T", help=COLDEST_HELP)
@click.option("--hottest", metavar="T", help=HOTTEST_HELP)
@click.option("--current", metavar="I", help=CURRENT_HELP)
@click.option("--heat-capacity", "heats", multiple=True, metavar="NAME=C", help=CAPACITY_HELP)
@click.option("--faces", is_flag=True, help=FACES_HELP)
@click.option("--cells", type=int, default=CELLS, show_default=True, metavar="N", help=CELLS_HELP)
@judging_options
@output_options("export", report="report")
def export(
    device: Path,
    coldest: str | None,
    hottest: str | None,
    current: str | None,
    heats: tuple[str, ...],
    faces: bool,
    cells: int,
    strict: bool,
    force: bool,
    output: Output,
) -> None:
    """A device for circuit simulators: SPICE subcircuit and Modelica model.

    Two electrical pins (V, A) and two thermal ones (temperature in K, heat in W), with heat capacities
    (J/K) and temperature-dependent properties. The model is compared with the solver at three temperatures
    of each side and five currents, and says how far it is off.

    Writes DEVICE.cir, DEVICE.mo, result.json, points.csv, properties.csv and report.html. With --json the
    result alone is printed, and files are written only into --out.
    """
    file = read_file(device)
    with terminal.working("fitting"), file.naming_faults():
        found = compact_model(
            file.device,
            file.conditions,
            temperatures=(coldest, hottest),
            current=current,
            heat_capacities=_named(heats),
            faces=faces,
            cells=cells,
            name=file.path.stem,
            strict=strict,
            force=force,
        )
    if file.fidelity != "1d":
        told = f"the model is one-dimensional, and so is what it is compared with, not {file.fidelity}"
        found = replace(found, notes=(*found.notes, told))
    output.show(found.to_dict(), lambda: print_model(found), found.warnings)
    tables = {f"{name}.csv": one for name, one in found.tables().items()}
    texts = {f"{found.identifier}.cir": found.spice(), f"{found.identifier}.mo": found.modelica()}
    files = {**texts, RESULT: found.to_dict(), **tables}
    output.write(files, page_writer(found), book=found)


def _named(heats: tuple[str, ...]) -> dict[str, str]:
    """Heat capacities by the names of materials."""
    faults, found = Faults(), {}
    for text in heats:
        name, sign, value = text.rpartition("=")
        if not sign:
            faults.add("--heat-capacity", text, "NAME=VALUE is expected, such as Bi2Te3=1.2e6 J/(m3 K)")
        found[name.strip()] = value.strip()
    faults.raise_if_any()
    return found


def print_model(found: CompactModel) -> None:
    """Print the range and the error."""
    terminal.print_text((found.name, "bold"), f": {len(found.equations.capacities)} temperatures")
    low, high = (format_si(T, "temperature") for T in found.temperatures)
    least, most = (format_si(one, "current") for one in found.currents)
    terminal.print_text(f"compared from {low} to {high}, {least} to {most} out of the positive terminal")
    terminal.print_remarks(found.warnings)
    rows = [(key, f"{100.0 * error:.2g} %") for key, error in found.errors.items()]
    terminal.print_table("", ("quantity", "largest deviation over the largest value"), rows, (1,))
    terminal.print_remarks((), found.notes)
