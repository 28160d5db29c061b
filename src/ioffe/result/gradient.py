"""Derivatives of a result, as users see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError, did_you_mean

Array = NDArray[np.float64]
SHOWN = ("power", "efficiency", "heat_cold", "COP", "delta_T")
"""Results whose elasticities are printed."""
LINES = 12
SMALL = 1e-4
"""Elasticities below this are not printed."""


@dataclass(frozen=True, eq=False, repr=False)
class Derivatives(Mapping[str, Any]):
    """Derivatives of one result to every parameter, by its path, in SI.

    A float for one operating point, otherwise an array along the axes of the result. The derivative to a
    table has one more axis at the end, along its values (or the coefficients of a formula). Short forms, such
    as ``"legs.contact.electrical"``, are sums.

    Attributes
    ----------
    output : str
        Name of the result.
    value : ndarray
        The result itself, in SI.
    slopes : mapping of str to ndarray
        Derivatives by the full path of the parameter.
    numbers : mapping of str to ndarray
        Values of the parameters, shaped to broadcast with the slopes.
    behind : callable
        Full paths behind a name, and how far each moves with it.

    Examples
    --------
    >>> import ioffe as te
    >>> simple = te.Material.from_arrays(
    ...     name="simple", carrier="p", T=[200, 800], seebeck=[2e-4, 2e-4],
    ...     electrical_conductivity=[1e5, 1e5], thermal_conductivity=[2.0, 2.0])
    >>> leg = te.Leg(simple, length="5 mm", area="9 mm2")
    >>> result = leg.solve(te.Generator(T_hot=500, T_cold=300, load="max_power"), gradient=True)
    >>> shares = result.gradient["power"].elasticities()  # P goes as S^2 (T_hot - T_cold)^2 sigma A/L
    >>> {name: round(float(shares[name]), 6) for name in ("T_hot", "T_cold", "material.seebeck", "area")}
    {'T_hot': 5.0, 'T_cold': -3.0, 'material.seebeck': 2.0, 'area': 1.0}
    """

    output: str
    value: Array
    slopes: Mapping[str, Array]
    numbers: Mapping[str, Array]
    behind: Callable[[str], dict[str, Any]]

    def __getitem__(self, name: str) -> Any:
        total = self.slopes[name] if name in self.slopes else self._sum(name)
        return float(total) if np.ndim(total) == 0 else total

    def _sum(self, name: str) -> Array:
        parts = self.behind(name)
        if not all(path in self.slopes for path in parts):
            expected = "a parameter is expected that the solver was asked for"
            advice = f'solve with gradient=["{name}"] or gradient=True'
            raise InputError(Fault(f"gradient.{self.output}", name, expected, advice))
        if len({self.slopes[path].shape for path in parts}) > 1:
            expected = "tables of equal length are expected, to be changed together"
            advice = "take " + " and ".join(parts)
            raise InputError(Fault(f"gradient.{self.output}", name, expected, advice))
        return np.sum([share * self.slopes[path] for path, share in parts.items()], axis=0)

    def __contains__(self, name: object) -> bool:
        return name in self.slopes

    def __iter__(self) -> Iterator[str]:
        return iter(self.slopes)

    def __len__(self) -> int:
        return len(self.slopes)

    @property
    def depends(self) -> bool:
        """Whether any parameter matters besides the temperatures."""
        return any(np.any(s) for path, s in self.slopes.items() if path not in ("T_hot", "T_cold"))

    def elasticities(self) -> dict[str, Any]:
        """d ln result/d ln parameter by path, the largest first; a table counts as a whole, scaled.

        Returns
        -------
        dict of str to float or ndarray
            Dimensionless.
        """
        found: dict[str, Any] = {}
        with np.errstate(all="ignore"):
            for path, slope in self.slopes.items():
                total = slope * self.numbers[path]
                total = total.sum(axis=-1) if slope.ndim > self.value.ndim else total
                share = np.where(total == 0, 0.0, total / self.value)
                found[path] = float(share) if share.ndim == 0 else share
        return dict(sorted(found.items(), key=lambda item: -abs(_middle(item[1]))))

    def __repr__(self) -> str:
        size = self.value.size
        lines = [f"{self.output}, d ln/d ln" + (f" (median of {size} points)" if size > 1 else "")]
        shares = {k: _middle(v) for k, v in self.elasticities().items()}
        large = [k for k, v in shares.items() if abs(v) >= SMALL][:LINES]
        width = max((len(k) for k in large), default=0)
        lines += [f"  {k:<{width}}  {shares[k]:+.4f}" for k in large]
        if rest := len(shares) - len(large):
            lines.append(f"  and {rest} smaller ones")
        return "\n".join(lines)


@dataclass(frozen=True, eq=False, repr=False)
class Gradient(Mapping[str, Derivatives]):
    """Exact derivatives of every number of a result to every parameter that was asked for.

    ``gradient["efficiency"]["p.length"]`` is d efficiency/d length in 1/m. Printing it lists the
    elasticities, d ln result/d ln parameter, in the order of their size.

    Attributes
    ----------
    parts : mapping of str to Derivatives
        By the name of the number.

    Examples
    --------
    >>> import ioffe as te
    >>> simple = te.Material.from_arrays(
    ...     name="simple", carrier="p", T=[200, 800], seebeck=[2e-4, 2e-4],
    ...     electrical_conductivity=[1e5, 1e5], thermal_conductivity=[2.0, 2.0])
    >>> leg = te.Leg(simple, length="5 mm", area="9 mm2")
    >>> result = leg.solve(te.Generator(T_hot=500, T_cold=300, load="max_power"), gradient=True)
    >>> print(f"{result.gradient['power']['length']:.4f} W/m")  # -P/L
    -14.4000 W/m
    """

    parts: Mapping[str, Derivatives]

    def __getitem__(self, output: str) -> Derivatives:
        if output not in self.parts:
            expected = "the name of a number of the result is expected"
            raise InputError(Fault("gradient", output, expected, did_you_mean(output, self.parts)))
        return self.parts[output]

    def __contains__(self, output: object) -> bool:
        return output in self.parts

    def __iter__(self) -> Iterator[str]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    def __repr__(self) -> str:
        parameters = len(next(iter(self.parts.values())))
        head = f"derivatives of {len(self)} results to {parameters} parameters"
        shown = [self.parts[k] for k in SHOWN if k in self.parts]
        return "\n".join([head, *(repr(x) for x in shown if x.depends)])


def _middle(share: Any) -> float:
    good = np.asarray(share)[np.isfinite(share)]
    return float(np.median(good)) if good.size else 0.0
