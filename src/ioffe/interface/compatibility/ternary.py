"""Phases between three elements as a picture: the stable ones, and which of them coexist."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from ioffe.base.constants import e
from ioffe.base.plotting import COLOURS, DASHES, MARKERS, drawing
from ioffe.interface._checks import Checks
from ioffe.interface.compatibility.equilibrium import PhaseSet
from ioffe.interface.compatibility.phases import Phase

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CORNERS: Final = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.5 * sqrt(3.0)]])
"""Of the triangle: the first element lower left, the second lower right, the third on top."""
MEV: Final = 1e-3 * e


def plot_ternary(
    known: PhaseSet,
    elements: Sequence[str],
    path: str | Path | None = None,
    *,
    pairs: Sequence[tuple[str, str]] = (),
) -> Figure:
    """Triangle of three elements with stable phases, tie-lines and the reactions of pairs.

    Filled points are stable phases, lines join two that coexist, and three of them around a triangle coexist.
    Open points are phases of the table that decompose, with what they give off. A pair is joined by a dashed
    line, and its reaction stands below.

    Parameters
    ----------
    known : PhaseSet
        Phases and their energies; those with other elements are left out.
    elements : sequence of three str
        Lower left, lower right and on top.
    path : path, optional
        PNG, SVG or PDF file to write.
    pairs : sequence of (str, str)
        Names of phases that touch, such as a leg and its metal.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        For other than three different elements of the table, or pairs with phases that are not between them.

    Examples
    --------
    >>> from ioffe.interface.compatibility import example_phases
    >>> known = PhaseSet(example_phases())
    >>> figure = plot_ternary(known, ["Mg", "Cu", "Sb"], pairs=[("Mg2Cu", "Mg3Sb2"), ("Cu", "Sb")])
    >>> figure.axes[0].get_title(loc="left").splitlines()
    ['Mg2Cu and Mg3Sb2 do not react', '2 Cu + Sb -> Cu2Sb, -0.035 eV by atom']
    """
    with Checks() as checks:
        for index, element in enumerate(elements):
            checks.one_of(f"elements[{index}]", element, known.elements)
        if len(set(elements)) != 3 or len(elements) != 3:
            checks.add("elements", list(elements), "three different elements are expected")
    within = PhaseSet([phase for phase in known.phases if set(phase.fractions) <= set(elements)])
    names = [phase.name for phase in within.phases]
    with Checks() as checks:
        for index, pair in enumerate(pairs):
            for name in pair:
                checks.one_of(f"pairs[{index}]", name, names)
    at = {phase.name: _place(phase, elements) for phase in within.phases}
    with drawing(path, height=80.0) as (figure, (panel,)):
        panel.set(aspect="equal", xlim=(-0.12, 1.12), ylim=(-0.1, 0.98))
        panel.axis("off")
        for first, second in combinations(CORNERS, 2):
            panel.plot(*np.stack([first, second], axis=1), color="black", linewidth=0.8, zorder=1)
        for pair in within.tie_lines:
            panel.plot(*np.stack([at[name] for name in pair], axis=1), color="0.55", linewidth=0.7, zorder=1)
        for pair in pairs:
            line = np.stack([at[name] for name in pair], axis=1)
            panel.plot(*line, DASHES[1], color=COLOURS[1], linewidth=1.2, zorder=2)
        for name, place in at.items():
            above = within.energy_above_hull(name)
            fill = "none" if above else "full"
            panel.plot(*place, MARKERS[0], color=COLOURS[0], fillstyle=fill, markersize=4.5, zorder=3)
            text = _formula(name) + (f"\n+{above / MEV:.0f} meV" if above else "")
            shift, align = _beside(place, len(within.phase(name).fractions))
            x, y = place + shift
            panel.text(float(x), float(y), text, ha=align, va="center", fontsize=7.0, zorder=4)
        panel.set_title("\n".join(str(within.reaction(*pair)) for pair in pairs), loc="left", fontsize=7.0)
    return figure


def _place(phase: Phase, elements: Sequence[str]) -> np.ndarray:
    """Where a phase lies in the triangle."""
    return np.array([phase.fractions.get(element, 0.0) for element in elements]) @ CORNERS


def _beside(place: np.ndarray, elements: int) -> tuple[np.ndarray, str]:
    """Where the name of a phase stands: outside of the triangle, or above a phase of three elements."""
    if place[1] == 0.0:
        return np.array([0.0, -0.045]), "center"
    side = np.sign(round(float(place[0] - CORNERS[2, 0]), 2)) if elements < 3 else 0.0
    if side == 0.0:
        return np.array([0.0, 0.05]), "center"
    return np.array([0.03 * side, 0.01]), "right" if side < 0.0 else "left"


def _formula(name: str) -> str:
    """A formula with its numbers below the line."""
    parts, digits = [], ""
    for sign in [*name, ""]:
        if (sign.isdigit() or sign == ".") and (parts or digits):
            digits += sign
            continue
        if digits:
            parts.append(f"$_{{{digits}}}$")
            digits = ""
        parts.append(sign)
    return "".join(parts)
