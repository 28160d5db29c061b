"""What makes a device solvable: the verbs `solve` and `delta_T_max`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, overload

from ioffe.base._upward import upward
from ioffe.base.units import QuantityLike
from ioffe.device.conditions import Conditions, Cooler

if TYPE_CHECKING:
    from ioffe.device.transient import Transient
    from ioffe.result.steady import Result
    from ioffe.result.transient import TransientResult


class Solvable:
    """A device that conditions can be imposed on: a leg, a module, a cascade."""

    @overload
    def solve(
        self, conditions: Transient, *, tolerance: float = ..., strict: bool = ..., force: bool = ...
    ) -> TransientResult: ...
    @overload
    def solve(
        self,
        conditions: Conditions,
        fidelity: Literal["1d", "3d", "full", "ideal"] = ...,
        *,
        tolerance: float = ...,
        strict: bool = ...,
        maxima: bool | None = ...,
        gradient: bool | str | Iterable[str] = ...,
        states: Literal["connected"] = ...,
        force: bool = ...,
    ) -> Result: ...
    @overload
    def solve(
        self,
        conditions: Conditions,
        fidelity: Literal["1d"] = ...,
        *,
        states: Literal["all"],
        tolerance: float = ...,
        strict: bool = ...,
        force: bool = ...,
    ) -> tuple[Result, ...]: ...
    def solve(
        self,
        conditions: Any,
        fidelity: Literal["1d", "3d", "full", "ideal"] = "1d",
        *,
        tolerance: float = 1e-9,
        strict: bool = False,
        maxima: bool | None = None,
        gradient: bool | str | Iterable[str] = False,
        states: Literal["connected", "all"] = "connected",
        force: bool = False,
    ) -> Any:
        """Solve the device under `Generator`, `Cooler` or `Transient` conditions.

        Parameters
        ----------
        conditions
            `Generator` or `Cooler`, lists in which make axes of the result; or `Transient`, whose result
            is a `TransientResult`, with `tolerance`, `strict` and `force` as here.
        fidelity
            ``"1d"``: temperature-dependent properties, exact; ``"ideal"``: constant-property formulas with
            S, rho and kappa averaged over each segment's temperatures, without side losses; ``"3d"``: plates
            and electrodes of a `Module` in three dimensions, its legs as in ``"1d"``, see `Layout`;
            ``"full"``: all of it in finite elements, for one couple and small modules.
        tolerance
            Relative error allowed for each integration step, 1e-13 to 1e-3.
        strict
            Refuse to use a material beyond its measured range, data that are probably wrong and numbers that
            no device has, instead of warning.
        maxima
            The maxima at each pair of temperatures: by default those that no operating point needs are
            computed when one of them is first asked for, printed, saved or pickled; True computes all at
            once, False leaves them out.
        gradient
            Exact derivatives of every result, in `Result.gradient`: True for those to every number and table,
            or the paths of some, such as ``["p.length", "T_hot", "p.material.seebeck"]``.
        states
            A leg whose resistivity rises fast may have several steady states at one current, of which a given
            current reaches one from zero: that is the result, and beyond the end of its branch the status is
            ``runaway``. ``"all"`` finds all of them, of a leg of one material at a given current between two
            temperatures, as a tuple of results from cold to hot, without maxima; it is empty where none stays
            below 3000 K.
        force
            Solve with materials whose data cannot be right (`Material.check`) too, and with doubtful numbers
            in spite of `strict`.

        Returns
        -------
        Result
            Floats for one operating point, arrays along named axes for several. Points that could not be
            solved are NaN and carry their status.

        Raises
        ------
        InputError
            For findings of level error about a material; with ``strict`` for every doubt.
        ExtrapolationError
            With ``strict``, naming each material and the range that was used.
        """
        options: dict[str, Any] = {"tolerance": tolerance, "strict": strict, "force": force}
        options |= {"maxima": maxima, "gradient": gradient, "states": states}
        return upward("solve")(self, conditions, fidelity, **options)

    def delta_T_max(self, T_hot: QuantityLike, *, force: bool = False, **conditions: Any) -> Result:
        """Largest temperature difference the device reaches without heat load at given hot side.

        The `Result` holds `delta_T_max`, the current `delta_T_max_current` and the voltage there.

        Parameters
        ----------
        T_hot
            Hot-side temperature, K or text with unit.
        force
            As for `solve`.
        **conditions
            Further arguments of `Cooler`, such as ``hot_resistance``.
        """
        return self.solve(Cooler(T_hot=T_hot, heat=0.0, aim="delta_T", **conditions), force=force)
