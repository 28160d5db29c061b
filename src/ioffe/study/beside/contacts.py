r"""The contact resistivity that a given loss allows the devices of a study, with its derivatives.

Of an aim *A*, such as the power, as a function of one resistivity of all contacts at the ends of the legs

.. math:: A(x, \rho) = (1 - l)\, A(x, 0)

decides *ρ*. The implicit function theorem has its derivatives to every number *x* of the device,

.. math::
   \frac{\partial\rho}{\partial x}
   = -\frac{A_x(x, \rho) - (1 - l)\, A_x(x, 0)}{A_\rho(x, \rho)}.

*A* falls with *ρ* and is convex, so that Newton's steps from zero come from below and do not overshoot. Where
no derivative is wanted, chords take the place of the tangents behind the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.aims import AIMS
from ioffe.device.cascade import Cascade, named_legs
from ioffe.device.conditions import OPERATION, Conditions, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import meant, numbers
from ioffe.solve.batch.solve import solve_cases

Array = NDArray[np.float64]
STEPS: Final = 30
"""Of Newton; four are enough for a loss of 5 %."""
SETTLED: Final = 1e-8
"""Last relative step."""
SHORTEST: Final = 1e-4
"""Relative step below which a chord keeps its slope."""
SHARPER: Final = 1e-2
"""Tolerance over that of the study: the loss is a small difference of what is solved."""


def end_contacts(device: Leg | Module | Cascade, sides: Sequence[str] = ()) -> dict[str, float]:
    """Electrical resistivities of the contacts at the ends of the legs, by their paths.

    `device`: what has them.
    `sides`: beginnings of the paths of the legs that count, by default all.
    Returns: in ohm m2.

    >>> list(end_contacts(Leg("Bi2Te3", "2 mm", "2 mm2", contact="5 uohm cm2")))
    ['contact_hot.electrical', 'contact_cold.electrical']
    """
    sides = sides or [prefix for prefix, _ in named_legs(device)]
    ends = [f"{side}contact_{end}.electrical" for side in sides for end in ("hot", "cold")]
    known = numbers(device)
    return {path: known[path] for path in ends if path in known}


def what_is_lost(conditions: Conditions) -> str:
    """The quantity that contacts take a part of: that of the aim, otherwise power or heat.

    `conditions`: one operating point.

    >>> what_is_lost(Generator(T_hot=400, T_cold=300, load="max_efficiency"))
    'efficiency'
    """
    words = [getattr(conditions, name, None) for name in (*OPERATION, "aim")]
    aim = next((word for word in words if isinstance(word, str)), "")
    if aim == "delta_T":
        return aim
    if aim in AIMS:
        return AIMS[aim].quantity
    if isinstance(conditions, Generator):
        return "power"
    held = getattr(conditions, "heat", None) is not None and conditions.T_cold is not None
    return "COP" if held else "heat_cold"


def contact_allowance(
    device: Leg | Module | Cascade,
    conditions: Conditions,
    vary: Mapping[str, NDArray[Any]],
    loss: float,
    paths: Sequence[str] = (),
    sides: Sequence[str] = (),
    **how: Any,
) -> tuple[Array, dict[str, Array]]:
    """Resistivity of all contacts at the ends of the legs that loses a part of what the device does.

    `device`, `conditions`: what does not vary; the quantity is that of `what_is_lost`.
    `vary`: as for `solve_batch`, in SI and flat (n,); contacts that vary do not count.
    `loss`: the part, above 0 and below 1.
    `paths`: by what is differentiated: numbers, and tables of materials.
    `sides`: beginnings of the paths of the legs whose contacts count, by default all.
    `**how`: as for `solve_batch`.
    Returns: in ohm m2, NaN where there is none; its derivatives by path in SI.

    Of constant properties the largest power falls as the resistance grows: two contacts may have the part
    1/(1 - l) - 1 of that of the leg, 0.5 * 20 uohm cm2 * 0.0526 each.

    >>> from ioffe import Material
    >>> flat = {"seebeck": 2e-4, "electrical_conductivity": 1e5, "thermal_conductivity": 1.5}
    >>> flat = Material.from_arrays("p", "p", [200, 600], **{k: [v, v] for k, v in flat.items()})
    >>> leg = Leg(flat, "2 mm", "2 mm2")
    >>> at = Generator(T_hot=400, T_cold=300, load="max_power")
    >>> rho, by = contact_allowance(leg, at, {"length": np.array([2e-3])}, 0.05, ["length"])
    >>> (rho * 1e10).round(4).tolist(), (by["length"] * 2e-3 / rho).round(4).tolist()
    ([5.2632], [1.0])
    """
    ends = tuple(end_contacts(device, sides))
    own = {path: one for path, one in vary.items() if not set(meant(device, conditions, path)) <= {*ends}}
    size = max((np.size(one) for one in vary.values()), default=1)
    goal = what_is_lost(conditions)
    sharp = max(how.pop("tolerance", 1e-6) * SHARPER, 1e-11)
    moved = [path for path in paths if _moves(device, conditions, path, ends)]

    def solved(rho: Array, by: Sequence[str]) -> tuple[Array, Array, Any]:
        here = {**own, **dict.fromkeys(ends, rho)}
        found = solve_cases(device, conditions, here, keep=(goal,), gradient=by, tolerance=sharp, **how)
        slopes = found.gradient[goal] if by else {}
        return found.values[goal], np.sum([slopes[path] for path in ends if by], axis=0), slopes

    every = (*ends, *moved)
    rho = np.zeros(size)
    values, slope, at_none = solved(rho, every)
    target = np.where(values > 0.0, (1.0 - loss) * values, np.nan)
    by_none = {path: np.asarray(at_none[path], float) for path in moved}
    at_end, settled = at_none, np.zeros(size, bool)
    for _ in range(STEPS):
        with np.errstate(all="ignore"):
            step = (target - values) / slope
        rho = np.where(settled, rho, rho + step)  # a device does not depend on others beside it
        before, steep = values, slope
        values, slope, at_end = solved(np.nan_to_num(rho), every if paths else ())
        if not paths:  # a chord in place of a tangent, until it is too short for a slope
            with np.errstate(all="ignore"):
                chord = (values - before) / step
            slope = np.where(settled | ~(np.abs(step) > SHORTEST * np.abs(rho)), steep, chord)
        settled |= ~np.isfinite(step) | (np.abs(step) <= SETTLED * np.abs(rho))
        if settled.all():
            break
    known = np.where(settled & np.isfinite(values) & np.isfinite(target), rho, np.nan)
    slopes = {}
    for path in paths:
        if path not in moved:
            slopes[path] = np.where(np.isfinite(known), 0.0, np.nan)
            continue
        end = np.asarray(at_end[path], float)
        ones = (slice(None), *(None for _ in end.shape[1:]))
        with np.errstate(all="ignore"):
            slopes[path] = -(end - (1.0 - loss) * by_none[path]) / slope[ones]
            slopes[path] = np.where(np.isfinite(known)[ones], slopes[path], np.nan)
    return known, slopes


def _moves(device: Leg | Module | Cascade, conditions: Conditions, path: str, ends: Sequence[str]) -> bool:
    """Whether a path is that of a number or a table on which the allowance depends."""
    if path.startswith("cost."):
        return False
    return ".material." in f".{path}" or not set(meant(device, conditions, path)) <= {*ends}
