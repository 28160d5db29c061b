"""The commands of `ioffe measure` for transport properties of samples: laser flash, ZEM-3, Hall effect."""

from __future__ import annotations

from typing import Any

import numpy as np

from ioffe import measure
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.saved import plain
from ioffe.cli.measuring import Evaluation, collected, measure_command, option, page_writer, sentence
from ioffe.material.uncertainty import with_error
from ioffe.measure.estimates import read_inputs
from ioffe.measure.laser_flash import known_std
from ioffe.transport.phonons.heat_capacity import dulong_petit


@measure_command("flash", "Folder for result.json, kappa.csv, a picture and a report.")
@option("--density", metavar="D", text='"6.65 g/cm3 +- 1 %"; by default of the file.', with_error=True)
@option("--heat-capacity", metavar="CP", text='Such as "0.2 J/(g K)"; by default of the file.')
@option("--molar-mass", metavar="M", text="Mean molar mass of an atom, for Dulong and Petit.")
@option("--heat-capacity-error", "heat_capacity_uncertainty", metavar="P", text="Its error.", default="0")
@option("--error", "uncertainty", metavar="PERCENT", text="Of the diffusivity.", default="0")
@option("--expansion", "thermal_expansion", metavar="ALPHA", text="Linear, in 1/K.", default="0 1/K")
@option("--xray-density", metavar="D", text="Of the perfect crystal, for the porosity.", with_error=True)
@option("--window", metavar="K", text="Points closer than this are one.", default="5 K", show_default=True)
def flash(
    file: str,
    density: Any,
    heat_capacity: str | None,
    molar_mass: str | None,
    **options: Any,
) -> Evaluation:
    """Thermal conductivity: diffusivity times density times heat capacity.

    FILE is an export of a Netzsch LFA, as text or as an Excel workbook. kappa.csv can be read by `ioffe
    analyse` beside S and sigma. Where density and heat capacity come from is printed with them.
    """
    faults = Faults()
    run = collected(faults, measure.read_flash, file)
    if heat_capacity is not None and molar_mass is not None:
        expected = "either a heat capacity or the mean molar mass of an atom is expected"
        faults.add("--heat-capacity", heat_capacity, expected)
    masses = read_inputs({"--molar-mass": (molar_mass, "molar_mass")}, faults)
    if run is None and heat_capacity is None and molar_mass is None:
        expected = "it is needed if the file has no column of it, or the mean molar mass of an atom"
        faults.add("--heat-capacity", expected=expected)
    faults.raise_if_any()
    assert run is not None
    origins = {}
    capacity: Any = heat_capacity
    if masses:
        capacity = float(dulong_petit(masses["--molar-mass"][0]))
        origins["heat_capacity"] = f"Dulong and Petit, {molar_mass} for an atom"
    try:
        found = measure.conductivity_of_run(run, density, capacity, origins=origins, **options)
    except InputError as error:
        raise InputError(*(_as_option(fault) for fault in error.faults)) from None
    kappa = found.thermal_conductivity
    T, alpha, values = (plain(a) for a in (kappa.T, found.diffusivity.values, kappa.values))
    spread, of_alpha = (plain(known_std(curve)) for curve in (kappa, found.diffusivity))

    tables = {"kappa.csv": found.table()}
    numbers = {"format": "ioffe-laser-flash/1", "T": T, "thermal_diffusivity": alpha}
    numbers |= {"thermal_diffusivity_std": of_alpha, "thermal_conductivity": values, "std": spread}
    numbers |= {"density": found.density, "density_std": found.density_std or None}
    numbers |= {"heat_capacity": plain(found.heat_capacity), "origins": dict(found.origins)}
    numbers |= {"relative_density": found.relative_density, "unused": list(run.unused)}
    numbers |= {"warnings": list(found.warnings), "notes": list(found.notes)}
    rows = [
        (
            f"{t:.5g} K",
            with_error(a, s_a or 0.0, "thermal_diffusivity"),
            with_error(k, s or 0.0, kappa.quantity),
        )
        for t, a, s_a, k, s in zip(T, alpha, of_alpha, values, spread, strict=True)
    ]
    lines = [f"{name}: {text}" for name, text in found.origin_lines()]
    heads = ("T", "diffusivity", "kappa")
    draw = page_writer(found)
    told = sentence(found)
    return Evaluation(numbers, "laser flash", rows, heads, lines, found.findings, tables, draw, told)


lfa = flash


