"""How bad something may be: contacts for a given loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import ConvergenceError, Faults
from ioffe.base.units import format_si
from ioffe.device.cascade import named_legs
from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.interface.contact_limits import largest_contact_resistivity
from ioffe.solve.batch.solve import solve_cases
from ioffe.study.beside.contacts import contact_allowance, end_contacts
from ioffe.study.designing.answer import DesignAnswer, DesignPicture
from ioffe.study.designing.question import Asked, answered
from ioffe.study.designing.searched import AS_IS, KEPT

Array = NDArray[np.float64]
RHO: Final = "electrical_contact_resistivity"


def contacts(asked: Asked) -> DesignAnswer:
    """The resistivity of all contacts at the ends of the legs at which a given part of the aim is lost."""
    device, loss = asked.device, asked.options["loss"]
    side = asked.options["leg"]
    chosen = [prefix for prefix, _ in named_legs(device) if side == "both" or prefix in ("", f"{side}.")]
    now = end_contacts(device, chosen)

    def aims(resistivity: Array) -> Array:
        vary = dict.fromkeys(now, resistivity)
        found = solve_cases(device, asked.conditions, vary, keep=(asked.goal.quantity,), **asked.how)
        return found.values[asked.goal.quantity]

    perfect = float(aims(np.zeros(1))[0])
    if not np.isfinite(perfect) or perfect <= 0.0:
        raise ConvergenceError(f"without any contact the device has no {asked.goal.words}")
    mean = float(np.mean(list(now.values())))
    allowed = float(contact_allowance(device, asked.conditions, {}, loss, sides=chosen, **asked.how)[0][0])
    if not np.isfinite(allowed):
        raise ConvergenceError(f"no resistivity loses {100 * loss:.3g} % of the {asked.goal.words}")
    alike = len(set(now.values())) == 1
    rows = {path: np.array([value, 0.0, allowed]) for path, value in now.items()}
    kept = (asked.goal.quantity, *KEPT[isinstance(asked.conditions, Generator)])
    vary = dict(rows)
    found = solve_cases(device, asked.conditions, vary, keep=tuple(dict.fromkeys(kept)), **asked.how)
    values = found.values[asked.goal.quantity]
    columns = {
        RHO: np.array([mean if alike else np.nan, 0.0, allowed]),
        "loss": 1.0 - values / perfect,
        **({} if alike else rows),
        **found.values,
    }
    drawn_to = max(10.0 * allowed, 3.0 * mean)
    shown = [one for one in (allowed, mean) if alike or one == allowed if one > 0.0]
    course = np.union1d(np.geomspace(allowed / 100.0, drawn_to, 41), shown)
    picture = DesignPicture(
        {RHO: course},
        {"loss": 1.0 - aims(course) / perfect},
        {"loss": "relative_loss"},
        (RHO,),
        ({AS_IS: {RHO: mean}} if alike and mean > 0.0 else {}) | {"allowed": {RHO: allowed}},
        (f"{100 * loss:.3g} %", loss),
    )
    sentence = (
        f"{format_si(allowed, RHO, 4)} at every contact {_whose(chosen)} lose {100 * loss:.3g} % of the "
        f"{asked.goal.words}, {format_si(perfect, asked.goal.quantity, 4)} without contacts"
    )
    if np.isfinite(columns["loss"][0]):
        sentence += f"; as the device is, its contacts lose {100.0 * columns['loss'][0]:.3g} %"
    return answered(
        asked,
        found,
        (AS_IS, "without contacts", "allowed"),
        columns,
        f"{sentence}.",
        quantities={"loss": "relative_loss", **dict.fromkeys(now, RHO)},
        drawn={f"loss over {RHO}": picture},
        assumed=(
            "contacts between segments, and thermal resistances, stay as they are",
            *_formula(asked, loss),
        ),
    )


def _whose(chosen: Sequence[str]) -> str:
    if chosen == [""]:
        return "of the leg"
    return f"of the {' and '.join(one.rstrip('.') for one in chosen)} legs"


def _formula(asked: Asked, loss: float) -> list[str]:
    """What constant properties say of each leg alone, for comparison."""
    if asked.goal.quantity == "COP" or not isinstance(asked.conditions, Generator):
        return []
    if asked.conditions.T_hot is None:
        return []
    hot, cold = (float(np.asarray(T)) for T in (asked.conditions.T_hot, asked.conditions.T_cold))
    told = []
    for prefix, leg in named_legs(asked.device):
        segment, *others = leg.segments
        if others:
            continue
        material = segment.material
        low, high = material.T_range
        T = np.linspace(np.clip(cold, low, high), np.clip(hot, low, high), 33)
        sigma = float(np.mean(material.electrical_conductivity(T)))
        ZT = float(np.mean(material.zT(T)))
        of = "efficiency" if asked.goal.quantity == "efficiency" else "power"
        more = {"ZT": ZT, "T_hot": hot, "T_cold": cold} if of == "efficiency" else {}
        value = float(largest_contact_resistivity(loss, leg.length, sigma, of, **more))
        whose = f"{prefix.replace('.', ' ')}leg alone"
        told.append(f"constant mean properties would allow the {whose} {format_si(value, RHO, 3)}")
    return told


def needs_loss(faults: Faults, device: Leg | Module, conditions: Any, options: Mapping[str, Any]) -> None:
    """Note a loss of nothing or of everything."""
    del device, conditions
    if not 0.0 < options["loss"] < 1.0:
        faults.add("loss", options["loss"], "a share above 0 and below 1 is expected")
