"""Questions about the material of a leg: which of several, and which composition and doping."""

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
from ioffe.material.library import load_material, names
from ioffe.material.material import Material
from ioffe.solve.batch.solve import solve_cases
from ioffe.study.designing.answer import DesignAnswer, DesignPicture
from ioffe.study.designing.legs import WIDE, needs_free_areas
from ioffe.study.designing.question import Asked, answered
from ioffe.study.designing.searched import AS_IS, KEPT
from ioffe.transport.composition import SolidSolution, solution_transport
from ioffe.transport.fermi_level import fermi_level_from_seebeck
from ioffe.transport.quality import goldsmid_sharp_gap, weighted_mobility
from ioffe.transport.single_band import carrier_density, lorenz_number

Array = NDArray[np.float64]
RATIOS: Final = np.geomspace(1.0 / WIDE, WIDE, 25)
"""A_p/A_n among which the best one of each material is looked for."""
NEEDED: Final = ("seebeck", "thermal_conductivity")
MARGIN: Final = 10.0
"""K by which a material of the library may miss the temperatures of a device."""
SHOWN: Final = 12
"""Materials in a picture."""
DENSITIES, COMPOSITIONS, TEMPERATURES = 9, 7, 9
"""Points of the model of a solid solution."""
SPREAD: Final = 6.0
"""Factor by which carrier densities go beyond those of the samples."""
ROOM: Final = 300.0
MODEL: Final = (
    "one band with acoustic phonons and its mirror across the gap of Goldsmid and Sharp",
    "weighted mobility and lattice conductivity are power laws of temperature through each sample",
    "they are taken below its largest Seebeck coefficient, and go along straight lines between the samples",
    "carrier densities of the samples follow from their Seebeck coefficients at 300 K and that mass",
)
"""What the model of a solid solution rests on."""
EDGE: Final = (
    "the best composition, {:.4g}, is at the edge of those of the samples: beyond it may be better, which a "
    "sample there would tell"
)
BOUND: Final = (
    "the Seebeck coefficient of sample {:g} still rises at the end of its data: its gap is at least that"
)
DEEPEST: Final = 110.0
"""K below the hot side to which a cooler without a given cold side is modelled."""


def _of_leg(asked: Asked) -> tuple[str, Leg]:
    """Path of the material that varies, and its leg."""
    if isinstance(asked.device, Leg):
        return "material", asked.device
    side = asked.options["leg"]
    return f"{side}.material", dict(named_legs(asked.device))[f"{side}."]


def _temperatures(asked: Asked) -> tuple[float, float]:
    """Between which a material is used."""
    hot, cold = asked.conditions.T_hot, asked.conditions.T_cold
    top = float(hot) if hot is not None else ROOM
    return (float(cold) if cold is not None else top - DEEPEST), top


def _objects(materials: Sequence[Material]) -> NDArray[Any]:
    found = np.empty(len(materials), object)
    found[:] = materials
    return found


def _areas(device: Leg | Module, ratio: Any) -> dict[str, Any]:
    """Cross-sections of the legs of a module, at one of a pair."""
    if isinstance(device, Leg):
        return {}
    pair, share = device.p.area + device.n.area, ratio / (1.0 + ratio)
    return {"p.area": pair * share, "n.area": pair * (1.0 - share)}


