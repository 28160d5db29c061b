"""What is done with the findings of `ioffe.material.checks` where materials are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from ioffe.base.errors import ABSENT, Faults
from ioffe.base.result import BaseResult
from ioffe.material.checks import TOLD
from ioffe.material.material import Material

AnyResult = TypeVar("AnyResult", bound=BaseResult)


@dataclass(frozen=True)
class Remarks:
    """What is said about the input of a computation.

    `warnings`: doubts.
    `notes`: how files were read and what of them was not used.
    """

    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def on(self, result: AnyResult) -> AnyResult:
        """The result with these before its own.

        `result`: of the computation.
        """
        warnings, notes = (*self.warnings, *result.warnings), (*self.notes, *result.notes)
        return replace(result, warnings=warnings, notes=notes)


SPARSE = ("few-points", "gap", "narrow")
"""Findings that say how few the data are, and not that they are wrong."""
FORCE = "force=True (--force) takes it all the same"


def sound(materials: Mapping[str, Material], *, force: bool = False, strict: bool = False) -> Remarks:
    """Findings about materials that are about to be used; errors among them are refused.

    `materials`: by the place where each is used; the name of a sample, where that is its place.
    `force`: refuse nothing.
    `strict`: refuse warnings too, but for those that say how few the data are.
    Returns: once, with the names of the materials: every finding that is more than a note as a warning; how
        the material was read and what of its file was not used as notes.
    Raises `InputError` with every finding that is refused, at the places of its material.

    >>> from ioffe.material import library
    >>> sound({"p.material": library.load_material("Cu2S")}).warnings[0]
    'Cu2S: seebeck, ...: no point between 400 K and 700 K, 700 K and 1000 K [gap]'
    """
    faults = Faults()
    warnings: dict[str, None] = {}
    notes: dict[str, None] = {}
    for place, material in materials.items():
        refused = []
        for finding in material.check():
            if finding.code in TOLD:
                notes[f"{material.name}: {finding.message}"] = None
            if finding.severity == "note":
                continue
            level = "" if finding.severity == "warning" else "error, "
            warnings[f"{material.name}: {level}{finding.message} [{finding.code}]"] = None
            wrong = finding.severity == "error" or (strict and finding.code not in SPARSE)
            if wrong and not force:
                refused.append(f"{finding.message} [{finding.code}]")
        alone = place == material.name
        advice = f"leave this sample out, or {FORCE}" if alone and len(materials) > 1 else FORCE
        for text in refused:
            last = text is refused[-1]
            faults.add(place, ABSENT if alone else material.name, text, advice if last else "")
    faults.raise_if_any()
    return Remarks(tuple(warnings), tuple(notes))
