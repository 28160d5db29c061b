"""Metal, semimetal, semiconductor by the density of states."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.base.constants import e
from ioffe.base.errors import InputError
from ioffe.interface.density_of_states import DensityOfStates, classify_states, read_density_of_states

ENERGY = np.linspace(-6.0, 6.0, 1201)


def parabolas(gap, offset=0.0):
    """Two bands of free electrons with a gap, the Fermi level `offset` above its middle."""
    E = ENERGY + offset
    return np.sqrt(np.maximum(E - gap / 2, 0.0)) + np.sqrt(np.maximum(-E - gap / 2, 0.0))


@given(st.floats(0.1, 2.0), st.floats(-0.04, 0.04))
def test_the_gap_of_a_semiconductor(gap, offset):
    found = classify_states(DensityOfStates(ENERGY * e, parabolas(gap, offset)))
    assert found.kind == "semiconductor"
    assert found.gap / e == pytest.approx(gap, abs=0.03)


def test_overlapping_bands_are_a_semimetal():
    """As Sb: two bands that overlap by 0.04 eV."""
    found = classify_states(DensityOfStates(ENERGY * e, parabolas(-0.04)))
    assert found.kind == "semimetal"
    assert "pseudogap" in found.reason


def test_free_electrons_are_a_metal():
    """As Ag3Sb: states of the conduction electrons at the Fermi level."""
    assert classify_states(DensityOfStates(ENERGY * e, np.sqrt(ENERGY + 6.0))).kind == "metal"


def test_a_gap_away_from_the_fermi_level_does_not_count():
    assert classify_states(DensityOfStates(ENERGY * e, parabolas(0.4, 1.5))).kind == "metal"


def test_the_scale_does_not_matter():
    for kind, g in (("semiconductor", parabolas(0.3)), ("metal", np.ones_like(ENERGY))):
        for scale in (1e-9, 1.0, 1e30):
            assert classify_states(DensityOfStates(ENERGY * e, scale * g)).kind == kind


def test_files_with_spins_and_a_fermi_level(tmp_path):
    path = tmp_path / "dos.dat"
    rows = [f"{E + 5.31:.6f} {g / 2:.6f} {-g / 2:.6f}" for E, g in zip(ENERGY, parabolas(0.3), strict=True)]
    path.write_text("# E (eV), up, down; E_Fermi = 5.31\n" + "\n".join(rows))
    found = read_density_of_states(path)
    assert found.name == "dos"
    assert found.energy[600] / e == pytest.approx(0.0, abs=1e-9)
    assert classify_states(found).gap / e == pytest.approx(0.3, abs=0.03)
    shifted = read_density_of_states(path, fermi_level=6.31 * e)
    assert classify_states(shifted).kind == "metal"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("-1 1\n0 x\n1\n", "line 2.*\n.*line 3"),
        ("-1 1\n0 1\n", "at least five"),
        ("1 1\n2 1\n3 1\n4 1\n5 1\n", "both sides"),
        ("-2 0\n-1 0\n0 0\n1 0\n2 0\n", "densities"),
        ("-1 1\n-1 1\n0 1\n1 1\n2 1\n", "rise"),
    ],
)
def test_bad_files(tmp_path, text, words):
    path = tmp_path / "dos.dat"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        read_density_of_states(path)
    with pytest.raises(InputError, match="there is no such file"):
        read_density_of_states(tmp_path / "missing.dat")


def test_no_valence_states():
    with pytest.raises(InputError, match="below the Fermi level"):
        classify_states(DensityOfStates(ENERGY * e, np.where(ENERGY > 0.0, 1.0, 0.0)))


def test_states_far_below_the_fermi_level_do_not_matter():
    """The mean is that of the 4 eV below the Fermi level: a d or core band below changes nothing."""
    for g in (parabolas(0.3), parabolas(-0.04), np.sqrt(ENERGY + 6.0)):
        plain = classify_states(DensityOfStates(ENERGY * e, g))
        deep = classify_states(DensityOfStates(ENERGY * e, g + 1e4 * (ENERGY < -4.1)))
        assert (deep.kind, deep.gap) == (plain.kind, plain.gap)
        assert deep.at_fermi == pytest.approx(plain.at_fermi)
