"""Values of the parts of a composed device: the stages of a cascade, the modules of an array."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import did_you_mean
from ioffe.base.saved import plain

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Components:
    """Quantities of every part, as attributes with the names of the quantity table.

    Each is an array with the axes of the operating points and, behind them, those of the parts.
    """

    values: Mapping[str, Array]
    axes: tuple[str, ...]
    """Names of the last axes: ``("stage",)`` or ``("string", "place")``."""

    def __post_init__(self) -> None:
        for value in self.values.values():
            value.setflags(write=False)

    def __getattr__(self, name: str) -> Array:
        values = self.__dict__.get("values", {})
        if name in values:
            return values[name]
        raise AttributeError(f"there is no {name!r}; {did_you_mean(name, values) or ''}".rstrip("; "))

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.values]

    def __repr__(self) -> str:
        shape = next(iter(self.values.values())).shape[-len(self.axes) :]
        sizes = ", ".join(f"{name} ({n})" for name, n in zip(self.axes, shape, strict=True))
        return f"{sizes}: {', '.join(self.values)}"

    def to_dict(self) -> dict[str, Any]:
        """Every quantity as nested lists in SI, NaN as None."""
        return {key: plain(value) for key, value in self.values.items()}
