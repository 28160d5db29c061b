"""The report of a service life: one HTML file with everything in it, readable without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ioffe._version import __version__
from ioffe.device.leg import Leg
from ioffe.life.loss import time_words
from ioffe.life.result import LifeResult
from ioffe.report import inputs
from ioffe.report import life_tables as tables
from ioffe.report.html import environment
from ioffe.report.markup import linked, name_html
from ioffe.report.saving import embedded
from ioffe.report.text import list_of, small, spoken
from ioffe.report.words import signed_percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ioffe.life.file import Aged

__all__ = ["render"]

WORDS = {
    "max_power": "largest power",
    "max_efficiency": "largest efficiency",
    "open_circuit_voltage": "open-circuit voltage",
    "internal_resistance": "internal resistance",
    "heat_cold": "heat taken up",
    "COP": "COP",
    "delta_T": "temperature difference",
    "delta_T_max": "largest temperature difference",
}
BANDS = {
    "linear": "one standard deviation up and down along every uncertain direction, 95 % as 1.96 of them",
    "monte carlo": "percentiles of random draws",
    "none": "none: no parameter of a law states an uncertainty, or none were asked for",
}


def render(
    life: LifeResult,
    figures: Mapping[str, Figure],
    measured: Sequence[Aged] = (),
    notes: Sequence[str] = (),
    date: str = "",
    name: str = "",
) -> str:
    """HTML text of the report."""
    title = name or life.device.name or "Thermoelectric device"
    context = {
        "title": title,
        "heading": name_html(title),
        "subtitle": _subtitle(life),
        "date": date,
        "version": __version__,
        "verdict": verdict(life),
        "figures": _figures(life),
        "warnings": [name_html(text) for text in life.warnings],
        "pictures": {key: embedded(figure) for key, figure in figures.items()},
        "losses": tables.losses_table(life),
        "values": tables.values_table(life),
        "ageing": tables.ageing_table(life) if life.numbers.nominal else None,
        "laws": tables.laws_table(life.degradations) if life.degradations else None,
        "service": tables.service_table(life),
        "service_words": _service_words(life),
        "conditions": inputs.conditions_table(life.conditions),
        "measured": tables.measured_table(life, measured),
        "notes": [name_html(note) for note in notes],
        "materials": inputs.materials_table(life.fresh),
        "trust": _trust(life),
        "advice": life.status.advice,
        "citations": [linked(text) for text in life.citations()],
    }
    return environment().get_template("life.html.jinja").render(context)


def _subtitle(life: LifeResult) -> str:
    kind = "generator" if life.conditions.mode == "generate" else "cooler"
    what = (
        f"Single {life.device.carrier}-type leg" if isinstance(life.device, Leg) else "Thermoelectric module"
    )
    return f"{what} as a {kind}: service life over {time_words(life.service.duration)}."


def verdict(life: LifeResult) -> list[str]:
    """The paragraph in front of the report, in sentences."""
    followed = list(dict.fromkeys(loss.quantity for loss in life.losses))
    out = []
    for name in followed:
        first, last = (float(life.values[name][k]) for k in (0, -1))
        if not (np.isfinite(first) and np.isfinite(last)):
            out.append(f"The {WORDS[name]} has no solution at some time.")
            continue
        change = signed_percent(float(life.relative(name)[-1]) - 1.0)
        out.append(
            f"The {WORDS[name]} goes from {spoken(first, name)} to {spoken(last, name)} ({change}) within "
            f"{time_words(life.service.duration)}."
        )
    reached = [loss for loss in life.losses if loss.is_reached]
    if reached:
        soonest = min(reached, key=lambda loss: loss.time)
        what = f"{100.0 * soonest.share:.3g} % of the {WORDS[soonest.quantity]}"
        out.append(f"The first {what} are lost after {soonest}.")
    elif life.losses:
        share = min(loss.share for loss in life.losses)
        names = list_of([f"the {WORDS[name]}" for name in followed])
        out.append(f"A loss of {100.0 * share:.3g} % is not reached by {names}.")
    return out


def _figures(life: LifeResult) -> list[tuple[str, str]]:
    """Words and values of the key numbers."""
    out = []
    for name in life.keys:
        value = float(life.values[name][-1])
        if np.isfinite(value):
            change = signed_percent(float(life.relative(name)[-1]) - 1.0) if life.values[name][0] else ""
            out.append((f"{WORDS[name]} at the end, {change}", spoken(value, name)))
    return out


def _service_words(life: LifeResult) -> str:
    service = life.service
    if not service.repeated:
        return f"{time_words(service.duration)} in all."
    how = "the rates of ageing are averaged over a cycle" if service.is_averaged else "followed one by one"
    period = time_words(service.period)
    return f"{service.count:.4g} cycles of {period}, {time_words(service.duration)} in all; {how}."


def _trust(life: LifeResult) -> list[tuple[str, str]]:
    worst = life.status.name.lower().replace("_", " ")
    bands = BANDS[life.bands] + (f" ({life.draws})" if life.bands == "monte carlo" else "")
    return [
        ("Status, the worst of all times", worst),
        ("Energy balance, largest", small(life.balance)),
        ("Estimated numerical error of the heat flow, largest", small(life.error_estimate)),
        ("Estimated relative error of the reduced times", small(life.ageing_error)),
        ("Bands", bands),
    ]
