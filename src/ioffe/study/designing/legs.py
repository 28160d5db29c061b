"""Spaces of questions about the sizes of legs: areas, lengths, fill factor, segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ioffe.base.errors import Faults
from ioffe.device.cascade import named_legs
from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.study.designing.question import Asked
from ioffe.study.designing.space import DesignSpace, DesignVariable

WIDE: Final = 8.0
"""Factor up and down from the device as it is, over which ratios and lengths are searched."""
DENSEST: Final = 0.9
"""Largest fill factor: legs need a gap."""
FILM: Final = 0.8
"""Exponent of the flow in the heat-transfer coefficient of turbulent flow: F. W. Dittus, L. M. K. Boelter,
Univ. Calif. Publ. Eng. 2 (1930) 443, again as doi 10.1016/0735-1933(85)90003-X."""
PUMP: Final = 2.75
"""Exponent of the flow in the power of a pump or fan, flow times pressure ~ flow^1.75: H. Blasius, Mitt.
Forschungsarb. 131 (1913), doi 10.1007/978-3-662-02239-9_1, in smooth tubes at Re < 1e5."""
FLOW_LAWS: Final = (
    f"heat transfer grows as flow^{FILM} (Dittus and Boelter, doi 10.1016/0735-1933(85)90003-X), the power "
    f"of pump or fan as flow^{PUMP} (Blasius, doi 10.1007/978-3-662-02239-9_1): turbulent, in smooth tubes"
)
"""What the flow of a pump or fan is assumed to do."""


def area_ratio(asked: Asked) -> DesignSpace:
    """A_p/A_n at one cross-section of a pair."""
    module = _module(asked)
    pair, now = module.p.area + module.n.area, module.p.area / module.n.area

    def paths(x: Mapping[str, Any]) -> dict[str, Any]:
        share = x["leg_area_ratio"] / (1.0 + x["leg_area_ratio"])
        return {"p.area": pair * share, "n.area": pair * (1.0 - share)}

    ratio = DesignVariable("leg_area_ratio", now, now / WIDE, now * WIDE)
    return _space(asked, [ratio], paths)


def area_and_height(asked: Asked) -> DesignSpace:
    """A_p/A_n and length over the cross-section of a pair, at one cross-section of a pair."""
    module = _module(asked)
    ratio = area_ratio(asked)
    pair = module.p.area + module.n.area
    stretch = module.n.length / module.p.length

    def paths(x: Mapping[str, Any]) -> dict[str, Any]:
        height = x["height_over_area"] * pair
        return {**ratio.paths(x), "p.length": height, "n.length": stretch * height}

    now = module.p.length / pair
    height = DesignVariable("height_over_area", now, now / WIDE, now * WIDE)
    return _space(asked, [*ratio.variables, height], paths)


def length_and_fill(asked: Asked) -> DesignSpace:
    """Length of the legs and their share of the footprint, which stays; with a pump its flow."""
    device, given = asked.device, asked.options
    length = dict(named_legs(device))["p." if isinstance(device, Module) else ""].length
    low, high = given["shortest"] or length / WIDE, given["longest"] or length * WIDE
    variables = [DesignVariable("length", length, low, high)]
    fill = device.fill_factor if isinstance(device, Module) else 1.0
    if isinstance(device, Module):
        ends = given["least_fill"] or fill / WIDE, given["most_fill"] or DENSEST
        variables.append(DesignVariable("fill_factor", fill, *ends))
    pump = given["pump_power"]
    films = pump_films(asked) if pump else {}
    if pump:
        variables.append(DesignVariable("relative_flow", 1.0, 0.1, 3.0))

    def paths(x: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for prefix, leg in named_legs(device):
            found[f"{prefix}length"] = x["length"] * (leg.length / length)
            if isinstance(device, Module):
                found[f"{prefix}area"] = leg.area * x["fill_factor"] / fill
        if isinstance(device, Module):
            found["fill_factor"] = x["fill_factor"]
        for path, (value, exponent) in films.items():
            found[path] = value * x["relative_flow"] ** exponent
        return found

    if not pump:
        return _space(asked, variables, paths)

    def net(values: Mapping[str, Any], x: Mapping[str, Any]) -> Any:
        return values["power"] - pump * x["relative_flow"] ** PUMP

    return DesignSpace(
        device, asked.conditions, variables, paths, "net_power", 1.0, net, ("power",), asked.how
    )


def segment_lengths(asked: Asked) -> DesignSpace:
    """Lengths of the thermoelectric segments of each leg, whose sum stays; metal layers stay as they are."""
    lengths: dict[str, tuple[list[str], float]] = {}
    variables = []
    for prefix, leg in named_legs(asked.device):
        kept = _thermoelectric(leg)
        if len(kept) < 2:
            continue
        total = sum(leg.segments[k].length for k in kept)
        names = [f"{prefix}segments[{k}].length" for k in kept]
        lengths[prefix] = names, total
        rest = total
        for k, name in zip(kept[:-1], names, strict=False):
            now = leg.segments[k].length
            variables.append(
                DesignVariable(f"{name} of the rest", now / rest, 0.02, 0.98, False, "length_share")
            )
            rest -= now

    def paths(x: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for names, total in lengths.values():
            rest = total
            for name in names[:-1]:
                found[name] = rest * x[f"{name} of the rest"]
                rest = rest - found[name]
            found[names[-1]] = rest
        return found

    return _space(asked, variables, paths)


def needs_segments(faults: Faults, device: Leg | Module, *_: Any) -> None:
    """Note a device without two thermoelectric segments in a leg, or with more than three variables."""
    counts = [max(len(_thermoelectric(leg)) - 1, 0) for _, leg in named_legs(device)]
    if not sum(counts):
        faults.add("segments", expected="a leg of two or more thermoelectric segments is expected")
    elif sum(counts) > 3:
        faults.add("segments", sum(counts), "at most three lengths that are free are expected")


def needs_free_areas(faults: Faults, device: Leg | Module, *_: Any) -> None:
    """Note a gap between the legs, which would decide the fill factor as areas vary."""
    if isinstance(device, Module) and device.layout is not None and device.layout.gap is not None:
        expected = "no gap is expected while cross-sections vary: give a fill factor"
        faults.add("module.layout.gap", device.layout.gap, expected)


def needs_pump(faults: Faults, device: Leg | Module, conditions: Any, options: Mapping[str, Any]) -> None:
    """Note a pump without its exchanger, ranges that are exchanged, a fill factor that a gap decides."""
    for low, high in (("shortest", "longest"), ("least_fill", "most_fill")):
        a, b = options[low], options[high]
        if a is not None and b is not None and not a < b:
            faults.add(high, b, f"a larger value than {low} is expected")
    needs_free_areas(faults, device)
    if options["pump_power"] is not None and not isinstance(conditions, Generator):
        faults.add("pump_power", options["pump_power"], "none is expected of a cooler")
    elif options["pump_power"] is not None:
        side = options["pump_side"]
        if not (
            getattr(conditions, f"{side}_heat_transfer_coefficient")
            or getattr(conditions, f"{side}_resistance")
        ):
            expected = "the coefficient of the exchanger is expected whose pump it is"
            faults.add(f"operate.{side}_heat_transfer_coefficient", expected=expected)
    elif options["pump_side"] != "cold":
        faults.add("pump_power", expected="a power is expected beside pump_side")


def pump_films(asked: Asked) -> dict[str, tuple[float, float]]:
    """The coefficient or resistance that the flow of a pump moves, with its exponent."""
    side = asked.options["pump_side"]
    coefficient = getattr(asked.conditions, f"{side}_heat_transfer_coefficient")
    if coefficient is not None:
        return {f"{side}_heat_transfer_coefficient": (coefficient, FILM)}
    return {f"{side}_resistance": (getattr(asked.conditions, f"{side}_resistance"), -FILM)}


def _thermoelectric(leg: Leg) -> list[int]:
    return [k for k, one in enumerate(leg.segments) if one.material.carrier is not None]


def _module(asked: Asked) -> Module:
    assert isinstance(asked.device, Module)
    return asked.device


def _space(asked: Asked, variables: list[DesignVariable], paths: Any) -> DesignSpace:
    return DesignSpace(asked.device, asked.conditions, variables, paths, asked.goal.quantity, how=asked.how)
