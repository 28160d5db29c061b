r"""How sure the results of a device are: deviations, bands and shares, from what is uncertain about it.

Linear propagation takes one gradient,

.. math:: \sigma_y^2 = \sum_{ij} C_{ij}\,\sigma_i\sigma_j\,
   \frac{\partial y}{\partial x_i}\frac{\partial y}{\partial x_j},

Monte Carlo draws devices at random (JCGM 101:2008), and Sobol' indices tell which share of the variance an
input causes alone, and with all others (I. M. Sobol', doi 10.1016/S0378-4754(00)00270-6; A. Saltelli et al.,
doi 10.1016/j.cpc.2009.09.018).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.status import Status
from ioffe.solve.batch.choice import Engine
from ioffe.study.solving import solve_devices
from ioffe.study.study import Study
from ioffe.study.uncertain import UncertainInput, UncertainMaterial, uncertain_inputs
from ioffe.study.uncertainty_result import UncertaintyResult

Array = NDArray[np.float64]
METHODS: Final = ("linear", "monte carlo", "sobol")
COVERED: Final = 0.95
"""Probability that a band covers."""
DEVIATIONS: Final = 1.959963984540054
"""Standard deviations of the normal distribution on each side that cover `COVERED`."""
BLOCK: Final = 20_000
"""Devices that are solved together."""
MOST: Final = 20_000_000
"""Devices of one propagation."""
CURVED: Final = 0.1
"""Share of a standard deviation by which it, or a mean, differs when the gradient is doubted."""
UNSURE: Final = 0.05
"""Standard error of a Sobol' index above which there are too few draws."""
NOISE: Final = 1e-12
"""Sobol' indices that are rounding alone."""


def samples_for(error: float) -> int:
    r"""Random draws after which a standard deviation is known with a relative standard error.

    For a normal distribution it is :math:`1/\sqrt{2(n - 1)}` (S. Ahn and J. A. Fessler, Standard errors of
    mean, variance, and standard deviation estimators, University of Michigan, 2003).

    Parameters
    ----------
    error : float
        Dimensionless, above 0.

    Returns
    -------
    int

    Examples
    --------
    >>> samples_for(0.02), samples_for(0.01)
    (1251, 5001)
    """
    if not 0.0 < error < 1.0:
        raise InputError(Fault("error", error, "a share above 0 and below 1 is expected, such as 0.02"))
    return ceil(1.0 + 0.5 / (error * error) - 1e-9)


class SobolIndices(NamedTuple):
    """Sobol' indices with their standard errors, each (inputs, outputs).

    Attributes
    ----------
    first, total : ndarray
        Of first order and of the total effect.
    first_error, total_error : ndarray
        Their standard errors.
    """

    first: Array
    total: Array
    first_error: Array
    total_error: Array


