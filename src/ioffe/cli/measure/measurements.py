"""The commands of `ioffe measure`: contact resistivities first, then properties of samples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import numpy as np

from ioffe import measure
from ioffe.base.errors import Fault, Faults, InputError, as_typed
from ioffe.base.saved import plain
from ioffe.base.table import ResultTable, table
from ioffe.base.units import format_si
from ioffe.cli.measuring import Evaluation, collected, measure_command, option, page_writer, sentence
from ioffe.cli.output import slug
from ioffe.interface.ageing import age_junctions, read_ageing
from ioffe.interface.ageing.junctions import OF_CONTACTS
from ioffe.material.uncertainty import with_error
from ioffe.measure import cell as unit_cell
from ioffe.measure import critical_current
from ioffe.measure import seebeck_map as maps
from ioffe.measure import texture as grains
from ioffe.measure._table import not_used
from ioffe.measure.estimates import in_words, read_inputs
from ioffe.measure.line_scans import scan
from ioffe.measure.tlm_table import read_transfer_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CONTACT: Final = "electrical_contact_resistivity"
SHIFTS: Final = click.Choice(unit_cell.SHIFTS)
SHIFT_HELP: Final = "Error of the instrument that is fitted with the parameters."
SLOPES: Final = click.Choice(("own", "same", "zero"))
SLOPES_HELP: Final = "Slope of R on the metal: one for each end, one for both, or none."
_FAULTLESS: Final = measure.Scan(np.arange(12.0), np.clip(np.arange(12.0) - 3.0, 0.0, 5.0))
"""A scan with which options are checked when the files cannot be read."""


@measure_command("line-scan", "By default FILE-line-scan.", arguments=(), always_writes=True)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@option("--area", metavar="AREA", text='Cross-section, such as "3 mm x 3 mm".', required=True)
@option("--area-error", "area_uncertainty", metavar="PERCENT", text='Its error, such as "2 %".', default="0")
@option("--current", metavar="I", text='For voltages without a current beside them: "100 mA".')
@click.option("--interfaces", type=click.IntRange(1, 2), help="Their number; by default looked for.")
@option("--at", metavar="X", text='Position of an interface, "1.5 mm"; may be repeated.', multiple=True)
@option("--at-error", "interface_uncertainty", metavar="X", text='Error of these, such as "5 um".')
@option("--probe", "probe_width", metavar="WIDTH", text='Of the voltage probe; "0 mm" for a sharp jump.')
@click.option("--metal-slopes", type=SLOPES, default="own", show_default=True, help=SLOPES_HELP)
@option("--metal", "metal_resistivity", metavar="RHO", text='"40 uohm cm", to take out a tilt.')
@option("--contact", "contact_width", metavar="WIDTH", text="Of the current contact, for a finding.")
def line_scan(
    files: tuple[str, ...], current: str | None, interfaces: int | None, at: tuple[str, ...], **options: Any
) -> Evaluation:
    """Contact resistivity of each interface and conductivity of the leg, with errors.

    FILE is a table with the headers x and R, or x, V and I, with their units, such as "x (mm),R (mohm)"; a
    column "scan" separates several scans. Writes result.json, contacts.csv, points.csv, a picture (SVG)
    and report.html. With --json files are written only into --out.
    """
    faults = Faults()
    scans = collected(faults, measure.read_scans, files, current)
    evaluate = partial(_evaluated, list(at), interfaces=list(at) or interfaces, **options)
    if faults:
        collected(faults, evaluate, _FAULTLESS)
    faults.raise_if_any()
    found = evaluate(scans)

    def draw(made: Path) -> None:
        from ioffe.report.measure import write_line_scan

        write_line_scan(found, made, files=[Path(name).name for name in files])

    rows = []
    for one in found.interfaces:
        jump = in_words(one.resistance, "contact_resistance"), in_words(one.resistivity, _CONTACT)
        rows.append((one.name, with_error(one.position, one.position_std, "position"), *jump))
    if len(rows) > 1:
        rows.append(("mean", "", "", in_words(found.mean, _CONTACT)))
    counted = "1 scan" if len(found.scans) == 1 else f"{len(found.scans)} scans"
    title = f"{counted}, cross-section {format_si(found.area, 'area')}"
    heads = ("interface", "position", "jump", "rho_c")
    lines = [f"leg: sigma = {in_words(found.conductivity, 'electrical_conductivity')}"]
    tables = {"points.csv": found.table(), "contacts.csv": _contacts(found)}
    findings = [*found.findings, *not_used(files, scan.LAYOUT)]
    return Evaluation(found.to_dict(), title, rows, heads, lines, findings, tables, draw)


def _evaluated(at: Sequence[str], scans: Any, **options: Any) -> measure.LineScan:
    """The contacts of scans; faults of positions name the option that gives them."""

    def told(fault: Fault) -> Fault:
        return replace(fault, location="--at") if at and fault.location.startswith("interfaces") else fault

    with as_typed(told):
        return measure.line_scan(scans, **options)


def _contacts(found: measure.LineScan) -> ResultTable:
    """One row for each interface and scan, and for the means."""
    rows: list[tuple[Any, ...]] = []
    for one in found.interfaces:
        each = zip(found.scans, one.of_scans, strict=True)
        rows += [(one.name, scan.scan.name, one.position, *of_scan) for scan, of_scan in each]
        mean = (float(one.resistivity.value), float(one.resistivity.std))
        rows.append((one.name, "mean", one.position, *mean))
    if len(found.interfaces) > 1:
        rows.append(("both", "mean", float("nan"), float(found.mean.value), float(found.mean.std)))
    names = ("interface", "scan", "position", _CONTACT, f"{_CONTACT}_std")
    columns = {name: (("row",), values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}
    index = {name: columns.pop(name) for name in names[:2]}
    return table(index, columns)


@measure_command("transfer-length", "Folder for numbers, picture and report.")
@option("--width", metavar="W", text="Width of the film and its contacts; not for rings.")
@option("--contact-length", metavar="L", text="Of a contact along the current; by default long.")
@option("--width-error", metavar="PERCENT", text="Standard deviation of the width.", default="0")
@option("--gap-error", metavar="X", text="Standard deviation common to all gaps.", default="0 um")
def transfer_length(
    file: str, width: str | None, contact_length: str | None, width_error: str, gap_error: str
) -> Evaluation:
    """Contact resistivity, transfer length and sheet resistance, with errors.

    FILE is a table with the headers "d (um)" and "R (ohm)", or "V (mV)" and "I (mA)" in place of R; for rings
    "r_i (um)" and "r_o (um)" in place of d.
    """
    columns, unused = read_transfer_table(file)
    R, errors = columns["resistance"], {"gap_uncertainty": gap_error}
    if "gap" not in columns:
        found = measure.circular_transfer_length(columns["inner"], columns["outer"], R, **errors)
    elif width is None:
        raise InputError(Fault("--width", expected="the width of the film is needed for straight contacts"))
    else:
        errors["width_uncertainty"] = width_error
        found = measure.transfer_length(columns["gap"], R, width, contact_length=contact_length, **errors)

    tables = {"points.csv": found.table()}
    title = f"transfer length, {found.gap.size} resistances"
    rows = [(symbol, in_words(value, quantity)) for symbol, value, quantity in found.named()]
    notes = [f"not used: {', '.join(unused)}"] if unused else []
    numbers, draw = {**found.to_dict(), "unused": list(unused)}, page_writer(found)
    findings = [*found.findings, *notes]
    more: dict[str, Any] = {"tables": tables, "draw": draw, "sentence": sentence(found)}
    return Evaluation(numbers, title, rows, findings=findings, **more)


_AGED: Final = "p.contact_hot.electrical"
"""Number of a device that ages, unless another one is named."""
_SHAPES: Final = click.Choice(("flat", "line"))
_ELASTIC_UNITS: Final = {
    **dict.fromkeys(("shear_modulus", "bulk_modulus", "youngs_modulus"), (1e-9, "GPa")),
    "mean_velocity": (1.0, "m/s"),
    "debye_temperature": (1.0, "K"),
}
"""Factor and unit in which an elastic constant is printed; the others have none."""


@measure_command("sound", "Folder for result.json, constants.csv.", arguments=())
@option("--longitudinal", metavar="V", text='"3913 m/s +- 1 %", or an echo "2.56 us".', with_error=True)
@option("--transverse", metavar="V", text="Likewise.", with_error=True)
@option("--thickness", metavar="D", text="Of the sample, with times of echoes.", with_error=True)
@option("--density", metavar="D", text='Such as "4.8 g/cm3 +- 1 %".', required=True, with_error=True)
@option("--atomic-volume", metavar="V", text="Volume of an atom, for the Debye temperature.", with_error=True)
def sound(longitudinal: Any, transverse: Any, thickness: Any, density: Any, atomic_volume: Any) -> Evaluation:
    """Shear, bulk and Young's modulus, Poisson ratio, mean velocity, Grueneisen parameter.

    With --thickness the other two are the times between two echoes, there and back.
    """
    faults = Faults()
    speeds = {"--longitudinal": longitudinal, "--transverse": transverse}
    for name, given in speeds.items():
        with faults.collect(name):
            if given is None:
                faults.add(name, expected="a velocity, or a time of an echo with --thickness, is expected")
            elif thickness is not None:
                speeds[name] = measure.velocity(thickness, given)
    faults.raise_if_any()
    longitudinal, transverse = speeds.values()
    found = measure.elastic_set(longitudinal, transverse, density, atomic_volume)
    numbers = {name: {"value": value, "std": std or None} for name, (value, std) in found.results.items()}
    rows = []
    for name, (value, std) in found.results.items():
        factor, unit = _ELASTIC_UNITS.get(name, (1.0, ""))
        rows.append((name.replace("_", " "), with_error(value * factor, std * factor, unit=unit)))
    shown, tables = {"format": "ioffe-sound/1", **numbers}, {"constants.csv": found.table()}
    words = dict(rows)
    told = f"Young's modulus is {words['youngs modulus']}, the shear modulus {words['shear modulus']}."
    findings = found.findings
    return Evaluation(shown, "elastic constants", rows, findings=findings, tables=tables, sentence=told)


@measure_command("texture", "Folder for result.json, reflections.csv.", arguments=("sample", "random"))
@option("--a", metavar="A", text='Lattice parameter, such as "4.38 A"; with a pattern.')
@option("--c", metavar="C", text="Lattice parameter along the hexagonal axis.")
@option("--wavelength", metavar="L", text="Of the X-rays; by default copper K alpha, 1.5418 A.")
@click.option("--heights", is_flag=True, help="Heights of the peaks in place of their areas.")
def texture(
    sample: str, random: str, a: str | None, c: str | None, wavelength: str | None, heights: bool
) -> Evaluation:
    """Share of the grains whose c axis lies along the normal, after Lotgering.

    SAMPLE is a pattern (two columns, 2 theta in degrees and counts; needs --a and --c) or, like RANDOM, a
    table of intensities with the headers hkl and I. RANDOM holds those of random grains, from a powder card.
    """
    faults = Faults()
    is_pattern = a is not None or c is not None
    read_sample = measure.read_pattern if is_pattern else measure.read_intensities
    measured = collected(faults, read_sample, sample)
    reference = collected(faults, measure.read_intensities, random)
    typed = {"--a": a, "--c": c, "--wavelength": wavelength}
    lengths = {name: (_in_angstrom(text), "length") for name, text in typed.items()}
    given = {name.strip("-"): value for name, (value, _) in read_inputs(lengths, faults).items()}
    for name in ("a", "c"):
        if is_pattern and name not in given:
            faults.add(f"--{name}", expected="both lattice parameters are needed with a pattern")
    faults.raise_if_any()
    if is_pattern:
        found = measure.lotgering_of_pattern(measured, reference, areas=not heights, **given)
    else:
        found = measure.lotgering(measured, reference)
    rows = [
        ("factor F", f"{found.factor:.4f}"),
        ("share of (00l) in the sample", f"{found.share:.4f}"),
        ("share in random grains", f"{found.random_share:.4f}"),
        ("reflections compared", str(len(found.reflections))),
    ]
    default = "1.5418 angstrom (copper K alpha, by default)"
    lines = [f"wavelength {wavelength or default}"] if is_pattern else []
    notes = not_used([random] if is_pattern else [sample, random], grains.LAYOUT)
    numbers = {"format": "ioffe-texture/1", **asdict(found)}
    tables = {"reflections.csv": found.table()}
    told = f"Lotgering's factor is {found.factor:.4f}; it is 0 for random grains, 1 for c along the normal."
    more: dict[str, Any] = {"lines": lines, "findings": notes, "tables": tables, "sentence": told}
    return Evaluation(numbers, "Lotgering", rows, **more)


@measure_command("cell", "Folder for result.json, reflections.csv.")
@option("--system", metavar="|".join(unit_cell.SYSTEMS), text="Of the crystal.", required=True)
@option("--wavelength", metavar="L", text="Of the X-rays; by default copper K alpha, 1.5418 A.")
@option("--std", metavar="X", text='Of the angles, such as "0.01 deg"; by default from their scatter.')
@click.option("--shift", type=SHIFTS, default="none", show_default=True, help=SHIFT_HELP)
def cell(file: str, system: Any, wavelength: str | None, std: str | None, shift: Any) -> Evaluation:
    """Parameters of the unit cell by least squares, with errors.

    FILE is a table with the headers "hkl" and "2theta (deg)", and perhaps the errors of the angles. Trigonal
    crystals are given in the hexagonal setting. --shift fits an error of the zero of 2 theta, or of a sample
    beside the axis, too. With --out writes result.json and reflections.csv.
    """
    faults = Faults()
    rows = collected(faults, measure.read_reflections, file)
    lengths = {"--wavelength": (_in_angstrom(wavelength), "length"), "--std": (std, "angle")}
    given = {name: value for name, (value, _) in read_inputs(lengths, faults).items()}
    faults.raise_if_any()
    planes, angles, errors = rows
    errors = np.degrees(given["--std"]) if "--std" in given else errors
    length = {"wavelength": given["--wavelength"]} if "--wavelength" in given else {}
    found = measure.cell_parameters(planes, angles, system, std=errors, shift=shift, **length)
    lines = [f"wavelength {found.wavelength * 1e10:.5g} angstrom"]
    findings = [*found.findings, *not_used([file], unit_cell.LAYOUT)]
    tables, title = {"reflections.csv": found.table()}, f"{system} cell, {len(planes)} reflections"
    rows = found.named()
    told = f"The cell has {', '.join(f'{name} = {text}' for name, text, *_ in rows)}."
    more: dict[str, Any] = {"lines": lines, "findings": findings, "tables": tables, "sentence": told}
    return Evaluation(found.to_dict(), title, rows, **more)


def _in_angstrom(text: str | None) -> str | None:
    """A length of a crystal's cell as it is typed, in which A stands for angstrom and not for ampere."""
    return text if text is None else re.sub(r"(?<![A-Za-z])A$", "angstrom", text.strip())


