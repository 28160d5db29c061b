"""`ioffe analyse`: from measured samples to tables, a picture and a report."""

from __future__ import annotations

import csv
import json
import re
import warnings
from collections.abc import Sequence
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import Any

import click

from ioffe.base.errors import Faults, did_you_mean
from ioffe.base.units import to_si
from ioffe.cli.analysis_summary import print_analysis, print_fit
from ioffe.cli.fit_options import MODELS, fit_samples, fit_span
from ioffe.cli.hall import read_options, with_hall
from ioffe.cli.output import REPORT, folder_in_place
from ioffe.cli.terminal import check_folder, warn, with_kelvin, working
from ioffe.material import Material, library, readers
from ioffe.material.analysis import Analysis
from ioffe.material.fit import Fit
from ioffe.material.readers.headers import meaning
from ioffe.material.uncertainty import Uncertainty
from ioffe.report.analysis import analyse as analyse_samples
from ioffe.transport.carrier_scattering import scattering_exponent

ANALYSIS, FIT, VALUES, SUMMARY, HALL = "analysis.json", "fit.json", "values.csv", "summary.csv", "hall.csv"
SYSTEMATIC_IN_FIT = 0.5
"""Share of the variance common to all temperatures that a fit assumes for percentages typed with --error."""
ERRORS = ("seebeck", "electrical_conductivity", "thermal_conductivity", "hall")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--sample", help="Which sample of a file; by default all.")
@click.option("--format", "layout", default="auto", help=f"One of {', '.join(readers.FORMATS)}.")
@click.option(
    "--carrier", type=click.Choice(["p", "n"]), help="By default what the file says, else the sign of S."
)
@click.option(
    "--hall",
    multiple=True,
    metavar="[SAMPLE=]VALUE[@T]",
    help='Hall density or coefficient, such as "2.1e19 cm^-3 @ 300 K", or a file; may be repeated.',
)
@click.option(
    "--error",
    "errors",
    multiple=True,
    metavar="PROPERTY=PERCENT",
    help='Standard deviation, such as "S=6 %" or "kappa=11 %"; by default what the file states.',
)
@click.option(
    "--systematic",
    type=float,
    help="Share of the variance common to all temperatures; by default 1, and 0.5 in a fit.",
)
@click.option("--t-cold", metavar="T", help='Cold end of the averages, such as "300 K" or "27 degC".')
@click.option("--t-hot", metavar="T", help="Hot end of the averages; by default those of the data.")
@click.option("--scattering", default="acoustic", help="Mechanism of the parabolic band, or the exponent r.")
@click.option("--onset", metavar="T", help='Onset of bipolar conduction, or "none"; by default looked for.')
@click.option("--fit", "model", type=click.Choice(MODELS), help="Fit bands to all samples at once.")
@click.option("--gap", metavar="E", help="Gap where the fit begins; by default that of Goldsmid and Sharp.")
@click.option(
    "--fit-range",
    metavar="T..T",
    help='Temperatures of the fit, such as "300 K .. 400 K"; by default where the model holds.',
)
@click.option("--monte-carlo", is_flag=True, help="Propagate errors by random draws.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the results; by default FILE-analysis.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the analysis alone as JSON in SI units.")
@click.option("--no-report", is_flag=True, help="Write the numbers only, no picture and no report.")
def analyse(
    files: tuple[str, ...],
    sample: str | None,
    layout: str,
    carrier: Any,
    hall: tuple[str, ...],
    errors: tuple[str, ...],
    systematic: float | None,
    t_cold: str | None,
    t_hot: str | None,
    scattering: str,
    onset: str | None,
    model: str | None,
    gap: str | None,
    fit_range: str | None,
    monte_carlo: bool,
    out: Path | None,
    as_json: bool,
    no_report: bool,
) -> None:
    """Analyse measured samples; write tables, a picture and a report.

    FILE is a CSV or Excel table with units in its headers, a card, or a material of the library; a table may
    hold several samples. Prints the figures of merit with their errors and what is doubtful about the data.
    Writes analysis.json, values.csv, summary.csv, a picture (SVG, PNG) and report.html, with --fit also
    fit.json and its picture. With --json the analysis alone is printed, with the fit under "fit", and files
    are written only into --out.
    """
    folder = None if as_json and out is None else out or _default_folder(files)
    check_folder(folder)
    faults = Faults()
    uncertainty = _uncertainty(errors, 1.0 if systematic is None else systematic, faults)
    span: dict[str, Any] = {}
    for name, text in (("T_cold", t_cold), ("T_hot", t_hot)):
        if text is not None:
            with faults.collect():
                span[name] = to_si(with_kelvin(text), name, f"--{name.lower().replace('_', '-')}")
    with faults.collect():
        span["onset"] = _onset(onset)
    fit_T = fit_span(fit_range, faults)
    energy = None
    with faults.collect():
        energy = None if gap is None else to_si(gap, "band_gap", "--gap")
    if model is None:
        for option, value in (("--gap", gap), ("--fit-range", fit_range)):
            if value is not None:
                faults.add(option, value, "belongs to a fit; name one with --fit")
    with faults.collect("--scattering"):
        scattering_exponent(_number_or_word(scattering))
    materials = _read(files, layout, sample, carrier, faults)
    measured = read_options(hall, faults)
    faults.raise_if_any()
    materials = with_hall(materials, measured)
    with working("analysing"):
        analysis = analyse_samples(
            materials,
            uncertainty=uncertainty,
            scattering=_number_or_word(scattering),
            method="monte_carlo" if monte_carlo else "linear",
            **span,
        )
    bands = None
    if model is not None:
        with working("fitting"):
            words = _number_or_word(scattering)
            bands = fit_samples(
                model,
                analysis,
                scattering=words,
                span=fit_T,
                gap=energy,
                uncertainty=_of_fit(uncertainty, errors, systematic),
            )
    if as_json:
        found = analysis.to_dict() | ({"fit": bands.to_dict()} if bands else {})
        click.echo(json.dumps(found, indent=1, allow_nan=False))
    else:
        print_analysis(analysis)
        if bands is not None:
            print_fit(bands)
    if folder is not None:
        with working("writing"):
            names = _write(analysis, bands, folder, report=not no_report)
        if not as_json:
            click.echo(f"\n{_written(folder, names)}")