def materials(asked: Asked) -> DesignAnswer:
    """Materials in the place of one another, the best first."""
    device, goal = asked.device, asked.goal
    path, leg = _of_leg(asked)
    low, high = _temperatures(asked)
    chosen = asked.options["material"] or _library(leg, low, high)
    chosen = tuple({one.name: one for one in chosen}.values())
    if not chosen:
        raise ConvergenceError("no material of the library was measured over these temperatures")
    kinds = _objects(chosen)
    ratio = np.ones(len(chosen))
    if isinstance(device, Module):
        vary = {path: kinds[None, :], **_areas(device, RATIOS[:, None])}
        tried = solve_cases(device, asked.conditions, vary, keep=(goal.quantity,), **asked.how)
        ratio = np.exp([_top(np.log(RATIOS), values) for values in tried.values[goal.quantity].T])
    keep = tuple(dict.fromkeys((goal.quantity, *KEPT[isinstance(asked.conditions, Generator)])))
    found = solve_cases(
        device, asked.conditions, {path: kinds, **_areas(device, ratio)}, keep=keep, **asked.how
    )
    values = found.values[goal.quantity]
    order = np.argsort(-np.where(np.isfinite(values), values, -np.inf), kind="stable")
    ranges = np.array([one.T_range for one in chosen])
    T = np.linspace(low, high, 61)
    curves = {one.name: _zT(one, T) for one in chosen}
    columns = {
        **({"leg_area_ratio": ratio[order]} if isinstance(device, Module) else {}),
        **{name: v[order] for name, v in found.values.items()},
        "mean zT": np.array([float(np.nanmean(np.append(curves[chosen[k].name], np.nan))) for k in order]),
        "measured from": ranges[order, 0],
        "measured to": ranges[order, 1],
    }
    ranked = [chosen[k].name for k in order]
    first, value = ranked[0], values[order[0]]
    if not np.isfinite(value):
        raise ConvergenceError(f"with none of the materials the device has a {goal.words}")
    text = f"{first} has the largest {goal.words}, {format_si(float(value), goal.quantity, 4)}"
    if len(ranked) > 1 and np.isfinite(values[order[1]]):
        text += f", before {ranked[1]} with {format_si(float(values[order[1]]), goal.quantity, 4)}"
    found_sorted = _Sorted(found, order)
    shown = ranked[:SHOWN]
    drawn = {
        f"{goal.quantity} by material": DesignPicture(
            {"material": np.array(shown)}, {goal.quantity: values[order][:SHOWN]}
        ),
        "zT over T": DesignPicture(
            {"T": T},
            {name: curves[name] for name in shown[:6]},
            {"T": "temperature", **dict.fromkeys(shown[:6], "zT")},
        ),
    }
    return answered(
        asked,
        found_sorted,
        ranked,
        columns,
        f"{text}.",
        quantities={"mean zT": "zT", "measured from": "temperature", "measured to": "temperature"},
        drawn=drawn,
        materials=chosen,
        assumed=(f"the mean zT is that from {low:.4g} K to {high:.4g} K, as far as a material was measured",),
    )


class _Sorted:
    """How good the numbers of a batch are, in another order."""

    def __init__(self, found: Any, order: NDArray[np.intp]) -> None:
        for name in ("point_status", "point_energy_balance", "point_error_estimate"):
            setattr(self, name, getattr(found, name)[order])
        self.interpolation, self.warnings, self.notes = found.interpolation, found.warnings, found.notes


def _library(leg: Leg, low: float, high: float) -> tuple[Material, ...]:
    """The materials of the library of the carrier of a leg that cover a range."""
    found = []
    for name in names():
        one = load_material(name)
        if one.carrier != leg.carrier or one.is_unlimited or not {*NEEDED} <= {*one.transport}:
            continue
        if one.T_range[0] <= low + MARGIN and one.T_range[1] >= high - MARGIN:
            found.append(one)
    return tuple(found)


def _zT(material: Material, T: Array) -> Array:
    low, high = material.T_range
    inside = (T >= low) & (T <= high)
    found = np.full(len(T), np.nan)
    if inside.any():
        found[inside] = material.zT(T[inside])
    return found


def _top(x: Array, values: Array) -> float:
    """Place of the maximum by the parabola through the largest value and its neighbours; NaN without one."""
    if not np.isfinite(values).any():
        return 0.0
    k = int(np.nanargmax(values))
    if not 0 < k < len(x) - 1 or not np.isfinite(values[k - 1 : k + 2]).all():
        return float(x[k])
    a, b, c = values[k - 1 : k + 2]
    bend = a - 2.0 * b + c
    return float(x[k] + (0.5 * (a - c) / bend if bend < 0.0 else 0.0) * (x[k] - x[k - 1]))


def needs_materials(
    faults: Faults, device: Leg | Module, conditions: Any, options: Mapping[str, Any]
) -> None:
    """Note materials of the other carrier, and a leg of several segments."""
    del conditions
    leg = device if isinstance(device, Leg) else dict(named_legs(device))[f"{options['leg']}."]
    _one_segment(faults, leg)
    needs_free_areas(faults, device)
    for one in options["material"] or ():
        _carrier(faults, "material", one, leg)


