"""Where the legs of a module stand: rows and columns, gaps, electrodes, terminals, plates.

`Layout` holds what is stated, `LegPlan` every rectangle that follows from it. The current enters the first
leg, winds through the rows (a serpentine) and leaves the last one; legs 0, 2, 4 ... are p, the others n.

>>> from ioffe.device import Leg, Module
>>> p, n = (Leg(f"generic {kind} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm") for kind in "pn")
>>> module = Module(p, n, couples=7, layout=Layout(rows=2, gap="1 mm", overhang="0.1 mm"))
>>> plan = module.plan
>>> plan.columns, len(plan.hot), len(plan.cold), [round(1e3 * x, 6) for x in plan.hot[0]]
(7, 7, 8, [0.4, 4.4, 0.4, 2.0])
>>> round(module.fill_factor, 4)
0.3403
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, sqrt
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ioffe.base._upward import upward
from ioffe.base.arrays import larger
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import format_si, parse_area, to_si
from ioffe.device.fields import Number, Numbers, Part, choice, entry, number
from ioffe.device.parts import bridging

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ioffe.device.leg import Leg
    from ioffe.device.module import Module

Rectangle = tuple[float, float, float, float]
"""Left, right, lower and upper edge in m; the origin is a corner of the array of legs."""
Sides = tuple[float, float]
Rows = tuple[tuple[float, ...], ...]
"""Numbers on equal rectangles of a plate: rows from the lower to the upper edge."""
MOST_OF_MAP = 10_000
"""Numbers of a map of an outer face."""
SMALLEST_FILM = 1e-3
"""Smallest coefficient of a map in units of the mean."""
LONGEST_SIDES = 1.6
"""Largest ratio of the sides if the grid is filled; otherwise a square has empty corners."""
TOUCH = 1e-9
"""Distance in m that counts as none."""


def _count(value: Any) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
        return value
    raise InputError(Fault("", value, "a whole number from 1 is expected"))


def _sides(value: Any) -> Sides | None:
    """Two sides in m, written as their product or given as two numbers in m."""
    if value is None:
        return None
    if isinstance(value, tuple | list) and len(value) == 2:
        value = f"{value[0]} m x {value[1]} m"
    size, sides = parse_area(value)
    return sides or (sqrt(size), sqrt(size))


def _map(value: Any) -> Rows | None:
    """A table of numbers that are not negative, and not all zero."""
    if value is None:
        return None
    expected = "a table of numbers from 0 on is expected, its rows of equal length and not all of it zero"
    try:
        rows = tuple(tuple(float(x) for x in row) for row in value)
    except (TypeError, ValueError) as fault:
        raise InputError(Fault("", value, expected)) from fault
    flat = [x for row in rows for x in row]
    if (
        len({len(row) for row in rows}) != 1
        or not flat
        or not all(0.0 <= x < inf for x in flat)
        or not any(flat)
    ):
        raise InputError(Fault("", value, expected))
    if len(flat) > MOST_OF_MAP:
        raise InputError(Fault("", f"{len(flat)} numbers", f"at most {MOST_OF_MAP} are expected"))
    return rows


def _rectangle(value: Any) -> Rectangle | None:
    """Four edges in m, of which the second and the fourth are the larger ones."""
    if value is None:
        return None
    if not isinstance(value, tuple | list) or len(value) != 4:
        raise InputError(Fault("", value, "left, right, lower and upper edge are expected"))
    left, right, low, high = (0.0 if edge == "0" else to_si(edge, "position") for edge in value)
    if right <= left or high <= low:
        raise InputError(
            Fault("", value, "a right edge beyond the left, an upper beyond the lower is expected")
        )
    return left, right, low, high


@dataclass(frozen=True, kw_only=True)
class Layout(Part):
    """How the legs of a module are arranged; what is left out follows from the module.

    Parameters
    ----------
    rows, columns
        Of the grid of legs; by default as near to a square as their number allows.
    gap
        Between neighbouring legs of a row, in m; by default it follows from the fill factor of the module.
        Given, it decides the fill factor, and the module states none.
    row_gap
        Between the rows, in m; by default the same as `gap`.
    overhang
        By which the electrodes reach beyond the legs on all sides, in m.
    terminals : {"cold", "hot"}
        The side at which the first and the last leg have an electrode of their own.
    hot_plate, cold_plate
        Sides of a plate that is larger than the array of legs, ``"40 mm x 44 mm"`` along the rows and across
        them; the array stands in its middle. By default a plate ends half a gap outside the outermost legs.

    hot_patch, cold_patch
        Left, right, lower and upper edge of the part of a plate's outer face through which all heat passes,
        evenly, such as a laser diode on a cooler; in the coordinates of the plan, whose origin is a corner of
        the array. The temperature of that side is the mean one of the patch. Only in three dimensions.
    hot_flux, cold_flux
        In place of a patch: how the heat is spread over the outer face of a plate, as a table of relative
        fluxes on equal rectangles, rows from the lower to the upper edge, each from left to right. The
        temperature of that side is the mean one, weighted by the flux. Only in three dimensions.
    hot_film, cold_film
        How the coefficient of the conditions is spread over the outer face, as a table of relative values
        written in the same way; the coefficient of the conditions is the mean. Only in three dimensions.
    legs
        Legs that differ from the others (a bad joint), ``{12: leg}``, by their numbers along the current from
        0 on; each as wide as the one it replaces. Only in three dimensions.

    Raises
    ------
    InputError
        With every fault. What the legs decide (whether they fit) is said by the `Module`.

    Examples
    --------
    >>> Layout(rows=2, gap="1 mm").gap, Layout(gap="0 mm", overhang="0.0 um").overhang
    (0.001, 0.0)
    """

    rows: int | None = entry(_count, None)
    columns: int | None = entry(_count, None)
    gap: Numbers = number("spacing", "Between neighbouring legs of a row.", None, plausible=(0.0, 0.1))
    row_gap: Numbers = number("spacing", "Between the rows of legs.", None, plausible=(0.0, 0.1))
    overhang: Number = number(
        "spacing", "By which electrodes reach beyond the legs.", 0.0, plausible=(0.0, 0.01)
    )
    terminals: Literal["cold", "hot"] = choice(("cold", "hot"), "cold")
    hot_plate: Sides | None = entry(_sides, None)
    cold_plate: Sides | None = entry(_sides, None)
    hot_patch: Rectangle | None = entry(_rectangle, None)
    cold_patch: Rectangle | None = entry(_rectangle, None)
    hot_flux: Rows | None = entry(_map, None)
    cold_flux: Rows | None = entry(_map, None)
    hot_film: Rows | None = entry(_map, None)
    cold_film: Rows | None = entry(_map, None)
    legs: tuple[tuple[int, Leg], ...] = entry(lambda value: tuple(dict(value).items()), ())

    @property
    def varying(self) -> tuple[str, ...]:
        """Names of the numbers that count in one dimension too: gaps that decide the fill factor."""
        gaps = ("gap", "row_gap") if self.gap is not None else ()
        return tuple(name for name in gaps if getattr(self, name) is not None)

    @property
    def only_3d(self) -> tuple[str, ...]:
        """Names of what is stated and counts in three dimensions alone."""
        kinds = [f"{side}_{kind}" for kind in ("patch", "flux", "film") for side in ("hot", "cold")]
        return tuple(name for name in ("legs", *kinds) if getattr(self, name))

    def grid(self, legs: int) -> tuple[int, int]:
        """Columns and rows for a number of legs.

        Parameters
        ----------
        legs : int

        Returns
        -------
        tuple of int
        """
        if self.rows is None and self.columns is None:
            return leg_grid(legs)
        rows = self.rows or ceil(legs / (self.columns or 1))
        return self.columns or ceil(legs / rows), rows

    def footprint(self, p: Leg, n: Leg, couples: Any) -> Any:
        """Area of the array with half a gap around it, from the stated gap.

        Parameters
        ----------
        p, n : Leg
        couples : int or array_like

        Returns
        -------
        float or ndarray
            In m2.
        """
        counts, which = np.unique(np.real(couples), return_inverse=True)
        grids = np.array([self.grid(2 * int(count)) for count in counts])
        columns, rows = np.moveaxis(grids[which.reshape(np.shape(couples))], -1, 0)
        (width, depth), row_gap = _site(p, n), self.gap if self.row_gap is None else self.row_gap
        found = np.asarray(columns * (width + self.gap) * rows * (depth + row_gap))
        return found if found.ndim else found.item()


@dataclass(frozen=True, eq=False)
class LegPlan:
    """Rectangles of a module seen from the hot side, the origin at a corner of the array.

    Attributes
    ----------
    columns, rows : int
        Of the grid of legs.
    pitch : tuple of float
        Distance in m of the middles of neighbouring legs, along the rows and across them.
    legs : tuple of Rectangle
        Footprint of every leg along the current; those with an even index are p.
    hot, cold : tuple of Rectangle
        Electrodes along the current.
    hot_joins, cold_joins : tuple of tuple of int
        The legs on each electrode, two or, at a terminal, one.
    hot_plate, cold_plate : Rectangle
    terminals : {"cold", "hot"}
    """

    columns: int
    rows: int
    pitch: Sides
    legs: tuple[Rectangle, ...]
    hot: tuple[Rectangle, ...]
    cold: tuple[Rectangle, ...]
    hot_joins: tuple[tuple[int, ...], ...]
    cold_joins: tuple[tuple[int, ...], ...]
    hot_plate: Rectangle
    cold_plate: Rectangle
    terminals: str

    @property
    def narrowest(self) -> float:
        """Width of the narrowest leg in m."""
        return min(min(right - left, high - low) for left, right, low, high in self.legs)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw legs, electrodes, plates, terminals and the path of the current.

        `ax`: where to draw; by default on a new figure.
        Returns: in mm.
        """
        return upward("plot_plan")(self, ax)


