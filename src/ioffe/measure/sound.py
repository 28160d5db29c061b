"""Velocities of sound from echoes, and the elastic constants with their uncertainty.

>>> longitudinal = velocity("5.00 mm", "2.56 us")
>>> body = elastic_set(longitudinal, velocity("5.00 mm", "4.89 us"), "4.8 g/cm3")
>>> round(body.value("gruneisen"), 3)
1.845
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from ioffe.base.errors import Fault, InputError, check_one_of
from ioffe.base.table import ResultTable, table
from ioffe.material.checks import Finding
from ioffe.measure.estimates import propagate, read_inputs
from ioffe.measure.plausible import doubts
from ioffe.transport.phonons import elastic
from ioffe.transport.phonons.elastic import ElasticSet

_NAMES: Final = (
    "shear_modulus",
    "bulk_modulus",
    "youngs_modulus",
    "poisson_ratio",
    "mean_velocity",
    "gruneisen",
)


@dataclass(frozen=True)
class ElasticMeasurement:
    """Elastic constants of a sample, each with its standard deviation.

    Parameters
    ----------
    results : mapping of str to tuple of float
        Value and standard deviation in SI by name: shear_modulus, bulk_modulus, youngs_modulus (Pa),
        poisson_ratio, mean_velocity (m/s), gruneisen, and debye_temperature (K) if the atomic volume was
        given.
    findings : tuple of Finding
        Doubts about what was given.

    Examples
    --------
    >>> body = elastic_set("4000 m/s", "2000 m/s", "5 g/cm3")
    >>> print(f"{body.value('shear_modulus') / 1e9:.1f} GPa, {body.value('poisson_ratio'):.4f}")  # rho v_t^2
    20.0 GPa, 0.3333
    """

    results: Mapping[str, tuple[float, float]]
    findings: tuple[Finding, ...] = ()

    def value(self, name: str) -> float:
        """One of the results in SI.

        Parameters
        ----------
        name : str
            One of `results`.

        Returns
        -------
        float

        Raises
        ------
        InputError
            For another name, with the nearest one.
        """
        return self._find(name)[0]

    def std(self, name: str) -> float:
        """Standard deviation of one of the results in SI.

        Parameters
        ----------
        name : str
            One of `results`.

        Returns
        -------
        float

        Raises
        ------
        InputError
            For another name, with the nearest one.
        """
        return self._find(name)[1]

    def table(self) -> ResultTable:
        """The results and their standard deviations in one row.

        Returns
        -------
        ResultTable
            In SI; the columns are called as in `results`, with `_std` behind for the deviations, which are
            NaN where none follows from what was given.
        """
        columns = {}
        for name, (value, std) in self.results.items():
            columns |= {name: value, f"{name}_std": std or np.nan}
        return table({}, columns, dict.fromkeys(("mean_velocity", "mean_velocity_std"), "m/s"))

    def _find(self, name: str) -> tuple[float, float]:
        check_one_of("name", name, self.results)
        return self.results[name]


SLOWEST = 2.0 / 3.0**0.5
"""Ratio of longitudinal to transverse velocity at which the bulk modulus is zero."""


def velocity(thickness: object, time: object) -> dict[str, float]:
    r"""Velocity from the time between two echoes.

    .. math:: v = \frac{2 d}{t}

    Parameters
    ----------
    thickness : float, str or mapping
        d in m or with a unit; a mapping may carry an uncertainty.
    time : float, str or mapping
        Between two echoes, there and back, in s.

    Returns
    -------
    dict
        `value` and `uncertainty` in m/s, as `elastic_set` takes it.

    Raises
    ------
    InputError
        With every fault of the arguments; for a time of 0 s.

    Notes
    -----
    Pulse-echo method, a standard result.

    Examples
    --------
    >>> velocity({"value": "5.00 mm", "uncertainty": "10 um"}, "2.5 us")
    {'value': 4000.0, 'uncertainty': 8.0}
    """
    given = read_inputs({"thickness": (thickness, "thickness"), "time": (time, "time")})
    (d, d_std), (t, t_std) = given["thickness"], given["time"]
    if t == 0.0:
        raise InputError(Fault("time", time, "a time above 0 s is expected"))
    value, std = propagate(lambda d, t: 2.0 * d / t, [d, t], [d_std, t_std])
    return {"value": float(value), "uncertainty": float(std)}


def elastic_set(
    longitudinal: object, transverse: object, density: object, atomic_volume: object = None
) -> ElasticMeasurement:
    """Elastic constants from the velocities of sound.

    Parameters
    ----------
    longitudinal, transverse : float, str or mapping
        v_l and v_t in m/s; from `velocity`, or as text or mapping with an uncertainty.
    density : float, str or mapping
        In kg/m3 or with a unit.
    atomic_volume : float, str or mapping, optional
        Volume by atom in m3, for the Debye temperature.

    Returns
    -------
    ElasticMeasurement
        With standard deviations to first order in independent errors.

    Raises
    ------
    InputError
        With every fault; for velocities by which the body were unstable.

    Notes
    -----
    The relations are those of `ioffe.transport.phonons.elastic.ElasticSet` for an isotropic body.

    Examples
    --------
    >>> body = elastic_set("3913 m/s", {"value": 2045.0, "uncertainty": "1 %"}, 4800.0)
    >>> round(body.value("gruneisen"), 3), round(body.std("gruneisen"), 3)
    (1.85, 0.034)
    """
    wanted = {
        "longitudinal": (longitudinal, "sound_velocity"),
        "transverse": (transverse, "sound_velocity"),
        "density": (density, "density"),
        "atomic_volume": (atomic_volume, "atomic_volume"),
    }
    given = read_inputs(wanted)
    (v_l, _), (v_t, _) = given["longitudinal"], given["transverse"]
    if not v_l > SLOWEST * v_t:
        expected = f"a longitudinal wave is more than {SLOWEST:.3f} times as fast as a transverse one"
        raise InputError(Fault("longitudinal", longitudinal, expected, "are the two mixed up?"))
    names = (*_NAMES, "debye_temperature") if atomic_volume is not None else _NAMES
    values, deviations = zip(*given.values(), strict=True)
    found, std = propagate(_everything, values, deviations)
    pairs = zip(found.tolist(), std.tolist(), strict=True)
    found_doubts = doubts({"sound_velocity": [v_l, v_t], "density": given["density"][0]})
    return ElasticMeasurement(MappingProxyType(dict(zip(names, pairs, strict=True))), found_doubts)


def _everything(longitudinal: float, transverse: float, density: float, *volume: float) -> list[Any]:
    body = ElasticSet.from_velocities(longitudinal, transverse, density)
    found = [getattr(body, name) for name in _NAMES]
    return [*found, *(elastic.debye_temperature(body.mean_velocity, v) for v in volume)]
