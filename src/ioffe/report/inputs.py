"""Tables of what went in: materials with their sources, geometry, contacts, conditions."""

from __future__ import annotations

from typing import Any

import numpy as np
from markupsafe import Markup, escape

from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Conditions, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact, Layer
from ioffe.device.structure import materials_of
from ioffe.material.material import Material
from ioffe.report.markup import Table, doi_link, linked, name_html
from ioffe.report.stages import legs_by_name, stages_of
from ioffe.report.text import list_of, printed
from ioffe.report.words import QUALITY
from ioffe.result.steady import Result

__all__ = ["conditions_table", "contacts_table", "geometry_table", "materials_table"]

MOST_VALUES = 12
"""Values of a condition that are listed."""


def materials_table(result: Result) -> Table:
    """Every material of the device once, with where its numbers come from."""
    heads = (
        "Material",
        "Used as",
        "Measured range",
        "Electrical quantity",
        "Interpolation",
        "Quality",
        "Source",
    )
    rows = [
        (
            Markup("<strong>{}</strong>{}").format(name_html(m.name), _family(m)),
            _role(result.device, m),
            _range(m),
            _electrical(m),
            result.interpolation.get(m.name, m.interpolation),
            QUALITY.get(m.quality, m.quality),
            _source(m),
        )
        for m in materials_of(result.device)
    ]
    return Table(heads, tuple(rows))


def _family(m: Material) -> Markup:
    words = ", ".join(filter(None, [m.family, f"{m.carrier}-type" if m.carrier else "", m.kind]))
    return Markup("<br><small>{}</small>").format(words)


def _role(device: Leg | Module | Cascade, material: Material) -> str:
    if isinstance(device, Leg):
        return "leg"
    roles: list[str] = []
    for _, stage in stages_of(device):
        legs = legs_by_name(stage)
        roles += [f"{k} leg" for k, leg in legs.items() if any(s.material == material for s in leg.segments)]
        if isinstance(stage, Module):
            stacks = {"hot stack": stage.hot, "cold stack": stage.cold}
            roles += [
                words for words, layers in stacks.items() if any(x.material == material for x in layers)
            ]
    if isinstance(device, Cascade):
        plates = [x for parts in device.between for x in parts if isinstance(x, Layer)]
        roles += ["between stages"] if any(x.material == material for x in plates) else []
    return list_of(list(dict.fromkeys(roles)))


def _range(m: Material) -> str:
    low, high = m.T_range
    if (low, high) == (1.0, 10000.0):
        return "constant values"
    held = all(c.extrapolation == "hold" for c in m.transport.values())
    words = f"{printed(low, 'temperature')} to {printed(high, 'temperature')}"
    return f"{words}, held beyond" if held else words


def _electrical(m: Material) -> str:
    if m.electrical is None:
        return "insulator"
    return m.electrical.quantity.removeprefix("electrical_")


def _source(m: Material) -> Markup:
    p = m.provenance
    parts = [doi_link(p.doi)] if p.doi else []
    parts += [linked(text) for text in (p.source, p.sample) if text]
    lines = [Markup("; ").join(parts)]
    lines += [Markup("<small>{}</small>").format(linked(text)) for text in (p.method, p.note) if text]
    if p.licence:
        lines.append(Markup("<small>Licence: {}</small>").format(p.licence))
    return Markup("<br>").join(line for line in lines if line) or escape("no source stated")


def geometry_table(device: Leg | Module | Cascade) -> Table:
    """Legs and layers from the hot to the cold side."""
    rows: list[tuple[Markup | str, ...]] = []
    for k, (stage, part) in enumerate(stages_of(device)):
        if isinstance(part, Module):
            rows += [_layer_row(layer, f"{stage}hot stack") for layer in reversed(part.hot)]
        for kind, leg in legs_by_name(part).items():
            rows += _leg_rows(leg, f"{stage}{kind} leg")
        if isinstance(part, Module):
            rows += [_layer_row(layer, f"{stage}cold stack") for layer in part.cold]
        if isinstance(device, Cascade) and k < len(device.between):
            words = f"Between stages {k + 1} and {k + 2}"
            rows += [_layer_row(x, words) for x in device.between[k] if isinstance(x, Layer)]
    return Table(("Part", "Material", "Thickness", "Cross-section"), tuple(rows), frozenset({2}))


def _layer_row(layer: Any, part: str) -> tuple[Markup | str, ...]:
    area = {"footprint": "whole footprint", "electrodes": "legs and bridges", "legs": "over the legs"}[
        layer.coverage
    ]
    return part, name_html(layer.material.name), printed(layer.thickness, "thickness"), area


