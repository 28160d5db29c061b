"""From the models of a device file to the device, every fault of the construction with its location.

Materials are names of the library, or cards and tables beside the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import Any, Final

from ioffe.base.errors import ABSENT, Fault, Faults, InputError, did_you_mean, join_location
from ioffe.base.units import measured
from ioffe.device.cascade import Cascade, legs_of
from ioffe.device.conditions import Conditions, Cooler, Generator
from ioffe.device.fields import declared
from ioffe.device.layout import Layout
from ioffe.device.leg import Carrier, Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact, GapFiller, Layer, Segment, SideLoss
from ioffe.device_file import models
from ioffe.device_file.measured import Measured, SweepFile, conditions_at
from ioffe.material import library
from ioffe.material.material import Material

CARD = ".toml"


class MaterialFinder:
    """Finds materials, each file read once.

    `folder`: where the device file lies.
    `own`: name of the device file, which is never offered as a material.
    `confined`: whether names that lead out of the folder are refused.
    """

    def __init__(self, folder: Path, own: str, *, confined: bool = False) -> None:
        self.folder = folder
        self.own = own
        self.confined = confined
        self._found: dict[tuple[str | None, ...], Material] = {}

    def find(self, reference: str | models.MaterialTable) -> Material:
        """The material of a reference.

        Raises `InputError` faults of a file name it; those without a file concern the reference.
        """
        table = models.MaterialTable(name=reference) if isinstance(reference, str) else reference
        if (table.name is None) == (table.file is None):
            raise InputError(Fault("", expected="either name (of the library) or file is expected"))
        key = (table.name, table.file, table.sample, table.carrier, table.interpolation)
        if key not in self._found:
            self._found[key] = _changed(self._read(table), table)
        return self._found[key]

    def _read(self, table: models.MaterialTable) -> Material:
        word, sample = library.parted(table.name or table.file or "")
        ending = Path(word).suffix.casefold()
        if table.file is None and word.strip().casefold() in {name.casefold() for name in library.names()}:
            return _without_sample(library.load_material(word), table)
        if ending != CARD and ending not in library.TABLE_ENDINGS:
            raise self._no_file(word, table)
        path = self.beside(word)
        if not path.exists():
            names = [*self._files(), *(library.names() if table.file is None else ())]
            advice = did_you_mean(word, names)
            raise InputError(Fault("", word, "there is no such file beside the device file", advice))
        if ending == CARD:
            return _without_sample(Material.from_card(path), table)
        try:
            return Material.from_csv(path, table.carrier, table.sample or sample)
        except InputError as error:
            raise InputError(*map(_with_import, error.faults)) from None

    def beside(self, word: str) -> Path:
        """The file of a name; raises `InputError` if a confined device names one of another folder."""
        if self.confined and (word in ("", ".", "..") or any(mark in word for mark in "/\\:\0")):
            expected = "the name of a file beside the device file is expected, without folders"
            raise InputError(Fault("", word, expected))
        return self.folder / word

    def _no_file(self, word: str, table: models.MaterialTable) -> InputError:
        if table.file is not None:
            endings = ", ".join((CARD, *library.TABLE_ENDINGS))
            return InputError(Fault("", word, f"a file is expected that ends in one of {endings}"))
        if self.beside(word).is_file():
            expected = "a card or a table is expected"
            return InputError(Fault("", word, expected, "ioffe materials import makes cards of other files"))
        advice = did_you_mean(word, [*library.names(), *self._files()])
        advice = advice or "ioffe materials list shows all names; a file ends in .toml or .csv"
        return InputError(Fault("", word, "no material of the library has this name", advice))

    def tables(self) -> list[str]:
        """Names of the tables beside the device file."""
        return self._files(library.TABLE_ENDINGS)

    def _files(self, endings: Sequence[str] = (CARD, *library.TABLE_ENDINGS)) -> list[str]:
        """Names of the files beside the device file that may be materials."""
        try:
            names = [path.name for path in self.folder.iterdir() if path.suffix.casefold() in endings]
        except OSError:
            return []
        return sorted(name for name in names if name != self.own)


def placed(fault: Fault, reference: str | models.MaterialTable, location: str) -> Fault:
    """A fault of a reference, at its location in the device file."""
    if isinstance(reference, str) or fault.location:
        return replace(fault, location=join_location(location, fault.location))
    if fault.value is ABSENT:
        return replace(fault, location=location)
    return replace(fault, location=join_location(location, "name" if reference.file is None else "file"))


def _with_import(fault: Fault) -> Fault:
    """With the command that has the options of which the advice speaks, and which a device file has not."""
    command = "ioffe materials import has such options and makes a card"
    return replace(fault, advice=f"{fault.advice}; {command}") if "--" in fault.advice else fault


def _changed(material: Material, table: models.MaterialTable) -> Material:
    if table.carrier is not None and material.carrier != table.carrier:
        material = material.replace(carrier=table.carrier)
    return material if table.interpolation is None else material.with_interpolation(table.interpolation)


def _without_sample(material: Material, table: models.MaterialTable) -> Material:
    if table.sample is not None:
        raise InputError(Fault("sample", table.sample, "nothing is expected here", "a card has one sample"))
    return material


_NO_CARRIER = "Cu"
_GRID, _GAPS = ("rows", "columns", "hot_plate", "cold_plate"), ("gap", "row_gap", "overhang")
_LEADS_TO: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("rows", "columns"), _GRID),
    "couples": (*_GRID, *_GAPS, "legs"),
    **dict.fromkeys(("gap", "row_gap"), _GAPS),
    **dict.fromkeys(("p", "n", "legs"), (*_GAPS, "legs")),
    **dict.fromkeys(("hot", "cold"), _GAPS),
    **{f"{side}_plate": (f"{side}_patch",) for side in ("hot", "cold")},
}
"""What faults of a module and of its layout make of its layout, about which nothing is said then."""


class DeviceBuilder:
    """Builds the parts of one file and collects what is wrong with them.

    `folder`: where the file lies; materials are looked for beside it.
    `faults`: takes every fault.
    `replaced`: locations that hold substitutes; nothing is said about them.
    `confined`: whether files out of the folder are refused.
    """

    def __init__(self, folder: Path, faults: Faults, replaced: set[str], *, confined: bool = False) -> None:
        self.faults = faults
        self.replaced = set(replaced)
        self.finder = MaterialFinder(folder, Path(faults.file).name, confined=confined)

    @contextmanager
    def building(self, location: str) -> Iterator[None]:
        """Take over the faults of a constructor, without those that a stand-in caused."""
        try:
            yield
        except InputError as error:
            for fault in error.faults:
                where = join_location(location, fault.location)
                if not touches(where, self.replaced):
                    self._take(replace(fault, location=where))

    def _take(self, fault: Fault) -> None:
        if (fault if fault.file else replace(fault, file=self.faults.file)) not in self.faults.found:
            with self.faults.collect():
                raise InputError(fault)

    def material(self, reference: str | models.MaterialTable, location: str) -> Material:
        """The material of a reference; a stand-in if there is none, the fault noted."""
        try:
            return self.finder.find(reference)
        except InputError as error:
            for fault in error.faults:
                alone = isinstance(reference, str) and library.parted(reference)[1] is None
                if alone and fault.file and fault.location == "sample":
                    form = f'{location.rpartition(".")[2]} = {{ file = "{reference}", sample = "..." }}'
                    fault = replace(fault, advice=f"write {form} and {fault.advice}")
                elif fault.file and fault.location == "sample" and not isinstance(reference, str):
                    fault = replace(fault, advice=f'write sample = "..." beside the file and {fault.advice}')
                self._take(fault if fault.file else placed(fault, reference, location))
        self.replaced.add(location)
        return library.load_material(_NO_CARRIER)

    # Legs

    def leg(self, table: models.LegTable, location: str, kind: Carrier | None = None) -> Leg:
        """A leg; a stand-in of the same cross-section if it cannot be built."""
        before = len(self.faults)
        fields: dict[str, Any] = {
            "contact": _contact(table.contact),
            "contact_hot": _contact(table.contact_hot),
            "contact_cold": _contact(table.contact_cold),
            "between": _between(table.between),
            "carrier": table.carrier if isinstance(table, models.SingleLegTable) else None,
            "name": table.name if isinstance(table, models.SingleLegTable) else "",
        }
        if table.material is not None:
            fields["material"] = self.material(table.material, f"{location}.material")
        if table.segments is not None:
            fields["segments"] = [
                Segment(self.material(item.material, f"{location}.segments[{i}].material"), item.length)
                for i, item in enumerate(table.segments)
            ]
        if table.side is not None:
            fields["side"] = SideLoss(**dict(table.side))
        if len(self.faults) > before or any(touches(other, {location}) for other in self.replaced):
            fields["carrier"] = fields["carrier"] or kind
        area, sides = table.area
        with self.building(location):
            return Leg(length=table.length, area=area, sides=sides, **fields)
        return Leg(_NO_CARRIER, 1e-3, area, sides=sides, carrier=kind or "p")

    # Modules

    def layers(self, tables: Sequence[models.LayerTable], location: str) -> list[Layer]:
        """A stack of layers."""
        return [
            Layer(
                self.material(item.layer, f"{location}[{i}].layer"),
                **{key: value for key, value in item if key != "layer"},
            )
            for i, item in enumerate(tables)
        ]

    def module(self, table: models.ModuleTable, name: str, location: str = "module") -> Module | None:
        """The module, None if it cannot be built."""
        p, n = self.leg(table.p, f"{location}.p", "p"), self.leg(table.n, f"{location}.n", "n")
        hot, cold = self.layers(table.hot, f"{location}.hot"), self.layers(table.cold, f"{location}.cold")
        given = {name: getattr(table, name) for name in declared(Module)}
        given["layout"] = self._layout(table.layout, f"{location}.layout")
        self._excuse(given, table, location)
        with self.building(location):
            return Module(
                p,
                n,
                table.couples,
                **given,
                footprint=None if table.footprint is None else table.footprint[0],
                hot=hot,
                cold=cold,
                filler=table.filler and GapFiller(**dict(table.filler)),
                name=table.name or name,
            )
        return None

    def _layout(self, table: models.LayoutTable | None, location: str) -> Layout | None:
        if table is None:
            return None
        plates = {
            key: value[1] or (sqrt(value[0]), sqrt(value[0]))
            for key, value in table
            if key.endswith("_plate") and value is not None
        }
        legs = {}
        for key, leg in table.legs.items():
            where = f"{location}.legs.{key}"
            if key.isdecimal():
                legs[int(key)] = self.leg(leg, where, "n" if int(key) % 2 else "p")
            else:
                self.faults.add(where, expected="the number of a leg is expected, such as 5")
        given = {**dict(table), **plates, "legs": legs}
        for _ in range(2):
            with self.building(location):
                return Layout(**given)
            for name in list(given):
                if any(touches(f.location, {f"{location}.{name}"}) for f in self.faults.found):
                    self.replaced.add(f"{location}.{name}")
                    del given[name]
        self.replaced.add(location)
        return None

    def _excuse(self, given: dict[str, Any], table: models.ModuleTable, location: str) -> None:
        """Let the rest of a faulty layout be checked, and say nothing about what its faults lead to."""
        inside = {x.removeprefix(f"{location}.") for x in self.replaced if touches(x, {location})}
        wrong = {x.removeprefix("layout.").replace("[", ".").partition(".")[0] for x in inside}
        if given["layout"] is None:
            if "layout" in wrong and table.footprint is None:
                given["fill_factor"] = table.fill_factor or 1.0
            return
        if wrong & {"gap", "row_gap"} and table.fill_factor is None and table.footprint is None:
            # a plate that is too small for legs that touch is so for any gap
            given["layout"] = given["layout"].replace(gap=0.0)
        led = {name for cause, names in _LEADS_TO.items() if cause in wrong for name in names}
        for side in ("hot", "cold"):
            if led and getattr(given["layout"], f"{side}_plate") is None:
                led.add(f"{side}_patch")
        self.replaced |= {f"{location}.layout.{name}" for name in led}

    def cascade(self, table: models.CascadeTable, name: str) -> Cascade | None:
        """The cascade, None if it cannot be built."""
        stages = [self.module(t, "", f"cascade.stages[{k}]") for k, t in enumerate(table.stages)]
        if isinstance(table.between, models.InterfaceTable):
            between = [self._interface(table.between, "cascade.between")] * (len(stages) - 1)
        else:
            tables = ((t, f"cascade.between[{k}]") for k, t in enumerate(table.between))
            between = [self._interface(t, location) for t, location in tables]
        known = [stage for stage in stages if stage is not None]
        if len(known) < len(stages):
            return None
        with self.building("cascade"):
            return Cascade(
                known, table.connection, currents=table.currents, between=between, name=table.name or name
            )
        return None

    def _interface(self, table: models.InterfaceTable, location: str) -> list[Contact | Layer]:
        contact = [Contact(thermal=table.thermal)] if table.thermal else []
        return [*contact, *self.layers(table.layers, f"{location}.layers")]

    def device(self, document: models.DeviceTable, name: str) -> Leg | Module | Cascade | None:
        """The module, the cascade or the leg of the file."""
        given = [key for key in ("module", "leg", "cascade") if getattr(document, key) is not None]
        for key in given[1:]:
            self.faults.add(key, expected=f"either [{given[0]}] or [{key}] is expected, not both")
        if not given and not any(touches(key, self.replaced) for key in ("module", "cascade")):
            self.faults.add("module", expected="a table [module], [cascade] or [leg] is expected")
        module = None if document.module is None else self.module(document.module, name)
        cascade = None if document.cascade is None else self.cascade(document.cascade, name)
        if document.leg is None:
            return cascade or module
        leg = self.leg(document.leg, "leg")
        return leg if document.leg.name else leg.replace(name=name)

    # Conditions and published values

    def conditions(
        self, document: models.DeviceTable, device: Leg | Module | Cascade | None
    ) -> Conditions | None:
        """The conditions, None if they contradict each other."""
        table = document.operate
        fields = {name: value for name, value in table if value is not None and name != "mode"}
        if table.mode == "cool" and table.heat is not None and touches("operate.aim", self.replaced):
            fields.setdefault("aim", "COP")
        losing = device is not None and any(leg.side is not None for leg in legs_of(device))
        if losing and document.solve.fidelity != "ideal" and table.T_ambient is None:
            expected = 'a temperature is expected, such as "300 K", because legs lose heat sideways'
            with self.building("operate"):
                raise InputError(Fault("T_ambient", expected=expected))
        with self.building("operate"):
            return Generator(**fields) if table.mode == "generate" else Cooler(**fields)
        return None

    def measured(
        self, table: models.MeasuredTable, location: str, conditions: Conditions | None
    ) -> Measured | SweepFile | None:
        """A published value or a table of sweeps, None if it is faulty."""
        if table.file is not None:
            return self._sweep(table, location)
        if table.quantity is None or table.value is None:
            key = f"{location}.{'quantity' if table.quantity is None else 'value'}"
            if not touches(key, self.replaced):
                self.faults.add(key, expected="this key is missing, or file in its place")
            return None
        at = {name: value for name, value in table.at if value is not None}
        if conditions is not None:
            with self.building(f"{location}.at"):
                conditions_at(conditions, at)
        with self.building(f"{location}.value"):
            value, std = measured(table.value, table.quantity)
            words = {name: getattr(table, name) for name in ("condition", "kind", "source", "doi")}
            return Measured(table.quantity, value, std, at, **words)
        return None

    def _sweep(self, table: models.MeasuredTable, location: str) -> SweepFile | None:
        for key in ("quantity", "value"):
            if getattr(table, key) is not None:
                expected = "nothing is expected here beside a file"
                self.faults.add(f"{location}.{key}", getattr(table, key), expected)
        with self.building(f"{location}.file"):
            path = self.finder.beside(str(table.file))
            if path.is_file():
                given = {k: getattr(table, k) for k in ("heat", "T_hot", "T_cold", "uncertainty", "noise")}
                options = {key: value for key, value in given.items() if value}
                return SweepFile(path, options, table.condition, table.source, table.doi)
            names = self.finder.tables()
            expected = "there is no such file beside the device file"
            raise InputError(Fault("", table.file, expected, did_you_mean(table.file, names)))
        return None


def _contact(table: models.ContactTable | None) -> Contact | None:
    return None if table is None else Contact(**dict(table))


def _between(tables: models.ContactTable | Sequence[models.ContactTable]) -> Any:
    if isinstance(tables, models.ContactTable):
        return _contact(tables)
    return [_contact(table) for table in tables]


def touches(location: str, replaced: Iterable[str]) -> bool:
    """Whether a location is one of those replaced, or lies inside one.

    >>> touches("module.p.length", {"module.p"}), touches("module.p", {"module.p.length"})
    (True, False)
    """
    return any(location == other or location.startswith((f"{other}.", f"{other}[")) for other in replaced)
