"""What a user says about a file beside its content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ioffe.base.errors import Faults, check_one_of
from ioffe.base.units import to_si
from ioffe.material.readers.rows import KEEP, Keep


@dataclass(frozen=True)
class ReadOptions:
    """How the tables of a file are read.

    Parameters
    ----------
    keep : {"mean", "heating", "cooling"}
        Which part of a cycle of temperature makes the curves.
    columns : str
        Headers of a file that has none, such as `T (K), S (uV/K), sigma (S/cm), kappa (W/(m K))`.
    rename : mapping of str to str
        What columns of the file are called in words that are known, such as `{"Probe": "sample"}`.
    density : float or str, optional
        In kg/m3 or with a unit, for a conductivity made of a diffusivity.
    heat_capacity : float or str, optional
        In J/(kg K) or with a unit, likewise.

    Examples
    --------
    >>> ReadOptions(density="6.6 g/cm3").density_in_si
    6600.0
    """

    keep: Keep = "mean"
    columns: str = ""
    rename: Mapping[str, str] = field(default_factory=dict)
    density: float | str | None = None
    heat_capacity: float | str | None = None

    def __post_init__(self) -> None:
        with Faults() as faults:
            with faults.collect():
                check_one_of("keep", self.keep, KEEP)
            with faults.collect():
                _ = self.density_in_si, self.heat_capacity_in_si

    @property
    def density_in_si(self) -> float | None:
        """Density in kg/m3, or None."""
        return None if self.density is None else to_si(self.density, "density", "density")

    @property
    def heat_capacity_in_si(self) -> float | None:
        """Heat capacity in J/(kg K), or None."""
        return (
            None
            if self.heat_capacity is None
            else to_si(self.heat_capacity, "heat_capacity", "heat_capacity")
        )