def _default_folder(files: Sequence[str]) -> Path:
    """Folder beside the caller, named after the first file or material."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(files[0]).stem if Path(files[0]).is_file() else files[0])
    return Path(f"{stem.strip('-.') or 'material'}-analysis")


def _uncertainty(errors: Sequence[str], systematic: float, faults: Faults) -> Uncertainty | None:
    given: dict[str, Any] = {}
    for option in errors:
        word, mark, percent = option.partition("=")
        name = meaning(word.strip())[0]
        name = {"electrical_resistivity": "electrical_conductivity"}.get(name, name)
        name = "hall" if name.startswith("hall") or word.strip().casefold() == "hall" else name
        if name not in ERRORS or not mark:
            expected = 'a property and its error are expected, such as "S=6 %"'
            faults.add("--error", option, expected, did_you_mean(word, ERRORS))
        else:
            given[name] = percent.strip()
    with faults.collect("--error"):
        return Uncertainty(systematic=systematic, **given)
    return None


def _of_fit(
    uncertainty: Uncertainty | None, errors: Sequence[str], systematic: float | None
) -> Uncertainty | None:
    """Errors for a fit, which needs some that scatter from point to point; those of the file as they are."""
    if uncertainty is None or (not errors and systematic is None):
        return None
    return uncertainty if systematic is not None else replace(uncertainty, systematic=SYSTEMATIC_IN_FIT)


def _onset(text: str | None) -> float | None:
    if text is None:
        return None
    if text.strip().casefold() == "none":
        return float("inf")
    return to_si(with_kelvin(text), "temperature", "--onset")


def _number_or_word(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def _read(
    files: Sequence[str], layout: str, sample: str | None, carrier: Any, faults: Faults
) -> list[Material]:
    """Samples of all files, with the faults of all of them."""
    found: list[Material] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for name in files:
            with faults.collect():
                path = Path(name)
                if path.suffix.casefold() in library.TABLE_ENDINGS or path.is_dir():
                    found += readers.read(path, layout, sample, carrier)
                else:
                    material = library.load_material(name)
                    found.append(material if carrier is None else material.replace(carrier=carrier))
    for text in dict.fromkeys(str(warning.message) for warning in caught):
        warn(text)
    return found


def _write(analysis: Analysis, bands: Fit | None, folder: Path, report: bool) -> list[str]:
    with folder_in_place(folder) as made:
        analysis.save(made / ANALYSIS)
        if bands is not None:
            bands.save(made / FIT)
        tables = {VALUES: analysis.rows(), SUMMARY: analysis.rows("summary")}
        if any(len(sample.T_hall) for sample in analysis):
            tables[HALL] = analysis.rows("hall")
        for name, (header, rows) in tables.items():
            with (made / name).open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, lineterminator="\n")
                writer.writerow(header)
                writer.writerows([_cell(value) for value in row] for row in rows)
        if report:
            from ioffe.report.analysis import write_analysis

            write_analysis(analysis, made, fit=bands)
        return sorted(path.name for path in made.rglob("*") if path.is_file())


def _cell(value: Any) -> Any:
    """A number that is none becomes an empty cell."""
    return "" if isinstance(value, float) and isnan(value) else value


def _written(folder: Path, names: list[str]) -> str:
    """One sentence that says where everything is."""
    tables = ", ".join(name for name in names if name.endswith((".csv", ".json")))
    if REPORT not in names:
        return f"wrote {tables} into {folder}"
    pictures = "pictures" if FIT in names else "picture"
    return f"wrote {folder / REPORT}, and beside it {tables} and the {pictures}"