@measure_command("onset", "By default FILE-onset.", always_writes=True)
@option("--before", metavar="[flat|line]", text="Shape below the onset (flat).", type=_SHAPES, default="flat")
@option("--confidence", metavar="P", text="Of the interval.", type=float, default=0.683, show_default=True)
@option(
    "--sigma", metavar="X", text='Conductivity, such as "122 S/cm"; with --length gives the critical voltage.'
)
@option("--length", metavar="X", text='Superionic length, such as "10 mm".')
def onset(file: str, before: Any, confidence: float, sigma: str | None, length: str | None) -> Evaluation:
    """Critical current density of a mixed conductor: where R/R0 or S/S0 begins to fall.

    FILE is a table with the headers "J (A/cm2)" and "R/R0" or "S/S0", and perhaps "std". Prints the critical
    current density J_c with its confidence interval, or says that the curve has no break. With --sigma and
    --length also the critical voltage J_c L/sigma. Writes result.json, points.csv and the picture (SVG). With
    --json files are written only into --out.
    """
    faults = Faults()
    sizes = {"--sigma": (sigma, "electrical_conductivity"), "--length": (length, "length")}
    given = read_inputs(sizes, faults)
    for name in sizes if given else ():
        if name not in given:
            faults.add(name, expected="both --sigma and --length are expected for V_c")
    curve = collected(faults, measure.read_onset_curve, file)
    faults.raise_if_any()
    J, ratio, std = curve
    found = measure.onset(J, ratio, std, before=before, confidence=confidence)
    numbers: dict[str, Any] = {"points": len(J), **found.to_dict()}
    rows = [("onset", "none", found.reason)]
    if np.isfinite(found.no_onset_up_to):
        rows.append(("J_c (A/cm2)", f"at least {found.no_onset_up_to / 1e4:.4g}", ""))
    if found.exists:
        rows = [
            ("J_c (A/cm2)", f"{found.position / 1e4:.4g}", _interval(found.interval, 1e-4)),
            ("scatter of the points", f"{found.residual_std:.2g}", ""),
            ("probability without a break", f"{found.p_value:.2g}", ""),
        ]
    if found.exists and given:
        conductivity, size = (value for value, _ in given.values())
        voltage, ends = measure.critical_voltage_of_onset(found, conductivity, size)
        rows.insert(1, ("V_c (mV)", f"{1e3 * voltage:.4g}", _interval(ends, 1e3)))
        numbers |= {"critical_voltage": voltage, "critical_voltage_interval": plain(ends)}

    def picture() -> Figure:
        from ioffe.report.measure import onset_figure

        return onset_figure(found)

    heads = "quantity", "value", f"{100.0 * confidence:g} % interval"
    notes = not_used([file], critical_current.LAYOUT)
    shown = {name: (("point",), column.values) for name, column in found.table().columns.items()}
    tables = {"points.csv": table({"current_density": (("point",), found.x)}, shown)}
    more: dict[str, Any] = {"sentence": sentence(found), "pictures": {"onset": picture}}
    return Evaluation(numbers, "onset", rows, heads=heads, findings=notes, tables=tables, **more)


