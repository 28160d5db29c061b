r"""Measured sweeps of a device: current, voltage, heat, resistances, temperatures, from a table.

>>> from pathlib import Path
>>> rows = "I (A),V (mV),Q_cold (W),T_hot (K),T_cold (K)\n0,60.1,0.66,663,298\n1,42.5,0.70,663,298\n"
>>> _ = Path("sweep.csv").write_text(rows)
>>> found = read_measurement("sweep.csv")
>>> found.numbers["voltage"], found.channels
(array([0.0601, 0.0425]), ('voltage', 'heat_cold'))
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.units import to_si
from ioffe.measure._table import Columns, TableLayout, read_table, read_tables

HEATS: Final = ("heat_hot", "heat_cold")
CHANNELS: Final = ("voltage", *HEATS, "delta_T", "ac_resistance")
"""What is measured at a current, and at uniform temperature; all of them can be computed."""
TEMPERATURES: Final = ("T_hot", "T_cold")
HOTTEST: Final = 6000.0
"""Kelvin above which no steady state is looked for, as in the engine."""
COMMON: Final = ("voltage", "current", "heat", "ac_resistance", *TEMPERATURES)
"""What may state an uncertainty that all points share."""
_LAYOUT: Final = TableLayout(
    names={
        "current": ("i", "current", "load current"),
        "voltage": ("v", "u", "voltage", "terminal voltage"),
        "power": ("p", "power", "electric power", "output power"),
        "heat_hot": ("q hot", "q h", "qh", "q in", "heat hot", "heat in", "heat flow hot"),
        "heat_cold": ("q cold", "q c", "qc", "q out", "heat cold", "heat out", "heat flow cold"),
        "heat": ("q", "heat", "heat flow", "heat flux"),
        "T_hot": ("t hot", "t h", "th", "hot side", "hot side temperature", "t hot side"),
        "T_cold": ("t cold", "t c", "tc", "cold side", "cold side temperature", "t cold side"),
        "delta_T": ("dt", "delta t", "δt", "∆t", "temperature difference"),
        "ac_resistance": ("r ac", "rac", "r", "resistance", "ac resistance", "internal resistance"),
        "dc_resistance": ("r dc", "rdc", "dc resistance"),
        "time": ("t", "time", "elapsed time"),
    },
    units={
        "current": "A",
        "voltage": "V",
        "power": "W",
        "heat_hot": "W",
        "heat_cold": "W",
        "heat": "W",
        "T_hot": "K",
        "T_cold": "K",
        "delta_T": "K",
        "ac_resistance": "ohm",
        "dc_resistance": "ohm",
        "time": "s",
    },
    needed=(
        *({"current", what} for what in ("voltage", "power", "delta_T", "heat", *HEATS)),
        *({"time", what} for what in ("ac_resistance", "dc_resistance", "voltage", "power")),
        {"ac_resistance"},
    ),
    expected='headers such as "I (A)" with "V (mV)" or "P (mW)" are expected; for heat "Q_hot (W)" or '
    '"Q_cold (W)", from which efficiency and COP follow',
    may_be_empty=(
        *("voltage", "power", "heat_hot", "heat_cold", "heat", "delta_T", "ac_resistance", "dc_resistance"),
        "current",
    ),
    errors=("voltage", "heat_hot", "heat_cold", "heat", "delta_T", "ac_resistance"),
    constants=("t_hot", "t_cold", "heat"),
)

_GROUP: Final = re.compile(r"(?:(T_?(?:hot|h|cold|c)) *[=:] *)?([-+\d.]+ *(?:K|°C|degC|C))", re.IGNORECASE)
"""What stands above the columns of a group: a temperature of the hot side, or of the side that it names."""


@dataclass(frozen=True, eq=False)
class DeviceMeasurement:
    """Points at which a device was measured.

    Parameters
    ----------
    numbers : mapping of str to ndarray of shape (n,)
        In SI: ``current``, ``voltage``, ``heat_hot``, ``heat_cold``, ``delta_T``, ``ac_resistance``,
        ``dc_resistance``, ``time``, ``T_hot``, ``T_cold``; NaN where a point has no value.
    uncertainty : mapping of str to (float, bool)
        Standard deviation that all points share, such as that of a calibration, by ``voltage``, ``current``,
        ``heat``, ``ac_resistance`` (relative: True), ``T_hot``, ``T_cold`` (in K: False).
    noise : mapping of str to float
        Standard deviation of one point in SI, by the names in `numbers`; by default it follows from the
        scatter about smooth curves.
    name : str
        Such as the name of the file.
    unused : tuple of str
        Columns of the table that are not used.

    Examples
    --------
    >>> found = DeviceMeasurement({"current": np.zeros(1), "voltage": np.ones(1)})
    >>> len(found), found.channels
    (1, ('voltage',))
    """

    numbers: Mapping[str, Array]
    uncertainty: Mapping[str, tuple[float, bool]] = field(default_factory=dict)
    noise: Mapping[str, float] = field(default_factory=dict)
    name: str = ""
    unused: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(next(iter(self.numbers.values())))

    @property
    def channels(self) -> tuple[str, ...]:
        """What was measured of what can be computed; a heat beside a difference over the current is given."""
        given = ("heat_cold",) if self.heat_is_given else ()
        known = (name for name in CHANNELS if name not in given)
        return tuple(name for name in known if np.isfinite(self.numbers.get(name, np.nan)).any())

    @property
    def heat_is_given(self) -> bool:
        """Whether the cold side takes up a heat and finds its own temperature."""
        return {"delta_T", "heat_cold"} <= set(self.numbers) and "T_cold" not in self.numbers

    def relative(self, name: str) -> float:
        """Relative uncertainty that all points share; 0 where none is stated.

        Parameters
        ----------
        name : str
            ``voltage``, ``current``, ``heat`` or ``ac_resistance``.

        Returns
        -------
        float
        """
        return self.uncertainty.get(name, (0.0, True))[0]


def measurement_of(
    numbers: Mapping[str, Any],
    *,
    T_hot: object = None,
    T_cold: object = None,
    heat: str | None = None,
    uncertainty: Mapping[str, object] | None = None,
    noise: Mapping[str, object] | None = None,
    name: str = "",
    unused: tuple[str, ...] = (),
    faults: Faults | None = None,
) -> DeviceMeasurement:
    """A measurement from arrays.

    Parameters
    ----------
    numbers : mapping of str to array_like
        In SI, by ``current``, ``voltage`` or ``power``, ``heat_hot``, ``heat_cold`` or ``heat``, ``T_hot``,
        ``T_cold`` or ``delta_T``, ``ac_resistance``, ``dc_resistance``, ``time``.
    T_hot, T_cold : float or str
        Temperatures that are not among the numbers.
    heat : {"hot", "cold"}
        At which side ``heat`` was measured.
    uncertainty : mapping of str to str
        Standard deviations that all points share: ``{"voltage": "0.2 %", "heat": "3 %", "T_hot": "1 K"}``.
    noise : mapping of str to str
        Standard deviations of one point: ``{"voltage": "0.1 mV", "heat": "10 mW"}``.
    name : str
        Of the measurement.
    unused : tuple of str
        What a table holds besides.
    faults : Faults
        Takes what is wrong, in place of an error.

    Returns
    -------
    DeviceMeasurement

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> found = measurement_of({"current": [0, 1], "voltage": [0.06, 0.04], "heat": [0.6, 0.7]},
    ...                        T_hot="500 K", T_cold="300 K", heat="cold", uncertainty={"heat": "3 %"})
    >>> found.numbers["heat_cold"], found.relative("heat")
    (array([0.6, 0.7]), 0.03)
    """
    noted = Faults(name) if faults is None else faults
    found = {key: np.atleast_1d(np.array(value, float)) for key, value in numbers.items()}
    size = max((value.size for value in found.values()), default=0)
    for key, value in (("T_hot", T_hot), ("T_cold", T_cold)):
        if value is not None and key not in found:
            with noted.collect(""):
                found[key] = np.full(size, to_si(value, key, key))
    _heat(found, heat, noted)
    _temperatures(found, noted)
    if "power" in found:
        if np.isfinite(found.get("voltage", np.nan)).any():
            unused = (*unused, "power, where the voltage is measured")
        with np.errstate(invalid="ignore", divide="ignore"):
            per_current = np.where(found["current"] != 0.0, found.pop("power") / found["current"], np.nan)
        found["voltage"] = np.where(
            np.isfinite(found.get("voltage", np.nan)), found.get("voltage", np.nan), per_current
        )
    common = _uncertainties(uncertainty or {}, noted)
    single = _noise(noise or {}, found, noted)
    if faults is None:
        noted.raise_if_any()
    for value in found.values():
        value.setflags(write=False)
    return DeviceMeasurement(found, common, single, name, unused)


def read_measurement(
    path: str | Path,
    *,
    T_hot: object = None,
    T_cold: object = None,
    heat: str | None = None,
    uncertainty: Mapping[str, object] | None = None,
    noise: Mapping[str, object] | None = None,
) -> DeviceMeasurement:
    r"""Read the sweeps of a measured device from a table.

    Parameters
    ----------
    path : str or Path
        Text table or Excel workbook with headers such as ``I (A)``, ``V (mV)`` or ``P (W)``, ``Q_hot (W)``
        or ``Q_cold (W)``, ``T_hot (K)``, ``T_cold (degC)`` or ``dT (K)``, ``R_AC (mohm)``, ``R_DC (mohm)``,
        ``time (h)``. A cell may be empty. Comment lines such as ``# T_cold: 293 K`` state what is the same
        for all rows; ``# heat: cold`` states the side of a column ``Q (W)``. Groups of columns or blocks of
        rows may each have a temperature above them (``T_hot = 400 K``). Standard deviations in columns
        of their own (``std V (mV)``) or behind the values give the noise.
    T_hot, T_cold, heat, uncertainty, noise
        As for `measurement_of`.

    Returns
    -------
    DeviceMeasurement

    Raises
    ------
    InputError
        With every fault of the file: a missing unit, a cell that is no number, a heat whose side nobody
        states, a temperature that is missing.

    Examples
    --------
    >>> from pathlib import Path
    >>> rows = "# T_hot: 400 K\n# T_cold: 300 K\nI (A),V (mV)\n0,50\n1,40\n2,30\n3,20\n"
    >>> _ = Path("sweep.csv").write_text(rows)
    >>> float(read_measurement("sweep.csv").numbers["T_hot"][0])
    400.0
    """
    table = _one_table(path)
    noise = {**_noise_of_points(table), **(noise or {})}
    stated: dict[str, Any] = {"T_hot": T_hot, "T_cold": T_cold, "heat": heat}
    stated = {key: _remark(table, key) if value is None else value for key, value in stated.items()}
    options: dict[str, Any] = {"uncertainty": uncertainty, "noise": noise, "name": str(path)}
    return measurement_of(table.numbers, **stated, **options, unused=table.unused)


def _one_table(path: str | Path) -> Columns:
    """The table of a file; several below their temperatures are one, with a column of these temperatures."""
    every = read_tables(path, _LAYOUT)
    stated = [_GROUP.fullmatch(one.label.strip()) for one in every]
    if len(every) < 2 or not all(stated):
        return read_table(path, _LAYOUT)
    parts = []
    for one, found in zip(every, stated, strict=True):
        assert found is not None
        size = len(next(iter(one.numbers.values())))
        side = "T_cold" if "c" in (found[1] or "").casefold() else "T_hot"
        parts.append({**one.numbers})
        parts[-1].setdefault(side, np.full(size, to_si(found[2], side, side)))
    names = list(dict.fromkeys(name for part in parts for name in part))
    none = [np.full(len(next(iter(part.values()))), np.nan) for part in parts]
    own = zip(parts, none, strict=True)
    rows = [[part.get(name, empty) for name in names] for part, empty in own]
    numbers = dict(zip(names, map(np.concatenate, zip(*rows, strict=True)), strict=True))
    said = every[0].remarks.items()
    remarks = {key: value for key, value in said if key.casefold() not in map(str.casefold, TEMPERATURES)}
    unused = tuple(dict.fromkeys(name for one in every for name in one.unused))
    return replace(every[0], numbers=numbers, stds={}, remarks=remarks, unused=unused)


def _noise_of_points(table: Columns) -> dict[str, float]:
    """Root mean square of the standard deviations that a table states for the points of a channel."""
    found = {}
    for name, values in table.stds.items():
        good = values[np.isfinite(values) & (values > 0.0)]
        if good.size:
            found[name] = float(np.sqrt(np.mean(good**2)))
    return found


def _remark(table: Columns, key: str) -> str | None:
    known = {name.casefold().strip(): value.strip() for name, value in table.remarks.items()}
    value = known.get(key.casefold())
    return value.partition(" ")[0].casefold() if value and key == "heat" else value


def _heat(found: dict[str, Array], side: str | None, faults: Faults) -> None:
    """Write a heat under the name of its side."""
    if side is not None and side not in ("hot", "cold"):
        faults.add("heat", side, '"hot" or "cold" is expected', did_you_mean(side, ("hot", "cold")))
        found.pop("heat", None)
    elif "heat" in found and side is None:
        expected = 'at which side the heat was measured must be stated: heat = "hot" or "cold"'
        faults.add("heat", expected=expected, advice='or a header "Q_hot (W)" or "Q_cold (W)"')
        found.pop("heat")
    elif "heat" in found:
        found[f"heat_{side}"] = found.pop("heat")


def _temperatures(found: dict[str, Array], faults: Faults) -> None:
    """Both temperatures from one of them and the difference."""
    if "delta_T" in found and "T_cold" in found and "T_hot" not in found:
        found["T_hot"] = found["T_cold"] + found.pop("delta_T")
    elif "delta_T" in found and "T_hot" in found and "T_cold" in found:
        found.pop("delta_T")
    if set(found) <= {"time", "ac_resistance", "dc_resistance", "voltage", "power"}:
        return
    for name in TEMPERATURES:
        for k in np.flatnonzero(found[name] > HOTTEST) if name in found else ():
            expected = f"a temperature below {HOTTEST:g} K is expected"
            faults.add(f"{name}, point {k + 1}", f"{found[name][k]:g} K", expected)
        if name not in found and not (name == "T_cold" and "delta_T" in found):
            expected = f'a temperature is expected: a column "{name} (K)", or {name} = "300 K"'
            faults.add(name, expected=expected)


def _uncertainties(given: Mapping[str, object], faults: Faults) -> dict[str, tuple[float, bool]]:
    found: dict[str, tuple[float, bool]] = {}
    for name, value in given.items():
        if name not in COMMON:
            faults.add(
                f"uncertainty.{name}",
                value,
                f"one of {', '.join(COMMON)} is expected",
                did_you_mean(name, COMMON),
            )
            continue
        relative = name not in TEMPERATURES
        with faults.collect("uncertainty"):
            found[name] = (to_si(value, "relative_uncertainty" if relative else "delta_T", name), relative)
    return found


def _noise(given: Mapping[str, object], found: Mapping[str, Array], faults: Faults) -> dict[str, float]:
    single: dict[str, float] = {}
    for name, value in given.items():
        names = [n for n in HEATS if n in found] if name == "heat" else [name]
        if names != [n for n in names if n in CHANNELS]:
            expected = f"one of heat, {', '.join(CHANNELS)} is expected"
            faults.add(f"noise.{name}", value, expected, did_you_mean(name, CHANNELS))
            continue
        for one in names:
            with faults.collect("noise"):
                single[one] = to_si(value, one, name)
                if single[one] <= 0.0:
                    raise InputError(Fault(name, value, "a number above 0 is expected"))
    return single
