"""Measured concentration profiles across an interface, such as EDS line scans: their files and their fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import nan, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Faults, InputError, UnitError, check_one_of
from ioffe.base.plotting import COLOURS, MARKERS, drawing
from ioffe.base.quantities import quantity
from ioffe.base.units import convert, unit_of_header
from ioffe.interface._checks import NUMBER, Checks, Kind, QuantityLike
from ioffe.interface.diffusion.profiles import couple_profile, width_as
from ioffe.material.fit.intervals import intervals
from ioffe.material.fit.model import Fitted, Parameter, Vector
from ioffe.material.readers.cells import column_numbers, decimal_marks
from ioffe.material.readers.files import CellGrid
from ioffe.material.readers.layout.grids import read_grids
from ioffe.material.readers.records import shorten
from ioffe.transport.formula import ATOMIC_WEIGHTS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_POSITION = ("x", "position", "distance", "pos", "d")


@dataclass(frozen=True, eq=False)
class ConcentrationProfile:
    """Concentrations of elements along a line.

    Attributes
    ----------
    name : str
        Of the file.
    position : ndarray, shape (n,)
        In m.
    concentrations : mapping of str to ndarray of shape (n,)
        By element, in the unit of the file.
    units : mapping of str to str
        By element, as the file writes it.

    Examples
    --------
    >>> x, copper = np.array([0.0, 1e-6]), np.array([0.0, 9.0])
    >>> scan = ConcentrationProfile("scan", x, {"Cu": copper}, {"Cu": "at%"})
    >>> print(scan.of("Cu"), scan.units["Cu"])
    [0. 9.] at%
    """

    name: str
    position: Array
    concentrations: Mapping[str, Array]
    units: Mapping[str, str]

    def of(self, element: str) -> Array:
        """Concentrations of an element.

        Parameters
        ----------
        element : str
            Its symbol.

        Returns
        -------
        ndarray, shape (n,)
            In the unit of the file.

        Raises
        ------
        InputError
            For an element that is not there.
        """
        check_one_of("element", element, self.concentrations)
        return self.concentrations[element]


def read_profile(path: str | Path) -> ConcentrationProfile:
    r"""Read a concentration profile.

    Parameters
    ----------
    path : path
        Text table (cells parted by commas, semicolons or tabs, decimal point or comma) or Excel workbook with
        a line of headers: ``x`` or ``distance`` with its unit, and symbols of elements, such as
        ``x (um), Cu (at%), Mg (at%)``. Other columns are left alone.

    Returns
    -------
    ConcentrationProfile
        With positions in m.

    Raises
    ------
    InputError
        With every cell that is no number (at most twenty), or if the headers are missing.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "scan.csv"
    ...     _ = path.write_text("x (um),Cu (at%)\n0,33.3\n1,16.7\n2,0\n")
    ...     print(read_profile(path).position)
    [0.e+00 1.e-06 2.e-06]
    """
    expected = 'the headers "x (um)" and elements, such as "Cu (at%)", are expected'
    return _profile(read_grids(Path(path), _recognise, expected)[0], Path(path).stem)


def _recognise(names: list[str]) -> int:
    """Number of columns that are known; 0 without a position and an element."""
    heads = [unit_of_header(name)[0].strip() for name in names]
    elements = sum(head in ATOMIC_WEIGHTS for head in heads)
    return elements + 1 if elements and any(head.casefold() in _POSITION for head in heads) else 0


def _profile(grid: CellGrid, name: str) -> ConcentrationProfile:
    faults = Faults(grid.file)
    heads = [unit_of_header(cell) for cell in grid.names]
    names = [head.strip() for head, _ in heads]
    along = next(k for k, head in enumerate(names) if head.casefold() in _POSITION)
    elements = {head: k for k, head in enumerate(names) if head in ATOMIC_WEIGHTS}
    wanted = [along, *elements.values()]
    marks = decimal_marks([(grid, grid.rows, wanted)], faults)
    faults.raise_if_any()
    cells = {k: column_numbers(grid, k, grid.rows, bool(marks[k]), faults)[0] for k in wanted}
    for index, values in cells.items():
        for row, value in zip(grid.rows, values, strict=True):
            if value is None:
                faults.add(grid.location(row), row.text(index), f"{grid.names[index]}: a number is expected")
    shorten(faults)
    if not grid.rows:
        faults.add(grid.location(grid.header), expected="there are no rows below the headers")
    position: Any = [nan if value is None else value for value in cells[along]]
    try:
        position = np.asarray(convert(np.array(position), heads[along][1] or "1", "m"), float)
    except (UnitError, InputError):
        expected = 'a length is expected, such as "x (um)"'
        faults.add(grid.location(grid.header), grid.names[along], expected, "the unit is written in brackets")
    faults.raise_if_any()
    found = {element: np.array(cells[k], float) for element, k in elements.items()}
    return ConcentrationProfile(name, position, found, {el: heads[k][1] for el, k in elements.items()})


NAMES: Final = ("interface", "width", "left", "right")
KINDS: Final[dict[str, Kind]] = {"interface": "position", "width": "length"}
WIDTH: Final = replace(quantity("position"), lower=0.0)
"""Of a probe, which may be a point."""
UM: Final = 1e6
"""Micrometres in a metre."""
POINTS: Final = 401
"""Of the fitted profile in a picture."""


@dataclass(frozen=True, eq=False)
class ProfileFit:
    """An error-function profile fitted to measured points by :func:`fit_profile`.

    Attributes
    ----------
    position, concentration : ndarray, shape (n,)
        Measured points, by rising position.
    parameters : tuple of Fitted
        `interface` (m), `width` w = 2 sqrt(D t) (m, the blur of the probe taken off), `left` and `right`.
    probe : float
        Standard deviation of the probe in m.
    chi_squared, degrees_of_freedom, scale : float, int, float
        `scale` is 1 where the errors are stated, else from the scatter.
    findings : tuple of str
        What a reader of the numbers must know.

    Examples
    --------
    >>> x = np.linspace(-3e-6, 3e-6, 61)
    >>> found = fit_profile(x, couple_profile(x, 0.428e-6, 66.7))
    >>> print(f"{found.width_as('10-90 %')[0] * 1e6:.3f} um")
    0.776 um
    """

    position: Array
    concentration: Array
    parameters: tuple[Fitted, ...]
    probe: float
    chi_squared: float
    degrees_of_freedom: int
    scale: float
    findings: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([*(str(p) for p in self.parameters), *(f"({word})" for word in self.findings)])

    def parameter(self, name: str) -> Fitted:
        """One parameter by its name.

        Parameters
        ----------
        name : str
            `interface`, `width`, `left` or `right`.

        Returns
        -------
        Fitted
            Value and standard error in SI.

        Raises
        ------
        InputError
            For another name.
        """
        known = {p.name: p for p in self.parameters}
        with Checks() as checks:
            checks.one_of("name", name, known)
        return known[name]

    def width_as(self, convention: str) -> tuple[float, float]:
        """Width and its standard deviation in m, as another convention counts it.

        Parameters
        ----------
        convention : str
            As for :func:`~ioffe.interface.diffusion.profiles.width_as`.

        Returns
        -------
        value, std : float
            In m.
        """
        w = self.parameter("width")
        return float(width_as(w.value, convention)), float(width_as(w.std, convention))

    @property
    def Dt(self) -> tuple[float, float]:
        """D t = w^2/4 and its standard deviation in m2."""
        w = self.parameter("width")
        return w.value**2 / 4.0, w.value * w.std / 2.0

    def diffusion_coefficient(self, time: float) -> tuple[float, float]:
        """D of a couple that was kept at its temperature for a time.

        Parameters
        ----------
        time : float
            In s, above 0.

        Returns
        -------
        value, std : float
            In m2/s.

        Raises
        ------
        InputError
            For a time that is not above 0.
        """
        with Checks() as checks:
            t = checks.number("time", time, replace(quantity("time"), exclusive=True))
        Dt, std = self.Dt
        return Dt / t, std / t

    def profile(self, position: ArrayLike) -> Array:
        """Fitted concentration as it is measured, with the blur of the probe.

        Parameters
        ----------
        position : array_like
            In m.

        Returns
        -------
        ndarray
            In the unit of the measured concentrations.
        """
        x0, w, left, right = (self.parameter(name).value for name in NAMES)
        return couple_profile(position, _blurred(w, self.probe), left, right, x0)


def fit_profile(
    position: QuantityLike,
    concentration: ArrayLike,
    *,
    std: ArrayLike | None = None,
    probe: QuantityLike = 0.0,
    fixed: Mapping[str, float] | None = None,
) -> ProfileFit:
    """Fit the profile of two half-spaces to measured concentrations.

    c(x) = (c_l + c_r)/2 - (c_l - c_r)/2 erf[(x - x_0)/w], w = 2 sqrt(D t), by weighted least squares. A probe
    that averages over a Gaussian of the standard deviation s widens it to sqrt(w^2 + 2 s^2), which is taken
    into account.

    Parameters
    ----------
    position : array_like, shape (n,)
        In m, in any order.
    concentration : array_like, shape (n,)
        In any unit, such as atomic percent.
    std : array_like, optional
        Standard deviations of the concentrations, one or n; by default the scatter around the fit.
    probe : float
        Standard deviation of the probe in m: about 0.4 um for EDS in a scanning electron microscope, which a
        width has to exceed to be seen.
    fixed : mapping of str to float
        Of `interface`, `width`, `left`, `right`, such as ``{"right": 0.0}``.

    Returns
    -------
    ProfileFit

    Raises
    ------
    InputError
        With everything that is wrong, such as one point, or a profile without a step.

    Examples
    --------
    >>> x = np.linspace(-3e-6, 3e-6, 61)
    >>> found = fit_profile(x, couple_profile(x, 0.428e-6, 66.7, 1.0, 0.2e-6))
    >>> print(f"{found.parameter('width').value * 1e6:.3f} um, D t = {found.Dt[0]:.3e} m2")
    0.428 um, D t = 4.580e-14 m2
    """
    x, c, error, blur, held = _checked(position, concentration, std, probe, fixed or {})
    vector = Vector([""], [_parameters(x, c)], held)
    weight = error if error is not None else np.full_like(c, np.ptp(c))

    def residual(u: Array) -> Array:
        v = vector.values(u, "")
        w = _blurred(v["width"], blur)
        return (couple_profile(x, w, v["left"], v["right"], v["interface"]) - c) / weight

    problem = vector.problem(residual, error is not None)
    found = problem.solve(vector.start)
    free, scale = found.degrees_of_freedom, found.variance_factor
    known = {p.name: p for p in intervals(vector, problem, found, np.isfinite(scale) and scale > 0.0)}
    ordered = tuple(known[name] for name in NAMES)
    words = _findings(x, ordered, found.converged, free, blur)
    return ProfileFit(x, c, ordered, blur, found.chi_squared, free, scale, words)


def _blurred(width: ArrayLike, probe: float) -> Array:
    """Width as a probe sees it: variances add, that of the profile is w^2/2."""
    return np.sqrt(np.asarray(width, float) ** 2 + 2.0 * probe**2)


def _checked(
    position: QuantityLike,
    concentration: ArrayLike,
    std: ArrayLike | None,
    probe: QuantityLike,
    fixed: Mapping[str, float],
) -> tuple[Array, Array, Array | None, float, dict[str, float]]:
    with Checks() as checks:
        x = checks.series("position", position, "position", least=3)
        c = checks.series("concentration", concentration, least=3)
        checks.same_length("concentration", c, "positions", len(x))
        blur = checks.number("probe", probe, WIDTH)
        error = checks.std(std, c)
        for name in fixed:
            checks.one_of("fixed", name, NAMES)
        held = {k: checks.number(f"fixed.{k}", value, KINDS.get(k, NUMBER)) for k, value in fixed.items()}
        if not checks and np.ptp(x) == 0.0:
            checks.add("position", float(x[0]), "positions that differ are expected")
        if not checks and np.ptp(c) == 0.0:
            checks.add("concentration", float(c[0]), "a step is expected", "all values are the same")
    order = np.argsort(x, kind="stable")
    return x[order], c[order], None if error is None else error[order], blur, held


def _parameters(x: Array, c: Array) -> list[Parameter]:
    """Where the search begins: plateaus from the ends, the interface where half is crossed."""
    tenth = max(1, len(x) // 10)
    left, right = float(np.median(c[:tenth])), float(np.median(c[-tenth:]))
    size = float(np.ptp(c))
    if left == right:
        left, right = float(np.max(c)), float(np.min(c))
    part = (c - right) / (left - right)
    low, high = float(x[0]), float(x[-1])
    between = x[(part > 0.1) & (part < 0.9)]
    middle = float(np.clip(low + np.trapezoid(np.clip(part, 0.0, 1.0), x), low, high))
    span = high - low
    width = max(float(np.ptp(between)) if len(between) > 1 else 0.0, span / len(x))
    far = 10.0 * size
    mean = 0.5 * (left + right)
    return [
        Parameter("interface", "position", middle, low - span, high + span, False, unit="m", size=span),
        Parameter("width", "length", width, 1e-4 * span, 1e3 * span, unit="m"),
        Parameter("left", "", left, mean - far, mean + far, False, size=size),
        Parameter("right", "", right, mean - far, mean + far, False, size=size),
    ]


def _findings(
    x: Array, parameters: tuple[Fitted, ...], converged: bool, free: int, probe: float
) -> tuple[str, ...]:
    words = []
    if not converged:
        words.append("the search did not converge: no value is given")
    words += [str(p) for p in parameters if p.status not in ("determined", "fixed")]
    if free <= 0:
        words.append("as many parameters as points: without stated errors the parameters have none")
    w = parameters[NAMES.index("width")].value
    spacing = float(np.median(np.diff(np.unique(x))))
    if w < spacing:
        words.append(f"the width is below the spacing of the points, {spacing * 1e6:.3g} um")
    if probe > 0.0 and w < sqrt(2.0) * probe:
        words.append("the width is below that of the probe: it depends on how well the probe is known")
    return tuple(words)


def plot_profile(
    found: ProfileFit, path: str | Path | None = None, *, label: str = "Concentration"
) -> Figure:
    """Measured points, the fitted profile and the range of its width; below, the residuals.

    The grey band reaches from the interface by the width w = 2 sqrt(D t) to both sides.

    Parameters
    ----------
    found : ProfileFit
    path : path, optional
        PNG, SVG or PDF file to write.
    label : str
        What is measured, with its unit, such as ``Cu (at%)``.

    Returns
    -------
    matplotlib.figure.Figure
        Positions in um.

    Examples
    --------
    >>> x = np.linspace(-3e-6, 3e-6, 61)
    >>> figure = plot_profile(fit_profile(x, couple_profile(x, 0.428e-6, 66.7)), label="Cu (at%)")
    >>> figure.axes[0].get_ylabel()
    'Cu (at%)'
    """
    x, c = found.position * UM, found.concentration
    fine = np.linspace(found.position[0], found.position[-1], POINTS)
    width, interface = found.parameter("width"), found.parameter("interface")
    with drawing(path, 2, 1, height=85.0, sharex=True, height_ratios=[3, 1]) as (figure, (panel, rest)):
        if np.isfinite(width.value) and np.isfinite(interface.value):
            low, high = ((interface.value + side * width.value) * UM for side in (-1.0, 1.0))
            panel.axvspan(low, high, color="0.92", zorder=0)
            panel.plot(fine * UM, found.profile(fine), color=COLOURS[1])
            rest.plot(x, c - found.profile(found.position), MARKERS[0], color=COLOURS[0])
        panel.plot(x, c, MARKERS[0], color=COLOURS[0], fillstyle="none")
        panel.set_title(str(width), loc="left")
        panel.set_ylabel(label)
        rest.axhline(0.0, color="0.6", linewidth=0.6, zorder=0)
        rest.set(xlabel="Position $x$ (µm)", ylabel="Residual")
    return figure