def _interval(ends: Sequence[float], factor: float) -> str:
    """Ends of an interval in another unit."""
    low, high = (f"{factor * v:.4g}" if np.isfinite(v) else "open" for v in ends)
    return f"{low} to {high}"


@measure_command("seebeck-map", "By default FILE-seebeck-map.", always_writes=True)
def seebeck_map(file: str) -> Evaluation:
    """Mean and uniformity of the Seebeck coefficient over a pellet, and a picture of it.

    FILE is a table with the headers "x (mm)", "y (mm)", "S (uV/K)". Writes result.json, map.csv and the
    picture (SVG, PNG). With --json files are written only into --out.
    """
    found = measure.read_seebeck_map(file)
    stats = found.statistics()

    def picture() -> Figure:
        from ioffe.report.measure import seebeck_map_figure

        return seebeck_map_figure(found)

    rows = [
        ("points", str(stats.points)),
        ("mean", with_error(stats.mean, stats.standard_error, "seebeck")),
        ("standard deviation of the points", with_error(stats.std, 0.0, "seebeck")),
        ("uniformity 1 - std/|mean|", f"{100 * stats.uniformity:.1f} %"),
    ]
    order = ("lowest", "median", "highest")
    rows += [(name, with_error(getattr(stats, name), 0.0, "seebeck")) for name in order]
    numbers = {"format": "ioffe-seebeck-map/1", **{k: plain(v) for k, v in asdict(stats).items()}}
    notes = (*found.findings, *not_used([file], maps.LAYOUT))
    tables = {"map.csv": found.table()}
    mean = with_error(stats.mean, stats.standard_error, "seebeck")
    told = f"The mean of {stats.points} points is {mean}, the uniformity {100 * stats.uniformity:.1f} %."
    more: dict[str, Any] = {"sentence": told, "pictures": {"seebeck-map": picture}}
    return Evaluation(numbers, "Seebeck map", rows, findings=notes, tables=tables, **more)


