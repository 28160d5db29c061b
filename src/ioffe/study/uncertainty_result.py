"""What a propagation of errors found: outputs with standard deviations and bands, and what causes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ioffe.base.quantities import quantity
from ioffe.base.result import BaseResult, sources_of
from ioffe.base.table import ResultTable, table
from ioffe.material.uncertainty import with_error
from ioffe.study.study import Study

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class UncertaintyResult(BaseResult):
    """Outputs of a device with their standard deviations and 95 % bands, along what the study varies.

    Every output is an attribute, that of the device as it is, and so are ``power_std``, ``power_low``,
    ``power_high`` and, of draws, ``power_mean``.

    Attributes
    ----------
    study : Study
        What was asked.
    method : {"linear", "monte carlo", "sobol"}
        How the errors were propagated.
    samples : int
        Devices that were drawn for each of the study; 0 of linear propagation.
    values : mapping of str to ndarray
        Outputs, standard deviations and ends of the bands in SI, of the shape of the study.
    inputs : tuple of str
        What is uncertain.
    effects : mapping of str to ndarray
        Change of each output for one standard deviation of each input, in SI, inputs first: the bars of a
        tornado. Of a curve with noise the root of the sum of the squares over its points.
    shares : mapping of str to ndarray
        Share of the variance that each input causes alone: by the gradient, or Sobol' indices of first
        order. What correlated errors add or take away is missing in their sum.
    totals : mapping of str to ndarray
        Sobol' indices of the total effect; empty for the other methods.
    share_errors, total_errors : mapping of str to ndarray
        Standard errors of Sobol' indices; empty for the other methods.

    Examples
    --------
    >>> from ioffe import Generator, Leg
    >>> from ioffe.study.uncertainty import propagate_study
    >>> leg = Leg("Bi2Te3", "2 mm", "2 mm2")
    >>> study = Study(leg, Generator(T_hot=450, T_cold=330), {}, ["power"])
    >>> found = propagate_study(study, {"length": "2 %", "T_hot": "1 K"})
    >>> found.inputs, float(found.shares["power"].sum().round(6)), found.power_std > 0
    (('length', 'T_hot'), 1.0, True)
    """

    kind: ClassVar[str] = "uncertainty"

    study: Study
    method: str
    samples: int
    values: Mapping[str, Array]
    inputs: tuple[str, ...]
    effects: Mapping[str, Array]
    shares: Mapping[str, Array]
    totals: Mapping[str, Array] = field(default_factory=dict)
    share_errors: Mapping[str, Array] = field(default_factory=dict)
    total_errors: Mapping[str, Array] = field(default_factory=dict)

    def _named(self) -> Mapping[str, Any]:
        return self.__dict__.get("values", {})

    def _noun(self) -> str:
        return "a propagation of errors"

    @property
    def axes(self) -> dict[str, NDArray[Any]]:
        """What the study varies, by path: numbers in SI, names of materials."""
        return {a.path: np.array(a.labels) if a.labels else a.values for a in self.study.axes}

    def tables(self) -> dict[str, ResultTable]:
        """Values with errors, shares of the variance, effects of one standard deviation.

        Returns
        -------
        dict of str to ResultTable
            ``outputs``, ``shares``, ``effects`` and, of Sobol' indices, ``totals``.
        """
        axes = self.axes
        kinds = self.study.quantities()
        units = {path: quantity(kind).unit for path, kind in kinds.items()}
        found = {"outputs": table(axes, dict(self.values), units)}
        inner = {"input": np.array(self.inputs), **axes}
        for name in ("shares", "totals", "effects"):
            columns = getattr(self, name)
            if columns:
                prefix = name.removesuffix("s")
                own = {f"{prefix} {key}": "1" if name != "effects" else quantity(key).unit for key in columns}
                given = {f"{prefix} {key}": values for key, values in columns.items()}
                errors = getattr(self, f"{prefix}_errors", {})
                given |= {f"{prefix} {key} std": values for key, values in errors.items()}
                found[name] = table(inner, given, units | own)
        return found

    def _materials(self) -> Iterator[Any]:
        return iter(self.study.materials().values())

    def citations(self) -> list[str]:
        """What to cite.

        Returns
        -------
        list of str
            This program, and the sources of the materials.
        """
        return sources_of(self._materials())

    def _header(self) -> dict[str, Any]:
        given = {"name": self.study.name, "method": self.method, "samples": self.samples}
        return given | {"uncertain": list(self.inputs), "study": self.study.to_dict()}

    def _title(self) -> str:
        draws = f", {self.samples:,} draws" if self.samples else ""
        return f"{self.study.name or 'A device'}: uncertainty, {self.method}{draws}"

    @property
    def centres(self) -> dict[str, Array]:
        """What the standard deviations of the outputs belong to: means of draws, or values of the device."""
        return {name: self.values.get(f"{name}_mean", self.values[name]) for name in self.study.outputs}

    @property
    def shares_words(self) -> str:
        """What the shares are."""
        return "shares of the variance, " + ("Sobol'" if self.method == "sobol" else "linear")

    def share_shown(self, name: str, values: str, row: int, device: int) -> str:
        """A share in per cent, with its standard error if it has one.

        Parameters
        ----------
        name : str
            An output.
        values : {"share", "total"}
            Which one.
        row, device : int
            Numbers of the input and of the device.

        Returns
        -------
        str
        """
        share, error = (
            float(np.reshape(one[name], (len(self.inputs), -1))[row, device]) if one else 0.0
            for one in (getattr(self, f"{values}s"), getattr(self, f"{values}_errors"))
        )
        return f"{round(100.0 * share, 1) + 0.0:.1f}" + (f" ± {100.0 * error:.1f} %" if error else " %")

    def _facts(self) -> Iterator[tuple[str, str]]:
        for name in self.study.outputs:
            value, std = (np.ravel(one) for one in (self.centres[name], self.values[f"{name}_std"]))
            k = len(value) // 2
            where = "" if len(value) == 1 else f"device {k + 1} of {len(value)}: "
            shares = self.shares[name].reshape(len(self.inputs), -1)[:, k]
            first = [i for i in np.argsort(-shares) if np.isfinite(shares[i])][:3]
            words = ", ".join(f"{self.inputs[i]} {self.share_shown(name, 'share', int(i), k)}" for i in first)
            of = f"mean of {self.samples:,} draws " if self.samples else ""
            told = f"{where}{of}{with_error(float(value[k]), float(std[k]), name)}"
            yield name, f"{told}; {self.shares_words}: {words}"
        yield from self._quality()