def needs_samples(faults: Faults, device: Leg | Module, conditions: Any, options: Mapping[str, Any]) -> None:
    """Note fewer than two samples, those of the other carrier or without a thermal conductivity."""
    del conditions
    leg = device if isinstance(device, Leg) else dict(named_legs(device))[f"{options['leg']}."]
    _one_segment(faults, leg)
    samples = options["sample"] or ()
    if len(samples) < 2:
        faults.add(
            "sample",
            len(samples),
            "at least two samples are expected, such as 0=Bi2Te3 and 0.3=Bi2Te2.7Se0.3",
        )
    for amount, one in samples:
        _carrier(faults, f"sample.{amount:g}", one, leg)


def _one_segment(faults: Faults, leg: Leg) -> None:
    if len(leg.segments) > 1:
        faults.add("leg", len(leg.segments), "a leg of one segment is expected")


def _carrier(faults: Faults, where: str, material: Material, leg: Leg) -> None:
    if material.carrier != leg.carrier:
        faults.add(where, material.name, f"a material of {leg.carrier}-type is expected", "another leg?")


def solution_of(samples: Sequence[tuple[float, Material]], mass: float) -> SolidSolution:
    """The solid solution through samples of several compositions.

    Weighted mobility and lattice thermal conductivity are power laws of temperature through each sample,
    below its largest Seebeck coefficient, and the gap is that of Goldsmid and Sharp; between the samples they
    go along straight lines.

    `samples`: by composition.
    `mass`: density-of-states mass over that of the electron.
    """
    x = np.array([amount for amount, _ in samples])
    laws = np.array([_laws(one) for _, one in samples])

    def law(k: int) -> Any:
        return lambda c, T: np.interp(c, x, laws[:, k]) * (T / ROOM) ** np.interp(c, x, laws[:, k + 1])

    return SolidSolution(
        samples[0][1].carrier or "n",
        lambda c, T: mass + 0.0 * (c + T),
        law(0),
        law(2),
        lambda c, T: np.interp(c, x, laws[:, 4]) + 0.0 * T,
    )


def _still_rises(material: Material) -> bool:
    """Whether the Seebeck coefficient is largest where its data end, so that the gap may be larger."""
    assert material.seebeck is not None
    S = np.abs(np.asarray(material.seebeck(material.temperatures(61))))
    return int(np.argmax(S)) == len(S) - 1


def _laws(material: Material) -> tuple[float, float, float, float, float]:
    """Weighted mobility and lattice conductivity at 300 K with their exponents, and the gap in J."""
    T = material.temperatures(61)
    S = np.abs(np.asarray(material.seebeck(T))) if material.seebeck is not None else np.zeros(len(T))
    top = int(np.argmax(S))
    below = slice(0, max(top, 8) + 1)
    gap = float(np.max(goldsmid_sharp_gap(S, T)))
    T, S = T[below], S[below]
    sigma = np.asarray(material.electrical_conductivity(T))
    mobility = weighted_mobility(S, sigma, T)
    L = lorenz_number(fermi_level_from_seebeck(S))
    lattice = np.maximum(np.asarray(material.known_thermal_conductivity(T)) - L * sigma * T, 0.05)
    found = []
    for values in (mobility, lattice):
        slope, level = np.polyfit(np.log(T / ROOM), np.log(values), 1)
        found += [float(np.exp(level)), float(slope)]
    return found[0], found[1], found[2], found[3], gap


