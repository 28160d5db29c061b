"""The material: measured curves, what follows from them, and where they come from."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base._upward import upward
from ioffe.base.curve import ALL_TEMPERATURES, Curve
from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.units import to_si
from ioffe.material import derived
from ioffe.material.derived import Derived
from ioffe.material.fields import ONE_NUMBER, SCALARS, Provenance, check_curves, check_words, curves_of_arrays
from ioffe.material.migration import MigrationData

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ioffe.material.checks import Finding

ROOM_TEMPERATURE = 300.0


@dataclass(frozen=True, repr=False)
class Material:
    """A material with its measured curves. Frozen; `replace` makes a changed copy.

    The curves take the name of the material, so that a warning about a curve says whose it is.

    Parameters
    ----------
    name : str
        Composition or trade name.
    carrier : {"p", "n"} or None
        Sign of the majority carriers; None for passive materials and where it is not known.
    seebeck : Curve or None
        Seebeck coefficient in V/K; None means S = 0 (metals, ceramics).
    electrical : Curve or None
        What was measured: `electrical_conductivity` in S/m or `electrical_resistivity` in ohm m, by the
        quantity of the curve. That is what is interpolated. None for an insulator.
    thermal_conductivity : Curve or None
        In W/(m K). None if it was not measured: such a sample can be analysed, and no device can have it.
    family : str
        Material family, such as `skutterudite`.
    kind : str
        `thermoelectric`, `metal`, `ceramic`, `solder`, `semiconductor`, `polymer` or `other`.
    density, melting_temperature, strength, weibull_modulus, strength_volume : float or str, optional
        In kg/m3, K, Pa, 1 and m3, or text with a unit; the last three are those of Weibull's law of a brittle
        material, with the volume of the samples that were measured.
    heat_capacity, thermal_expansion, youngs_modulus, poisson_ratio : float, str or Curve, optional
        In J/(kg K), 1/K, Pa and 1, text with a unit, or a curve.
    hall : Curve, optional
        `hall_coefficient` in m3/C or `hall_carrier_density` in 1/m3, by the quantity of the curve.
    provenance : Provenance
        Where the numbers come from.
    quality : str
        `measured`, `doubtful` (measured, but the numbers contradict each other), `reconstructed`, `read` (in
        a table or data sheet), `remembered` or `synthetic`.
    reported_zT : Curve, optional
        zT as the source states it, for comparison.
    migration : MigrationData, optional
        What is known about moving ions. Every solve of a device with such a material states how far its
        current is from setting metal free.

    Raises
    ------
    InputError
        With every fault: a conductivity that is not positive anywhere in its range (between the points too),
        curves without a common range of temperature, unknown words.

    Examples
    --------
    >>> m = Material.from_arrays("trial", "n", [300.0, 500.0], seebeck=[-2e-4, -2.4e-4],
    ...     electrical_conductivity=[9e4, 6e4], thermal_conductivity=[1.5, 1.2])
    >>> m
    Material("trial", n, thermoelectric, 300 K to 500 K, measured)
    >>> round(m.zT(300.0), 6), m.T_range
    (0.72, (300.0, 500.0))
    """

    name: str
    carrier: Literal["p", "n"] | None
    seebeck: Curve | None
    electrical: Curve | None
    thermal_conductivity: Curve | None
    family: str = ""
    kind: str = "thermoelectric"
    density: float | None = None
    heat_capacity: float | Curve | None = None
    thermal_expansion: float | Curve | None = None
    youngs_modulus: float | Curve | None = None
    poisson_ratio: float | Curve | None = None
    melting_temperature: float | None = None
    strength: float | None = None
    weibull_modulus: float | None = None
    strength_volume: float | None = None
    hall: Curve | None = None
    provenance: Provenance = field(default_factory=Provenance)
    quality: str = "measured"
    reported_zT: Curve | None = None
    migration: MigrationData | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        check_words(self, faults)
        check_curves(self, faults)
        for prop in SCALARS:
            value = getattr(self, prop)
            if value is None or (isinstance(value, Curve) and prop not in ONE_NUMBER):
                continue
            with faults.collect():
                object.__setattr__(self, prop, to_si(value, prop, prop))
        faults.raise_if_any()
        for name, curve in self.curves().items():
            if curve.name != self.name:
                object.__setattr__(self, name, curve.replace(name=self.name))

    def __repr__(self) -> str:
        low, high = self.T_range
        words = [self.carrier, self.kind, f"{low:g} K to {high:g} K", self.quality]
        return f'Material("{self.name}", {", ".join(word for word in words if word)})'

    # What follows from the curves

    @cached_property
    def electrical_conductivity(self) -> Derived:
        """Electrical conductivity in S/m as a function of T in K; 0 for an insulator."""
        return Derived("electrical_conductivity", partial(derived.conductivity_pair, self.electrical))

    @cached_property
    def electrical_resistivity(self) -> Derived:
        """Electrical resistivity in ohm m as a function of T in K; infinite for an insulator."""
        return Derived("electrical_resistivity", partial(derived.resistivity_pair, self.electrical))

    @cached_property
    def power_factor(self) -> Derived:
        """S^2 sigma in W/(m K2) as a function of T in K."""
        return Derived("power_factor", partial(derived.power_factor_pair, self.seebeck, self.electrical))

    @cached_property
    def zT(self) -> Derived:
        """Figure of merit S^2 sigma T/kappa as a function of T in K."""
        curves = (self.seebeck, self.electrical, self.thermal_conductivity)
        return Derived("zT", partial(derived.zT_pair, *curves))

    @cached_property
    def hall_carrier_density(self) -> Derived:
        """Hall carrier density 1/(e |R_H|) in 1/m3 as a function of T in K.

        Raises `InputError` without Hall data.
        """
        return Derived("hall_carrier_density", partial(derived.hall_density_pair, self._hall_data()))

    @cached_property
    def hall_mobility(self) -> Derived:
        """Hall mobility sigma |R_H| in m2/(V s) as a function of T in K.

        Raises `InputError` without Hall data.
        """
        return Derived("hall_mobility", partial(derived.mobility_pair, self._hall_data(), self.electrical))

    @property
    def T_range(self) -> tuple[float, float]:
        """Temperatures in K at which every transport curve was measured (intersection of their ranges)."""
        ranges = [curve.range for curve in self.transport.values()]
        return max(low for low, _ in ranges), min(high for _, high in ranges)

    def temperatures(self, count: int = 201) -> NDArray[np.float64]:
        """Temperatures evenly spaced over `T_range`.

        Parameters
        ----------
        count : int
            How many.

        Returns
        -------
        ndarray, shape (count,)
            In K; 300 K alone for constants without a range.
        """
        low, high = self.T_range
        return np.array([ROOM_TEMPERATURE]) if self.is_unlimited else np.linspace(low, high, count)

    @property
    def is_unlimited(self) -> bool:
        """Whether all transport curves are constants without a range."""
        return self.T_range == ALL_TEMPERATURES

    def curves(self) -> dict[str, Curve]:
        """Curves of the material by the name of their field, measured or constant.

        Returns
        -------
        dict of str to Curve
            Fields that hold no curve are left out.
        """
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, Curve)}

    @property
    def transport(self) -> dict[str, Curve]:
        """Curves of S, of conductivity or resistivity, and of kappa, by quantity, as far as there are any."""
        curves = (self.seebeck, self.electrical, self.thermal_conductivity)
        return {curve.quantity: curve for curve in curves if curve is not None}

    @property
    def known_thermal_conductivity(self) -> Curve:
        """Curve of kappa for what cannot do without.

        Raises
        ------
        InputError
            If it was not measured.
        """
        if self.thermal_conductivity is None:
            expected = f'the thermal conductivity of "{self.name}" was not measured'
            raise InputError(
                Fault("thermal_conductivity", expected=expected, advice="add it to the file or card")
            )
        return self.thermal_conductivity

    @property
    def interpolation(self) -> str:
        """How the transport curves are interpolated; kinds that differ are joined with `/`."""
        return "/".join(dict.fromkeys(curve.interpolation for curve in self.transport.values()))

    @property
    def has_std(self) -> bool:
        """Whether any transport curve states a standard deviation."""
        return any(curve.std is not None for curve in self.transport.values())

    def check(self) -> list[Finding]:
        """Doubts about the data: gaps, kinks, absurd values, wrong units.

        Returns
        -------
        list of Finding
            Errors first; empty if nothing is doubtful. See `ioffe.material.checks`.
        """
        return list(self._findings)

    @cached_property
    def _findings(self) -> tuple[Finding, ...]:
        return tuple(upward("check_material")(self))

    def plot(self, path: str | Path | None = None) -> Figure:
        """Figure of four panels S, conductivity, kappa and zT.

        Parameters
        ----------
        path : path, optional
            PNG, SVG or PDF file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        return upward("plot_material")(self, path)

    # Changed copies

    def replace(self, **changes: Any) -> Material:
        """Copy with some fields changed.

        Parameters
        ----------
        **changes
            New values by the name of the field.

        Returns
        -------
        Material

        Raises
        ------
        InputError
            For a field that does not exist, with the nearest name, and for values the constructor refuses.
        """
        names = [f.name for f in dataclasses.fields(self)]
        faults = Faults()
        for name in changes:
            if name not in names:
                faults.add(name, expected="a material has no such field", advice=did_you_mean(name, names))
        faults.raise_if_any()
        return dataclasses.replace(self, **changes)

    def with_interpolation(self, kind: str) -> Material:
        """Copy whose tables are interpolated in another way; formulas and constants stay as they are.

        Parameters
        ----------
        kind : {"linear", "pchip", "cubic"}
            Interpolation of every table.

        Returns
        -------
        Material
        """
        tables = {name: curve for name, curve in self.curves().items() if curve.coefficients is None}
        changes = {name: curve.replace(interpolation=kind) for name, curve in tables.items()}
        return dataclasses.replace(self, **changes)

    # Making and saving

    @classmethod
    def from_arrays(
        cls,
        name: str,
        carrier: Literal["p", "n"] | None,
        T: ArrayLike,
        seebeck: ArrayLike | None = None,
        electrical_conductivity: ArrayLike | None = None,
        thermal_conductivity: ArrayLike | None = None,
        *,
        resistivity: ArrayLike | None = None,
        interpolation: str = "pchip",
        extrapolation: str = "warn",
        std: Mapping[str, ArrayLike | str] | None = None,
        **more: Any,
    ) -> Material:
        """Material from arrays in SI on one grid of temperatures.

        Parameters
        ----------
        name, carrier
            As for `Material`.
        T : array_like, shape (n,)
            Temperatures in K, rising.
        seebeck, electrical_conductivity, thermal_conductivity : array_like, shape (n,)
            In V/K, S/m and W/(m K). A plate, whose `kind` is stated, has no `seebeck`; an insulator none of
            the electrical ones either.
        resistivity : array_like, shape (n,)
            In ohm m, in place of `electrical_conductivity` when that was measured.
        interpolation, extrapolation : str
            As for `Curve`.
        std : mapping, optional
            Standard deviations by property (`seebeck`, `electrical_conductivity` or `resistivity`,
            `thermal_conductivity`): in SI, one number or shape (n,), or text in per cent of the value.
        **more
            Further fields of `Material`.

        Returns
        -------
        Material

        Raises
        ------
        InputError
            With every fault of every array.

        Examples
        --------
        >>> m = Material.from_arrays("trial", "p", [300.0, 400.0], seebeck=[2e-4, 2.2e-4],
        ...     resistivity=[1e-5, 1.2e-5], thermal_conductivity=[1.5, 1.4], std={"seebeck": "5 %"})
        >>> m.electrical.quantity, round(m.seebeck.std_at(300.0) * 1e6, 6)
        ('electrical_resistivity', 10.0)
        >>> plate = Material.from_arrays(
        ...     "my alumina", None, [300.0, 400.0], thermal_conductivity=[28.0, 20.0], kind="ceramic"
        ... )
        >>> print(plate.electrical)
        None
        """
        given = {
            "seebeck": seebeck,
            "electrical_conductivity": electrical_conductivity,
            "electrical_resistivity": resistivity,
            "thermal_conductivity": thermal_conductivity,
        }
        curves: dict[str, Any] = dict.fromkeys(("seebeck", "electrical"))
        curves |= curves_of_arrays(T, given, std or {}, interpolation, extrapolation)
        return cls(name, carrier, **curves, **more)

    @classmethod
    def from_csv(
        cls, path: str | Path, carrier: Literal["p", "n"] | None = None, sample: str | None = None
    ) -> Material:
        """Material from a table file with units in its headers, or one sample of a database file.

        Parameters
        ----------
        path : path
            CSV or Excel file; see `ioffe.material.readers`.
        carrier : {"p", "n"}, optional
            By default what the file says, else the sign of S.
        sample : str, optional
            Which sample of a file that holds several.

        Returns
        -------
        Material

        Raises
        ------
        InputError
            With every fault of the file and its line; or, for several samples, with their names.
        """
        return upward("read_material")(path, sample=sample, carrier=carrier)

    @classmethod
    def from_card(cls, path: str | Path) -> Material:
        """Material from a TOML card; see `ioffe.material.card`.

        Parameters
        ----------
        path : path
            A card file.

        Returns
        -------
        Material

        Raises
        ------
        InputError
            With every fault of the card, its location and advice.
        """
        return upward("read_card")(path)

    def to_card(self) -> str:
        """TOML card with everything that the material holds.

        Returns
        -------
        str
            Text of the card; reading it back gives an equal material.
        """
        return upward("card_text")(self)

    def save(self, path: str | Path) -> Path:
        """Write the card to a `.toml` file.

        Parameters
        ----------
        path : path
            The file; folders that do not exist are made.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InputError
            If the name does not end in `.toml`.
        """
        path = Path(path)
        if path.suffix != ".toml":
            raise InputError(Fault("path", str(path), 'a card is saved in a file that ends in ".toml"'))
        text = self.to_card()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def _hall_data(self) -> Curve:
        if self.hall is None:
            raise InputError(Fault("hall", expected=f'"{self.name}" has no Hall data'))
        return self.hall
