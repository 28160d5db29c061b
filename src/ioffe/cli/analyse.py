"""`ioffe analyse`: from measured samples to tables, a picture and a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from ioffe.base.errors import Faults, did_you_mean
from ioffe.base.units import to_si
from ioffe.cli.analysis_summary import print_analysis
from ioffe.cli.fit_options import MODELS, fit_samples, fit_span
from ioffe.cli.hall import read_options, with_hall
from ioffe.cli.materials import CARRIER_HELP
from ioffe.cli.output import Output, output_options
from ioffe.cli.terminal import collected_warnings, with_kelvin, working
from ioffe.material import Material, library, readers
from ioffe.material.readers.headers import meaning
from ioffe.material.uncertainty import Uncertainty
from ioffe.report.analysis import analyse as analyse_samples
from ioffe.transport.carrier_scattering import scattering_exponent

SYSTEMATIC_IN_FIT = 0.5
"""Share of the variance common to all temperatures that a fit assumes for percentages typed with --error."""
HALL_HELP = 'Hall density or coefficient, such as "2.1e19 cm^-3 @ 300 K", or a file; may be repeated.'
ERROR_HELP = 'Standard deviation, such as "S=6 %" or "kappa=11 %"; by default what the file states.'
SYSTEMATIC_HELP = "Share of the variance common to all temperatures; by default 1, and 0.5 in a fit."
FIT_RANGE_HELP = 'Temperatures of the fit, such as "300 K .. 400 K"; by default where the model holds.'
ERRORS = ("seebeck", "electrical_conductivity", "thermal_conductivity", "hall")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--sample", help="Which sample of a file; by default all.")
@click.option("--format", "layout", default="auto", help=f"One of {', '.join(readers.FORMATS)}.")
@click.option("--carrier", type=click.Choice(["p", "n"]), help=CARRIER_HELP)
@click.option("--hall", multiple=True, metavar="[SAMPLE=]VALUE[@T]", help=HALL_HELP)
@click.option("--error", "errors", multiple=True, metavar="PROPERTY=PERCENT", help=ERROR_HELP)
@click.option("--systematic", type=float, help=SYSTEMATIC_HELP)
@click.option("--t-cold", metavar="T", help='Cold end of the averages, such as "300 K" or "27 degC".')
@click.option("--t-hot", metavar="T", help="Hot end of the averages; by default those of the data.")
@click.option("--scattering", default="acoustic", help="Mechanism of the parabolic band, or the exponent r.")
@click.option("--onset", metavar="T", help='Onset of bipolar conduction, or "none"; by default looked for.')
@click.option("--fit", "model", type=click.Choice(MODELS), help="Fit bands to all samples at once.")
@click.option("--gap", metavar="E", help="Gap where the fit begins; by default that of Goldsmid and Sharp.")
@click.option("--fit-range", metavar="T..T", help=FIT_RANGE_HELP)
@click.option("--monte-carlo", is_flag=True, help="Propagate errors by random draws.")
@output_options("analysis", of="files", report="picture and no report")
def analyse(files: tuple[str, ...], output: Output, **typed: Any) -> None:
    """Analyse measured samples; write tables, a picture and a report.

    FILE is a CSV or Excel table with units in its headers, a card, or a material of the library; a table may
    hold several samples. Prints the figures of merit with their errors and what is doubtful about the data.
    Writes analysis.json, values.csv, summary.csv, a picture (SVG, PNG) and report.html, with --fit also
    fit.json and its picture. With --json the analysis alone is printed, with the fit under "fit", and files
    are written only into --out.
    """
    faults = Faults()
    errors, systematic, model = typed["errors"], typed["systematic"], typed["model"]
    uncertainty = _uncertainty(errors, 1.0 if systematic is None else systematic, faults)
    span: dict[str, Any] = {}
    for name in ("T_cold", "T_hot"):
        if typed[name.lower()] is not None:
            with faults.collect():
                option = f"--{name.lower().replace('_', '-')}"
                span[name] = to_si(with_kelvin(typed[name.lower()]), name, option)
    with faults.collect():
        span["onset"] = _onset(typed["onset"])
    of_fit: dict[str, Any] = {"span": fit_span(typed["fit_range"], faults)}
    with faults.collect():
        of_fit["gap"] = None if typed["gap"] is None else to_si(typed["gap"], "band_gap", "--gap")
    for option, value in {"--gap": typed["gap"], "--fit-range": typed["fit_range"]}.items():
        if model is None and value is not None:
            faults.add(option, value, "belongs to a fit; name one with --fit")
    mechanism = _number_or_word(typed["scattering"])
    with faults.collect("--scattering"):
        scattering_exponent(mechanism)
    materials = _read(files, typed["layout"], typed["sample"], typed["carrier"], faults)
    measured = read_options(typed["hall"], faults)
    faults.raise_if_any()
    materials = with_hall(materials, measured)
    span |= {"scattering": mechanism, "method": "monte_carlo" if typed["monte_carlo"] else "linear"}
    with working("analysing"):
        analysis = analyse_samples(materials, uncertainty=uncertainty, **span)
    bands = None
    if model is not None:
        of_fit |= {"scattering": mechanism, "uncertainty": _of_fit(uncertainty, errors, systematic)}
        with working("fitting"):
            bands = fit_samples(model, analysis, **of_fit)
    files_of_fit = {} if bands is None else {"fit": bands.to_dict()}
    found = analysis.to_dict()

    def report(folder: Path) -> None:
        from ioffe.report import analysis as pages

        pages.write_analysis(analysis, folder, fit=bands)

    output.show(found | files_of_fit, lambda: print_analysis(analysis, bands))
    tables = {"values.csv": analysis.rows(), "summary.csv": analysis.rows("summary")}
    if any(len(sample.T_hall) for sample in analysis):
        tables["hall.csv"] = analysis.rows("hall")
    jsons = {"analysis.json": found} | {f"{name}.json": fit for name, fit in files_of_fit.items()}
    output.write(jsons | tables, report)


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
    with collected_warnings():
        for name in files:
            with faults.collect():
                path = Path(name)
                if path.suffix.casefold() in library.TABLE_ENDINGS or path.is_dir():
                    found += readers.read(path, layout, sample, carrier)
                else:
                    material = library.load_material(name)
                    found.append(material if carrier is None else material.replace(carrier=carrier))
    return found
