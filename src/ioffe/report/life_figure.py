"""Pictures of a service life: the performance with its bands, and the numbers that age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from ioffe.base.arrays import Array
from ioffe.base.plotting import COLOURS, DASHES, axis_label, look
from ioffe.device.parameters import quantity_of
from ioffe.life.file import LEVEL
from ioffe.life.performance import time_words
from ioffe.life.result import LifeResult
from ioffe.report.markup import symbol
from ioffe.report.page import Page, PageTable, Picture, numbers_from, section
from ioffe.report.pictures import draw_measured, legend_above, letter, panel_grid
from ioffe.report.text import axis, in_unit, list_of, noun, readable_unit, signed_percent, spoken

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ioffe.life.file import Aged


PANELS = 4
LEAST_SPAN = 0.04
"""Smallest height of an axis over its value, so that a curve that hardly changes looks flat."""
TIME_UNITS = {"year": 365.25 * 86400.0, "day": 86400.0, "h": 3600.0, "min": 60.0, "s": 1.0}
"""Units of the time axis and their lengths in s; a service of twice the length or more is shown in it."""
LABELS = {"electrical_contact_resistivity": "Contact resistivity"}
LABELS |= {"thermal_contact_resistance": "Thermal resistance"}
MARGIN = 1.12
WIDE = 30.0
"""Ratio of the largest to the smallest number from which an axis is logarithmic."""


def time_unit(duration: float) -> tuple[str, float]:
    """Unit that suits a service, and its length in s."""
    return next(((unit, size) for unit, size in TIME_UNITS.items() if duration >= 2.0 * size), ("s", 1.0))


def life_figure(life: LifeResult, measured: Sequence[Aged] = ()) -> Figure:
    """Up to four quantities over time, with their 95 % bands, measured values and levels of loss.

    `measured`: measured values over time.
    Returns: a figure 170 mm wide.
    """
    keys = life.keys[:PANELS]
    with look():
        figure, axes = panel_grid(len(keys), sharex=True)
        for k, (ax, key) in enumerate(zip(axes, keys, strict=True)):
            draw_performance(ax, life, key, measured, bottom=k + 2 >= len(keys))
        letter(axes)
        legend_above(figure, axes)
    return figure


def lives_figure(lives: Mapping[str, LifeResult]) -> Figure:
    """Up to four quantities over time, one line for each life, with their 95 % bands.

    `lives`: of one device, by the names of the lines.
    Returns: a figure 170 mm wide.
    """
    first = next(iter(lives.values()))
    keys = first.keys[:PANELS]
    name, size = time_unit(first.service.duration)
    with look():
        figure, axes = panel_grid(len(keys), sharex=True)
        for place, (ax, key) in enumerate(zip(axes, keys, strict=True)):
            unit = readable_unit(np.concatenate([one.values[key] for one in lives.values()]), key)
            for k, (label, one) in enumerate(lives.items()):
                colour, dash = COLOURS[k % len(COLOURS)], DASHES[k % len(DASHES)]
                edges = _edges(one.low, one.high, key, unit)
                _band(ax, one.time / size, in_unit(one.values[key], key, unit), edges, colour, dash, label)
            _limits(ax, key)
            ax.set(xlim=(0.0, first.service.duration / size), ylabel=axis(key, unit))
            if place + 2 >= len(keys):
                ax.tick_params(labelbottom=True)
                ax.set_xlabel(f"Time $t$ ({name})")
        letter(axes)
        legend_above(figure, axes)
    return figure


def side_by_side(own: Page, lives: Mapping[str, LifeResult]) -> Page:
    """The page of what ages with the lives of a device that follow from it, the best one named.

    `own`: the page of the measured ageing.
    `lives`: of one device, by what ages; a single one leaves the page as it is.
    """
    if len(lives) < 2:
        return own
    keys = next(iter(lives.values())).keys
    rows, kept = [], {}
    for name, one in lives.items():
        kept[name] = float(one.relative(keys[0])[-1]) - 1.0
        ends = ([spoken(float(one.values[key][k]), key) for k in (0, -1)] for key in keys)
        rows.append((name, *(text for pair in ends for text in pair), signed_percent(kept[name])))
    heads: list[str] = ["Junction"]
    heads += [
        Markup("{}<br>{}").format(symbol(key), when) for key in keys for when in ("fresh", "at the end")
    ]
    heads.append(Markup("change of<br>{}").format(symbol(keys[0])))
    best, worst = (choose(kept, key=kept.__getitem__) for choose in (max, min))
    over = time_words(next(iter(lives.values())).service.duration)
    change = f"{signed_percent(kept[best])} with {best} and {signed_percent(kept[worst])} with {worst}"
    sentence = f"In {over} the {noun(keys[0])} of the device changes by {change}."
    caption = "The performance over time, with the 95 % bands where the laws have errors."
    picture = Picture(lives_figure(lives), caption, "Performance over time of every junction", "lives")
    shown = section("lives", "Service lives side by side", picture, PageTable(heads, rows, numbers_from(1)))
    return replace(own, verdict=[sentence, *own.verdict], sections=[shown, *own.sections])


def draw_performance(
    ax: Axes, life: LifeResult, key: str, measured: Sequence[Aged] = (), *, bottom: bool = True
) -> None:
    """Draw a quantity over time, with its 95 % band, measured values and levels of loss."""
    measured = [m for m in measured if m.quantity == key]
    values = life.values[key]
    everything = np.concatenate([values, [m.value for m in measured]])
    unit = readable_unit(everything, key)
    name, size = time_unit(life.service.duration)
    t = life.time / size
    edges = _edges(life.low, life.high, key, unit)
    _band(ax, t, in_unit(values, key, unit), edges, COLOURS[0], "-", "computed")
    for k, loss in enumerate(x for x in life.losses if x.quantity == key):
        level = float(in_unit(values[0] * (1.0 - loss.share), key, unit))
        if loss.is_reached:
            ax.axhline(level, color="0.55", linewidth=0.6, linestyle=DASHES[1 + k % 3])
            ax.plot(loss.time / size, level, "|", color="black", markersize=7.0)
            style = {"fontsize": 6.0, "color": "0.35", "ha": "right", "va": "bottom"}
            at = ax.get_yaxis_transform()
            ax.text(0.985, level, f"−{100 * loss.share:.3g} %", transform=at, **style)
    if measured:
        x = np.array([m.time for m in measured]) / size
        y, error = in_unit([(m.value, m.std) for m in measured], key, unit).T
        levels = {m.condition for m in measured if m.condition.startswith(LEVEL)}
        label = f"measured {next(iter(levels))}" if len(levels) == 1 else "measured"
        draw_measured(ax, x, y, error, marker="s", label=label, clip_on=False)
    _limits(ax, key)
    ax.set(xlim=(0.0, float(t[-1])), ylabel=axis(key, unit))
    if bottom:
        ax.tick_params(labelbottom=True)
        ax.set_xlabel(f"Time $t$ ({name})")


def _limits(ax: Axes, key: str) -> None:
    """At least a few per cent of height, and no ratio below zero."""
    low, high = ax.dataLim.intervaly
    middle = 0.5 * (low + high)
    half = max(MARGIN * 0.5 * (high - low), 0.5 * LEAST_SPAN * abs(middle))
    floor = 0.0 if key in ("max_efficiency", "COP", "heat_cold") and low >= 0.0 else -np.inf
    ax.set_ylim(max(middle - half, floor), middle + half)


def ageing_figure(life: LifeResult) -> Figure:
    """The numbers that age over time, one panel for each kind of quantity.

    `life`: with numbers that age.
    Returns: a figure 170 mm wide.
    """
    groups: dict[str, list[str]] = {}
    for path in life.numbers.nominal:
        groups.setdefault(quantity_of(path), []).append(path)
    name, size = time_unit(life.service.duration)
    with look():
        figure, axes = panel_grid(len(groups), min(len(groups), 2))
        for ax, (kind, paths) in zip(axes, groups.items(), strict=True):
            _numbers(ax, life, kind, paths, size)
            ax.set(xlabel=f"Time $t$ ({name})", xlim=(0.0, life.service.duration / size))
            ax.legend(fontsize=6.5)
    return figure


def _numbers(ax: Axes, life: LifeResult, kind: str, paths: Sequence[str], size: float) -> None:
    """Numbers of one kind; those that are equal throughout are one curve with all their names."""
    curves = life.numbers.nominal
    together = np.concatenate([curves[path] for path in paths])
    unit = readable_unit(together, kind) if kind else ""
    equal: dict[tuple[bytes, ...], list[str]] = {}
    for path in paths:
        found = (life.numbers.nominal, life.numbers.low, life.numbers.high)
        equal.setdefault(tuple(x[path].tobytes() for x in found if path in x), []).append(path)
    for k, same in enumerate(equal.values()):
        path = same[0]
        shown = in_unit(curves[path], kind, unit) if kind else curves[path]
        edges = _edges(life.numbers.low, life.numbers.high, path, unit, kind)
        colour, dash = COLOURS[k % len(COLOURS)], DASHES[k % len(DASHES)]
        label = list_of([place_of(path) for path in same])
        _band(ax, life.time / size, shown, edges, colour, dash, label)
    positive = together[together > 0.0]
    if len(positive) == len(together) and positive.max() > WIDE * positive.min():
        ax.set_yscale("log")
    ax.set_ylabel(axis_label(kind, unit, LABELS.get(kind)) if kind else "Factor of the property")


def place_of(path: str) -> str:
    """Where in a device a number is, in words; what it is stands at the axis.

    >>> place_of("p.contact_hot.electrical"), place_of("n.segments[1].material.seebeck"), place_of("leads")
    ('p leg, hot contact', 'n leg, segment 2, seebeck', 'leads')
    >>> place_of("stages[1].legs.length"), place_of("between[0][0].thickness")
    ('stage 2, legs, length', 'between stages 1 and 2, part 1, thickness')
    >>> place_of("hot[0]")
    'hot stack, layer 1'
    """
    words = []
    for step in path.split("."):
        name, *numbers = step.replace("]", "").split("[")
        if len(numbers) == 2:
            stage, part = (int(number) + 1 for number in numbers)
            words.append(f"{name} stages {stage} and {stage + 1}, part {part}")
        elif numbers and name in ("hot", "cold"):
            words.append(f"{name} stack, layer {int(numbers[0]) + 1}")
        elif numbers:
            words.append(f"{name.rstrip('s')} {int(numbers[0]) + 1}")
        elif name.startswith("contact_"):
            words.append(f"{name.removeprefix('contact_')} contact")
        elif name not in ("material", "electrical", "thermal"):
            words.append(f"{name} leg" if name in ("p", "n") else name.replace("_", " "))
    return ", ".join(words)


def _edges(
    low: Mapping[str, Array], high: Mapping[str, Array], name: str, unit: str, kind: str | None = None
) -> tuple[Array, Array] | None:
    if name not in low:
        return None
    kind = name if kind is None else kind
    if not kind:
        return low[name], high[name]
    return in_unit(low[name], kind, unit), in_unit(high[name], kind, unit)


def _band(
    ax: Axes, t: Array, y: Array, edges: tuple[Array, Array] | None, colour: str, dash: str, label: str
) -> None:
    ax.plot(t, y, dash, color=colour, label=label)
    if edges is not None and np.any(edges[1] > edges[0]):
        words = "95 % band" if label == "computed" else None
        if dash == "-":
            ax.fill_between(t, *edges, color=colour, alpha=0.18, linewidth=0.0, label=words)
            return
        # a second band is two edges: the colours of filled ones would mix to that of neither
        for edge in edges:
            ax.plot(t, edge, dash, color=colour, linewidth=0.6)
