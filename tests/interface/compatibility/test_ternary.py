"""Phases between three elements: what decomposes, what coexists, and its picture."""

import numpy as np
import pytest

from ioffe.base.constants import e
from ioffe.base.errors import InputError
from ioffe.interface.compatibility import PhaseSet, example_phases, plot_ternary, read_phases

MADE_UP = """formula,formation_energy (eV),source
MgAgSb,-0.34,made up
Mg3Sb2,-0.50,made up
Ag3Sb,-0.03,made up
MgAg,-0.15,made up
Mg2Sb,-0.20,made up
Bi,0,element
"""


@pytest.fixture
def known(tmp_path):
    """A file of one's own; the energies are made up, the order of the phases is that of experience."""
    path = tmp_path / "phases.csv"
    path.write_text(MADE_UP, encoding="utf-8")
    return PhaseSet(read_phases(path))


def test_magnesium_that_leaves_turns_the_leg_into_antimonides(known):
    """A leg that loses a part of its Mg holds MgAgSb beside Ag3Sb and Sb; one that is not stable, Mg3Sb2."""
    assert set(known.equilibrium("Mg0.9AgSb").amounts) == {"MgAgSb", "Ag3Sb", "Sb"}
    without = PhaseSet([phase for phase in known.phases if phase.name != "MgAgSb"])
    assert set(without.equilibrium("Mg0.9AgSb").amounts) == {"Mg3Sb2", "Ag3Sb", "Sb"}


def test_silver_reacts_with_MgAgSb_and_antimony_does_not():
    """With the shipped numbers: Ag takes the Mg and leaves Ag3Sb; Sb coexists; Mg that leaves, too.

    MgAgSb lies below Mg3Sb2 and Ag3Sb by less than the uncertainty; where it does not form, a leg that has
    lost Mg becomes Mg3Sb2, Ag3Sb and Sb.
    """
    shipped = PhaseSet(example_phases("Mg-Ag-Sb"))
    assert shipped.coexist("Sb", "MgAgSb")
    assert {phase.name for phase, _ in shipped.reaction("Ag", "MgAgSb").products} == {"MgAg3", "Ag3Sb"}
    assert set(shipped.equilibrium("Mg0.95AgSb").amounts) == {"MgAgSb", "Ag3Sb", "Sb"}
    found = shipped.without("MgAgSb").equilibrium("Mg0.95AgSb").amounts
    # 0.95 Mg hold 0.95/3 of Mg3Sb2, Ag a third of Ag3Sb, and the rest of Sb is left over: atoms of 2.95
    parts = {"Mg3Sb2": 5 * 0.95 / 3, "Ag3Sb": 4 / 3, "Sb": 1 - 2 * 0.95 / 3 - 1 / 3}
    assert found == pytest.approx({name: part / 2.95 for name, part in parts.items()})
    apart = shipped.decomposition("MgAgSb")
    assert apart.equation == "3 MgAgSb -> Mg3Sb2 + Ag3Sb"
    assert apart.energy / e == pytest.approx((5 * -0.3665 + 4 * -0.02) / 9 + 0.2289)
    assert 0 < apart.energy < apart.uncertainty


def test_a_phase_that_decomposes_does_so_by_its_energy_above_the_hull(known):
    assert known.decomposition("Mg2Sb").energy == pytest.approx(-known.energy_above_hull("Mg2Sb"))
    with pytest.raises(InputError, match="a compound is expected"):
        known.decomposition("Mg")


def test_the_picture_has_the_phases_and_tie_lines_of_the_three_elements(known, tmp_path):
    figure = plot_ternary(
        known, ["Mg", "Ag", "Sb"], tmp_path / "a.png", pairs=[("Mg2Sb", "Ag"), ("Sb", "MgAgSb")]
    )
    panel = figure.axes[0]
    names = {text.get_text().split("\n")[0] for text in panel.texts}
    assert names == {"MgAgSb", "Mg$_{3}$Sb$_{2}$", "Ag$_{3}$Sb", "MgAg", "Mg$_{2}$Sb", "Mg", "Ag", "Sb"}
    assert any("meV" in text.get_text() for text in panel.texts)  # Mg2Sb decomposes
    grey = [line for line in panel.lines if line.get_color() == "0.55"]
    within = PhaseSet([phase for phase in known.phases if phase.name != "Bi"])
    assert len(grey) == len(within.tie_lines)
    # MgAgSb lies in the middle, Mg3Sb2 at two fifths of the way from Mg to Sb
    places = [np.ravel(line.get_xydata()) for line in panel.lines if line.get_marker() == "o"]
    for place in ([0.5, np.sqrt(3) / 6], [0.2, 0.2 * np.sqrt(3)]):
        assert min(np.linalg.norm(np.array(found) - place) for found in places) < 1e-12
    assert panel.get_title(loc="left").splitlines()[1] == "Sb and MgAgSb do not react"
    assert (tmp_path / "a.png").stat().st_size > 1000


@pytest.mark.parametrize(
    ("elements", "pairs", "words"),
    [
        (["Mg", "Ag"], [], "three different"),
        (["Mg", "Ag", "Ag"], [], "three different"),
        (["Mg", "Ag", "Cu"], [], "elements.2."),
        (["Mg", "Ag", "Sb"], [("Ag", "Bi")], "pairs.0."),
    ],
)
def test_bad_input(known, elements, pairs, words):
    with pytest.raises(InputError, match=words):
        plot_ternary(known, elements, pairs=pairs)
