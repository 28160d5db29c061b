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
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np
from markupsafe import Markup

from ioffe.life.loss import time_words
from ioffe.life.result import LifeResult
from ioffe.report import inputs, page
from ioffe.report import life_tables as tables
from ioffe.report.device import status_bar, status_name, title_of
from ioffe.report.life_figure import ageing_figure, life_figure
from ioffe.report.text import list_of, noun, signed_percent, small, spoken
from ioffe.report.words import kind_of_device

if TYPE_CHECKING:
    from ioffe.life.file import Aged


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
            tables.ageing_table(life),
            tables.laws_table(life.degradations),
            page.Note(REDUCED_TIME),
        )
    reached = page.Note("Share of the value of the fresh device; the first time at which it is reached.")
    compared = tables.measured_table(life, measured)
    heading = "Measured beside computed values" if measured else "Notes"
    service = (
        tables.service_table(life),
        page.subsection("Reference conditions", page.Facts(inputs.conditions_facts(life.conditions))),
        page.subsection("Materials", inputs.materials_table(life.fresh)),
    )
    trust = page.Facts(_trust(life)), life.status.advice, page.Note(NOT_COMPUTED)
    kind, duration = kind_of_device(life.device, life.conditions), time_words(life.service.duration)
    return page.Page(
        title_of(life.device, name),
        f"{kind}: service life over {duration}.",
        [
            page.warning_list(life.warnings),
            page.section("curves", "Performance over time", performance, link="Curves"),
            page.section("losses", "When it has lost", tables.losses_table(life), reached, link="Losses"),
            page.section("values", "Values over time", tables.values_table(life), link="Values"),
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
