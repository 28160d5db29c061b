"""A source: its folder and citation, the inputs of its computations, and the frame of its pictures."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.plotting import look, new_figure
from ioffe.base.schema import Model, Several, read_toml, validate
from ioffe.device.module import Module
from ioffe.device.parameters import materials, meant, rebuilt
from ioffe.material.material import Material
from ioffe.material.scaling import scaled
from ioffe.published.values import Assumption, PublishedValue, read_assumptions, read_cards, read_values

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ioffe.device_file.read import DeviceFile

FOLDER = Path(__file__).parent
BLACK: dict[str, Any] = {"color": "black", "linestyle": "none", "marker": "o"}
"""Style of published points."""


class _SourceFile(Model):
    tag: str = Field(pattern=r"^S[1-9][0-9]*$")
    name: str
    citation: str
    doi: str = ""
    summary: str = ""
    notes: Several[str] = ()


@dataclass(frozen=True)
class Drawn:
    """A figure of a source: its place in the paper, what it shows, and the picture."""

    name: str
    place: str
    figure: Figure
    caption: str = ""


class SourceInputs:
    """What a computation asks its source for; remembers which assumptions were asked for.

    `folder`: folder of the source.
    `assumptions`: by name.

    >>> inputs = find_source("S4").inputs()
    >>> inputs["G"]
    3.0
    >>> sorted(inputs.asked)
    ['G']
    """

    def __init__(self, folder: Path, assumptions: Mapping[str, Assumption]) -> None:
        self.folder = folder
        self.assumptions = dict(assumptions)
        self.asked: set[str] = set()
        self.materials: set[str] = set()

    def __getitem__(self, name: str) -> float:
        """Value of an assumption in SI; `KeyError` for one that is not stated."""
        self.asked.add(name)
        return self.assumptions[name].value

    def material(self, name: str) -> Material:
        """A material of the library, with the factors that assumptions set for it."""
        from ioffe.material.library import load_material

        self.materials.add(name)
        return scaled(load_material(name), self._set(name))

    def device(self, name: str, changes: Mapping[str, float] | None = None) -> DeviceFile:
        """A device file of the source, by its name without ending, with what assumptions set in it.

        `changes`: further numbers in SI by their paths, after those of the assumptions.
        """
        from ioffe.device_file.read import read_device

        found = read_device(self.folder / "devices" / f"{name}.toml")
        device: Any = found.device
        self.materials |= {material.name for material in materials(device).values()}
        new: dict[str, Any] = {}
        factors: dict[str, dict[str, float]] = {}
        for path, value in {**self._set(name), **(changes or {})}.items():
            head, _, last = path.rpartition(".")
            if head.rpartition(".")[2] == "material":
                factors.setdefault(head, {})[last] = value
            else:
                new |= dict.fromkeys(meant(device, found.conditions, path), value)
        for path, scales in factors.items():
            new[path] = scaled(materials(device)[path], scales)
        return replace(found, device=rebuilt(device, found.conditions, new)[0])

    def module(self, name: str, changes: Mapping[str, float] | None = None) -> Module:
        """The module of a device file; `TypeError` if the file describes something else."""
        device = self.device(name, changes).device
        if not isinstance(device, Module):
            raise TypeError(f"{name}: a module is expected, this is a {type(device).__name__}")
        return device

    def _set(self, target: str) -> dict[str, float]:
        """What assumptions set in a device or a material, by path."""
        found = {}
        for one in self.assumptions.values():
            for of, _, path in (text.partition(":") for text in one.sets):
                if of.strip() == target:
                    found[path.strip()] = self[one.name]
        return found


def seebeck_of(material: Material, T: ArrayLike) -> Any:
    """S of a material in V/K at T in K: a float or an array as T is; 0 where it has none.

    >>> from ioffe import load_material
    >>> seebeck_of(load_material("Cu"), 300.0)
    0.0
    """
    if material.seebeck is None:
        return 0.0 if np.ndim(T) == 0 else np.zeros(np.shape(T))
    return material.seebeck(np.asarray(T, float))


Computation = Callable[[SourceInputs], Mapping[str, float]]
"""From the inputs of a source to values in SI, by the keys of `values.toml`."""
Published = Mapping[str, PublishedValue]
"""The published values by their keys."""
Picture = Callable[[SourceInputs, Published], Drawn]
"""From the inputs and the published values to a figure."""


def picture(
    name: str, place: str, panels: tuple[int, int], size: tuple[float, float]
) -> Callable[[Callable[[SourceInputs, Published, list[Axes]], None]], Picture]:
    """Make a picture of a function that draws on panels.

    `name`, `place`: as of `Drawn`.
    `panels`: number of rows and of columns.
    `size`: width and height in mm.
    Returns: decorator of a function of the inputs, the published values by key, and the panels row by row.
    """

    def decorate(draw: Callable[[SourceInputs, Published, list[Axes]], None]) -> Picture:
        @wraps(draw)
        def drawn(inputs: SourceInputs, published: Published) -> Drawn:
            with look():
                figure, axes = new_figure(*panels, *size)
                draw(inputs, published, axes)
            return Drawn(name, place, figure)

        return drawn

    return decorate


def caption(text: str) -> Callable[[Picture], Picture]:
    """Write a caption below a picture.

    `text`: what the picture shows, and which of it is published.
    Returns: decorator of what :func:`picture` has made.
    """

    def decorate(draw: Picture) -> Picture:
        @wraps(draw)
        def captioned(inputs: SourceInputs, published: Published) -> Drawn:
            return replace(draw(inputs, published), caption=text)

        return captioned

    return decorate


@dataclass(frozen=True)
class Source:
    """One paper.

    `folder`: where its files are.
    `tag`, `name`: `S1` ... and the short name, such as "Shi 2018".
    `citation`, `doi`, `summary`: how it is cited, and what is taken from it.
    `notes`: paragraphs for the page, such as misprints.
    """

    folder: Path
    tag: str
    name: str
    citation: str
    doi: str
    summary: str
    notes: tuple[str, ...] = ()

    @cached_property
    def values(self) -> tuple[PublishedValue, ...]:
        """Its published values."""
        return read_values(self.folder / "values.toml")

    @cached_property
    def assumptions(self) -> dict[str, Assumption]:
        """Its assumptions as the file gives them."""
        return read_assumptions(self.folder / "assumptions.toml")

    @cached_property
    def cards(self) -> dict[str, tuple[str, ...]]:
        """Keys of the published values that its rebuilt materials were made from."""
        return read_cards(self.folder / "assumptions.toml")

    @property
    def computations(self) -> tuple[Computation, ...]:
        """Functions that compute its values."""
        return self._code.COMPUTATIONS

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Functions that draw its figures."""
        return self._code.FIGURES

    @property
    def _code(self) -> Any:
        return importlib.import_module(f"ioffe.published.{self.folder.name}")

    def inputs(self, assumptions: Mapping[str, Assumption] | None = None) -> SourceInputs:
        """Inputs for a computation, with the assumptions of the file or with others."""
        return SourceInputs(self.folder, self.assumptions if assumptions is None else assumptions)


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """All sources, by tag.

    >>> [source.tag for source in sources()][1::2]
    ['S2', 'S4']
    """
    paths = FOLDER.glob("*/source.toml")
    found = (Source(path.parent, **dict(validate(_SourceFile, read_toml(path), path))) for path in paths)
    return tuple(sorted(found, key=lambda source: int(source.tag[1:])))


def find_source(name: str) -> Source:
    """A source by its tag, the name of its folder, or its short name; capitals do not count.

    `name`: such as ``"S4"``, ``"pan"`` or ``"Pan"``.
    Raises `InputError` for a name that no source has, with the nearest one.

    >>> find_source("pan").tag
    'S4'
    """
    known: dict[str, Source] = {}
    for source in sources():
        known |= {word.casefold(): source for word in (source.tag, source.folder.name, source.name)}
    found = known.get(name.strip().casefold())
    if found is None:
        names = [word for source in sources() for word in (source.tag, source.folder.name)]
        advice = did_you_mean(name, names) or f"there are {', '.join(names)}"
        raise InputError(Fault("source", name, "no source has this name", advice))
    return found