def _as_option(fault: Fault) -> Fault:
    """A fault of an argument that is an option of the command."""
    word = fault.location.replace("_", "-")
    known = ("density", "heat-capacity", "xray-density", "window")
    if word in known:
        return Fault(f"--{word}", fault.value, fault.expected, fault.advice, fault.file)
    return fault


@measure_command("zem", "Folder for result.json, sample.csv, a picture and a report.")
@option("--keep", "part", metavar="[all|heating|cooling]", text="Part of the run.", default="all")
@option("--error", "uncertainty", metavar="PERCENT", text="Of both, of the instrument.", default="0")
@option("--window", metavar="K", text="Points closer than this are one.", default="5 K", show_default=True)
def zem(file: str, part: Any, uncertainty: str, window: str) -> Evaluation:
    """Seebeck coefficient, resistivity and power factor over temperature.

    FILE is the export of a ZEM-3, an LSR or a CTA. Points that failed and points with a poor R^2 are named
    and left out. sample.csv can be read by `ioffe analyse` beside the conductivity of a laser flash.
    """
    run = measure.read_zem(file)
    found = measure.zem_result(run, part=part, uncertainty=uncertainty, window=window)
    S, rho = found.seebeck, found.electrical_resistivity
    spreads = [np.nan_to_num(known_std(curve)).tolist() for curve in (S, rho)]
    T, factor = S.T.tolist(), found.power_factor
    rows = [
        (
            f"{t:.5g} K",
            with_error(float(S.values[k]), spreads[0][k], "seebeck"),
            with_error(float(rho.values[k]), spreads[1][k], "electrical_resistivity"),
            with_error(float(factor[k]), 0.0, "power_factor"),
        )
        for k, t in enumerate(T)
    ]
    heads = ("T", "S", "rho", "power factor")
    numbers = {"unused": list(run.unused), **found.to_dict()}
    tables, draw = {"sample.csv": found.table()}, page_writer(found)
    title, told = "Seebeck coefficient and resistivity", sentence(found)
    return Evaluation(numbers, title, rows, heads, (), found.findings, tables, draw, told)


@measure_command("hall", "Folder for result.json, hall.csv, a picture and a report.")
@option("--thickness", metavar="T", text='Such as "1.00 mm +- 1 %", for sweeps.', with_error=True)
@option("--resistivity", metavar="RHO", text='For the mobility: "0.5 mohm cm +- 2 %".', with_error=True)
@option("--current", metavar="I", text="If the file has no column of it.")
def hall(file: str, thickness: Any, resistivity: Any, current: str | None) -> Evaluation:
    """Hall coefficient, carrier density and, with a resistivity, mobility.

    FILE is a table with the headers "B (T)" and "R_xy (mohm)", or "V (uV)" and, if --current is not given, "I
    (mA)"; measure with both signs of the field. Or a table of Hall coefficients, such as the text of a Lake
    Shore system.
    """
    faults = Faults()
    names = {"--thickness": (thickness, "thickness"), "--current": (current, "current")}
    read_inputs({**names, "--resistivity": (resistivity, "electrical_resistivity")}, faults)
    read = collected(faults, measure.read_hall, file)
    faults.raise_if_any()
    found = measure.hall_measurement(read, thickness, resistivity, current)
    columns = {name: plain(values) for name, values in found.columns().items()}
    renamed = {"hall_coefficient": "coefficient", "hall_carrier_density": "carrier_density"}
    numbers: dict[str, Any] = {"format": "ioffe-hall/1", "carrier": found.carrier, "T": plain(found.T)}
    for name, values in columns.items():
        base = name.removesuffix("_std")
        numbers[renamed.get(base, "mobility") + name.removeprefix(base)] = values
    numbers |= {"offset": plain(found.offset) or None, "curvature": plain(found.curvature) or None}
    if len(found.results) == 1:
        numbers = {k: v[0] if isinstance(v, list) else v for k, v in numbers.items()}
    numbers |= {"origins": dict(found.origins), "unused": list(read.unused)}
    numbers |= {"warnings": list(found.warnings), "notes": list(found.notes)}
    words = ("R_H", "n_H", "mobility")
    printed = found.rows_in_words()
    heads: tuple[str, ...] = ("quantity", "value")
    if len(printed) == 1:
        rows = list(zip(words, printed[0][1:], strict=False))
    else:
        rows, heads = printed, ("T", *words[: len(printed[0]) - 1])
    lines = [f"{name}: {text}" for name, text in found.origins.items()]
    tables, draw = {"hall.csv": found.table()}, page_writer(found)
    title = f"Hall measurement, {found.carrier}-type"
    return Evaluation(numbers, title, rows, heads, lines, found.findings, tables, draw, sentence(found))