def leg_grid(legs: int) -> tuple[int, int]:
    """Columns and rows that hold so many legs, as near to a square as their number allows.

    >>> leg_grid(4), leg_grid(254), leg_grid(12), leg_grid(14)
    ((2, 2), (16, 16), (4, 3), (4, 4))
    """
    for rows in range(int(sqrt(legs)), 0, -1):
        columns, rest = divmod(legs, rows)
        if rest == 0 and columns <= LONGEST_SIDES * rows:
            return columns, rows
    columns = ceil(sqrt(legs))
    return columns, ceil(legs / columns)


def plan_of(module: Module) -> LegPlan:
    """Every rectangle of a module.

    Raises `InputError` with every fault: legs for which there is no room, electrodes that touch, plates that
        end within the array.
    """
    layout, count = module.layout or Layout(), 2 * module.couples
    columns, rows = layout.grid(count)
    faults = Faults()
    if columns * rows < count:
        expected = f"room for {count} legs is expected, {columns} columns by {rows} rows are {columns * rows}"
        faults.add(
            "layout.rows" if layout.rows else "layout.columns", layout.rows or layout.columns, expected
        )
    width, depth = (float(side) for side in _site(module.p, module.n))
    gap, row_gap = _gaps(module, layout, columns, rows)
    if min(gap, row_gap) < -TOUCH:
        most = count * (module.p.area + module.n.area) / 2 / (columns * width * rows * depth)
        expected = f"at most {most:.4g} is expected, or the legs overlap"
        advice = f"the largest legs are {format_si(width, 'length')} by {format_si(depth, 'length')}"
        faults.add("fill_factor", module.fill_factor, expected, advice)
        gap, row_gap = max(gap, 0.0), max(row_gap, 0.0)
    pitch = width + gap, depth + row_gap
    legs = tuple(_leg(module, k, columns, pitch) for k in range(count))
    pairs = tuple((k, k + 1) for k in range(0, count, 2))
    ends = ((0,), *((k, k + 1) for k in range(1, count - 2, 2)), (count - 1,))
    joins = {"hot": pairs, "cold": ends} if layout.terminals == "cold" else {"hot": ends, "cold": pairs}
    electrodes = {side: tuple(_around(legs, js, layout.overhang) for js in joins[side]) for side in joins}
    array = columns * pitch[0], rows * pitch[1]
    plates = {side: _plate(getattr(layout, f"{side}_plate"), array) for side in joins}
    room = columns * rows
    for side in ("hot", "cold"):
        if bridging(getattr(module, side)) and "fill_factor" not in {f.location for f in faults.found}:
            _check_electrodes(faults, layout, side, (gap, row_gap))
        inside = (e for e, own in zip(electrodes[side], joins[side], strict=True) if max(own) < room)
        if getattr(layout, f"{side}_plate"):
            _check_plate(faults, side, plates[side], (*legs[:room], *inside))
        _check_patch(faults, side, plates[side], getattr(layout, f"{side}_patch"))
        _check_face(faults, layout, side)
    _check_legs(faults, module, layout)
    faults.raise_if_any()
    return LegPlan(
        *(columns, rows, pitch, legs, electrodes["hot"], electrodes["cold"], joins["hot"], joins["cold"]),
        *(plates["hot"], plates["cold"], layout.terminals),
    )


