"""What is done with the findings of `ioffe.material.checks` where materials are used."""

from __future__ import annotations

from collections.abc import Mapping

from ioffe.base.errors import Faults
from ioffe.material.checks import TOLD
from ioffe.material.material import Material

SPARSE = ("few-points", "gap", "narrow")
"""Findings that say how few the data are, and not that they are wrong."""
FORCE = "force=True (--force) takes it all the same"


def sound(materials: Mapping[str, Material], *, force: bool = False, strict: bool = False) -> tuple[str, ...]:
    """Findings about materials that are about to be used; errors among them are refused.

    Parameters
    ----------
    materials : mapping of str to Material
        By the place where each is used.
    force : bool
        Refuse nothing.
    strict : bool
        Refuse warnings too, but for those that say how few the data are.

    Returns
    -------
    tuple of str
        Every finding that is more than a note, how the material was read and what of its file was not used,
        once, with its name.

    Raises
    ------
    InputError
        With every finding that is refused, at the places of its material.

    Examples
    --------
    >>> from ioffe.material import library
    >>> sound({"p.material": library.load_material("Cu2S")})[0]
    'Cu2S: seebeck, ...: no point between 400 K and 700 K, 700 K and 1000 K [gap]'
    """
    faults = Faults()
    found: dict[str, None] = {}
    for place, material in materials.items():
        for finding in material.check():
            if finding.code in TOLD:
                found[f"{material.name}: {finding.message}"] = None
            if finding.severity == "note":
                continue
            level = "" if finding.severity == "warning" else "error, "
            found[f"{material.name}: {level}{finding.message} [{finding.code}]"] = None
            wrong = finding.severity == "error" or (strict and finding.code not in SPARSE)
            if wrong and not force:
                faults.add(place, material.name, f"{finding.message} [{finding.code}]", FORCE)
    faults.raise_if_any()
    return tuple(found)
