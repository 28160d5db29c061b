r"""Data sheets of coolers: four numbers at one temperature, the module that has them, and back.

A data sheet states the largest temperature difference without heat, at the current I_max and the voltage
V_max, and the heat taken up at the same current without a difference. With constant properties

.. math:: V_\mathrm{max} = N S T_\mathrm{h}, \quad I_\mathrm{max} = \frac{S T_\mathrm{c}}{R}, \quad
          Q_\mathrm{max} = N \left( S T_\mathrm{h} I_\mathrm{max} - \tfrac{1}{2} R I_\mathrm{max}^2 \right),
          \quad T_\mathrm{c} = T_\mathrm{h} - \Delta T_\mathrm{max}

(S. Lineykin, S. Ben-Yaakov, IEEE Trans. Ind. Appl. 43 (2007) 505, doi 10.1109/TIA.2006.889813). The
equivalent module meets the four numbers with properties that are constant along its legs, as these formulas
mean it, and with thermal contacts that lower Q_max. How S, rho and kappa change with the temperature of the
hot side is that of a reference material.

>>> sheet = DataSheet("M", 127, T_hot=298.0, I_max=6.0, V_max=15.4, Q_max=52.0, delta_T_max=67.0)
>>> found = equivalent_module(sheet)
>>> back = sheet_of_module(found.at(298.0), 298.0)
>>> print(f"{back.I_max:.2f} A, {back.V_max:.2f} V, {back.Q_max:.1f} W, {back.delta_T_max:.1f} K")
6.00 A, 15.40 V, 52.0 W, 67.0 K
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import ConvergenceError, Fault, Faults, InputError
from ioffe.base.least_squares import LeastSquares
from ioffe.device.conditions import Cooler
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact
from ioffe.material.library import load_material
from ioffe.material.material import Material
from ioffe.measure._table import TableLayout, read_table
from ioffe.measured.model import uniform_resistance
from ioffe.measured.sheet_doubts import sheet_doubts

REFERENCE: Final = ("generic p cooler leg", "generic n cooler leg")
LENGTH: Final = 1.6e-3
"""Length of the legs in m where none is stated: only the cross-section over it matters."""
STEP: Final = 0.02
"""Share of the current over which the slope of the heat is taken."""
KAPPA: Final = 1.5
"""W/(m K); only sets the unit in which the thermal contacts are looked for."""
LEAST: Final = 1e-6
"""Smallest thermal resistance of a contact over that of a leg, about: none."""
FILL: Final = 0.3
"""Cross-section of the legs over the footprint, which does not matter without plates."""
FAR: Final = 0.1
"""Relative difference from a number of the sheet beyond which no equivalent module was found."""
LEAST_SHARE, MOST_SHARE = 0.25, 1.5
"""Q_max over I_max V_max is (1 + delta_T_max/T_hot)/2 for constant properties; there is room for prints."""
NUMBERS: Final = ("I_max", "V_max", "Q_max", "delta_T_max")
_LAYOUT: Final = TableLayout(
    names={
        "name": ("name", "type", "model", "part", "part number", "product"),
        "couples": ("couples", "n", "pairs", "number of couples"),
        "T_hot": ("t hot", "th", "t h", "thot", "hot side"),
        "I_max": ("i max", "imax"),
        "V_max": ("v max", "vmax", "u max", "umax"),
        "Q_max": ("q max", "qmax", "qc max", "qcmax", "p c max"),
        "delta_T_max": ("delta t max", "dt max", "dtmax", "δt max", "∆t max", "delta t max"),
        "ac_resistance": ("r ac", "rac", "ac r", "acr", "r"),
        "source": ("source", "data sheet", "datasheet", "reference"),
    },
    units={
        "couples": "1",
        "T_hot": "K",
        "I_max": "A",
        "V_max": "V",
        "Q_max": "W",
        "delta_T_max": "K",
        "ac_resistance": "ohm",
    },
    needed=({"name", "couples", "T_hot", *NUMBERS},),
    expected=(
        "headers are expected: name, couples, T_hot (degC), I_max (A), V_max (V), Q_max (W), dT_max (K); "
        "R_AC (ohm) and source may follow"
    ),
    positive=dict.fromkeys(("couples", *NUMBERS), "a number above 0 is expected"),
    may_be_empty=("ac_resistance",),
)


@dataclass(frozen=True)
class DataSheet:
    """What the data sheet of a cooler states for one temperature of the hot side.

    Parameters
    ----------
    name : str
        Of the module.
    couples : int
    T_hot : float
        In K.
    I_max, V_max : float
        Current in A and voltage in V of the largest temperature difference without heat.
    Q_max : float
        Heat in W taken up at that current without a temperature difference.
    delta_T_max : float
        Largest temperature difference in K.
    ac_resistance : float
        In ohm at `T_hot`; NaN where it is not stated.
    source : str
        Where the numbers stand.

    Examples
    --------
    >>> DataSheet("M", 127, T_hot=298.0, I_max=6.0, V_max=15.4, Q_max=52.0, delta_T_max=67.0).couples
    127
    """

    name: str
    couples: int
    T_hot: float
    I_max: float
    V_max: float
    Q_max: float
    delta_T_max: float
    ac_resistance: float = float("nan")
    source: str = ""

    def __post_init__(self) -> None:
        with Faults() as faults:
            for name in NUMBERS:
                if not getattr(self, name) > 0.0:
                    faults.add(f"{self.name}: {name}", getattr(self, name), "a number above 0 is expected")
            if not 0.0 < self.delta_T_max < self.T_hot:
                faults.add(
                    f"{self.name}: delta_T_max",
                    self.delta_T_max,
                    f"a difference below T_hot = {self.T_hot:g} K is expected",
                )
            if not faults:
                share = self.Q_max / self.I_max / self.V_max
                if not LEAST_SHARE < share < MOST_SHARE:
                    expected = "0.5 to 1 times I_max V_max is expected, as of every cooler"
                    meant = " (mW?)" if share > 100.0 else ""
                    found = f"here {share:.2g} times{meant}"
                    faults.add(f"{self.name}: Q_max", self.Q_max, f"{expected}: {found}")


@dataclass(frozen=True, eq=False)
class EquivalentModule:
    """A module that has the numbers of a data sheet; `at` gives it for a temperature of the hot side.

    Parameters
    ----------
    sheet : DataSheet
        What it was made from, the first one of several.
    seebeck_factor, resistivity_factor : float
        Of both legs over the reference at the mean temperature of the sheet; the resistivity holds that of
        all joints.
    area, length : float
        Cross-section of a leg in m2 with the reference's thermal conductivity, and its length in m.
    thermal_contact : float
        Thermal contact resistance times area at each end of the legs, in m2 K/W.
    differences : mapping of str to float
        What the module misses of each number, relative.
    reference : (str, str)
        Materials of the p-type and n-type leg.

    Examples
    --------
    >>> sheet = DataSheet("M", 127, T_hot=298.0, I_max=6.0, V_max=15.4, Q_max=52.0, delta_T_max=67.0)
    >>> found = equivalent_module(sheet)
    >>> found.seebeck_factor < 1.1, round(sheet_of_module(found.at(323.0), 323.0).delta_T_max)
    (False, 78)
    """

    sheet: DataSheet
    seebeck_factor: float
    resistivity_factor: float
    area: float
    length: float
    thermal_contact: float
    differences: dict[str, float]
    reference: tuple[str, str] = REFERENCE

    def at(self, T_hot: float) -> Module:
        """The module with the properties that it has at a temperature of its hot side.

        Parameters
        ----------
        T_hot : float
            In K.

        Returns
        -------
        Module
            Properties are constant along the legs: those of the reference at T_hot less half of delta_T_max,
            which is taken in proportion to T_hot, times the factors.
        """
        legs = []
        for name, carrier in zip(self.reference, ("p", "n"), strict=True):
            seebeck, sigma, kappa = self.properties(name, T_hot)
            constant = Material.from_arrays(
                name=f"{self.sheet.name}, {carrier}",
                carrier=carrier,
                T=[100.0, 1000.0],
                seebeck=[seebeck] * 2,
                electrical_conductivity=[sigma] * 2,
                thermal_conductivity=[kappa] * 2,
            )
            legs.append(Leg(constant, self.length, self.area, contact=Contact(thermal=self.thermal_contact)))
        p, n = legs
        return Module(p, n, couples=self.sheet.couples, fill_factor=FILL, name=self.sheet.name)

    def properties(self, name: str, T_hot: float) -> tuple[float, float, float]:
        """S (V/K), sigma (S/m) and kappa (W/(m K)) of a leg for a temperature of the hot side.

        Parameters
        ----------
        name : str
            Of its reference material.
        T_hot : float
            In K.

        Returns
        -------
        tuple of float
        """
        material, T = load_material(name), T_hot * (1.0 - 0.5 * self.sheet.delta_T_max / self.sheet.T_hot)
        sigma = float(material.electrical_conductivity(T)) / self.resistivity_factor
        return (
            self.seebeck_factor * _seebeck(material, T),
            sigma,
            float(material.known_thermal_conductivity(T)),
        )


def read_data_sheets(path: str | Path) -> tuple[DataSheet, ...]:
    r"""Read a list of data sheets, one row for each module and temperature of its hot side.

    Parameters
    ----------
    path : str or Path
        CSV or Excel table with the columns ``name``, ``couples``, ``T_hot (degC)``, ``I_max (A)``,
        ``V_max (V)``, ``Q_max (W)``, ``dT_max (K)`` and perhaps ``R_AC (ohm)`` and ``source``.

    Returns
    -------
    tuple of DataSheet

    Raises
    ------
    InputError
        With every fault of the table.

    Examples
    --------
    >>> rows = "name,couples,T_hot (degC),I_max (A),V_max (V),Q_max (W),dT_max (K)\nM,127,25,6,15.4,52,67\n"
    >>> _ = Path("list.csv").write_text(rows)
    >>> read_data_sheets("list.csv")[0].T_hot
    298.15
    """
    found = read_table(path, _LAYOUT)
    faults, sheets = Faults(str(path)), []
    sources = found.texts.get("source", [""] * len(found.texts["name"]))
    for k, (name, source) in enumerate(zip(found.texts["name"], sources, strict=True)):
        numbers: dict[str, Any] = {key: float(values[k]) for key, values in found.numbers.items()}
        couples = numbers["couples"]
        if not 1.0 <= couples <= 1e6 or couples != round(couples):
            faults.add(f"{name}: couples", couples, "a whole number from 1 to 1 000 000 is expected")
            continue
        numbers["couples"] = int(couples)
        with faults.collect():
            sheets.append(DataSheet(name, **numbers, source=source))
    faults.raise_if_any()
    return tuple(sheets)


def sheet_of_module(module: Module, T_hot: float, name: str = "") -> DataSheet:
    """The data sheet of a module.

    Parameters
    ----------
    module : Module
        Any cooler.
    T_hot : float
        Temperature of its hot side in K.
    name : str
        By default that of the module.

    Returns
    -------
    DataSheet

    Raises
    ------
    ConvergenceError
        If no largest temperature difference was found.

    Examples
    --------
    >>> leg = Leg("generic p cooler leg", "1.6 mm", "2 mm2"), Leg("generic n cooler leg", "1.6 mm", "2 mm2")
    >>> round(sheet_of_module(Module(*leg, couples=127, fill_factor=0.3), 300.0).delta_T_max)
    68
    """
    best = module.solve(Cooler(T_hot=T_hot, heat=0.0, aim="delta_T"))
    if not np.isfinite(best.delta_T_max):
        raise ConvergenceError(f"no largest temperature difference was found: {best.status.advice}")
    current = float(best.delta_T_max_current)
    level = module.solve(Cooler(T_hot=T_hot, T_cold=T_hot, current=current))
    return DataSheet(
        name or module.name,
        module.couples,
        T_hot,
        current,
        float(best.delta_T_max_voltage),
        float(level.heat_cold),
        float(best.delta_T_max),
        uniform_resistance(module, T_hot),
    )


def equivalent_module(
    sheets: DataSheet | Sequence[DataSheet],
    *,
    length: float = LENGTH,
    reference: tuple[str, str] = REFERENCE,
) -> EquivalentModule:
    """The module that has the numbers of a data sheet.

    Parameters
    ----------
    sheets : DataSheet or sequence of DataSheet
        Of one module; those of several temperatures are met together.
    length : float
        Of the legs in m.
    reference : (str, str)
        p-type and n-type material whose curves give the dependence on the temperature.

    Returns
    -------
    EquivalentModule

    Raises
    ------
    InputError
        For several numbers of couples, and numbers that no cooler of one stage has, by their columns.
    ConvergenceError
        If every such module misses a number by more than 10 %: they contradict each other.

    Examples
    --------
    >>> sheet = DataSheet("M", 127, T_hot=298.0, I_max=6.0, V_max=15.4, Q_max=52.0, delta_T_max=67.0)
    >>> equivalent_module(sheet).at(298.0).couples
    127
    """
    given = (sheets,) if isinstance(sheets, DataSheet) else tuple(sheets)
    if not given:
        raise InputError(Fault("sheets", expected="data sheets of one module are expected"))
    with Faults() as faults:
        counts = list(dict.fromkeys(one.couples for one in given))
        if len(counts) > 1:
            shown = " and ".join(map(str, counts))
            expected = "one number in all rows of a module is expected"
            faults.add(f"{given[0].name}: couples", shown, expected, "or another name for another module")
        for one in given:
            numbers = one.couples, one.T_hot, one.I_max, one.V_max, one.delta_T_max
            for column, value, words in sheet_doubts(*numbers):
                faults.add(f"{one.name}: {column}", value, words)
    start = _constant(given[0], length, reference)

    def made(u: Array) -> EquivalentModule:
        S, rho, area = np.exp(u[:3]).tolist()
        contact = float(u[3]) * length / KAPPA
        factors = start.seebeck_factor * S, start.resistivity_factor * rho
        return replace(
            start,
            seebeck_factor=factors[0],
            resistivity_factor=factors[1],
            area=start.area * area,
            thermal_contact=contact,
        )

    low = [-np.inf, -np.inf, -np.inf, LEAST]
    problem = LeastSquares(
        lambda u: _missed(made(u), given), low, np.full(4, np.inf), size=np.ones(4), tolerance=1e-6
    )
    fit = problem.solve([0.0, 0.0, 0.0, 0.02])
    worst = float(np.max(np.abs(fit.residuals)))
    if not (fit.converged and worst < FAR):
        text = f"no module has these numbers within {FAR:.0%}: {worst:.1%} of one is missed"
        raise ConvergenceError(f"{given[0].name}: {text}")
    named = [
        f"{name} at {one.T_hot:g} K" for one in given for name in ("delta_T_max", "V_max", "I_max", "Q_max")
    ]
    return replace(made(fit.parameters), differences=dict(zip(named, fit.residuals.tolist(), strict=True)))


def _constant(sheet: DataSheet, length: float, reference: tuple[str, str]) -> EquivalentModule:
    """The module by the closed forms, without thermal contacts."""
    cold, middle = sheet.T_hot - sheet.delta_T_max, sheet.T_hot - 0.5 * sheet.delta_T_max
    p, n = (load_material(name) for name in reference)
    S = (_seebeck(p, middle) - _seebeck(n, middle)) * sheet.couples
    kappa = sum(float(m.known_thermal_conductivity(middle)) for m in (p, n))
    rho = sum(1.0 / float(m.electrical_conductivity(middle)) for m in (p, n))
    K = sheet.V_max * sheet.I_max * cold / (2.0 * sheet.T_hot * sheet.delta_T_max)
    R = sheet.V_max * cold / (sheet.I_max * sheet.T_hot)
    area = K * length / (kappa * sheet.couples)
    factors = sheet.V_max / (sheet.T_hot * S), R * area / (length * rho * sheet.couples)
    return EquivalentModule(sheet, *factors, area, length, 0.0, {}, reference)


def _seebeck(material: Material, T: float) -> float:
    return 0.0 if material.seebeck is None else float(material.seebeck(T))


def _missed(found: EquivalentModule, sheets: Sequence[DataSheet]) -> Array:
    """Heat at the largest difference, voltage, current of the largest heat there, heat at no difference."""
    out: list[float] = []
    shares = np.array([1.0, 1.0 - STEP, 1.0 + STEP, 1.0])
    for one in sheets:
        cold = one.T_hot - one.delta_T_max * np.array([1.0, 1.0, 1.0, 0.0])
        q, v = pumped(found, one.T_hot, cold, one.I_max * shares)
        # where the parabola through the three heats has its top, over the current
        bend = q[0] - 0.5 * (q[1] + q[2])
        top = STEP * (q[2] - q[1]) / (4.0 * bend) if bend > 0.0 else np.nan
        out += [q[0] / one.Q_max, v[0] / one.V_max - 1.0, top, q[3] / one.Q_max - 1.0]
    return np.array(out)


def pumped(
    found: EquivalentModule, T_hot: float, T_cold: ArrayLike, current: ArrayLike
) -> tuple[Array, Array]:
    r"""Heat taken up and voltage of an equivalent module between given temperatures of its faces.

    Its properties are constant along the legs, so that the heat balances of both ends of a leg,

    .. math::

        S I T_1 - \tfrac{1}{2} R I^2 - K (T_2 - T_1) = G (T_\mathrm{c} - T_1), \quad
        S I T_2 + \tfrac{1}{2} R I^2 - K (T_2 - T_1) = G (T_2 - T_\mathrm{h}),

    are linear in its end temperatures :math:`T_1` and :math:`T_2`; *G* is that of the thermal contacts.

    `T_hot`: temperature of the hot face in K, which the properties belong to.
    `T_cold`, `current`: of the cold face in K, and in A.
    Returns `heat, voltage`: in W and V.

    >>> sheet = DataSheet("M", 127, T_hot=298.0, I_max=6.0, V_max=15.4, Q_max=52.0, delta_T_max=67.0)
    >>> heat, voltage = pumped(equivalent_module(sheet), 298.0, 298.0, 6.0)
    >>> print(f"{heat:.1f} W")
    52.0 W
    """
    cold, amperes = np.asarray(T_cold, float), np.asarray(current, float)
    heat, voltage = np.zeros_like(cold), np.zeros_like(cold)
    for name, sign in zip(found.reference, (1.0, -1.0), strict=True):
        S, sigma, kappa = found.properties(name, T_hot)
        R, K = found.length / (sigma * found.area), kappa * found.area / found.length
        G = found.area / found.thermal_contact if found.thermal_contact else np.inf
        peltier, joule = sign * S * amperes, 0.5 * R * amperes**2
        if not np.isfinite(G):
            first, second = cold, np.full_like(cold, T_hot)
        else:
            low, high = joule + G * cold, joule + G * T_hot
            determinant = (peltier + K + G) * (K + G - peltier) - K**2
            first = (low * (K + G - peltier) + K * high) / determinant
            second = (high * (peltier + K + G) + K * low) / determinant
        heat = heat + found.sheet.couples * (peltier * first - joule - K * (second - first))
        voltage = voltage + found.sheet.couples * (sign * S * (second - first) + R * amperes)
    return heat, voltage
