"""What may stand where a command takes a name: words, numbers and conditions of the device, materials.

An option says in its placeholder what it takes; the form offers words, and the command is told the name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import click

from ioffe.device.cascade import Cascade
from ioffe.device.module import Module
from ioffe.device.parameters import CONDITIONS, materials, numbers
from ioffe_studio.tasks.job import Job
from ioffe_studio.words import CORRECTIONS, PROPERTIES, in_words, of_word

Options = list[tuple[str, str]]
ASSUMED: Final = "NAME=VALUE"
LAW: Final = frozenset({"path", "law", "temperature", "initial", "change"})
"""Keys of a law of ageing that are no parameter of it."""


def words_of(one: click.Option) -> tuple[str, ...]:
    """The words to choose one from, as the option or its placeholder lists them."""
    if isinstance(one.type, click.Choice):
        return tuple(map(str, one.type.choices))
    shown = (one.metavar or "").strip("[]").split("|")
    return tuple(shown) if len(shown) > 1 and all(shown) else ()


def described(words: Options | tuple[str, ...]) -> list[dict[str, str]]:
    """Options of a field."""
    pairs = ((word, of_word(word)) if isinstance(word, str) else word for word in words)
    return [{"value": value, "label": label} for value, label in pairs]


def field_of(one: click.Option, job: Job | None) -> dict[str, Any]:
    """How an option is chosen that takes a name; nothing for other ones, and without the device."""
    if one.metavar == "MATERIAL":
        return {"kind": "materials"}
    if one.metavar == ASSUMED:
        return {"kind": "picked", "options": described(_assumptions()), "valued": True}
    of_device = OF_DEVICE.get(one.metavar or "")
    if of_device is None or job is None:
        return {}
    options = described(of_device(job))
    if not one.multiple:
        return {"kind": "choice", "options": options}
    return {"kind": "picked", "options": options, "valued": "=" in (one.metavar or "")}


def _assumptions() -> Options:
    """The numbers that computations of published sources assume, each once, with the sources that do."""
    from ioffe.published.source import sources

    found: dict[str, list[str]] = {}
    for source in sources():
        for name, one in source.assumptions.items():
            found.setdefault(name, []).append(f"{source.name}, {one.text} {one.unit}".removesuffix(" 1"))
    return [(name, f"{of_word(name)} ({'; '.join(where)})") for name, where in found.items()]


def follows_device(one: click.Option) -> bool:
    """Whether what may be chosen depends on the device."""
    return one.metavar in OF_DEVICE


def paths_of(job: Job) -> Options:
    """Numbers of the device and their words; first those of both legs, or of all stages."""
    file = job.device_file
    known = numbers(file.device, file.conditions)
    ends: list[str] = []
    if isinstance(file.device, Cascade):
        inner = [path.partition(".")[2] for path in known if path.startswith("stages[0].")]
        stages = [f"stages[{k}]." for k in range(len(file.device.stages))]
        ends = [f"stages.{path}" for path in inner if all(stage + path in known for stage in stages)]
    both = [path[2:] for path in known if path.startswith("p.") and f"n.{path[2:]}" in known]
    ends += [f"legs.{path}" for path in both if not path.startswith("contact_")]
    if any(path.startswith("contact_") for path in both):
        ends.append("legs.contact.electrical")
    names = [*ends, *known, *(["couples"] if isinstance(file.device, Module) else [])]
    return [(name, in_words(name)) for name in names]


def changing(job: Job) -> Options:
    """Numbers of the device and properties of its materials: what may age."""
    curves = [
        f"{path}.{name}"
        for path, one in materials(job.device_file.device).items()
        for name in PROPERTIES
        if getattr(one, name, None) is not None
    ]
    return [*paths_of(job), *((path, in_words(path)) for path in curves)]


def _fitted(job: Job) -> Options:
    """What a calibration may change."""
    return [*changing(job), *CORRECTIONS.items()]


def _laws(job: Job) -> Options:
    """Parameters of the laws by which the device ages."""
    return list(_parameters((job.document.get("life") or {}).get("degradation") or []))


def _parameters(tables: list[Any]) -> Iterator[tuple[str, str]]:
    for table in tables:
        if isinstance(table, Mapping) and isinstance(table.get("path"), str):
            for key in table.keys() - LAW:
                words = f"{of_word(key).capitalize()}: {in_words(table['path'])}"
                yield f"{table['path']}.{key}", words


def _conditions(job: Job) -> Options:
    """Conditions that may take the place of those of the device."""
    known = vars(job.device_file.conditions)
    return [(name, in_words(name).partition(",")[0]) for name in CONDITIONS if name in known]


OF_DEVICE: Final = {
    "PATH": paths_of,
    "PARAMETER": _fitted,
    "PARAMETER=STD": _fitted,
    "PATH.PARAMETER": _laws,
    "CONDITION=VALUE": _conditions,
}
"""Names to choose from by the placeholders of options."""