def _site(p: Leg, n: Leg) -> Sides:
    """Width and depth of the largest leg."""
    width, depth = (larger(a, b) for a, b in zip(p.sides, n.sides, strict=True))
    return width, depth


def _gaps(module: Module, layout: Layout, columns: int, rows: int) -> Sides:
    r"""Gaps along and between the rows, stated or from the footprint A of the module.

    With C columns, R rows and legs w by d, A = C (w + g) R (d + g), so that
    2 g = sqrt((w - d)^2 + 4 A/(C R)) - w - d.
    """
    width, depth = (float(side) for side in _site(module.p, module.n))
    if layout.gap is not None:
        return layout.gap, layout.gap if layout.row_gap is None else layout.row_gap
    share = module.footprint / (columns * rows)
    if layout.row_gap is not None:
        return share / (depth + layout.row_gap) - width, layout.row_gap
    gap = 0.5 * (sqrt((width - depth) ** 2 + 4.0 * share) - width - depth)
    return gap, gap


def _leg(module: Module, k: int, columns: int, pitch: Sides) -> Rectangle:
    """Footprint of the k-th leg of the serpentine, in the middle of its site."""
    row, step = divmod(k, columns)
    column = step if row % 2 == 0 else columns - 1 - step
    x, y = (column + 0.5) * pitch[0], (row + 0.5) * pitch[1]
    width, depth = (module.n if k % 2 else module.p).sides
    return x - width / 2, x + width / 2, y - depth / 2, y + depth / 2


