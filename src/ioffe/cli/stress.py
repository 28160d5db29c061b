"""`ioffe stress`: thermal stress of a module, by measures that settle when the mesh is refined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import format_si, to_si
from ioffe.cli import terminal
from ioffe.cli.measuring import page_writer
from ioffe.cli.output import FIELDS, RESULT, VTU_HELP, Output, judging_options, output_options
from ioffe.cli.run import read_file
from ioffe.device.cascade import materials_of
from ioffe.device.conditions import OPERATION, Conditions
from ioffe.device.module import Module
from ioffe.field.elements.task import full_module
from ioffe.field.stress.result import StressResult, chance
from ioffe.field.stress.solve import checked, expected
from ioffe.field.stress.solve import stress as solve_stress
from ioffe.field.stress.tables import elastic_data, read_elastic_table
from ioffe.solve.doubts import judge

FREE_HELP = (
    "Temperature at which all parts are free of stress, as the joints became solid; by default 20 degC."
)
ELASTIC_HELP = "TOML with elastic data, and strengths, that cards lack."
CURRENT_HELP = "Operating point; by default what the file imposes if it is one number, else open circuit."
SPRING_HELP = "Stiffness of what the outer {} face lies on, such as 100 MPa/mm; by default nothing holds it."
PRESSURE_HELP = "By which both outer faces are pressed together."
DISTANCE_HELP = "Width of the rims of joints over which means are taken; by default a tenth of a leg."
PARTS = (
    "part",
    "exceeded in 1 %",
    "tension exceeded in 1 %",
    "mean at rims",
    "largest",
    "mesh there",
    "fails",
)
JOINTS = ("joint", "shear", "shear at the rim", "peel at the rim")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("device", type=click.Path(path_type=Path), metavar="DEVICE.toml")
@click.option("--free", metavar="T", help=FREE_HELP)
@click.option("--elastic", type=click.Path(path_type=Path), metavar="FILE", help=ELASTIC_HELP)
@click.option("--current", metavar="I", help=CURRENT_HELP)
@click.option("--pressure", metavar="P", help=PRESSURE_HELP)
@click.option("--cold-spring", metavar="K", help=SPRING_HELP.format("cold"))
@click.option("--hot-spring", metavar="K", help=SPRING_HELP.format("hot"))
@click.option("--distance", metavar="D", help=DISTANCE_HELP)
@click.option("--vtu", is_flag=True, help=VTU_HELP.format(""))
@judging_options
@output_options("stress", report="report")
def stress(
    device: Path,
    free: str | None,
    elastic: Path | None,
    current: str | None,
    pressure: str | None,
    cold_spring: str | None,
    hot_spring: str | None,
    distance: str | None,
    vtu: bool,
    strict: bool,
    force: bool,
    output: Output,
) -> None:
    """Thermal stress of a module at one operating point, in finite elements.

    Prints, for each part, the equivalent stress and the tension that one per cent of its volume exceeds, the
    mean at the rims of the joints, the largest value beside the width of the mesh where it was found (it
    grows without end as that falls), the probability of failure where a strength is known; shear and peel of
    the joints at the ends of the legs. Writes result.json, parts.csv, joints.csv and report.html. With
    --json the result alone is printed, and files are written only into --out.

    Of listed conditions the first is taken. More than about one couple needs pyamg.
    """
    file = read_file(device)
    options, faults = Faults(), Faults(str(device))
    known, brittle = elastic_data(file.stress.material, faults, "stress.material")
    if elastic is not None:
        with options.collect():
            data, strengths = read_elastic_table(elastic)
            known, brittle = {**known, **data}, {**brittle, **strengths}
    given = {"free": free, "pressure": pressure, "cold_spring": cold_spring, "hot_spring": hot_spring}
    given["distance"] = distance
    told = {name: getattr(file.stress, name) if text is None else text for name, text in given.items()}
    numbers: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
    materials, narrowest, module = [], np.inf, file.device
    if isinstance(module, Module):
        materials = list(materials_of(module))
        with faults.collect():
            narrowest = module.plan.narrowest
    else:
        faults.add("module", expected=f"a module is expected, not a {type(module).__name__}")
    with faults.collect():
        checked(materials, known, brittle, narrowest, strict=strict and not force, **numbers)
    conditions = file.conditions
    with faults.collect():
        judge(module, conditions, force=force, strict=strict or file.strict)
    with options.collect():
        conditions = _one_point(file.conditions, current)
    if found_faults := (*options.found, *faults.found):
        raise InputError(*_named(found_faults, given))
    assert isinstance(module, Module)
    with terminal.working("solving"), file.naming_faults():
        # both are said, and refused, before anything is solved
        expected(full_module(module, conditions).solid).tell()
        more: dict[str, Any] = {"strict": strict or None, "force": force, "maxima": False}
        solved = file.solve("full", conditions=conditions, **more)
        try:
            found = solve_stress(
                solved, elastic=known, brittle=brittle, strict=strict and not force, **numbers
            )
        except InputError as error:
            raise InputError(*_of_point(error.faults, current)) from None
    output.show(found.to_dict(), lambda: print_stress(found, file.name), found.warnings)
    tables = found.tables()
    files: dict[str, Any] = {
        RESULT: found.to_dict(),
        "parts.csv": tables["parts"],
        "joints.csv": tables["joints"],
    }
    if vtu:
        files[FIELDS] = found.bodies().vtu()
    output.write(files, page_writer(found), book=found)


def _named(faults: Iterable[Fault], given: Mapping[str, str | None]) -> Iterator[Fault]:
    """Faults, those of numbers that options gave under the names of the options."""
    for fault in faults:
        if given.get(fault.location) is not None:
            fault = replace(fault, location=f"--{fault.location.replace('_', '-')}", file="")
        yield fault


def _of_point(faults: Iterable[Fault], current: str | None) -> Iterator[Fault]:
    """Faults, that of an operating point without a solution where its current was given."""
    for fault in faults:
        if fault.location == "point" and current is not None:
            fault = replace(fault, location="--current", value=current)
        yield fault


def _one_point(conditions: Conditions, current: str | None) -> Conditions:
    """The first of listed conditions, at one current."""
    first = {
        name: float(value[0])
        for name, value in vars(conditions).items()
        if isinstance(value, np.ndarray) and value.size and name not in OPERATION
    }
    if current is not None:
        return conditions.replace(**first, current=to_si(current, "current", "--current"))
    given = getattr(conditions, "current", None)
    alone = isinstance(given, int | float)
    others = any(isinstance(getattr(conditions, k, None), int | float) for k in OPERATION if k != "current")
    return conditions.replace(**first) if alone or others else conditions.replace(**first, current=0.0)


def print_stress(found: StressResult, name: str) -> None:
    """Print parts and joints."""
    rows = []
    for part, measures in found.parts.items():
        keys = ("mises_exceeded", "principal_exceeded", "rim_mises", "largest_mises")
        width = format_si(measures["mesh_width"], "length", 2)
        shown = [_shown(measures[key]) for key in keys]
        shown[0] += f" ± {100.0 * found.errors[part][keys[0]] / measures[keys[0]]:.0f} %"
        rows.append((part, *shown, width, chance(measures["failing"])))
    title = f"{name} at {found.point_words()}: free of stress at {format_si(found.free, 'temperature')}"
    terminal.print_remarks(found.warnings)
    terminal.print_table(title, PARTS, rows, range(1, 7))
    rows = [
        (joint, *(_shown(m[key]) for key in ("shear", "rim_shear", "rim_peel")))
        for joint, m in found.joints.items()
    ]
    rim = format_si(found.distance, "length")
    terminal.print_table(f"joints, their rims {rim} wide", JOINTS, rows, range(1, 4))
    terminal.print_table("computed with", ("", ""), list(found.inputs()))
    share = 100.0 * found.error_estimate
    error = f"estimated error up to {share:.0f} % (difference of two meshes; ± is that of a part)"
    terminal.print_remarks((), (*found.notes, error))


def _shown(value: float) -> str:
    return format_si(value, "stress", 3) if np.isfinite(value) else "-"
