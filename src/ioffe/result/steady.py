"""The result of a solve: numbers along named axes, with status, balance, error and citations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ioffe.base.aims import MAXIMA
from ioffe.base.errors import Fault, InputError
from ioffe.base.status import Status
from ioffe.base.table import ResultTable, table
from ioffe.result.device import MODES, DeviceResult, shown
from ioffe.result.later import LaterValues

if TYPE_CHECKING:
    from ioffe.field.bodies.scene import BodyScene
    from ioffe.result.gradient import Gradient
    from ioffe.result.ions import Migration
    from ioffe.result.profile import Profile
    from ioffe.solve.profile import Point

Array = NDArray[np.float64]
POINT_KEYS = (
    "current",
    "current_density",
    "voltage",
    "power",
    "power_density",
    "heat_hot",
    "heat_cold",
    "efficiency",
    "COP",
    "T_hot",
    "T_cold",
    "T_hot_junction",
    "T_cold_junction",
    "delta_T",
)
MAXIMA_KEYS = MAXIMA
STAGE_KEYS = ("current", "power", "T_hot", "T_cold")
"""What printing shows of the stages."""
NO_GRADIENT = "this result holds no derivatives: ask for them with solve(..., gradient=True)"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Result(DeviceResult):
    """Operating points of a device and the maxima at each pair of temperatures.

    Every quantity of the table (`current`, `voltage`, `power`, `efficiency`, `heat_hot` ...) is an attribute:
    a float for one operating point, otherwise an array whose axes are named in `axes`. Maxima
    (`max_power`, `open_circuit_voltage` ...) have the axes in `maxima_axes`; those that no operating point
    needed are computed when one of them is first asked for. Points without a solution are NaN.

    In generation heat_hot enters at the hot side and heat_cold leaves at the cold side; for a cooler
    heat_cold is taken up at the cold side and heat_hot given off, and current, voltage and power are inputs.

    Its tables are ``points``, ``stages`` for a cascade, ``legs`` at fidelity 3d or full, and ``ions`` if a
    leg holds a mixed conductor; the smallest `margin` of all legs and the `voltage_left` are among the points
    then.

    Attributes
    ----------
    axes : mapping of str to ndarray
        Axes of the operating points, in SI.
    maxima_axes : mapping of str to ndarray
        Axes of the maxima: the temperatures, without the current.
    values : mapping of str to ndarray
        All quantities by name, in SI.
    device : Leg, Module or Cascade
        What was solved.
    fidelity : str
    tolerance : float
        Relative error that was allowed.
    engine : {"numpy", "compiled"}
        What solved it. Numbers of one engine are equal to the last bit, those of both to some 1e-12.
    points : tuple
        Solutions of the operating points, of which `profile` is made.
    stages : ResultTable, optional
        Values of each stage of a cascade, with one more axis, the stages from the hot side.
    legs : ResultTable, optional
        At fidelity 3d or full the temperatures and heats at the ports of every leg, with one more axis, legs
        along the current.
    derivatives : Gradient, optional
        Also `gradient`, if it was asked for.
    migration : Migration, optional
        Margins of the legs that hold a mixed conductor, None if none does.
    point_status, point_energy_balance, point_error_estimate, interpolation, warnings, notes, conditions
        As of every result, see `ioffe.base.result.BaseResult`.

    Examples
    --------
    >>> import ioffe as te
    >>> simple = te.Material.from_arrays(
    ...     name="simple", carrier="p", T=[200, 800], seebeck=[2e-4, 2e-4],
    ...     electrical_conductivity=[1e5, 1e5], thermal_conductivity=[2.0, 2.0])
    >>> leg = te.Leg(simple, length="5 mm", area="9 mm2")
    >>> result = leg.solve(te.Generator(T_hot=500, T_cold=300, load="max_power"))
    >>> print(f"{result.power:.6f} W, {result.status}")  # (S dT)^2/(4 R) with R = 5.556 mohm
    0.072000 W, ok
    """

    kind: ClassVar[str] = "steady"
    absent: ClassVar[Mapping[str, str]] = {"gradient": NO_GRADIENT}

    axes: Mapping[str, Array]
    maxima_axes: Mapping[str, Array]
    engine: str
    points: tuple[Point, ...]
    stages: ResultTable | None = None
    legs: ResultTable | None = None
    derivatives: Gradient | None = None
    migration: Migration | None = None

    def __post_init__(self) -> None:
        if isinstance(self.values, LaterValues):
            self.values.belong_to(self)

    def __getstate__(self) -> dict[str, Any]:
        # the warnings are complete once the values are
        if isinstance(self.values, LaterValues):
            self.values.complete()
        return dict(self.__dict__)

    def _named(self) -> Mapping[str, Any]:
        migration = self.__dict__.get("migration")
        return super()._named() if migration is None else {**super()._named(), **migration.values}

    @property
    def gradient(self) -> Gradient:
        """Exact derivatives of all these numbers, if `solve` was asked for them with ``gradient=True``.

        ``gradient["efficiency"]["p.length"]``, in SI; see `Gradient`.
        """
        if self.derivatives is None:
            raise AttributeError(NO_GRADIENT)
        return self.derivatives

    def profile(self, index: int | tuple[int, ...] = 0) -> Profile:
        """Temperature, potential and heat flux through every layer at one operating point.

        Parameters
        ----------
        index
            Position along the axes: an integer, or a tuple of one for each axis; negative counts back.

        Returns
        -------
        Profile

        Raises
        ------
        InputError
            If there is no such point, or it has no solution.
        """
        return self._point(index).profile(self)

    def bodies(self, index: int | tuple[int, ...] = 0) -> BodyScene:
        """Temperature, potential, current density and heat flux in all parts of a module.

        Parameters
        ----------
        index
            Position along the axes, as of `profile`.

        Returns
        -------
        BodyScene
            ``save("module.vtu")`` writes it for ParaView, ``to_dict()`` is plain data.

        Raises
        ------
        InputError
            If there is no such point or it has no solution, and at a fidelity other than 3d and full.

        Examples
        --------
        >>> import ioffe as te
        >>> p, n = (te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm") for k in "pn")
        >>> stack = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]
        >>> module = te.Module(p, n, couples=1, hot=stack, cold=stack, layout=te.Layout(gap="1 mm"))
        >>> result = module.solve(te.Generator(T_hot=390, T_cold=300, current=1.0), "3d", maxima=False)
        >>> scene = result.bodies()
        >>> len(scene.bodies), [field.label for field in scene.fields]
        (7, ['temperature', 'electric potential', 'current density', 'heat flux'])
        """
        return self._point(index).bodies(self)

    def _point(self, index: int | tuple[int, ...]) -> Point:
        shape = self.point_status.shape
        try:
            flat = np.arange(len(self.points)).reshape(shape)
            number = int(flat.ravel()[index] if isinstance(index, int) else flat[index])
        except (IndexError, TypeError):
            axes = ", ".join(f"{k} ({n})" for k, n in zip(self.axes, shape, strict=True)) or "one point"
            raise InputError(Fault("index", index, f"a position along {axes} is expected")) from None
        point = self.points[number]
        if point.code >= Status.RUNAWAY:
            raise InputError(Fault("index", index, "a solved point is expected", Status(point.code).advice))
        return point

    def tables(self) -> dict[str, ResultTable]:
        """Operating points with their maxima, stages of a cascade, margins of mixed conductors."""
        values = self._named()
        maxima = {k: (tuple(self.maxima_axes), v) for k, v in values.items() if k in MAXIMA_KEYS}
        points = {k: v for k, v in values.items() if k not in MAXIMA_KEYS}
        states = {} if self.migration is None else {"migration_state": self.migration.state}
        found = {"points": table(self.axes, {**points, **states, **maxima, **self._point_columns()})}
        if self.stages is not None:
            found["stages"] = self.stages
        if self.legs is not None:
            found["legs"] = self.legs
        if self.migration is not None:
            found["ions"] = self.migration.table(self.axes)
        return found

    def _header(self) -> dict[str, Any]:
        found = super()._header() | {"engine": self.engine, "maxima_axes": self.maxima_axes}
        return found if self.migration is None else {**found, "migration": self.migration}

    def _title(self) -> str:
        points = "1 operating point" if len(self.points) == 1 else f"{len(self.points)} operating points"
        return f"{self._name()}: {MODES[self.conditions.mode]}, fidelity {self.fidelity}, {points}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        keys = POINT_KEYS if len(self.points) == 1 else ()
        if not keys:
            yield "axes", ", ".join(f"{k} ({len(v)})" for k, v in self.axes.items())
        for key in (*keys, *MAXIMA_KEYS):
            if key in self.values:
                yield key, shown(self.values[key], key)
        if self.stages is not None and keys:
            for key in STAGE_KEYS:
                yield f"{key} of the stages", shown(self.stages.values[key], key)
        if self.migration is not None:
            yield from (("", text) for text in self.migration.lines())
        yield from self._quality()