def _leg_rows(leg: Leg, part: str) -> list[tuple[Markup | str, ...]]:
    sides = " × ".join(printed(s, "length", 4) for s in leg.sides)
    area = f"{sides} ({printed(leg.area, 'area', 4)})"
    return [(part, name_html(s.material.name), printed(s.length, "length"), area) for s in leg.segments]


def contacts_table(device: Leg | Module | Cascade) -> Table:
    """Contacts of the legs, and between the stages of a cascade."""
    rows: list[tuple[str, ...]] = []
    for k, (stage, part) in enumerate(stages_of(device)):
        for kind, leg in legs_by_name(part).items():
            ends = [("hot end", leg.contact_hot), ("cold end", leg.contact_cold)]
            ends += [(f"between segments {i + 1} and {i + 2}", c) for i, c in enumerate(leg.between)]
            rows += [(f"{stage}{kind} leg, {words}", *_contact(contact)) for words, contact in ends]
        if isinstance(device, Cascade) and k < len(device.between):
            found = [x for x in device.between[k] if isinstance(x, Contact)]
            rows += [(f"Between stages {k + 1} and {k + 2}", *_contact(x)) for x in found]
    return Table(("Contact", "Electrical", "Thermal"), tuple(rows), frozenset({1, 2}))


def _contact(c: Contact) -> tuple[str, str]:
    electrical = printed(c.electrical, "electrical_contact_resistivity") if c.electrical else "none"
    return electrical, printed(c.thermal, "thermal_contact_resistance") if c.thermal else "none"


def device_facts(device: Leg | Module | Cascade) -> list[tuple[str, str]]:
    """What belongs to the whole device, as name and value."""
    facts = [(f"{stage}{n}", v) for stage, part in stages_of(device) for n, v in _module_facts(part)]
    if isinstance(device, Cascade):
        shares = ", ".join(f"{share:g}" for share in device.currents)
        words = "one for each stage" if device.connection == "independent" else f"in series, shares {shares}"
        facts.append(("Circuits", words))
    return facts


def _module_facts(device: Leg | Module) -> list[tuple[str, str]]:
    facts: list[tuple[str, str]] = []
    if isinstance(device, Module):
        facts += [
            ("Couples", str(device.couples)),
            ("Footprint", printed(device.footprint, "area", 4)),
            ("Fill factor", printed(device.fill_factor, "fill_factor", 4)),
            ("Leads and joints", printed(device.series_resistance, "electrical_resistance")),
            ("Between the legs", _filler(device)),
        ]
    for kind, leg in legs_by_name(device).items():
        words = "adiabatic"
        if leg.side is not None:
            h = printed(leg.side.convection, "heat_transfer_coefficient")
            words = f"{h}, emissivity {leg.side.emissivity:g}"
        facts.append((f"Sides of the {kind} leg", words))
    return facts


def _filler(device: Module) -> str:
    f = device.filler
    if f is None:
        return "nothing: no heat passes"
    return f"{printed(f.thermal_conductivity, 'thermal_conductivity')}, emissivity {f.emissivity:g}"


def conditions_table(c: Conditions) -> list[tuple[str, str]]:
    """What was imposed, as name and value."""
    mode = "power generation" if isinstance(c, Generator) else "cooling"
    facts = [("Operation", mode)]
    for name, words, quantity in (
        ("T_hot", "Hot side", "temperature"),
        ("T_cold", "Cold side", "temperature"),
        ("heat", "Heat entering" if isinstance(c, Generator) else "Heat load", "heat"),
        ("current", "Current", "current"),
        ("voltage", "Voltage", "voltage"),
        ("load", "Load", "load_resistance"),
    ):
        value = getattr(c, name, None)
        if value is not None:
            facts.append((words, _values(value, quantity)))
    if not isinstance(c, Generator) and c.aim:
        facts.append(("Aim", f"largest {c.aim}"))
    for side in ("hot", "cold"):
        coefficient, resistance = getattr(c, f"{side}_coefficient"), getattr(c, f"{side}_resistance")
        if coefficient is not None:
            facts.append((f"Heat transfer, {side} side", printed(coefficient, "heat_transfer_coefficient")))
        elif resistance:
            facts.append((f"Thermal resistance, {side} side", printed(resistance, "thermal_resistance")))
    if c.T_ambient is not None:
        facts.append(("Surroundings", printed(c.T_ambient, "temperature")))
    return facts


def _values(value: Any, quantity: str) -> str:
    if isinstance(value, str):
        return {"sweep": "sweep"}.get(value, value.replace("_", " ").replace("max", "largest"))
    many = np.atleast_1d(value)
    shown = ", ".join(printed(float(v), quantity) for v in many[:MOST_VALUES])
    if len(many) <= MOST_VALUES:
        return shown
    return f"{shown}, … ({len(many)} values up to {printed(float(np.max(many)), quantity)})"
