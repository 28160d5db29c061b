"""The outcome of a fit: parameters with their errors, what the data do not determine, predictions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError, check_one_of
from ioffe.base.least_squares import STEP, LeastSquares, LeastSquaresFit
from ioffe.base.result import EvidenceResult
from ioffe.base.table import ResultTable, table
from ioffe.base.units import floats
from ioffe.material.derived import Derived
from ioffe.material.fit.intervals import propagated
from ioffe.material.fit.model import FitModel, Fitted, LikelihoodProfile, Values, Vector
from ioffe.material.fit.observations import Observations

if TYPE_CHECKING:
    from ioffe.material.fit.doping import BestDoping
    from ioffe.material.material import Material


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Fit(EvidenceResult):
    """A model fitted to one or several samples. Every parameter is an attribute by its name.

    Attributes
    ----------
    model : FitModel
    materials : tuple of Material
    parameters : tuple of Fitted
        In the order of the covariance; fixed ones behind.
    findings : tuple of str
        What one must know: parameters that are not determined, a model that does not describe the data.
    observations : tuple of Observations
        The points that were fitted, of each sample.
    vector : Vector
        Free parameters in the order of the covariance.
    found, problem : LeastSquaresFit, LeastSquares
        Where the least squares were found, and what was minimised.
    """

    kind: ClassVar[str] = "fit"

    model: FitModel
    materials: tuple[Material, ...]
    parameters: tuple[Fitted, ...]
    findings: tuple[str, ...]
    observations: tuple[Observations, ...]
    vector: Vector
    found: LeastSquaresFit
    problem: LeastSquares

    def _doubts(self) -> tuple[str, ...]:
        return self.findings

    def _remarks(self) -> tuple[str, ...]:
        return ()

    def _is_found(self) -> bool:
        return self.converged

    def _named(self) -> dict[str, Any]:
        found: dict[str, dict[str, float]] = {}
        for one in self.__dict__.get("parameters", ()):
            found.setdefault(one.name, {})[one.sample] = one.value
        return {k: values if len(values) > 1 else next(iter(values.values())) for k, values in found.items()}

    def _noun(self) -> str:
        return "a fit"

    def _materials(self) -> tuple[Material, ...]:
        return self.materials

    @property
    def samples(self) -> tuple[str, ...]:
        """Names of the samples."""
        return self.vector.samples

    @property
    def chi_squared(self) -> float:
        """Sum of the squared residuals."""
        return self.found.chi_squared

    @property
    def degrees_of_freedom(self) -> int:
        """Points less the parameters, or combinations of them, that the data determine."""
        return self.found.degrees_of_freedom

    @property
    def reduced_chi_squared(self) -> float:
        """Chi squared over the degrees of freedom; NaN without any."""
        return self.found.reduced_chi_squared

    @property
    def scale(self) -> float:
        """Factor on the covariance: 1 where the errors of the data are stated.

        Otherwise it is chi squared over the degrees of freedom, so that the errors follow from the scatter.
        """
        return self.found.variance_factor

    @property
    def converged(self) -> bool:
        """Whether the search ended at a minimum; otherwise every value is NaN."""
        return self.found.converged

    def parameter(self, name: str, sample: str | None = None) -> Fitted:
        """One parameter by its name, and the sample if it has a value for each.

        Parameters
        ----------
        name : str
            Its name.
        sample : str, optional
            Name of the sample; needed if there are several.

        Returns
        -------
        Fitted

        Raises
        ------
        InputError
            If there is none, or several.
        """
        found = [
            p for p in self.parameters if p.name == name and (sample is None or p.sample in ("", sample))
        ]
        if not found:
            check_one_of("name", name, sorted({p.name for p in self.parameters}))
        if len(found) > 1:
            expected = f"one of {', '.join(p.sample for p in found)} is expected"
            raise InputError(Fault("sample", expected=expected))
        return found[0]

    @cached_property
    def covariance(self) -> Array:
        """Covariance of the free parameters in SI, shape (size, size); NaN for those not determined."""
        best = zip(self.vector.specs, self.found.parameters, strict=True)
        slopes = np.array([spec.slope(float(spec.outward(u))) for spec, u in best])
        found = self.found.covariance * np.outer(slopes, slopes)
        unknown = self.found.undetermined if self.converged else np.ones(len(slopes), bool)
        found[unknown] = found[:, unknown] = np.nan
        return found

    @property
    def correlation(self) -> Array:
        """Correlation of the free parameters, shape (size, size)."""
        std = np.sqrt(np.diag(self.covariance))
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.covariance / np.outer(std, std)

    @property
    def labels(self) -> tuple[str, ...]:
        """Free parameters in the order of `covariance`."""
        return tuple(self.vector.label(k) for k in range(len(self.vector.keys)))

    # Predictions

    def curve(self, quantity: str, sample: str | None = None) -> Derived:
        """Fitted curve of a quantity with its standard deviation, as a function of T in K.

        Parameters
        ----------
        quantity : str
            One the model offers, such as `seebeck`.
        sample : str, optional
            Needed if there are several.

        Returns
        -------
        Derived

        Raises
        ------
        InputError
            For another name.
        """
        name = self.sample(sample)
        check_one_of("quantity", quantity, self.model.offered())
        return Derived(quantity, partial(self._pair, quantity, name))

    def _pair(self, quantity: str, sample: str, T: Array) -> tuple[Array, Array]:
        flat = np.atleast_1d(T).ravel()
        sign = self.seen(sample).sign

        def predict(values: Values) -> Array:
            return self.model.predict(values, flat, sign, (quantity,))[quantity]

        value, std = self.estimate(predict, sample)
        return value.reshape(np.shape(T)), std.reshape(np.shape(T))

    def estimate(self, function: Callable[[Values], Array], sample: str | None = None) -> tuple[Array, Array]:
        """Value and standard deviation of a function of a sample's parameters.

        Parameters
        ----------
        function : callable
            Parameters in SI by name, each of shape (draws, 1), to an array of shape (draws, points).
        sample : str, optional
            Needed if there are several.

        Returns
        -------
        ndarray, ndarray
            Shape (points,); NaN where it depends on what the data do not determine.
        """
        name = self.sample(sample)
        u, size = self.found.parameters, len(self.found.parameters)
        steps = STEP * np.eye(size)
        draws = self.vector.values(np.concatenate([u[None], u + steps, u - steps]), name)
        found = np.asarray(function(draws))
        return propagated(self.found, found[0], (found[1 : size + 1] - found[size + 1 :]) / (2.0 * STEP))

    def values(self, sample: str | None = None) -> dict[str, float]:
        """Parameters of a sample in SI where the search ended, also those that are not determined.

        Parameters
        ----------
        sample : str, optional
            Name of the sample; needed if there are several.

        Returns
        -------
        dict of str to float
            By name.
        """
        found = self.vector.values(self.found.parameters[None], self.sample(sample))
        return {name: float(value[0, 0]) for name, value in found.items()}

    def sample(self, name: str | None) -> str:
        """Name of a sample; the only one may be left away.

        Parameters
        ----------
        name : str, optional
            Its name.

        Returns
        -------
        str

        Raises
        ------
        InputError
            If there is none of that name, or several and none is named.
        """
        if name is None and len(self.samples) == 1:
            return self.samples[0]
        check_one_of("sample", name or "", self.samples)
        return str(name)

    def seen(self, sample: str | None = None) -> Observations:
        """What was measured of a sample.

        Parameters
        ----------
        sample : str, optional
            Name of the sample; needed if there are several.

        Returns
        -------
        Observations
        """
        name = self.sample(sample)
        return next(o for o in self.observations if o.name == name)

    def material(self, sample: str | None = None) -> Material:
        """Material of a sample.

        Parameters
        ----------
        sample : str, optional
            Name of the sample; needed if there are several.

        Returns
        -------
        Material
        """
        name = self.sample(sample)
        return next(m for m in self.materials if m.name == name)

    def residuals(self, sample: str | None = None) -> dict[str, Array]:
        """Deviations of the model over the standard deviations of the points, by quantity.

        They are not freed of correlations, so that they can be drawn over the temperature.

        Parameters
        ----------
        sample : str, optional
            Name of the sample; needed if there are several.

        Returns
        -------
        dict of str to ndarray
            By quantity, shape (points,), dimensionless.
        """
        seen = self.seen(sample)
        values = self.vector.values(self.found.parameters[None], seen.name)
        out = {}
        for series in seen.series:
            model = self.model.predict(values, series.T, seen.sign, (series.quantity,))[series.quantity][0]
            off = np.log(model / series.values) if series.logarithmic else model - series.values
            out[series.quantity] = off / series.errors
        return out

    def profile(
        self, name: str, sample: str | None = None, reach: float = 3.0, count: int = 25
    ) -> LikelihoodProfile:
        """Profile likelihood of a parameter: the smallest chi squared at each of its values.

        Parameters
        ----------
        name : str
            A free parameter.
        sample : str, optional
            Needed if it has a value for each.
        reach : float
            Half-width in standard errors (in halves of the bounds for one that is not determined).
        count : int
            Number of values.

        Returns
        -------
        LikelihoodProfile
        """
        index = self._free(name, sample)
        spec, u = self.vector.specs[index], float(self.found.parameters[index])
        low, high = float(self.vector.low[index]), float(self.vector.high[index])
        width = float(np.sqrt(self.found.covariance[index, index]))
        if self.found.undetermined[index] or not np.isfinite(width):
            width = 0.5 * (high - low)
        tried = np.linspace(max(u - reach * width, low), min(u + reach * width, high), count)
        squares = [self.problem.profile(self.found, index, float(v)).chi_squared for v in tried]
        rise = (np.array(squares) - self.chi_squared) / self.scale
        return LikelihoodProfile(*self.vector.keys[index], spec.outward(tried), rise)

    def _free(self, name: str, sample: str | None) -> int:
        found = self.parameter(name, sample)
        if found.status == "fixed":
            raise InputError(Fault("name", name, "a parameter that was fitted is expected"))
        return self.vector.keys.index((found.name, found.sample))

    def quality_factor(self, T: ArrayLike, sample: str | None = None) -> Any:
        """Quality factor B of a single band at T in K; `doping.quality_factor` gives its error too.

        Parameters
        ----------
        T : array_like
            In K.
        sample : str, optional
            Name of the sample; needed if there are several.

        Returns
        -------
        Any
            In the shape of T.
        """
        from ioffe.material.fit.doping import quality_factor

        value = quality_factor(self, np.atleast_1d(floats(T, "temperature", "T")), sample)[0]
        return float(value[0]) if np.ndim(T) == 0 else value

    def best_doping(self, T: float, sample: str | None = None) -> BestDoping:
        """Doping with the largest zT at T in K, the lattice left as it is.

        Parameters
        ----------
        T : float
            In K.
        sample : str, optional
            Name of the sample; needed if there are several.

        Returns
        -------
        BestDoping
        """
        from ioffe.material.fit.doping import best_doping

        return best_doping(self, T, sample)

    def best_carrier_density(self, T: float, sample: str | None = None) -> float:
        """Carrier density in 1/m3 with the largest zT at T in K; NaN if the data do not determine it.

        Parameters
        ----------
        T : float
            In K.
        sample : str, optional
            Name of the sample; needed if there are several.

        Returns
        -------
        float
            In 1/m3.
        """
        return self.best_doping(T, sample).carrier_density

    def pisarenko(
        self, T: float, carrier_density: ArrayLike, sample: str | None = None, **more: Any
    ) -> dict[str, Array]:
        """S, conductivity, power factor and zT over the carrier density at T; see `doping.pisarenko`.

        Parameters
        ----------
        T : float
            In K.
        carrier_density : array_like
            In 1/m3.
        sample : str, optional
            Name of the sample; needed if there are several.
        **more
            ``quantities``: names of those that are wanted.

        Returns
        -------
        dict of str to ndarray
            By quantity in SI, shape (n,); standard deviations under the name with `_std`.
        """
        from ioffe.material.fit.doping import pisarenko

        return pisarenko(self, T, carrier_density, sample=sample, **more)

    # Tables

    def tables(self) -> dict[str, ResultTable]:
        """The parameters in SI, and the covariance of those that are free.

        Returns
        -------
        dict of str to ResultTable
            ``parameters`` and ``covariance``.
        """
        own = ("value", "std", "low", "high", "unit", "status", "interval")
        every = ("name", "sample", *own)
        of = {name: (("parameter",), [getattr(p, name) for p in self.parameters]) for name in every}
        free = {"free": np.array(self.labels), "beside": np.array(self.labels)}
        return {
            "parameters": table(
                {"parameter": of["name"], "sample": of["sample"]},
                {name.replace("status", "determination"): of[name] for name in own},
            ),
            "covariance": table(free, {"covariance": self.covariance}),
        }

    def _header(self) -> dict[str, Any]:
        names = ("samples", "labels", "chi_squared", "degrees_of_freedom", "scale", "converged")
        return {"model": repr(self.model), **{name: getattr(self, name) for name in names}}

    def _title(self) -> str:
        return f"{self.model!r} fitted to {', '.join(self.samples)}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        yield from (("", str(parameter)) for parameter in self.parameters)
        quality = f"chi squared {self.chi_squared:.4g} for {self.degrees_of_freedom} degrees of freedom"
        if not any(o.known for o in self.observations):
            quality += "; standard errors from the scatter of the points"
        yield "", quality
        yield from self._quality()
