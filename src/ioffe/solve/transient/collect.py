"""From the records of a march to the result for the whole device."""

from __future__ import annotations

import numpy as np

from ioffe.base.status import Status
from ioffe.engine.table import Array
from ioffe.result.transient import KEYS, TransientResult
from ioffe.solve.steady import interpolations
from ioffe.solve.transient import build
from ioffe.solve.transient.moments import Moments, quantities
from ioffe.solve.transient.run import Run, shared_rows
from ioffe.solve.transient.track import Record, Track

ROUNDING = 1e-15
"""Relative error that no integration falls below."""


def collect(run: Run, track: Track, coarse: Track | None, ranges: tuple[str, ...]) -> TransientResult:
    """The result of a march; what it did not reach is NaN.

    Parameters
    ----------
    run, track
        What was solved, and its march.
    coarse
        The same march with fewer cells, None if there is none.
    ranges
        Sentences on materials used beyond their ranges.
    """
    records = tuple(track.records)
    time_error = np.array([r.error for r in records])
    space_error = _space_error(run, records, coarse)
    hottest = np.array([np.max(r.state.T) for r in records])
    error = (time_error + np.nan_to_num(space_error)) / hottest
    missing = np.zeros(0)
    if track.status >= Status.RUNAWAY:
        asked = run.conditions.times
        missing = np.array([run.conditions.duration]) if asked is None else asked[len(records) :]

    def continued(values: Array) -> Array:
        whole = np.concatenate([values, np.full(len(missing), np.nan)])
        whole.setflags(write=False)
        return whole

    known = quantities(run, records, track.first) if track.first is not None and records else {}
    return TransientResult(
        time=np.concatenate([[r.t for r in records], missing]),
        values={k: continued(known.get(k, np.zeros(0))) for k in KEYS},
        time_error=continued(time_error),
        space_error=continued(space_error),
        point_energy_balance=np.array(_balance(track)),
        point_error_estimate=np.array(np.max(error) + ROUNDING if records else np.nan),
        point_status=np.array(max(track.status, Status.OUTSIDE_TABLE if ranges else Status.OK)),
        steps=int(np.count_nonzero(np.diff(track.ends))),
        rejected=track.rejected,
        interpolation=interpolations(run.assembly.materials),
        warnings=_ended(track) + _unchecked(run, track, coarse) + ranges,
        conditions=run.conditions,
        device=run.device,
        tolerance=run.tolerance,
        moments=Moments(run, track.first, records),
    )


def _balance(track: Track) -> float:
    if track.first is None:
        return float("nan")
    return track.imbalance / track.turnover if track.turnover > 0 else 0.0


def _space_error(run: Run, records: tuple[Record, ...], coarse: Track | None) -> Array:
    """Largest difference in K to the mesh with fewer cells, over what second order leaves of it."""
    if coarse is None:
        return np.full(len(records), np.nan)
    shared = shared_rows(run)
    pairs = zip(records, coarse.records, strict=True)
    share = 1.0 / (build.COARSER**2 - 1.0)
    return np.array([share * np.max(np.abs(a.state.T[shared] - b.state.T)) for a, b in pairs])


def _ended(track: Track) -> tuple[str, ...]:
    at = f"{track.ends[-1]:.6g} s" if track.ends else "the start"
    if track.status == Status.RUNAWAY:
        return (f"at {at} a temperature exceeds 3000 K; there are no numbers beyond",)
    if track.status > Status.RUNAWAY:
        return (f"no solution was found beyond {at}; there are no numbers",)
    return ()


def _unchecked(run: Run, track: Track, coarse: Track | None) -> tuple[str, ...]:
    if run.conditions.mesh_check and coarse is None and track.records:
        return ("the steps could not be repeated with fewer cells: the error of the mesh is not known",)
    return ()