def _around(legs: tuple[Rectangle, ...], joined: tuple[int, ...], overhang: float) -> Rectangle:
    left, right, low, high = zip(*(legs[k] for k in joined), strict=True)
    return min(left) - overhang, max(right) + overhang, min(low) - overhang, max(high) + overhang


def _plate(sides: Sides | None, array: Sides) -> Rectangle:
    width, depth = sides or array
    return (
        *(0.5 * (array[0] - width), 0.5 * (array[0] + width)),
        *(0.5 * (array[1] - depth), 0.5 * (array[1] + depth)),
    )


def _check_electrodes(faults: Faults, layout: Layout, side: str, gaps: Sides) -> None:
    if min(gaps) <= TOUCH:
        rows = "row_gap" if gaps[1] < gaps[0] else "gap"
        expected = "a gap is expected between legs whose electrodes do not touch"
        advice = f"state one, or leave out those of the {side} side"
        faults.add(f"layout.{rows}", format_si(min(gaps), "length"), expected, advice)
    elif min(gaps) - 2.0 * layout.overhang <= TOUCH:
        expected = f"less than half the gap of {format_si(min(gaps), 'length')} is expected"
        advice = f"the electrodes of the {side} side touch"
        faults.add("layout.overhang", format_si(layout.overhang, "length"), expected, advice)


def _check_plate(faults: Faults, side: str, plate: Rectangle, parts: tuple[Rectangle, ...]) -> None:
    """Note how large the plate has to be, if a leg or an electrode leaves it."""
    left, right, low, high = zip(*parts, strict=True)
    over = max(plate[0] - min(left), max(right) - plate[1]), max(plate[2] - min(low), max(high) - plate[3])
    if max(over) > TOUCH:
        size = plate[1] - plate[0], plate[3] - plate[2]
        least = (s + 2.0 * max(o, 0.0) for s, o in zip(size, over, strict=True))
        words = " x ".join(format_si(s, "length") for s in least)
        given = " x ".join(format_si(s, "length") for s in size)
        faults.add(
            f"layout.{side}_plate", given, f"at least {words} is expected, or legs and electrodes leave it"
        )


def _check_patch(faults: Faults, side: str, plate: Rectangle, patch: Rectangle | None) -> None:
    """Note a patch that leaves its plate."""
    if patch is None:
        return
    if max(plate[0] - patch[0], patch[1] - plate[1], plate[2] - patch[2], patch[3] - plate[3]) > TOUCH:
        edges = ", ".join(format_si(edge, "length") for edge in plate)
        expected = f"a rectangle on the plate is expected, whose edges are {edges}"
        given = ", ".join(format_si(edge, "length") for edge in patch)
        faults.add(f"layout.{side}_patch", given, expected)


def _check_face(faults: Faults, layout: Layout, side: str) -> None:
    """Note an outer face that is described twice, and a film that is nothing anywhere."""
    given = [name for name in layout.only_3d if name.startswith(f"{side}_")]
    if len(given) > 1:
        faults.add(f"layout.{given[1]}", expected=f"nothing is expected beside {given[0]}")
    film: Rows | None = getattr(layout, f"{side}_film")
    if film is not None:
        flat = [x for row in film for x in row]
        least = SMALLEST_FILM * sum(flat) / len(flat)
        if min(flat) < least:
            expected = f"at least a thousandth of the mean, {least:.3g}, is expected everywhere"
            faults.add(f"layout.{side}_film", min(flat), expected)


def _check_legs(faults: Faults, module: Module, layout: Layout) -> None:
    """Note legs that cannot stand where they are said to."""
    for k, leg in layout.legs:
        where = f"layout.legs[{k}]"
        if not isinstance(k, int) or not 0 <= k < 2 * module.couples:
            faults.add(where, k, f"a leg from 0 to {2 * module.couples - 1} is expected")
            continue
        kind, usual = ("n", module.n) if k % 2 else ("p", module.p)
        if getattr(leg, "carrier", None) != kind:
            faults.add(where, getattr(leg, "carrier", leg), f"a leg of {kind}-type material is expected")
        elif max(abs(a - b) for a, b in zip(leg.sides, usual.sides, strict=True)) > TOUCH:
            size, found = (" x ".join(format_si(x, "length") for x in one.sides) for one in (usual, leg))
            faults.add(where, found, f"a leg of {size} is expected, as the one it replaces")