def propagate_study(
    study: Study,
    uncertain: Mapping[str, Any] | None = None,
    *,
    method: str = "linear",
    samples: int | None = None,
    error: float | None = None,
    seed: int = 0,
    engine: Engine = "auto",
    threads: int | None = None,
) -> UncertaintyResult:
    """Standard deviations, bands and shares of the outputs of a device.

    Parameters
    ----------
    study : Study
        Device, conditions, outputs, and perhaps what varies: every device of it has errors of its own.
    uncertain : mapping, optional
        As for `uncertain_inputs`; by default that of the study.
    method : {"linear", "monte carlo", "sobol"}
        One gradient; random draws; Sobol' indices, which need independent inputs.
    samples : int, optional
        Random draws, by default 1000; of Sobol' indices a power of two, by default 256, of which so many
        devices are solved for each input and twice besides.
    error : float, optional
        In place of samples: relative standard error of the standard deviations, see `samples_for`.
    seed : int
        The same one gives the same draws.
    engine, threads
        As for `solve_batch`.

    Returns
    -------
    UncertaintyResult

    Raises
    ------
    InputError
        With every fault of the inputs and options; for draws that no device can have, such as lengths below
        zero.

    Examples
    --------
    >>> from ioffe import Generator, Leg, Material
    >>> from ioffe.material.uncertainty import Uncertainty
    >>> flat = Material.from_arrays("flat", "p", [200.0, 800.0], seebeck=[2e-4, 2e-4],
    ...     electrical_conductivity=[1e5, 1e5], thermal_conductivity=[2.0, 2.0])
    >>> study = Study(Leg(flat, "5 mm", "9 mm2"), Generator(T_hot=500, T_cold=300), {}, ["power"])
    >>> errors = Uncertainty(seebeck="6 %", electrical_conductivity="8 %", thermal_conductivity="11 %")
    >>> found = propagate_study(study, {"material": errors, "length": "2 %"})
    >>> round(float(found.power_std / found.power), 4)  # P goes as S^2 sigma/L
    0.1456
    """
    given = study.uncertain if uncertain is None else uncertain
    inputs = uncertain_inputs(study.device, study.conditions, given, study.variables, study.costing)
    count = _check(study, inputs, method, samples, error)
    how: dict[str, Any] = {"tolerance": study.tolerance, "engine": engine, "threads": threads}
    linear = _Linear(study, inputs, how)
    base = linear.batch
    names = tuple(name for one in inputs for name in one.names)
    shape = study.shape
    warnings = [*study.remarks.warnings, *base.warnings]
    shares, totals, errors, total_errors = linear.shares(), {}, {}, {}
    spread = linear.spread()
    if method != "linear":
        draws = _Draws(study, inputs, how)
        if method == "sobol":
            indices, spread = draws.sobol(count, seed)
            shares, totals, errors, total_errors = indices
            warnings += _unsure(names, errors, total_errors, count)
        else:
            spread = draws.random(count, seed)
        warnings += draws.doubts()
        drawn = count if method == "monte carlo" else 2 * count
        warnings += _curved(linear.values, linear.spread(), spread, drawn)
    values: dict[str, Array] = {}
    for name in study.outputs:
        values[name] = np.reshape(linear.values[name], shape)
        values |= {f"{name}_{part}": v.reshape(shape) for part, v in spread[name].items()}
    inner = (len(names), *shape)
    return UncertaintyResult(
        study=study,
        method=method,
        samples=0 if method == "linear" else count,
        values=values,
        inputs=names,
        effects={name: v.reshape(inner) for name, v in linear.effects().items()},
        shares={name: v.reshape(inner) for name, v in shares.items()},
        totals={name: v.reshape(inner) for name, v in totals.items()},
        share_errors={name: v.reshape(inner) for name, v in errors.items()},
        total_errors={name: v.reshape(inner) for name, v in total_errors.items()},
        point_status=np.reshape(base.point_status, shape),
        point_energy_balance=np.reshape(base.point_energy_balance, shape),
        point_error_estimate=np.reshape(base.point_error_estimate, shape),
        interpolation=base.interpolation,
        conditions=study.conditions,
        warnings=tuple(dict.fromkeys(warnings)),
        notes=(*study.remarks.notes, *base.notes),
    )


def _check(
    study: Study, inputs: Sequence[UncertainInput], method: str, samples: int | None, error: float | None
) -> int:
    """Number of draws."""
    faults = Faults()
    faults.one_of("method", method, METHODS)
    if study.sampled:
        faults.add("sample", expected="grids and lists are expected here, and no sampled ranges")
    if samples is not None and error is not None:
        faults.add("error", error, "either this or samples is expected")
    count = samples or (256 if method == "sobol" else 1000)
    if error is not None:
        with faults.collect():
            count = samples_for(error)
            count = 1 << (count - 1).bit_length() if method == "sobol" else count
    if isinstance(count, bool) or not isinstance(count, int) or count < 2:
        faults.add("samples", samples, "a whole number from 2 is expected")
    elif method == "sobol" and count & (count - 1):
        faults.add("samples", count, "a power of two is expected", f"such as {1 << count.bit_length()}")
    for one in inputs if method == "sobol" else ():
        if not one.free:
            expected = (
                "errors without correlation are expected for Sobol' indices, one number for each property"
            )
            advice = "state systematic = 1 and no correlation, or take linear propagation or Monte Carlo"
            faults.add(f"uncertain.{one.path}", expected=expected, advice=advice)
    each = count * (2 + sum(len(one.distributions) for one in inputs) if method == "sobol" else 1)
    if method != "linear" and not faults and study.count * each > MOST:
        faults.add("samples", count, f"at most {MOST:,} devices are expected, not {study.count * each:,}")
    faults.raise_if_any()
    return count


