"""A cascade: modules thermally in series, as in multistage coolers and cascaded generators.

The legs and materials of any device are found here too.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal

from ioffe.base.errors import Faults
from ioffe.device.display import Shown
from ioffe.device.fields import one_of
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact, Layer
from ioffe.device.solving import Solvable
from ioffe.material.material import Material

Connection = Literal["series", "independent"]
CONNECTIONS = ("series", "independent")
Interface = tuple[Layer | Contact, ...]


@dataclass(frozen=True, init=False, repr=False)
class Cascade(Shown, Solvable):
    """Stages thermally in series, listed from the hot to the cold side.

    ``stages[0]`` touches the heat sink of a cooler or the heat source of a generator. In a cooler each stage
    pumps the heat and the electricity of those behind it, so that the first one is the largest. Heat flows in
    one dimension: where the footprint changes, constriction in the plates is left out.

    The result of `solve` belongs to the whole device, and `Result.stages` to each stage: its values have one
    more axis, the stages from the hot side. `T_hot_junction` is that of the first stage, `T_cold_junction`
    that of the last, `power_density` counts by the largest footprint, and the reservoirs' coefficients hold
    for the footprints of the first and of the last stage. With independent circuits, `current` and the
    currents of the maxima are those of the first stage, there is no terminal voltage, and only the aims
    (``"max_power"``, ``"max_efficiency"``, ``"max_heat"``, ``"max_COP"``, or a heat load with its aim) can
    be solved, one device after the other and without derivatives; those of one current are solved in batches,
    studied and differentiated as a `Module` is.

    Parameters
    ----------
    stages
        `Module` objects from the hot to the cold side, each with its own couples, legs, plates and footprint.
    connection
        ``"series"``: one current through all stages; ``"independent"``: each stage has its own circuit, and
        the maxima are sought over the currents of all stages.
    currents
        With ``"series"``, the current of each stage over that of the first; 1 by default. A share of 1/2
        means that the stage's couples form two equal rows in parallel.
    between
        What lies between two stages: `Layer` and `Contact` objects from hot to cold. One entry for all
        interfaces, or a list of one for each; an entry is a part or a list of parts. A layer has the larger
        footprint of its two neighbours, a contact the smaller; its electrical resistance must be zero.
    name : str
        What the device is called in results and reports.

    Examples
    --------
    >>> from ioffe.device.leg import Leg
    >>> p, n = (Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm") for k in "pn")
    >>> large, small = (Module(p=p, n=n, couples=c, fill_factor=0.4) for c in (31, 7))
    >>> cooler = Cascade([large, small], between=Layer("Al2O3", "0.6 mm"))
    >>> cooler.couples, cooler.currents
    (38, (1.0, 1.0))
    """

    stages: tuple[Module, ...]
    between: tuple[Interface, ...]
    connection: Connection
    currents: tuple[float, ...]
    name: str

    def __init__(
        self,
        stages: Iterable[Module],
        connection: Connection = "series",
        *,
        currents: Iterable[float] | None = None,
        between: Layer | Contact | Iterable[Any] = (),
        name: str = "",
    ) -> None:
        faults = Faults()
        put: dict[str, Any] = {"name": name, "connection": connection}
        put["stages"] = modules = _stages(faults, stages)
        with faults.collect("connection"):
            one_of(connection, CONNECTIONS)
        put["currents"] = _currents(faults, currents, len(modules), connection)
        put["between"] = _between(faults, between, len(modules))
        faults.raise_if_any()
        for key, value in put.items():
            object.__setattr__(self, key, value)

    @property
    def couples(self) -> int:
        """Number of couples of all stages."""
        return sum(stage.couples for stage in self.stages)

    @property
    def footprint(self) -> float:
        """Footprint of the largest stage in m2."""
        return max(stage.footprint for stage in self.stages)

    def replace(self, **changes: Any) -> Cascade:
        """A copy with other fields, given as the constructor takes them.

        Parameters
        ----------
        **changes
            New values of fields, as the constructor takes them: in SI, or texts with units. Another number of
            stages has currents and interfaces of its own.

        Returns
        -------
        Cascade
        """
        now = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        if "stages" in changes:
            # what counts by the stage holds only for as many of them
            changes["stages"] = _stages(Faults(), changes["stages"])
            if len(changes["stages"]) != len(self.stages):
                del now["currents"], now["between"]
        if changes.get("connection", self.connection) != "series":
            now.pop("currents", None)
        return Cascade(**{**now, **changes})


def first_stages(cascade: Cascade, count: int) -> Cascade:
    """The first stages of a cascade, from its hot side.

    The plates behind the last of them become its cold ones; contacts behind it go.

    `count`: from 1 to the number of its stages.

    >>> p, n = (Leg(f"generic {k} cooler leg", "1.6 mm", "2 mm2") for k in "pn")
    >>> stages = [Module(p=p, n=n, couples=c, fill_factor=0.4) for c in (31, 7)]
    >>> one = first_stages(Cascade(stages, between=Layer("Al2O3", "0.6 mm")), 1)
    >>> one.couples, len(one.stages[0].cold)
    (31, 1)
    """
    if count == len(cascade.stages):
        return cascade
    *before, last = cascade.stages[:count]
    plates = [part for part in cascade.between[count - 1] if isinstance(part, Layer)]
    stages = [*before, last.replace(cold=(*last.cold, *plates))]
    shares = cascade.currents[:count] if cascade.connection == "series" else None
    between = cascade.between[: count - 1]
    return Cascade(stages, cascade.connection, currents=shares, between=between, name=cascade.name)


def _stages(faults: Faults, stages: Iterable[Module]) -> tuple[Module, ...]:
    given = tuple(stages) if isinstance(stages, Iterable) else (stages,)
    if not given:
        faults.add("stages", [], "at least one stage is expected")
    for k, stage in enumerate(given):
        if not isinstance(stage, Module):
            faults.add(f"stages[{k}]", stage, "a Module is expected")
    return given


def _currents(
    faults: Faults, currents: Iterable[float] | None, stages: int, connection: str
) -> tuple[float, ...]:
    if currents is None:
        return (1.0,) * stages
    if connection == "independent":
        faults.add("currents", expected='no currents are expected with connection = "independent"')
    shares = tuple(currents)
    if len(shares) != stages:
        faults.add("currents", len(shares), f"one share for each of the {stages} stages is expected")
    for k, share in enumerate(shares):
        number = isinstance(share, int | float) and not isinstance(share, bool)
        if not number or not isfinite(share) or share == 0:
            faults.add(f"currents[{k}]", share, "a number other than zero is expected")
        elif k == 0 and share != 1:
            faults.add("currents[0]", share, "1 is expected, because the shares count by the first current")
    return shares


def _between(faults: Faults, between: Layer | Contact | Iterable[Any], stages: int) -> tuple[Interface, ...]:
    gaps = max(stages - 1, 0)
    if isinstance(between, Layer | Contact):
        return (_interface(faults, between, "between"),) * gaps
    entries = tuple(between)
    if entries and len(entries) != gaps:
        expected = f"one entry for each of the {gaps} interfaces between {stages} stages is expected"
        faults.add("between", len(entries), expected)
    return tuple(_interface(faults, e, f"between[{k}]") for k, e in enumerate(entries)) or ((),) * gaps


def _interface(faults: Faults, entry: Any, location: str) -> Interface:
    parts = tuple(entry) if isinstance(entry, list | tuple) else (entry,)
    for part in parts:
        if not isinstance(part, Layer | Contact):
            faults.add(location, part, "a Layer or a Contact, or a list of them, is expected")
        elif isinstance(part, Contact) and (part.electrical or not part.thermal):
            expected = "a Contact with a thermal resistance and no electrical one is expected"
            faults.add(location, part, expected)
        elif isinstance(part, Layer) and part.coverage != "footprint":
            faults.add(location, part.coverage, 'coverage = "footprint" is expected between two stages')
        elif isinstance(part, Layer) and (part.interface != 0.0):
            expected = "no interface is expected here; a Contact with a thermal resistance is one more entry"
            faults.add(location, part.interface, expected)
    return parts


Device = Leg | Module | Cascade
"""What is solved: a leg alone, a module, or modules in series."""


def legs_of(device: Device) -> tuple[Leg, ...]:
    """The legs of a device, p first, from the hot to the cold stage."""
    if isinstance(device, Cascade):
        return tuple(leg for stage in device.stages for leg in legs_of(stage))
    return (device.p, device.n) if isinstance(device, Module) else (device,)


def materials_of(device: Device) -> list[Material]:
    """Every material of a device once, legs first."""
    found = [s.material for leg in legs_of(device) for s in leg.segments]
    if isinstance(device, Cascade):
        found += [m for stage in device.stages for m in materials_of(stage)]
        found += [p.material for parts in device.between for p in parts if isinstance(p, Layer)]
    elif isinstance(device, Module):
        found += [layer.material for layer in (*device.hot, *device.cold)]
    return list({id(m): m for m in found}.values())


def named_stages(device: Device) -> tuple[tuple[str, Leg | Module], ...]:
    """Stages of a cascade behind the prefix of their paths, ``"stages[0]."``; others behind nothing."""
    if isinstance(device, Cascade):
        return tuple((f"stages[{k}].", stage) for k, stage in enumerate(device.stages))
    return (("", device),)


def named_legs(device: Device) -> tuple[tuple[str, Leg], ...]:
    """Legs of a device behind the prefix of their paths: ``"p."``, ``"n."``, or nothing for a single leg.

    Those of a cascade stand behind that of their stage: ``"stages[0].p."``.
    """
    found: list[tuple[str, Leg]] = []
    for before, stage in named_stages(device):
        if isinstance(stage, Module):
            found += [(f"{before}p.", stage.p), (f"{before}n.", stage.n)]
        else:
            found.append((before, stage))
    return tuple(found)