def doping(asked: Asked) -> DesignAnswer:
    """A map over composition and carrier density of a leg, and its best place."""
    device, goal, samples = asked.device, asked.goal, asked.options["sample"]
    path, leg = _of_leg(asked)
    alloy = solution_of(samples, asked.options["mass"])
    low, high = _temperatures(asked)
    T = np.linspace(low - MARGIN, high + MARGIN, TEMPERATURES)
    densities = [_density(one, asked.options["mass"]) for _, one in samples]
    x = np.linspace(samples[0][0], samples[-1][0], COMPOSITIONS)
    n = np.geomspace(min(densities) / SPREAD, max(densities) * SPREAD, DENSITIES)
    made = [[_doped(alloy, c, density, T) for density in n] for c in x]
    kinds = np.empty((len(x), len(n)), object)
    for i, row in enumerate(made):
        kinds[i, :] = row
    values = solve_cases(device, asked.conditions, {path: kinds}, keep=(goal.quantity,), **asked.how).values[
        goal.quantity
    ]
    if not np.isfinite(values).any():
        raise ConvergenceError(f"at no composition and carrier density the device has a {goal.words}")
    at = np.where(np.isfinite(values), values, -np.inf)
    i, k = np.unravel_index(int(np.argmax(at)), values.shape)
    best_x, best_n = _top(x, values[:, k]), float(np.exp(_top(np.log(n), values[i])))
    tried = [(float(x[i]), float(n[k])), (best_x, best_n)]
    rows = {AS_IS: leg.segments[0].material}
    rows |= {f"sample {amount:g}": one for amount, one in samples}
    rows |= {"grid": _doped(alloy, *tried[0], T), "best": _doped(alloy, *tried[1], T)}
    keep = tuple(dict.fromkeys((goal.quantity, *KEPT[isinstance(asked.conditions, Generator)])))
    found = solve_cases(
        device, asked.conditions, {path: _objects(list(rows.values()))}, keep=keep, **asked.how
    )
    reached = found.values[goal.quantity]
    kept = np.arange(len(rows)) != (len(rows) - 2 if reached[-1] >= reached[-2] else len(rows) - 1)
    place = tried[1] if kept[-1] else tried[0]
    columns = {
        "composition": np.array([np.nan, *(amount for amount, _ in samples), place[0]]),
        "carrier_density": np.array([np.nan, *densities, place[1]]),
        **{name: v[kept] for name, v in found.values.items()},
    }
    value = format_si(float(columns[goal.quantity][-1]), goal.quantity, 4)
    text = (
        f"The largest {goal.words} is {value}, at composition {place[0]:.4g} and a carrier density of "
        f"{format_si(place[1], 'carrier_density', 3)}"
    )
    if np.isfinite(reached[0]):
        text += f"; with the material of the device it is {format_si(float(reached[0]), goal.quantity, 4)}"
    marks = {
        f"sample {a:g}": {"composition": a, "carrier_density": d}
        for (a, _), d in zip(samples, densities, strict=True)
    }
    marks["best"] = {"composition": place[0], "carrier_density": place[1]}
    edges = [EDGE.format(place[0])] if place[0] in (x[0], x[-1]) else []
    if place[1] in (n[0], n[-1]):
        edges.append("the best carrier density is at the end of its range: it may be better beyond")
    return answered(
        asked,
        _Sorted(found, np.flatnonzero(kept)),
        (AS_IS, *(f"sample {amount:g}" for amount, _ in samples), "best"),
        columns,
        f"{text}.",
        drawn={
            f"{goal.quantity} over composition and carrier_density": DesignPicture(
                {"composition": x, "carrier_density": n},
                {goal.quantity: values},
                {},
                ("carrier_density",),
                marks,
            )
        },
        materials=[one for _, one in samples],
        assumed=(f"the density-of-states mass is {asked.options['mass']:g} of the electron's", *MODEL),
        warnings=[
            *edges,
            *(BOUND.format(amount) for amount, one in samples if _still_rises(one)),
        ],
    )


def _density(material: Material, mass: float) -> float:
    """Carrier density at 300 K of one band with the Seebeck coefficient of a material, in 1/m3."""
    assert material.seebeck is not None
    T = float(np.clip(ROOM, *material.T_range))
    eta = fermi_level_from_seebeck(abs(float(material.seebeck(T))))
    return float(carrier_density(eta, mass, T))


def _doped(alloy: SolidSolution, composition: float, density: float, T: Array) -> Material:
    found = solution_transport(alloy, density, composition, T)
    kappa = found.electronic_thermal_conductivity + found.bipolar_thermal_conductivity
    kappa = kappa + np.asarray(alloy.lattice_thermal_conductivity(np.asarray(composition), T))
    return Material.from_arrays(
        f"x = {composition:.3f}, n = {density / 1e6:.2e} cm^-3",
        alloy.carrier,
        T,
        seebeck=found.seebeck,
        electrical_conductivity=found.electrical_conductivity,
        thermal_conductivity=kappa,
        quality="synthetic",
    )
