"""Stable phases, tie lines and interface reactions."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull

from ioffe.base.constants import e, k_B
from ioffe.base.errors import InputError
from ioffe.interface.compatibility import (
    Phase,
    PhaseSet,
    Reaction,
    example_phases,
    read_phases,
    solid_solution,
)


@pytest.fixture(scope="module")
def known():
    ends = [p for p in example_phases() if p.name in ("Mg3Sb2", "Mg3Bi2")]
    mixed = solid_solution(ends, [0.25, 0.75], 803.0, 0.4, "Mg3Bi1.5Sb0.5")
    return PhaseSet([*example_phases(), mixed])


def balance(reaction):
    """Atoms by element, products less reactants, by atom of the mixture."""
    left = right = 0.0
    totals = {}
    for sign, side in ((-1.0, reaction.reactants), (1.0, reaction.products)):
        for phase, share in side:
            for element, part in phase.fractions.items():
                totals[element] = totals.get(element, 0.0) + sign * share * part
    return totals, left + right


def test_antimony_takes_magnesium(known):
    """S3: Mg + Sb -> Mg3Sb2."""
    reaction = known.reaction("Mg", "Sb")
    assert reaction.equation == "3 Mg + 2 Sb -> Mg3Sb2"
    assert reaction.energy == pytest.approx(-0.62 * e, rel=1e-6)
    assert reaction.coefficients == ((3.0, 2.0), (1.0,))
    assert reaction.uncertainty == pytest.approx(0.1 * e, rel=1e-6)


def test_mg2cu_stays_beside_the_leg(known):
    """S5: Mg2Cu is stable against Mg3Bi1.5Sb0.5."""
    assert known.coexist("Mg2Cu", "Mg3Bi1.5Sb0.5")
    reaction = known.reaction("Mg2Cu", "Mg3Bi1.5Sb0.5")
    assert not reaction.reacts
    assert str(reaction) == "Mg2Cu and Mg3Bi1.5Sb0.5 do not react"
    assert ("Mg2Cu", "Mg3Bi1.5Sb0.5") in [tuple(sorted(pair)) for pair in known.tie_lines]


def test_bare_copper_beside_bismuth_and_antimony(known):
    assert known.coexist("Cu", "Bi")
    assert known.reaction("Cu", "Sb").equation == "2 Cu + Sb -> Cu2Sb"


def test_ideal_mixing():
    ends = [Phase("Mg3Sb2", -0.6 * e), Phase("Mg3Bi2", -0.3 * e)]
    mixed = solid_solution(ends, [0.5, 0.5], 800.0, 0.4)
    assert mixed.formation_energy == pytest.approx(-0.45 * e - 0.4 * k_B * 800.0 * np.log(2.0), rel=1e-12)
    assert mixed.composition.amounts == {"Mg": 3.0, "Sb": 1.0, "Bi": 1.0}
    assert PhaseSet([*ends, mixed]).energy_above_hull(mixed.name) == 0.0


@settings(max_examples=15)
@given(st.data())
def test_a_binary_hull_against_the_geometric_one(data):
    """Every formation energy above the lower hull agrees with that of a polygon in the plane."""
    formulas = ["Mg3Sb", "Mg2Sb", "Mg3Sb2", "MgSb", "MgSb2", "MgSb3"]
    energies = data.draw(st.lists(st.floats(-1.0, 0.5), min_size=6, max_size=6))
    phases = PhaseSet([Phase(f, energy * e) for f, energy in zip(formulas, energies, strict=True)])
    x = np.array([p.fractions.get("Sb", 0.0) for p in phases.phases])
    y = phases.energies
    points = np.stack([x, y], axis=1)
    lower = (
        points
        if np.all(y >= 0.0)
        else points[np.unique(ConvexHull([*points, [0.5, 2.0]], qhull_options="QJ").vertices % len(x))]
    )
    order = np.argsort(lower[:, 0])
    for phase, here, energy in zip(phases.phases, x, y, strict=True):
        hull = min(_below(lower[order], here), energy)
        assert phases.energy_above_hull(phase.name) / e == pytest.approx(energy - hull, abs=3e-6)


def _below(points, x):
    """Lower envelope at x from all segments between two points."""
    best = np.inf
    for x1, y1 in points:
        for x2, y2 in points:
            if x1 <= x <= x2:
                best = min(best, y1 if x2 == x1 else y1 + (y2 - y1) * (x - x1) / (x2 - x1))
    return best


ELEMENTS = ("Mg", "Cu", "Sb", "Bi")


@settings(max_examples=15)
@given(st.integers(0, 100_000))
def test_reactions_keep_atoms_and_are_the_best_ratio(seed):
    rng = np.random.default_rng(seed)
    phases, names = [], set()
    while len(phases) < 7:
        amounts = rng.integers(0, 4, 4)
        formula = "".join(f"{el}{n}" for el, n in zip(ELEMENTS, amounts, strict=True) if n)
        if np.count_nonzero(amounts) > 1 and formula not in names:
            names.add(formula)
            phases.append(Phase(formula, rng.uniform(-0.8, 0.1) * e))
    known = PhaseSet(phases)
    a, b = phases[0].name, phases[1].name
    best = known.reaction(a, b)
    totals, _ = balance(best)
    if best.reacts:
        assert max(abs(v) for v in totals.values()) < 1e-9
        spent = sum(s * p.formation_energy for p, s in best.reactants)
        made = sum(s * p.formation_energy for p, s in best.products)
        assert made - spent == pytest.approx(best.energy, rel=1e-6, abs=1e-9 * e)
    scan = [known.mixture(a, b, share).energy for share in np.linspace(0.0, 1.0, 21)]
    assert best.energy <= min(scan) + 2e-7 * e
    kinks = known.path(a, b)
    assert min(r.energy for r in kinks) == pytest.approx(best.energy, abs=2e-6 * e)
    shares, energies = [r.share for r in kinks], [r.energy for r in kinks]
    np.testing.assert_allclose(np.interp(np.linspace(0, 1, 21), shares, energies), scan, atol=3e-6 * e)


def test_the_equilibrium_of_a_stable_phase_is_itself(known):
    for name in known.stable:
        amounts = known.equilibrium(known.phase(name).fractions).amounts
        assert known.energy_above_hull(name) == 0.0
        assert sum(amounts.values()) == pytest.approx(1.0, abs=1e-12)


def test_potentials_give_the_energy(known):
    found = known.equilibrium("Mg5CuSb2")
    total = sum(part * found.potentials[element] for element, part in found.composition.items())
    assert total == pytest.approx(found.energy, rel=1e-6)


def test_missing_elements_are_added():
    assert {p.name for p in PhaseSet([Phase("Mg3Sb2", -0.6 * e)]).phases} == {"Mg3Sb2", "Mg", "Sb"}


def test_numbers_that_are_not_whole():
    reaction = Reaction(
        ((Phase("Mg", 0.0), 0.5), (Phase("Sb", 0.0), 0.5)), ((Phase("Mg3.17Sb2", -0.1), 1.0),), -0.1
    )
    assert reaction.equation == "2.585 Mg + 2.585 Sb -> Mg3.17Sb2"


def test_a_csv_table(tmp_path):
    path = tmp_path / "phases.csv"
    path.write_text(
        "# note\nformula,formation_energy (eV),uncertainty (meV),source\nMg3Sb2,-0.62,100,here\nMg,0,,\n"
    )
    first, second = read_phases(path)
    assert first.formation_energy == pytest.approx(-0.62 * e)
    assert first.uncertainty == pytest.approx(0.1 * e)
    assert (first.source, second.formation_energy) == ("here", 0.0)


def test_computed_entries_without_pymatgen(tmp_path):
    """Total energies less those of the elements; the lower of two entries of an element counts."""
    entries = [
        {"composition": {"Mg": 2.0}, "energy": -3.2, "correction": 0.0, "entry_id": "a"},
        {"composition": {"Mg": 1.0}, "energy": -1.5, "correction": 0.0},
        {"composition": {"Sb": 2.0}, "energy": -8.2, "correction": 0.0},
        {"composition": {"Mg": 3.0, "Sb": 2.0}, "energy": -15.0, "correction": -0.5, "entry_id": "mp-1"},
    ]
    path = tmp_path / "entries.json"
    for content in (entries, {"entries": entries}):
        path.write_text(json.dumps(content))
        found = {p.name: p for p in read_phases(path)}
        formed = (
            found["Mg1.5Sb (mp-1)"]
            if "Mg1.5Sb (mp-1)" in found
            else found[next(n for n in found if "mp-1" in n)]
        )
        assert formed.formation_energy / e == pytest.approx((-15.5 + 3 * 1.6 + 2 * 4.1) / 5)
        assert found["Mg (a)"].formation_energy == pytest.approx(0.0, abs=1e-30)
        assert found["Mg"].formation_energy / e == pytest.approx(0.1)
    assert PhaseSet(read_phases(path)).reaction("Mg (a)", "Sb").products


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "formula,energy (eV)\nMg,0\n", "column formation_energy"),
        ("a.csv", "formula,formation_energy (eV)\nMq,0\nMg,x\n", "line 2.*\n.*line 3"),
        ("a.csv", "", "the file is empty"),
        ("a.toml", '[[phase]]\nformula = "Mg"\nformation_energy = "1 K"\n', "formation_energy"),
        ("a.json", "[1", "JSON"),
        ("a.json", "{}", "list of computed entries"),
        ("a.json", '[{"energy": 1}]', "composition"),
        ("a.json", '[{"composition": {"Mg": 1, "Sb": 1}, "energy": -1}]', "pure element"),
        ("a.txt", "", "ending in .toml"),
    ],
)
def test_bad_files(tmp_path, name, text, words):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        read_phases(path)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda k: k.reaction("Mg2Cu", "Mg3Sb"), 'did you mean "Mg3Sb2"'),
        (lambda k: k.equilibrium("Mg2Ni"), "composition"),
        (lambda k: k.equilibrium({"Mg": -1.0}), "composition.Mg"),
        (lambda k: k.mixture("Mg", "Sb", 2.0), "share"),
        (lambda k: PhaseSet([k.phase("Mg"), k.phase("Mg")]), "a name of its own"),
        (lambda _: PhaseSet([]), "at least one"),
        (lambda _: Phase("Mg3Sb2", float("nan")), "formation_energy"),
        (lambda _: Phase("Mq", 0.0), "symbol"),
        (lambda k: solid_solution([k.phase("Mg3Sb2")], [0.5], 300.0, 0.4), "shares"),
        (lambda k: solid_solution([k.phase("Mg3Sb2"), k.phase("Mg")], [0.5, 0.5], 300.0, 0.4), "same number"),
        (lambda _: read_phases("missing.csv"), "there is no such file"),
    ],
)
def test_bad_input(known, make, words):
    with pytest.raises(InputError, match=words):
        make(known)


def test_elements_stay_whatever_is_left_out(known):
    names = [phase.name for phase in known.without("Mg2Cu", "Cu").phases]
    assert "Mg2Cu" not in names
    assert "Cu" in names
    assert len(names) == len(known.phases) - 1
