"""Where commands find many materials at once: library, cards, tables, databases, stores.

One material is found by `library.load_material`, which takes the same words.

>>> [found.name for found in find_materials(["Bi2Te3", "Cu"])]
['Bi2Te3', 'Cu']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ioffe.base.errors import Faults
from ioffe.material import library, readers
from ioffe.material.material import Material
from ioffe.material.readers.opening import STORE_ENDING
from ioffe.material.readers.plain_samples import PlainSample
from ioffe.material.readers.records import Sample

CARD: Final = ".toml"


@dataclass(frozen=True)
class FoundMaterial:
    """A material of a source, or why there is none.

    `key`: what it is called in a store: ``FILE/KEY`` for a sample of a database or of a table that names it,
        else the name of the material.
    `name`: name or composition.
    `file`: name of the file; empty for the library.
    `material`: None where it cannot be made.
    `missing`: properties that are missing.
    `fault`: the first thing that is wrong.
    """

    key: str
    name: str
    file: str
    material: Material | None
    missing: tuple[str, ...] = ()
    fault: str = ""


def find_materials(
    words: Iterable[str | Path | Material],
    where: readers.Selection | None = None,
    options: readers.ReadOptions | None = None,
) -> Iterator[FoundMaterial]:
    """Materials of sources, one after the other, so that tens of thousands need no memory.

    `words`: names of the library, cards, tables, databases, stores, ``FILE#SAMPLE``. Plain tables that hold
        parts of one sample are joined.
    `where`: which samples are wanted.
    `options`: what is said about plain tables.
    Yields: samples that are incomplete or faulty have no material.
    Raises `InputError` for a word that names nothing, a file that cannot be read, and a plain table that is
        faulty.
    """
    tables: dict[Path, readers.OpenedFile] = {}
    for word in words:
        if isinstance(word, Material):
            yield FoundMaterial(word.name, word.name, "", word)
            continue
        path = Path(word)
        if path.suffix.casefold() in (CARD, "") or library.parted(word)[1] is not None or _is_named(word):
            material = library.load_material(word)
            if where is None or _is_wanted(material, where):
                file = path.name if path.suffix.casefold() == CARD else ""
                yield FoundMaterial(material.name, material.name, file, material)
            continue
        file = readers.opened(path, options=options)
        for source in file.samples if where is None else where.of(file.samples):
            if isinstance(source, PlainSample):
                tables[path] = file
                break
            yield _found(path, source.sample, source)
    if tables:
        made = readers.read_by_file(tables, options=options, needed=readers.WITHOUT_KAPPA, where=where)
        used: dict[str, int] = {}
        for path, material in made:
            key = material.name if path.stem.startswith(material.name) else f"{path.stem}/{material.name}"
            number = used[key] = used.get(key, 0) + 1
            yield FoundMaterial(key if number == 1 else f"{key}-{number}", material.name, path.name, material)


def _is_named(word: str | Path) -> bool:
    return str(word).strip().casefold() in {name.casefold() for name in library.names()}


def _is_wanted(material: Material, where: readers.Selection) -> bool:
    if not where.names(material.name, material.provenance.doi):
        return False
    points = {name: (curve.T, curve.values) for name, curve in material.transport.items()}
    return not where.needs_points or where.admits(readers.outline(points, where.temperature))


def _found(path: Path, sample: Sample, source: readers.records.SampleSource) -> FoundMaterial:
    key = sample.key if path.suffix.casefold() == STORE_ENDING else f"{path.stem}/{sample.key}"
    if not sample.is_complete:
        return FoundMaterial(key, sample.name, path.name, None, sample.missing)
    faults = Faults()
    material = source.material(faults, None)
    fault = str(faults.found[0]) if faults else "" if material else "it cannot be read"
    return FoundMaterial(key, sample.name, path.name, material, (), fault)