@measure_command("ageing", "Folder for result.json, points.csv, files for `ioffe life`, picture and report.")
@option("--law", metavar="relaxation|parabolic|linear|power", text="By default the best.", default="")
@option("--path", metavar="PATH", text='Number of the device, "p.contact_hot.electrical".', default=_AGED)
def ageing(file: str, law: str, path: str) -> Evaluation:
    """How contacts age: laws fitted to every junction, compared, ready for `ioffe life`.

    FILE is a table with the headers "metal", "t (h)", "T (degC)", "rho_c (uohm cm2)" and perhaps "std (uohm
    cm2)". With --out a file life-NAME.toml for every junction holds the table [life] that is written below a
    device. In place of rho_c it may hold what a whole module does, "R_in (mohm)" or "P_max (mW)", or the
    "share (%)" of an impurity phase.
    """
    series, quantity, unused = read_ageing(file)
    found = age_junctions(series, quantity, unused, law=law)
    tables = {"points.csv": found.table()}
    rows = found.parameter_lines()
    write_page = page_writer(found)

    def draw(made: Path) -> None:
        write_page(made)
        for name in found.junctions if quantity in OF_CONTACTS else ():
            text = found.life_table(path, name)
            (made / f"life-{slug(name)}.toml").write_text(text, encoding="utf-8")

    heads = ("junction", "law", "parameters")
    follow = f"a device that ages so: ioffe life DEVICE.toml --ageing {file}"
    lines = [follow] if quantity in OF_CONTACTS else []
    numbers, told = found.to_dict(), sentence(found)
    return Evaluation(numbers, "ageing", rows, heads, lines, found.findings, tables, draw, told)
