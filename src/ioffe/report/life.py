"""Pictures and the report of a service life.

>>> from pathlib import Path
>>> from ioffe import Contact, Generator, Leg
>>> from ioffe.interface.ageing import Relaxation
>>> from ioffe.life import Degradation, solve_life
>>> leg = Leg("MgAgSb0.99In0.01", "6 mm", "3 mm x 3 mm", contact=Contact("20.8 uohm cm2"))
>>> ageing = [Degradation("contact.electrical", Relaxation(20.8e-10, 7.9e-10, 8 * 86400.0))]
>>> life = solve_life(leg, Generator(T_hot=540, T_cold=303), ageing, "100 day")
>>> [path.name for path in write_life(life, Path("out"), formats=("svg",))]
['life.svg', 'ageing.svg', 'report.html']
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, isnan
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np
from markupsafe import Markup

from ioffe.base.units import format_si
from ioffe.device.parameters import FIELDS, quantity_of
from ioffe.life.degradation import Degradation, GrowingLayer
from ioffe.life.performance import PerformanceLoss, time_words
from ioffe.life.result import LifeResult
from ioffe.report import inputs, page
from ioffe.report.device import status_bar, status_name, title_of
from ioffe.report.life_figure import ageing_figure, life_figure
from ioffe.report.markup import columns, symbol
from ioffe.report.page import PageTable, numbers_from
from ioffe.report.text import list_of, noun, printed, signed_percent, small, spoken
from ioffe.report.words import kind_of_device

if TYPE_CHECKING:
    from ioffe.life.file import Aged

YEAR = 365.25 * 86400.0
ROWS = 11
"""Times that are listed."""
EQUATIONS = {
    "Relaxation": "final + (initial − final) exp[−(θ/time)^exponent]",
    "LinearGrowth": "initial + growth θ",
    "ParabolicGrowth": "initial + growth θ^½",
    "PowerLaw": "initial + change (θ/time)^exponent",
    "Tabulated": "measured values, monotone cubic between them",
}
PARAMETER_KINDS = {name: name for name in ("activation_energy", "thermal_conductivity")}
PARAMETER_KINDS["resistivity"] = "electrical_resistivity"
HOW = {"value": "is the number", "factor": "is a factor of the number", "added": "is added to the number"}


def losses_table(life: LifeResult) -> PageTable:
    """When shares of the performance are lost, with intervals."""
    rows = []
    for loss in life.losses:
        outside = "no solution" if isnan(loss.time) else f"not reached within {time_words(loss.horizon)}"
        nominal = time_words(loss.time) if loss.is_reached else outside
        share = Markup("{} {}").format(symbol(loss.quantity), f"−{100.0 * loss.share:.3g} %")
        rows.append((share, nominal, _interval(loss)))
    return PageTable(("Loss", "reached after", "95 % interval"), rows, style="narrow")


def _interval(loss: PerformanceLoss) -> str:
    if isnan(loss.low):
        return "none stated"
    never = f"not within {time_words(loss.horizon)}"
    ends = [time_words(t) if isfinite(t) else never for t in (loss.low, loss.high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _listed(life: LifeResult) -> np.ndarray:
    """Rows that are listed: all, or some spread over the time."""
    wanted = life.time if len(life.time) <= ROWS else np.linspace(0.0, life.time[-1], ROWS)
    return np.unique([int(np.argmin(np.abs(life.time - t))) for t in wanted])


def values_table(life: LifeResult) -> PageTable:
    """Performance at some times; the last columns are the change since the start."""
    rows = _listed(life)
    names = list(life.keys)
    heads, cells = columns(names, [life.values[name][rows] for name in names], words=False)
    followed = list(dict.fromkeys(loss.quantity for loss in life.losses))
    heads += [Markup("change of<br>{}").format(symbol(name)) for name in followed]
    for row, k in zip(cells, rows, strict=True):
        row += [signed_percent(float(life.relative(name)[k]) - 1.0) for name in followed]
    made = [(time_words(float(life.time[k])), *row) for k, row in zip(rows, cells, strict=True)]
    return PageTable(("Time", *heads), made, numbers_from(1))


def ageing_table(life: LifeResult) -> PageTable:
    """Every number that ages: fresh, at the end, its temperature and its reduced time."""
    rows = []
    for path, values in life.numbers.nominal.items():
        kind = quantity_of(path)
        first, last = (_shown(float(values[k]), kind) for k in (0, -1))
        if path in life.numbers.std and life.numbers.std[path][-1] > 0.0:
            last += f" ± {_shown(float(life.numbers.std[path][-1]), kind, 2)}"
        T = life.temperatures.get(path)
        where = "" if T is None else _range(T)
        theta = life.reduced_time.get(path)
        acting = [p for p in life.processes if any(path == effect[0] for effect in p.effects)]
        counts = any(life.degradations[p.index].cycles for p in acting)
        clock = "" if theta is None else f"{theta[-1]:.4g} cycles" if counts else time_words(float(theta[-1]))
        rows.append((Markup("<code>{}</code>").format(path), first, last, where, clock))
    heads = ("Number", "fresh", "at the end", "temperature that counts", "reduced time at the end")
    return PageTable(heads, rows)


def _range(T: np.ndarray) -> str:
    low, high = float(np.nanmin(T)), float(np.nanmax(T))
    return f"{low:.1f} K" if high - low < 0.05 else f"{low:.1f} to {high:.1f} K"


def _shown(value: float, kind: str, digits: int = 4) -> str:
    return printed(value, kind, digits) if kind else f"{value:.{digits}g}"


def laws_table(degradations: Sequence[Degradation | GrowingLayer]) -> PageTable:
    """Laws with their parameters, uncertainties and sources."""
    rows = []
    for one in degradations:
        law = one.law
        how = "thickness of a growing layer" if isinstance(one, GrowingLayer) else HOW[one.how]
        equation = EQUATIONS.get(type(law).__name__, type(law).__name__)
        lines = [f"{name} = {_parameter(one, name)}" for name in one.parameters]
        if law.acceleration is not None:
            lines.append(f"reference temperature {law.acceleration.reference_temperature:.5g} K")
        if one.cycles is not None:
            lines.append(f"counts cycles of {one.cycles.delta_T:g} K, exponent {one.cycles.exponent:g}")
        law_cell = Markup("{}<br><small>{}</small>").format(equation, how)
        parameters = Markup("<br>").join(Markup("<small>{}</small>").format(line) for line in lines)
        source = one.note.partition(": ")[2] or one.note or "no source stated"
        rows.append((Markup("<code>{}</code>").format(one.path), law_cell, parameters, source))
    return PageTable(("Number", "Law", "Parameters", "Source and assumptions"), rows, style="texts")


def _parameter(one: Degradation | GrowingLayer, name: str) -> str:
    """A parameter with its standard deviation, in a unit one can read."""
    value, std = one.parameters[name], one.std.get(name, 0.0)
    if name == "time" and one.cycles is None:
        text = time_words(value, 4)
        return f"{text} ± {time_words(std, 2)}" if std else text
    kind = PARAMETER_KINDS.get(name, "")
    if name in ("initial", "final", "change", "growth"):
        own = "" if isinstance(one, GrowingLayer) or one.how == "factor" else quantity_of(one.path)
        kind = "thickness" if isinstance(one, GrowingLayer) else own
    first = ""
    if name == "growth" and one.cycles is None:
        # a growth by the root of a time is hard to imagine; over a year it is a number with a plain unit
        size = YEAR ** getattr(one.law, "EXPONENT", 1.0)
        value, std, first = value * size, std * size, " in the first year"
    text = format_si(value, kind) if kind and value else f"{value:.4g}"
    if std:
        text += f" ± {format_si(std, kind, 2) if kind else f'{std:.2g}'}"
    return text + first


def service_table(life: LifeResult) -> PageTable:
    """Phases of the service."""
    rows = []
    for phase in life.service.phases:
        if phase.temperature is not None:
            words = f"whole device at {_ends(phase.temperature, 'temperature')}, no current"
        elif phase.conditions:
            words = ", ".join(f"{k} {_ends(v, k)}" for k, v in phase.conditions.items())
        else:
            words = "reference conditions"
        rows.append((time_words(phase.duration, 4), words))
    return PageTable(("Duration", "Conditions"), rows, style="narrow")


def _ends(value: object, name: str) -> str:
    if isinstance(value, tuple):
        return " to ".join(_ends(v, name) for v in value)
    if isinstance(value, str):
        return value.replace("_", " ")
    return printed(float(str(value)), FIELDS[name].quantity if name in FIELDS else name)


def measured_table(life: LifeResult, measured: Sequence[Aged]) -> PageTable | None:
    """Measured beside computed values."""
    if not measured:
        return None
    rows = []
    starts = {m.quantity: m.value for m in reversed(measured)}
    for m in measured:
        inside = m.quantity in life.values and m.time <= life.time[-1]
        computed = float(np.interp(m.time, life.time, life.values[m.quantity])) if inside else float("nan")
        change = m.value / starts[m.quantity] - 1.0
        own = computed / float(life.values[m.quantity][0]) - 1.0 if inside else float("nan")
        published = spoken(m.value, m.quantity) + (f" ± {spoken(m.std, m.quantity, 2)}" if m.std else "")
        after = time_words(m.time) if m.time else "fresh"
        values = published, spoken(computed, m.quantity), signed_percent(change), signed_percent(own)
        source = ", ".join(x for x in (m.condition, m.source, m.doi and f"doi {m.doi}") if x)
        rows.append((symbol(m.quantity), after, *values, source))
    changes = ("measured change", "computed change")
    heads = ("Quantity", "after", "measured", "computed", *changes, "condition, source")
    return PageTable(heads, rows, range(2, 6))


BANDS = {
    "linear": "one standard deviation up and down along every uncertain direction, 95 % as 1.96 of them",
    "monte carlo": "percentiles of random draws",
    "none": "none: no parameter of a law states an uncertainty, or none were asked for",
}
CAPTION = (
    "Always at the reference conditions, as a test of the device at that time would find it. Bands are 95 %, "
    "where the laws state uncertainties."
)
REDUCED_TIME = Markup(
    "θ is the reduced time: that at the reference temperature which ages as much as the service at the "
    "temperature of that part, dθ/dt = exp[−(E<sub>a</sub>/k<sub>B</sub>)(1/T − 1/T<sub>ref</sub>)]; "
    "without an activation energy it is the time."
)
NOT_COMPUTED = (
    "Not computed: changes within a leg along its length other than those of its segments, cracks that open "
    "suddenly, and anything no law was given for."
)


def write_life(
    life: LifeResult,
    out: str | Path,
    measured: Sequence[Aged] = (),
    notes: Sequence[str] = (),
    name: str = "",
    **how: Unpack[page.Writing],
) -> list[Path]:
    """Write the pictures of a life and `report.html` into a folder.

    Parameters
    ----------
    life : LifeResult
        What is reported.
    out : path
        Folder; made if it does not exist.
    measured : sequence of Aged
        Measured values over time, drawn and compared.
    notes : sequence of str
        Paragraphs of the report.
    name : str
        Title; by default the name of the device.
    **how
        ``formats`` and ``date``, see `ioffe.report.page.Writing`.

    Returns
    -------
    list of Path
        `life` and `ageing` in every format, and `report.html`.

    Raises
    ------
    InputError
        For an unknown format.
    """
    return page.write_page(life_page(life, measured, notes, name), out, **how)


def life_page(
    life: LifeResult, measured: Sequence[Aged] = (), notes: Sequence[str] = (), name: str = ""
) -> page.Page:
    """The page of a service life.

    Parameters
    ----------
    life : LifeResult
        What is reported.
    measured : sequence of Aged
        Measured beside computed values.
    notes : sequence of str
        Paragraphs of the device file.
    name : str
        Title; by default the name of the device.

    Returns
    -------
    Page
        To be rendered or written.
    """
    drawn = life_figure(life, measured)
    performance = page.Picture(drawn, CAPTION, "Performance over the time in service", "life")
    ageing = ("Nothing ages.",)
    if life.numbers.nominal:
        ageing = (
            page.Picture(ageing_figure(life), "", "Numbers that age over the time in service", "ageing"),
            ageing_table(life),
            laws_table(life.degradations),
            page.Note(REDUCED_TIME),
        )
    reached = page.Note("Share of the value of the fresh device; the first time at which it is reached.")
    compared = measured_table(life, measured)
    heading = "Measured beside computed values" if measured else "Notes"
    service = (
        service_table(life),
        page.subsection("Reference conditions", page.Facts(inputs.conditions_facts(life.conditions))),
        page.subsection("Materials", inputs.materials_table(life.fresh)),
    )
    trust = page.Facts(_trust(life)), life.status.advice, page.Note(NOT_COMPUTED)
    kind, duration = kind_of_device(life.device, life.conditions), time_words(life.service.duration)
    return page.Page(
        title_of(life.device, name),
        f"{kind}: service life over {duration}.",
        [
            page.warning_list(life.warnings, life.notes),
            page.section("curves", "Performance over time", performance, link="Curves"),
            page.section("losses", "When it has lost", losses_table(life), reached, link="Losses"),
            page.section("values", "Values over time", values_table(life), link="Values"),
            page.section("measured", heading, compared, *notes, link="Measured"),
            page.section("ageing", "What ages", *ageing),
            page.section("service", "Service", _service_words(life), *service),
            page.section("trust", "How far to trust it", *trust),
            page.citations(life.citations(), "Sources"),
        ],
        verdict(life),
        _key_figures(life),
        status_bar(life.status, life.energy_balance, life.error_estimate),
    )


def verdict(life: LifeResult) -> list[str]:
    """The paragraph in front of the report, in sentences."""
    followed = list(dict.fromkeys(loss.quantity for loss in life.losses))
    out = []
    for name in followed:
        first, last = (float(life.values[name][k]) for k in (0, -1))
        if not (np.isfinite(first) and np.isfinite(last)):
            out.append(f"The {noun(name)} has no solution at some time.")
            continue
        ends = f"{spoken(first, name)} to {spoken(last, name)} ({_change(life, name)})"
        out.append(f"The {noun(name)} goes from {ends} within {time_words(life.service.duration)}.")
    reached = [loss for loss in life.losses if loss.is_reached]
    if reached:
        soonest = min(reached, key=lambda loss: loss.time)
        what = f"{100.0 * soonest.share:.3g} % of the {noun(soonest.quantity)}"
        out.append(f"The first {what} are lost after {soonest}.")
    elif life.losses:
        share = min(loss.share for loss in life.losses)
        names = list_of([f"the {noun(name)}" for name in followed])
        out.append(f"A loss of {100.0 * share:.3g} % is not reached by {names}.")
    return out


def _key_figures(life: LifeResult) -> list[page.KeyFigure]:
    """Performance at the end, and its change."""
    ends = {name: float(life.values[name][-1]) for name in life.keys}
    known = {name: value for name, value in ends.items() if np.isfinite(value)}
    changes = {n: _change(life, n) if life.values[n][0] else "" for n in known}
    return [page.KeyFigure(f"{noun(n)} at the end, {changes[n]}", spoken(v, n)) for n, v in known.items()]


def _change(life: LifeResult, name: str) -> str:
    return signed_percent(float(life.relative(name)[-1]) - 1.0)


def _service_words(life: LifeResult) -> str:
    service = life.service
    if not service.repeated:
        return f"{time_words(service.duration)} in all."
    how = "the rates of ageing are averaged over a cycle" if service.is_averaged else "followed one by one"
    period = time_words(service.period)
    return f"{service.count:.4g} cycles of {period}, {time_words(service.duration)} in all; {how}."


def _trust(life: LifeResult) -> list[tuple[str, str]]:
    bands = BANDS[life.bands] + (f" ({life.draws})" if life.bands == "monte carlo" else "")
    return [
        ("Status, the worst of all times", status_name(life.status)),
        ("Energy balance, largest", small(life.energy_balance)),
        ("Estimated numerical error of the heat flow, largest", small(life.error_estimate)),
        ("Estimated relative error of the reduced times", small(life.ageing_error)),
        ("Bands", bands),
    ]
