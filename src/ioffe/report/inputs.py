"""Tables of what went in: materials with their sources, geometry, contacts, conditions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from markupsafe import Markup

from ioffe.device.cascade import Cascade, Device, materials_of
from ioffe.device.conditions import Conditions, Generator
from ioffe.device.fields import declared
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact, Layer
from ioffe.material.material import Material
from ioffe.report.markup import doi_link, name_html, rich_text
from ioffe.report.page import PageTable, numbers_from
from ioffe.report.text import list_of, printed
from ioffe.report.words import QUALITY
from ioffe.result.steady import Result

COVERAGE = {"footprint": "whole footprint", "electrodes": "legs and bridges", "legs": "over the legs"}
MOST_VALUES = 12
"""Values of a condition that are listed."""


def stages_of(device: Device) -> list[tuple[str, Leg | Module]]:
    """The stages of a cascade from the hot side, each with the words in front of its parts; else the device.

    >>> leg = Leg("Bi2Te3", length="2 mm", area="1 mm x 1 mm")
    >>> [words for words, _ in stages_of(leg)]
    ['']
    """
    if isinstance(device, Cascade):
        return [(f"Stage {k + 1}, ", stage) for k, stage in enumerate(device.stages)]
    return [("", device)]


def legs_by_name(device: Leg | Module) -> dict[str, Leg]:
    """The legs of one couple by their carriers."""
    return {"p": device.p, "n": device.n} if isinstance(device, Module) else {device.carrier: device}


def materials_table(result: Result) -> PageTable:
    """Every material of the device once, with where its numbers come from."""
    heads = ["Material", "Used as", "Measured range", "Electrical quantity"]
    heads += ["Interpolation", "Quality", "Source"]
    rows = [
        (
            material_cell(m.name, m.family, f"{m.carrier}-type" if m.carrier else "", m.kind),
            _role(result.device, m),
            range_words(m),
            _electrical(m),
            result.interpolation.get(m.name, m.interpolation),
            QUALITY.get(m.quality, m.quality),
            source_cell(m),
        )
        for m in materials_of(result.device)
    ]
    return PageTable(heads, rows, style="texts")


def material_cell(name: str, *words: str) -> Markup:
    """Name of a material over what it is."""
    below = ", ".join(filter(None, words))
    return Markup("<strong>{}</strong><br><small>{}</small>").format(name_html(name), below)


def _role(device: Device, material: Material) -> str:
    if isinstance(device, Leg):
        return "leg"
    parts: list[tuple[str, Iterable[Any]]] = []
    for _, stage in stages_of(device):
        parts += [(f"{kind} leg", leg.segments) for kind, leg in legs_by_name(stage).items()]
        if isinstance(stage, Module):
            parts += [("hot stack", stage.hot), ("cold stack", stage.cold)]
    if isinstance(device, Cascade):
        layers = [x for between in device.between for x in between if isinstance(x, Layer)]
        parts.append(("between stages", layers))
    return list_of(list(dict.fromkeys(w for w, found in parts if any(x.material == material for x in found))))


def range_words(m: Material) -> str:
    """Temperatures between which a material was measured."""
    if m.is_unlimited:
        return "constant values"
    words = " to ".join(printed(T, "temperature") for T in m.T_range)
    held = all(c.extrapolation == "hold" for c in m.transport.values())
    return f"{words}, held beyond" if held else words


def _electrical(m: Material) -> str:
    if m.electrical is None:
        return "insulator"
    return m.electrical.quantity.removeprefix("electrical_")


def source_cell(m: Material, *, sample: bool = True) -> Markup:
    """Where the numbers of a material come from, with method, notes and licence in small type."""
    p = m.provenance
    parts = [doi_link(p.doi)] if p.doi else []
    parts += [rich_text(text) for text in (p.source, p.sample if sample else "") if text]
    below = [p.method, p.note, f"Licence: {p.licence}" if p.licence else ""]
    lines = [Markup("; ").join(parts)]
    lines += [Markup("<small>{}</small>").format(rich_text(text)) for text in below if text]
    return Markup("<br>").join(line for line in lines if line) or Markup("no source stated")


def geometry_table(device: Device) -> PageTable:
    """Legs and layers from the hot to the cold side."""
    rows: list[tuple[str, ...]] = []
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
    return PageTable(("Part", "Material", "Thickness", "Cross-section"), rows, (2,))


def _layer_row(layer: Layer, part: str) -> tuple[str, ...]:
    material = layer.material.name
    if layer.interface:
        material += f", behind {printed(layer.interface, 'thermal_contact_resistance')}"
    return part, material, printed(layer.thickness, "thickness"), COVERAGE[layer.coverage]


def _leg_rows(leg: Leg, part: str) -> list[tuple[str, ...]]:
    sides = " × ".join(printed(s, "length", 4) for s in leg.sides)
    area = f"{sides} ({printed(leg.area, 'area', 4)})"
    return [(part, s.material.name, printed(s.length, "length"), area) for s in leg.segments]


def contacts_table(device: Device) -> PageTable:
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
    return PageTable(("Contact", "Electrical", "Thermal"), rows, numbers_from(1), "narrow")


def _contact(c: Contact) -> tuple[str, str]:
    electrical = printed(c.electrical, "electrical_contact_resistivity") if c.electrical else "none"
    return electrical, printed(c.thermal, "thermal_contact_resistance") if c.thermal else "none"


def device_facts(device: Device) -> list[tuple[str, str]]:
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
        own = declared(Module).items()
        facts += [("Couples", str(device.couples)), ("Footprint", printed(device.footprint, "area", 4))]
        facts += [(one.label, printed(getattr(device, k), one.quantity, 4)) for k, one in own]
        facts.append(("Between the legs", _filler(device)))
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


def conditions_facts(c: Conditions) -> list[tuple[str, str]]:
    """What was imposed, as name and value."""
    generates = isinstance(c, Generator)
    facts = [("Operation", "power generation" if generates else "cooling")]
    for name, one in declared(type(c)).items():
        value = getattr(c, name)
        if value is not None and (one.default != 0.0 or np.any(value)):
            facts.append((one.label, _values(value, one.quantity)))
    if not isinstance(c, Generator) and c.aim:
        facts.append(("Aim", f"largest {c.aim}"))
    return facts


def _values(value: Any, quantity: str) -> str:
    if isinstance(value, str):
        return value.replace("_", " ").replace("max", "largest")
    many = np.atleast_1d(value)
    shown = ", ".join(printed(float(v), quantity) for v in many[:MOST_VALUES])
    if len(many) <= MOST_VALUES:
        return shown
    return f"{shown}, … ({len(many)} values up to {printed(float(np.max(many)), quantity)})"
