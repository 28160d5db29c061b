"""`ioffe analyse`: from measured samples to tables, a picture and a report.

It prints figures of merit with their errors, Hall measurements, shares of the errors and findings; with
`--fit` it fits bands over the temperatures at which the model holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf, isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from ioffe.base.errors import Fault, Faults, InputError, as_typed, did_you_mean
from ioffe.base.units import to_si
from ioffe.cli import terminal
from ioffe.cli.hall import read_options, with_hall
from ioffe.cli.materials.cards import CARRIER_HELP
from ioffe.cli.materials.selecting import selection_of, selection_options
from ioffe.cli.output import Output, judging_options, output_options
from ioffe.cli.reading import format_option, is_table, options_of, reading_options
from ioffe.material import Material, library, readers
from ioffe.material.analysis import Analysis, SampleAnalysis
from ioffe.material.analysis.analyse import hall_temperatures
from ioffe.material.analysis.result import SUMMARY
from ioffe.material.checks import OF_SIZE
from ioffe.material.fit import (
    Fit,
    KaneBand,
    ReciprocalLattice,
    SingleParabolicBand,
    TwoBands,
    best_dopings,
    fit,
)
from ioffe.material.readers.columns.vocabulary import MATERIAL
from ioffe.material.uncertainty import Uncertainty, with_error
from ioffe.report.analysis.pages import analyse as analyse_samples
from ioffe.report.analysis.tables import estimate_text
from ioffe.transport.carrier_scattering import scattering_exponent

if TYPE_CHECKING:
    from ioffe.material import Material
    from ioffe.material.fit.model import FitModel
    from ioffe.material.uncertainty import Uncertainty

SYSTEMATIC_IN_FIT = 0.5
"""Share of the variance common to all temperatures that a fit assumes for percentages typed with --error."""
HALL_HELP = 'Hall density or coefficient, such as "2.1e19 cm^-3 @ 300 K", or a file; may be repeated.'
ERROR_HELP = 'Standard deviation, such as "S=6 %" or "kappa=11 %"; by default what the file states.'
SYSTEMATIC_HELP = "Share of the variance common to all temperatures; by default 1, and 0.5 in a fit."
FIT_RANGE_HELP = 'Temperatures of the fit, such as "300 K .. 400 K"; by default where the model holds.'
ERRORS = ("seebeck", "electrical_conductivity", "thermal_conductivity", "hall")
ROOM_TEMPERATURE = 300.0
HALL = {"hall_carrier_density": "n_H", "hall_mobility": "mobility", "effective_mass": "m_d/m_e"}
"""Quantities of a Hall measurement that are printed, with their heads."""
HEADS = {
    "average_zT": "average zT",
    "engineering_ZT": "engineering ZT",
    "efficiency_kim": "eta (Kim, estimate)",
    "max_efficiency": "eta of a leg",
    "ZT": "ZT of a leg",
}
ONE_BAND = {
    "weighted_mobility": "weighted mobility",
    "reduced_fermi_level": "E_F/kT",
    "lorenz_number": "Lorenz number",
}
"""Quantities that need no thermal conductivity, with their heads."""
MODELS = ("single-band", "kane", "two-bands")
LEAST_SPAN = 20.0
"""Kelvin above the lowest temperature that a fit of one band takes at least."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--sample", help="Which sample of a file; by default all.")
@format_option
@click.option("--carrier", type=click.Choice(["p", "n"]), help=CARRIER_HELP)
@reading_options
@selection_options
@click.option("--separate", is_flag=True, help="Join no files, though they complement each other.")
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
@judging_options
@output_options("analysis", of="files", report="picture and no report")
def analyse(files: tuple[str, ...], output: Output, **typed: Any) -> None:
    """Analyse measured samples; write tables, a picture and a report.

    FILE is a text or Excel table with units in its headers, a file of an instrument, a card, or a material of
    the library; a table may hold several samples, and several tables the parts of one. Prints the figures of
    merit with their errors and what is doubtful about the data.
    Writes analysis.json, values.csv, summary.csv, a picture (SVG) and report.html, with --fit also
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
                span[name] = to_si(terminal.with_kelvin(typed[name.lower()]), name, option)
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
    options = options_of(typed, faults)
    words = typed["layout"], typed["sample"], typed["carrier"]
    chosen = {"separate": typed["separate"], "where": selection_of(typed, faults)}
    materials = _read(files, *words, options, chosen, faults)
    measured = read_options(typed["hall"], faults)
    faults.raise_if_any()
    materials = with_hall(materials, measured)
    span |= {
        "strict": typed["strict"],
        "force": typed["force"],
        "scattering": mechanism,
        "method": "monte_carlo" if typed["monte_carlo"] else "linear",
    }
    with terminal.working("analysing"):
        analysis = analyse_samples(materials, uncertainty=uncertainty, **span)
    bands = None
    if model is not None:
        of_fit |= {"scattering": mechanism, "uncertainty": _of_fit(uncertainty, errors, systematic)}
        with terminal.working("fitting"):
            bands = fit_samples(model, analysis, **of_fit)
    files_of_fit = {} if bands is None else {"fit": bands.to_dict()}
    found = analysis.to_dict()

    def report(folder: Path) -> None:
        from ioffe.report.analysis import pages

        pages.write_analysis(analysis, folder, fit=bands)

    output.show(found | files_of_fit, lambda: print_analysis(analysis, bands))
    made = analysis.tables()
    tables = {"values.csv": made["temperature"], "summary.csv": made["summary"]}
    if any(len(sample.T_hall) for sample in analysis):
        tables["hall.csv"] = made["hall"]
    jsons = {"analysis.json": found} | {f"{name}.json": fit for name, fit in files_of_fit.items()}
    output.write(jsons | tables, report, book=analysis)


def _uncertainty(errors: Sequence[str], systematic: float, faults: Faults) -> Uncertainty | None:
    given: dict[str, Any] = {}
    for option in errors:
        word, mark, percent = option.partition("=")
        name = MATERIAL.meaning(word.strip())[0]
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
    return to_si(terminal.with_kelvin(text), "temperature", "--onset")


def _number_or_word(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def _read(
    files: Sequence[str],
    layout: str,
    sample: str | None,
    carrier: Any,
    options: readers.ReadOptions,
    chosen: dict[str, Any],
    faults: Faults,
) -> list[Material]:
    """Samples of all files, with the faults of all of them; tables with parts of one sample are joined."""
    found: list[Material] = []
    tables: list[Path] = []
    with terminal.collected_warnings():
        for name in files:
            with faults.collect():
                if is_table(name):
                    tables.append(Path(name))
                else:
                    material = library.load_material(name)
                    found.append(material if carrier is None else material.replace(carrier=carrier))
        with faults.collect():
            found += readers.read_together(
                tables, layout, sample, carrier, options, needed=readers.WITHOUT_KAPPA, **chosen
            )
        if tables and not found and not faults:
            faults.add("FILE", ", ".join(files), "no sample of these files fits what was asked for")
    return _told_apart(found)


def _told_apart(samples: list[Material]) -> list[Material]:
    """Samples of the same name get the source behind it, or a number where that is the same too."""
    names = [one.name for one in samples]
    wanted = [
        f"{m.name} ({m.provenance.source or '?'})" if names.count(m.name) > 1 else m.name for m in samples
    ]
    out = []
    for k, (one, name) in enumerate(zip(samples, wanted, strict=True)):
        same = wanted[:k].count(name)
        new = f"{name} {same + 1}" if same else name
        out.append(one if new == one.name else one.replace(name=new))
    return out


def print_analysis(analysis: Analysis, fit: Fit | None = None) -> None:
    """Print what cannot be right, the tables of all samples, their findings, and the parameters of a fit.

    `analysis`: what is printed.
    `fit`: of bands to its samples, with the best doping of every sample.
    """
    for sample in analysis:
        first = [one for one in sample.findings if one.severity == "error" or one.code in OF_SIZE]
        if first:
            terminal.print_text((sample.name, "bold"), *terminal.finding_pieces(first))
    names = [name for name in SUMMARY if name in HEADS and any(name in s.span for s in analysis)]
    heads = ("sample", "largest zT", "span", *(HEADS[name] for name in names))
    figures = [_figures(sample, names) for sample in analysis if sample.has_zT]
    if figures:
        terminal.print_table("figures of merit", heads, figures)
    without = [_without_kappa(sample) for sample in analysis if not sample.has_zT]
    if without:
        words = "one parabolic band, without thermal conductivity"
        terminal.print_table(words, ("sample", "largest power factor", "T", *ONE_BAND.values()), without)
    hall = [_hall(sample) for sample in analysis if len(sample.T_hall)]
    if hall:
        terminal.print_table("Hall measurement, one parabolic band", ("sample", "T", *HALL.values()), hall)
    for sample in analysis:
        _print_sample(sample)
    if fit is not None:
        terminal.print_text(("\nfit", "bold"))
        terminal.print_text(str(fit))
        for name, found in best_dopings(fit):
            terminal.print_text(f"  {name}: {found}")


def _figures(sample: SampleAnalysis, names: Sequence[str]) -> list[str]:
    """Figures of merit of a sample."""
    top = f"{estimate_text(sample.points['zT'], 'zT', sample.best)} at {sample.T[sample.best]:.4g} K"
    span = f"{sample.T_cold:.4g}-{sample.T_hot:.4g} K" if isfinite(sample.T_cold) else "-"
    cells = (estimate_text(sample.span[name], name) if name in sample.span else "-" for name in names)
    return [sample.name, top, span, *cells]


def _without_kappa(sample: SampleAnalysis) -> list[str]:
    """What S and conductivity give alone, at the temperature nearest to room temperature."""
    factor = sample.points["power_factor"]
    best = int(np.nanargmax(factor.value))
    top = f"{estimate_text(factor, 'power_factor', best)} at {sample.T[best]:.4g} K"
    T = float(sample.T[np.argmin(np.abs(sample.T - ROOM_TEMPERATURE))])
    cells = (with_error(*sample.at(name, ROOM_TEMPERATURE), name) for name in ONE_BAND)
    return [sample.name, top, f"{T:.4g} K", *cells]


def _hall(sample: SampleAnalysis) -> list[str]:
    """Hall measurement of a sample at the temperature nearest to room temperature."""
    T = float(sample.T_hall[np.argmin(np.abs(sample.T_hall - ROOM_TEMPERATURE))])
    cells = (with_error(*sample.at(name, ROOM_TEMPERATURE), name) for name in HALL)
    return [sample.name, f"{T:.4g} K", *cells]


def _print_sample(sample: SampleAnalysis) -> None:
    """Errors, gap, onset and findings of one sample."""
    lines = [f"errors: {sample.uncertainty.words(sample.material)}"]
    if sample.dominant:
        shares = sorted(sample.dominant.items(), key=lambda item: -item[1])
        lines.append("variance of zT: " + ", ".join(f"{name} {share:.0%}" for name, share in shares))
    if sample.gap is not None:
        lines.append(f"Goldsmid-Sharp gap: {sample.gap}")
    if sample.split is not None:
        lines.append(sample.split.words())
    pieces: list[str | tuple[str, str]] = [(sample.name, "bold"), *(f"\n  {line}" for line in lines)]
    rest = (one for one in sample.findings if one.severity != "error" and one.code not in OF_SIZE)
    terminal.print_text(*pieces, *terminal.finding_pieces(rest))


def fit_span(text: str | None, faults: Faults) -> tuple[float, float] | None:
    """Range in K from `300 K - 400 K`, or None."""
    if text is None:
        return None
    low, mark, high = text.partition("..")
    with faults.collect():
        if not mark:
            faults.add("--fit-range", text, 'two temperatures are expected, such as "300 K .. 400 K"')
            return None
        parts = (terminal.with_kelvin(part.strip()) for part in (low, high))
        ends = [to_si(part, "temperature", "--fit-range") for part in parts]
        if ends[0] >= ends[1]:
            faults.add("--fit-range", text, "the lower temperature is expected first")
        return ends[0], ends[1]
    return None


def fit_samples(
    word: str,
    analysis: Analysis,
    *,
    scattering: str | float = "acoustic",
    span: tuple[float, float] | None = None,
    gap: float | None = None,
    uncertainty: Uncertainty | None = None,
) -> Fit:
    """Fit of a model to all samples of an analysis at once.

    `word`: one of `MODELS`.
    `analysis`: its samples, their gap and their onset of bipolar conduction are used.
    `scattering`: mechanism.
    `span`: temperatures in K; by default everything for two bands, and for one band everything below the
        first sign of minority carriers.
    `gap`: in J, where the search begins; by default the largest Goldsmid-Sharp gap of the samples.
    `uncertainty`: of the data.
    """
    materials = [sample.material for sample in analysis]
    if span is None and word != "two-bands":
        span = _one_band_span(analysis, materials)
    model = _model(word, scattering, _gap(analysis) if gap is None else gap)

    def told(fault: Fault) -> Fault:
        """A range without a point, which every sample tells of itself, is that of the option."""
        return replace(fault, location="--fit-range") if fault.location.endswith("T_range") else fault

    with as_typed(told):
        return fit(materials, model, T_range=span, uncertainty=uncertainty)


def _model(word: str, scattering: str | float, gap: float) -> FitModel:
    if word == "single-band":
        return SingleParabolicBand(scattering=scattering)
    if not gap > 0.0:
        raise InputError(Fault("--gap", expected="a gap is needed: the largest |S| was not measured"))
    if word == "kane":
        return KaneBand(gap, scattering=scattering)
    return TwoBands(gap, scattering=scattering, lattice=ReciprocalLattice())


def _gap(analysis: Analysis) -> float:
    """Largest Goldsmid-Sharp gap of the samples in J; 0 without any."""
    found = (sample.gap.value for sample in analysis if sample.gap is not None)
    return max((value for value in found if isfinite(value)), default=0.0)


def _one_band_span(analysis: Analysis, materials: Sequence[Material]) -> tuple[float, float]:
    """Temperatures below the onset of bipolar conduction and the maximum of |S| of every sample.

    A Hall measurement that the analysis sets beside the end of the other curves counts too.
    """
    used = [T for m in materials for T in (*m.T_range, *hall_temperatures(m))]
    low, high = min(used), max(used)
    for sample in analysis:
        split, found = sample.split, sample.gap
        onset = split.onset if split is not None and split.kind in ("detected", "given") else inf
        top = found.T if found is not None and found.kind == "maximum" else inf
        high = min(high, onset, top)
    return low, max(high, low + LEAST_SPAN)