class _Linear:
    """One gradient of every device of a study."""

    def __init__(self, study: Study, inputs: Sequence[UncertainInput], how: Mapping[str, Any]) -> None:
        self.outputs, self.inputs = study.outputs, inputs
        vary = study.vary(0, study.count)
        paths = [path for one in inputs for path in one.parameters]
        options = {**how, "keep": study.outputs, "gradient": paths}
        found = solve_devices(study, vary, **options)
        self.batch, self.values, self._by = found.batch, found.values, found.slopes
        self.slopes = {name: self._slopes(name) for name in self.outputs}

    def _slopes(self, name: str) -> list[Array]:
        return [one.slopes(self._by[name]) for one in self.inputs]

    def spread(self) -> dict[str, dict[str, Array]]:
        """Standard deviations and bands."""
        found = {}
        for name in self.outputs:
            pairs = zip(self.inputs, self.slopes[name], strict=True)
            variance = sum(np.einsum("ik,ij,jk->k", s, one.correlation(), s) for one, s in pairs)
            std, value = np.sqrt(np.maximum(variance, 0.0)), np.ravel(self.values[name])
            found[name] = {"std": std, "low": value - DEVIATIONS * std, "high": value + DEVIATIONS * std}
        return found

    def effects(self) -> dict[str, Array]:
        """Change of each output for one standard deviation of each input, (inputs, cases)."""
        return {
            name: np.concatenate([self._parts(*pair) for pair in self._of(name)]) for name in self.outputs
        }

    def _of(self, name: str) -> Iterator[tuple[UncertainInput, Array]]:
        return zip(self.inputs, self.slopes[name], strict=True)

    @staticmethod
    def _parts(one: UncertainInput, slopes: Array) -> Array:
        """One row for each name of an input; points of a curve with noise add as squares."""
        if not isinstance(one, UncertainMaterial):
            return slopes
        rows = [slopes[part.start : part.stop] for part in one.parts]
        return np.array([row[0] if len(row) == 1 else np.sqrt(np.sum(row**2, axis=0)) for row in rows])

    def shares(self) -> dict[str, Array]:
        """Share of the variance that each input causes alone, (inputs, cases)."""
        spread, effects = self.spread(), self.effects()
        with np.errstate(all="ignore"):
            return {name: effects[name] ** 2 / spread[name]["std"] ** 2 for name in self.outputs}


