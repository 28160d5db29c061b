"""Materials that a device file names: of the library, or of a card or table beside the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ioffe.base.errors import ABSENT, Fault, InputError, did_you_mean, join_location
from ioffe.device_file.models import MaterialTable
from ioffe.material import library
from ioffe.material.material import Material

CARD = ".toml"


class Shelf:
    """Finds materials, each file read once.

    Parameters
    ----------
    folder : Path
        Where the device file lies.
    own : str
        Name of the device file, which is never offered as a material.
    """

    def __init__(self, folder: Path, own: str) -> None:
        self.folder = folder
        self.own = own
        self._found: dict[tuple[str | None, ...], Material] = {}

    def find(self, reference: str | MaterialTable) -> Material:
        """The material of a reference.

        Raises
        ------
        InputError
            Faults of a file name it; those without a file concern the reference.
        """
        table = MaterialTable(name=reference) if isinstance(reference, str) else reference
        if (table.name is None) == (table.file is None):
            raise InputError(Fault("", expected="either name (of the library) or file is expected"))
        key = (table.name, table.file, table.sample, table.carrier, table.interpolation)
        if key not in self._found:
            self._found[key] = _changed(self._read(table), table)
        return self._found[key]

    def _read(self, table: MaterialTable) -> Material:
        word = table.name or table.file or ""
        ending = Path(word).suffix.casefold()
        if table.file is None and word.strip().casefold() in {name.casefold() for name in library.names()}:
            return _without_sample(library.load_material(word), table)
        if ending != CARD and ending not in library.TABLE_ENDINGS:
            raise self._no_file(word, table)
        path = self.folder / word
        if not path.exists():
            names = [*self._files(), *(library.names() if table.file is None else ())]
            advice = did_you_mean(word, names)
            raise InputError(Fault("", word, "there is no such file beside the device file", advice))
        if ending == CARD:
            return _without_sample(Material.from_card(path), table)
        return Material.from_csv(path, table.carrier, table.sample)

    def _no_file(self, word: str, table: MaterialTable) -> InputError:
        if table.file is not None:
            endings = ", ".join((CARD, *library.TABLE_ENDINGS))
            return InputError(Fault("", word, f"a file is expected that ends in one of {endings}"))
        advice = did_you_mean(word, [*library.names(), *self._files()])
        advice = advice or "ioffe materials list shows all names; a file ends in .toml or .csv"
        return InputError(Fault("", word, "no material of the library has this name", advice))

    def _files(self) -> list[str]:
        """Names of the files beside the device file that may be materials."""
        endings = (CARD, *library.TABLE_ENDINGS)
        try:
            names = [path.name for path in self.folder.iterdir() if path.suffix.casefold() in endings]
        except OSError:
            return []
        return sorted(name for name in names if name != self.own)


def placed(fault: Fault, reference: str | MaterialTable, location: str) -> Fault:
    """A fault of a reference, at its location in the device file."""
    if isinstance(reference, str) or fault.location:
        return replace(fault, location=join_location(location, fault.location))
    if fault.value is ABSENT:
        return replace(fault, location=location)
    return replace(fault, location=join_location(location, "name" if reference.file is None else "file"))


def _changed(material: Material, table: MaterialTable) -> Material:
    if table.carrier is not None and material.carrier != table.carrier:
        material = material.replace(carrier=table.carrier)
    return material if table.interpolation is None else material.with_interpolation(table.interpolation)


def _without_sample(material: Material, table: MaterialTable) -> Material:
    if table.sample is not None:
        raise InputError(Fault("sample", table.sample, "nothing is expected here", "a card has one sample"))
    return material
