"""What a model must offer to be fitted."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ioffe.base.units import format_si
from ioffe.material.fit.observations import Observations
from ioffe.material.fit.parameters import Parameter

__all__ = ["Model", "Values", "changed_fields"]

Array = NDArray[np.float64]
Values = Mapping[str, Array]
"""Parameters in SI by name, each of a shape that broadcasts against the temperatures."""


def changed_fields(found: object, energies: Sequence[str] = ()) -> str:
    """A frozen dataclass with the fields that differ from their defaults; energies are shown in eV."""
    words = []
    for f in dataclasses.fields(found) if dataclasses.is_dataclass(found) else ():
        value = getattr(found, f.name)
        plain = f.default_factory() if f.default_factory is not dataclasses.MISSING else f.default
        if plain is not dataclasses.MISSING and value == plain:
            continue
        text = repr(format_si(value, "band_gap")) if f.name in energies else repr(value)
        words.append(f"{f.name}={text}")
    return f"{type(found).__name__}({', '.join(words)})"


class Model(ABC):
    """A description of a material with numbers to be fitted.

    A model is frozen and knows no data. Everything is computed for many sets of parameters at once.
    """

    energies: ClassVar[tuple[str, ...]] = ()
    """Fields in J, which printing shows in eV."""

    def __repr__(self) -> str:
        return changed_fields(self, self.energies)

    measured: ClassVar[tuple[str, ...]] = ()
    """Quantities that can be compared with data."""

    @property
    def fitted(self) -> tuple[str, ...]:
        """Those that are compared unless the caller chooses."""
        return self.measured

    @property
    def signed_hall(self) -> bool:
        """Whether the Hall coefficient may change its sign."""
        return False

    @abstractmethod
    def parameters(self, seen: Observations) -> Sequence[Parameter]:
        """Parameters of one sample, with starting values from its data."""

    @abstractmethod
    def predict(self, values: Values, T: Array, sign: float, wanted: Sequence[str]) -> dict[str, Array]:
        """Quantities in SI at T, in the broadcast shape of the parameters and T.

        Parameters
        ----------
        values : mapping of str to ndarray
            Parameters in SI.
        T : ndarray
            Temperatures in K.
        sign : float
            +1 for a p-type, -1 for an n-type sample.
        wanted : sequence of str
            Names of quantities; all of them must be offered.
        """

    @abstractmethod
    def offered(self) -> tuple[str, ...]:
        """Quantities that `predict` can give."""

    def advice(self, undetermined: Sequence[str], quantities: Sequence[str]) -> str:
        """What would determine parameters that the data do not, in words; may be empty."""
        return ""