class _Draws:
    """Devices of a study with inputs that are drawn."""

    def __init__(self, study: Study, inputs: Sequence[UncertainInput], how: Mapping[str, Any]) -> None:
        self.study, self.inputs, self.how = study, inputs, how
        self.vary = {path: values[:, None] for path, values in study.vary(0, study.count).items()}
        self.distributions = [d for one in inputs for d in one.distributions]
        self.solved = self.drawn = 0

    def evaluate(self, draws: Array) -> dict[str, Array]:
        """Outputs (devices of the study, n) of draws (n, numbers)."""
        step = max(BLOCK // self.study.count, 1)
        parts = [self._block(draws[k : k + step]) for k in range(0, len(draws), step)]
        return {name: np.concatenate([part[name] for part in parts], axis=1) for name in self.study.outputs}

    def _block(self, draws: Array) -> dict[str, Array]:
        given, start = dict(self.vary), 0
        for one in self.inputs:
            stop = start + len(one.distributions)
            given[one.path] = one.given(draws[:, start:stop])[None]
            start = stop
        try:
            found = solve_devices(self.study, given, keep=self.study.outputs, **self.how)
        except InputError as error:
            faults = Faults()
            # one of many draws says what is wrong with a distribution
            first = {fault.location.partition("[")[0]: fault for fault in reversed(error.faults)}
            for location, fault in reversed(first.items()):
                where = location.replace("vary.", "uncertain.", 1)
                value = f"{fault.value:.4g}" if isinstance(fault.value, float) else fault.value
                kinds = {getattr(one, "kind", "") for one in self.inputs if one.path in where}
                log = "" if "log-normal" in kinds else ", or a log-normal distribution,"
                advice = f"a smaller error{log} keeps it where devices are"
                faults.add(where, value, f"{fault.expected}; a draw breaks this", advice)
            faults.raise_if_any()
            raise
        bad = found.batch.point_status >= Status.RUNAWAY
        self.drawn, self.solved = self.drawn + bad.size, self.solved + int(np.sum(~bad))
        return {name: found.values[name].reshape(self.study.count, -1) for name in self.study.outputs}

    def doubts(self) -> Iterator[str]:
        """What must be known of draws without a solution."""
        if self.solved < self.drawn:
            count = f"{self.drawn - self.solved:,} of {self.drawn:,} drawn devices"
            yield f"{count} have no solution and do not count"

    def random(self, count: int, seed: int) -> dict[str, dict[str, Array]]:
        """Standard deviations and bands of random draws."""
        rng = np.random.default_rng(seed)
        draws = np.stack([one.rvs(count, random_state=rng) for one in self.distributions], axis=1)
        return {name: _band(rows) for name, rows in self.evaluate(draws).items()}

    def sobol(self, count: int, seed: int) -> tuple[list[dict[str, Array]], dict[str, dict[str, Array]]]:
        """Indices of first order, total ones, the standard errors of both, and the spread of the draws."""
        names, cases = self.study.outputs, self.study.count
        rows: list[Array] = []

        def function(x: Array) -> Array:
            found = self.evaluate(x.T)
            rows.append(np.concatenate([found[name] for name in names]))
            return rows[-1]

        found = sobol_indices(function, self.distributions, count, seed)
        every = rows[0] if len(rows) == 1 else np.concatenate(rows[:2], axis=1)
        parts = {name: slice(k * cases, (k + 1) * cases) for k, name in enumerate(names)}
        spread = {name: _band(every[part]) for name, part in parts.items()}
        return [{name: one[:, part] for name, part in parts.items()} for one in found], spread


def sobol_indices(
    function: Callable[[Array], Array], distributions: Sequence[Any], count: int, seed: int = 0
) -> SobolIndices:
    r"""Sobol' indices of first order and of the total effect, by `scipy.stats.sobol_indices`, with errors.

    An index is a mean over one, :math:`\bar a/\bar v`; to first order its standard error is that of the mean
    of :math:`(a - \bar a\,v/\bar v)/\bar v` over independent draws. Points of a Sobol' sequence mostly do
    better. A row of draws in which an output is NaN does not count for it.

    Parameters
    ----------
    function : callable
        Inputs (inputs, n) to outputs (outputs, n).
    distributions : sequence
        Of the inputs, with a method `ppf`.
    count : int
        A power of two.
    seed : int
        Of the scrambled points.

    Returns
    -------
    SobolIndices
        Each (inputs, outputs), dimensionless.

    Examples
    --------
    >>> from scipy.stats import norm
    >>> found = sobol_indices(lambda x: x[:1] + 2.0 * x[1:], [norm(), norm()], 4096)
    >>> found.first.round(2).ravel().tolist(), bool(found.first_error.max() < 0.04)
    ([0.2, 0.8], True)
    """
    from scipy import stats

    found: list[Array] = []
    missing: list[NDArray[np.bool_]] = []

    def replaced(x: Array) -> Array:
        values = np.array(function(x))  # its mean is taken off in place
        missing.append(~np.isfinite(values))
        mean = _mean(values, ~missing[-1])
        return np.where(missing[-1], mean[:, None], values)

    def with_errors(f_A: Array, f_B: Array, f_AB: Array) -> Any:
        lost_AB = np.moveaxis(missing[2].reshape(*f_A.shape, -1), -1, 0)
        good = ~(missing[0] | missing[1] | lost_AB)
        # the mean that was taken off is that of all draws
        middle = 0.5 * (_mean(f_A, good) + _mean(f_B, good))[..., None]
        f_A, f_B, f_AB = f_A - middle, f_B - middle, f_AB - middle
        square = 0.5 * (f_A**2 + f_B**2)
        variance = _mean(square, good)
        for terms in (f_B * (f_AB - f_A), 0.5 * (f_A - f_AB) ** 2):
            index = _mean(terms, good) / variance
            rest = (terms - index[..., None] * square) ** 2
            error = np.sqrt(_mean(rest, good) / good.sum(axis=-1)) / variance
            found.extend((np.where(variance == 0.0, 0.0, index), np.where(variance == 0.0, 0.0, error)))
        return np.nan_to_num(found[0].T), np.nan_to_num(found[2].T)

    options: dict[str, Any] = {"dists": list(distributions), "random_state": seed, "method": with_errors}
    with np.errstate(invalid="ignore", divide="ignore"):
        stats.sobol_indices(func=replaced, n=count, **options)
    first, total = (np.where(np.abs(one) < NOISE, 0.0, one) for one in found[::2])
    return SobolIndices(first, total, found[1], found[3])


def _mean(values: Array, good: NDArray[np.bool_]) -> Array:
    """Mean along the last axis of what is good; NaN where nothing is."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sum(np.where(good, values, 0.0), axis=-1) / good.sum(axis=-1)


def _band(rows: Array) -> dict[str, Array]:
    """Mean, standard deviation and 95 % interval of each row, without draws that have no solution."""
    tail = 0.5 * (1.0 - COVERED)
    enough = np.isfinite(rows).sum(axis=1) > 1
    filled = np.where(enough[:, None], rows, 0.0)
    low, high = np.nanquantile(filled, [tail, 1.0 - tail], axis=1)
    found = {"mean": np.nanmean(filled, axis=1), "std": np.nanstd(filled, axis=1, ddof=1)}
    return {k: np.where(enough, v, np.nan) for k, v in {**found, "low": low, "high": high}.items()}


def _curved(
    values: Mapping[str, Array],
    linear: Mapping[str, Mapping[str, Array]],
    drawn: Mapping[str, Mapping[str, Array]],
    count: int,
) -> Iterator[str]:
    """Outputs whose mean or standard deviation the value of the device and its gradient do not give."""
    chance = 3.0 / np.sqrt(count - 1)
    for name, found in drawn.items():
        with np.errstate(all="ignore"):
            off = np.abs(linear[name]["std"] / found["std"] - 1.0)
            moved = np.abs(found["mean"] - np.ravel(values[name])) / found["std"]
        words = []
        if (worst := float(np.max(off[np.isfinite(off)], initial=0.0))) > CURVED + chance / np.sqrt(2.0):
            words.append(f"its linear standard deviation is {100 * worst:.0f} % off")
        if (worst := float(np.max(moved[np.isfinite(moved)], initial=0.0))) > CURVED + chance:
            words.append(f"its mean is {worst:.2g} standard deviations from the value of the device as it is")
        if words:
            yield f"{name} is curved over these errors: {', '.join(words)}"


def _unsure(
    names: Sequence[str], first: Mapping[str, Array], total: Mapping[str, Array], count: int
) -> Iterator[str]:
    """Outputs of which there are too few draws for their indices."""
    for name in first:
        each = np.fmax(first[name], total[name]).max(axis=1)
        if np.isfinite(each).any() and (worst := float(np.nanmax(each))) > UNSURE:
            enough = 1 << ceil(np.log2(count * (worst / UNSURE) ** 2))
            yield (
                f"{count:,} draws leave a standard error of {100 * worst:.0f} % in the index of "
                f"{names[int(np.nanargmax(each))]} for {name}: about {enough:,} are needed for "
                f"{100 * UNSURE:.0f} %"
            )
