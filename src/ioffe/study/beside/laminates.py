r"""Largest tension in the legs of devices as layers of a laminate, with its derivatives.

A leg with the layers at both of its ends is a stack (`ioffe.interface.compatibility.laminate`), free of
stress at one temperature and not held from outside. The layers of each side have the temperature of the
junction there, and the leg one that falls evenly between the two:

.. math:: \sigma(z) = \frac{E}{1 - \nu}
   \left[\varepsilon + K z - \int_{T_0}^{T(z)} \alpha\,\mathrm{d}T\right].

It is the tension in the middle of a leg that is wide against its length, and so an upper bound away from the
edges of the narrow legs of modules. A complex step differentiates by the thicknesses and by the two
temperatures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, InputError
from ioffe.device.cascade import named_legs
from ioffe.device.module import Module
from ioffe.device.parameters import MaterialChoice
from ioffe.device.variations import STEP, VariedDevices
from ioffe.field.stress.data import ELASTIC, with_elastic_data
from ioffe.interface.compatibility import thermal_strain
from ioffe.interface.compatibility.stress import laminate_fields
from ioffe.material.material import Material

if TYPE_CHECKING:
    from ioffe.study.study import Study

Array = NDArray[np.float64]
Elastic = Mapping[str, Mapping[str, Any]]
JUNCTIONS: Final = ("T_hot_junction", "T_cold_junction")


@dataclass(frozen=True, eq=False)
class DeviceLaminates:
    """The stacks at the legs of devices.

    `devices`: a module with layers, and what varies.
    `T_hot`, `T_cold`: of the junctions in K, (n,).
    `free`: temperature in K at which everything is free of stress.
    `elastic`: elastic data by the name of a material, where those of its card do not count.

    >>> from ioffe import Generator, Layer, Leg
    >>> p, n = (Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm") for k in "pn")
    >>> ends = [Layer("Cu", "0.3 mm"), Layer("Al2O3 96%", "0.6 mm")]
    >>> module = Module(p, n, fill_factor=0.5, hot=ends, cold=ends)
    >>> lengths = {"legs.length": np.array([1.6e-3, 3e-3])}
    >>> some = VariedDevices(module, Generator(T_hot=390, T_cold=300), lengths)
    >>> found = DeviceLaminates(some, np.full(2, 389.0), np.full(2, 301.0), 456.15)
    >>> (found.tension() / 1e6).round(1).tolist(), bool((found.slope("legs.length") < 0).all())
    ([85.8, 74.9], True)
    """

    devices: VariedDevices
    T_hot: Array
    T_cold: Array
    free: float
    elastic: Elastic | None = None

    def tension(self) -> Array:
        """Largest tension in Pa in a leg of each device, 0 where there is none."""
        return np.real(self._largest({}, self.T_hot, self.T_cold))

    def slope(self, path: str) -> Array:
        """Its derivative to the number at a path while the junctions keep their temperatures, (n,)."""
        return self.devices.slope(path, lambda numbers: self._largest(numbers, self.T_hot, self.T_cold))

    def slopes_of_junctions(self) -> tuple[Array, Array]:
        """Its derivatives to the temperatures of the hot and the cold junctions, in Pa/K."""
        step = 1j * STEP
        hot = self._largest({}, self.T_hot + step, self.T_cold)
        cold = self._largest({}, self.T_hot, self.T_cold + step)
        return np.imag(hot) / STEP, np.imag(cold) / STEP

    def _largest(self, moved: Mapping[str, Any], T_hot: Any, T_cold: Any) -> Any:
        device, _ = self.devices.moved(moved)
        found = np.concatenate([self._of_leg(device, leg, T_hot, T_cold) for _, leg in named_legs(device)])
        largest = np.take_along_axis(found, np.argmax(np.real(found), axis=0)[None], axis=0)[0]
        return np.where(np.real(largest) <= 0.0, 0.0, largest)

    def _of_leg(self, device: Any, leg: Any, T_hot: Any, T_cold: Any) -> Any:
        """Stress at the ends of the segments of one leg, (2 segments, n)."""
        hot, cold = device.hot[::-1], device.cold
        size = np.shape(T_hot)
        along = np.cumsum([np.broadcast_to(s.length, size) for s in leg.segments], axis=0)
        shares = np.concatenate([np.zeros((1, *size)), along / along[-1]])
        inside = T_hot + shares * (T_cold - T_hot)
        layers = [(x.material, x.thickness, T_hot, T_hot) for x in hot]
        layers += [(s.material, s.length, *inside[i : i + 2]) for i, s in enumerate(leg.segments)]
        layers += [(x.material, x.thickness, T_cold, T_cold) for x in cold]
        thickness = np.stack([np.broadcast_to(d, size) for _, d, _, _ in layers])
        modulus = np.stack([self._each(m, self._modulus, size) for m, *_ in layers])
        free = np.stack([[self._strain(m, T) for T in ends] for m, _, *ends in layers])
        stress = laminate_fields(thickness, modulus, free)[0]
        return stress[len(hot) : len(hot) + len(leg.segments)].reshape(-1, *size)

    def _data(self, material: Material) -> Material:
        given = (self.elastic or {}).get(material.name, {})
        return material.replace(**given) if given else material

    def _modulus(self, material: Material) -> float:
        """E/(1 - nu) at the temperature that is free of stress."""
        E, nu = (_number(getattr(material, k), self.free) for k in ("youngs_modulus", "poisson_ratio"))
        return E / (1.0 - nu)

    def _each(self, material: Any, value: Any, size: tuple[int, ...]) -> Array:
        if not isinstance(material, MaterialChoice):
            return np.full(size, value(self._data(material)))
        return np.array([value(self._data(one)) for one in material.found])[material.index]

    def _strain(self, material: Any, T: Any) -> Any:
        """What a layer would be strained by alone; the imaginary part follows the expansion."""
        real = np.real(T)

        def alone(one: Material) -> Any:
            alpha: Any = one.thermal_expansion
            slope = alpha(real) if isinstance(alpha, Curve) else alpha
            return thermal_strain(one, self.free, real) + 1j * np.imag(T) * slope

        if not isinstance(material, MaterialChoice):
            return alone(self._data(material))
        return np.array([alone(self._data(one)) for one in material.found])[material.index, np.arange(len(T))]


def _number(value: Any, T: float) -> float:
    return float(value(T)) if isinstance(value, Curve) else float(value)


def laminate_stress(
    laminates: DeviceLaminates, junctions: Mapping[str, Any], paths: Sequence[str]
) -> tuple[Array, dict[str, Array]]:
    """Largest tension in a leg of each device, with its derivatives through the junctions too.

    `laminates`: the stacks.
    `junctions`: derivatives of `JUNCTIONS` by path.
    `paths`: by what is differentiated.
    Returns: in Pa; derivatives in SI by path.
    """
    slopes: dict[str, Array] = {}
    by_hot, by_cold = laminates.slopes_of_junctions() if paths else (np.zeros(0), np.zeros(0))
    for path in paths:
        if path.startswith("cost."):
            slopes[path] = np.zeros(laminates.devices.size)
            continue
        hot, cold = (np.asarray(junctions[name][path], float) for name in JUNCTIONS)
        ones = (slice(None), *(None for _ in hot.shape[1:]))
        slopes[path] = laminates.slope(path)[ones] + by_hot[ones] * hot + by_cold[ones] * cold
    return laminates.tension(), slopes


def laminates_known(study: Study) -> None:
    """Refuse a study whose device is no stack of layers, or in which elastic data are missing."""
    if not isinstance(study.device, Module) or not (study.device.hot or study.device.cold):
        expected = "a module with layers at the ends of its legs is expected for laminate_stress"
        raise InputError(Fault("outputs", "laminate_stress", expected))
    every = {one.name: one for one in study.materials().values()}
    given = {k: {n: v for n, v in row.items() if n in ELASTIC} for k, row in study.elastic.items()}
    with_elastic_data(every.values(), {name: row for name, row in given.items() if name in every})
