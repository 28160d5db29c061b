"""Plots as descriptions: what is over what, in which unit, with points beyond the measured range marked.

Numbers are in the unit of their axis; `si` says how to get there from SI.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.errors import IoffeError
from ioffe.base.plotting import unit_label
from ioffe.base.quantities import quantity
from ioffe.base.status import Status
from ioffe.base.units import convert
from ioffe.device_file.read import DeviceFile
from ioffe.report.curves import family_axis, maxima_of, panel_of, panels_of
from ioffe.report.families import Sweeps, families, sweeps_of
from ioffe.report.profiles import FIELDS, best_point, line_through, point_words
from ioffe.report.text import AIMS, in_unit, noun, printed, readable_unit, symbol_text
from ioffe.result.steady import Result


@dataclass(frozen=True)
class Axis:
    """A quantity along an axis, and the unit in which its values are easy to read."""

    name: str
    unit: str

    @classmethod
    def of(cls, name: str, values: Iterable[ArrayLike]) -> Axis:
        """The axis that suits values in SI."""
        parts = [np.ravel(part) for part in values]
        return cls(name, readable_unit(np.concatenate(parts) if parts else [0.0], name))

    def shown(self, values: ArrayLike) -> list[float | None]:
        """Values in SI in the unit of the axis, None for what is not finite."""
        found = np.atleast_1d(in_unit(values, self.name, self.unit)).tolist()
        return [value if np.isfinite(value) else None for value in found]

    def described(self) -> dict[str, Any]:
        """For the page."""
        kind = quantity(self.name)
        start, one = (float(convert(value, kind.unit, self.unit)) for value in (0.0, 1.0))
        words = noun(self.name)
        return {
            "key": self.name,
            "label": words[0].upper() + words[1:],
            "symbol": symbol_text(self.name),
            "unit": "" if self.unit == "1" else unit_label(self.unit),
            "si": {"unit": kind.unit, "factor": one - start, "offset": start},
        }


def series(label: str, x: Axis, y: Axis, points: tuple[ArrayLike, ArrayLike], **more: Any) -> dict[str, Any]:
    """A line, or points with `kind`."""
    found = {"label": label, "kind": "line", "role": "computed", "index": 0, "dash": 0, "extrapolated": None}
    return {**found, "x": x.shown(points[0]), "values": y.shown(points[1]), **more}


def plot(identity: str, title: str, x: Axis, y: Axis, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """A plot; what all lines share along x stands there once."""
    shared = bool(lines) and all(line["x"] == lines[0]["x"] for line in lines)
    own = {**x.described(), "values": lines[0]["x"] if shared else None}
    if shared:
        lines = [{**line, "x": None} for line in lines]
    return {"id": identity, "title": title, "x": own, "y": y.described(), "series": lines, "marks": []}


class Plots:
    """The plots of a result."""

    def __init__(self, file: DeviceFile, result: Result, sweeps: Sweeps | None) -> None:
        self.file, self.result, self.sweeps = file, result, sweeps

    @classmethod
    def of(cls, file: DeviceFile, result: Result) -> Plots:
        """Those of a result; without curves if its conditions cannot be swept."""
        try:
            return cls(file, result, sweeps_of(result))
        except IoffeError:
            return cls(file, result, None)

    def over_current(self) -> list[dict[str, Any]]:
        """One plot for each quantity that is of use over the current."""
        if self.sweeps is None:
            return []
        return [self._over_current(name, self.sweeps) for name in panels_of(self.result)]

    def _over_current(self, name: str, sweeps: Sweeps) -> dict[str, Any]:
        panel = panel_of(name, sweeps, self.file.measured)
        found = list(lines_of(panel.result, name))
        x = Axis.of("current", [one.current for one in found])
        y = Axis.of(name, [one.values for one in found])
        lines = []
        for k, one in enumerate(found):
            beyond = (one.status == Status.OUTSIDE_TABLE).tolist()
            more = {"index": k, "extrapolated": beyond if any(beyond) else None}
            lines.append(series(label_of(one.at, panel.result), x, y, (one.current, one.values), **more))
        if panel.marks is not None:
            points = np.ravel(panel.marks.values["current"]), np.ravel(panel.marks.values[name])
            lines.append(series("asked for", x, y, points, kind="points", role="asked"))
        for one in panel.measured:
            points = [one.at.get("current", 0.0)], [one.value]
            words = "simulated" if one.kind == "simulated" else "measured"
            lines.append(series(words, x, y, points, kind="points", role="measured"))
        for label, points in self._measured(name):
            lines.append(series(label, x, y, points, kind="points", role="measured"))
        return plot(name, _title(name), x, y, lines)

    def _measured(self, name: str) -> Iterator[tuple[str, tuple[ArrayLike, ArrayLike]]]:
        """Points of the measured sweeps that the document names."""
        if not self.file.sweeps:
            return
        from ioffe.measured.file import measurements_of
        from ioffe_studio.measured import over_current

        for one in measurements_of(self.file):
            found = over_current(one) if "current" in one.numbers else {}
            if name in found:
                yield one.name, (one.numbers["current"], found[name])

    def marks(self) -> dict[str, list[dict[str, Any]]]:
        """The largest values, by plot."""
        found: dict[str, list[dict[str, Any]]] = {}
        for described in [] if self.sweeps is None else self.over_current():
            name = described["id"]
            key = AIMS.get(name, "")
            result = panel_of(name, self.sweeps, ()).result if self.sweeps else self.result
            if not key or key not in result.values:
                continue
            x, y = (Axis(described[axis]["key"], described[axis]["unit"] or "1") for axis in ("x", "y"))
            found[name] = []
            for one in families(result):
                at = one.maxima.get(f"{key}_current", np.nan), one.maxima.get(key, np.nan)
                if np.all(np.isfinite(at)):
                    place = x.shown(at[0])[0], y.shown(at[1])[0]
                    words = f"{printed(at[1], name, 4)} at {printed(at[0], 'current', 4)}"
                    found[name].append({"x": place[0], "y": place[1], "label": words})
        return found

    def family(self) -> list[dict[str, Any]]:
        """Maxima over the temperatures; none for one pair of them."""
        along = family_axis(self.result)
        return [self._family(along, name) for name in maxima_of(self.result)] if along else []

    def _family(self, along: str, name: str) -> dict[str, Any]:
        lines: dict[str, list[tuple[float, float]]] = {}
        for one in families(self.result):
            others = {key: value for key, value in one.at.items() if key != along}
            lines.setdefault(label_of(others, self.result), []).append((one.at[along], one.maxima[name]))
        published = [m for m in self.file.measured if m.quantity == name and along in m.at]
        x = Axis.of(along, [self.result.maxima_axes[along]])
        y = Axis.of(name, [self.result.values[name], [m.value for m in published]])
        shown = []
        for k, (label, points) in enumerate(lines.items()):
            columns = tuple(np.array(sorted(points)).T)
            shown.append(series(label or "computed", x, y, (columns[0], columns[1]), index=k))
        for kind in ("measured", "simulated"):
            chosen = [m for m in published if m.kind == kind]
            if chosen:
                points = [m.at[along] for m in chosen], [m.value for m in chosen]
                shown.append(series(kind, x, y, points, kind="points", role="measured"))
        return plot(f"maxima.{name}", _title(name), x, y, shown)

    def profiles(self) -> list[dict[str, Any]]:
        """Temperature, potential and heat flux inside, at the best operating point."""
        index = best_point(self.result)
        if index is None:
            return []
        profile = self.result.profile(index)
        parts = [part for part in ("p", "n") if part in profile.part]
        where = point_words(self.result, index)
        x = Axis.of("position", [profile.position])
        found = []
        for name, attribute in FIELDS.items():
            y = Axis.of(name, [getattr(profile, attribute)])
            lines = []
            for k, part in enumerate(parts):
                points = line_through(profile, part, attribute)
                lines.append(series(f"{part}-type leg", x, y, points, index=k, part=part))
            found.append({**plot(f"profile.{name}", _title(name), x, y, lines), "text": where})
        return found


def label_of(at: dict[str, float], result: Result) -> str:
    """Temperatures of a family in words; only those that vary."""
    varying = {name for name, values in result.maxima_axes.items() if len(values) > 1}
    return ", ".join(f"{symbol_text(n)} = {printed(v, n, 5)}" for n, v in at.items() if n in varying)


@dataclass(frozen=True)
class Line:
    """A quantity over the current at one pair of temperatures, with the status of its points."""

    at: dict[str, float]
    current: np.ndarray
    values: np.ndarray
    status: np.ndarray


def lines_of(result: Result, name: str) -> Iterator[Line]:
    """Every family of a result; unlike `families` it looks at no maximum, which would compute all of them."""
    axes = result.maxima_axes
    for index in np.ndindex(*(len(values) for values in axes.values())):
        at = {key: float(values[k]) for (key, values), k in zip(axes.items(), index, strict=True)}
        current, values, status = (
            np.atleast_1d(found[index])
            for found in (result.values["current"], result.values[name], result.point_status)
        )
        if "sweep" not in result.axes:
            order = np.argsort(result.axes.get("current", current))
            current, values, status = current[order], values[order], status[order]
        yield Line(at, current, values, status)


def _title(name: str) -> str:
    words = noun(name)
    return words[0].upper() + words[1:]
