"""Choice of an interface material: marks, missing values, what rules a material out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.base.errors import InputError
from ioffe.interface.choice import RULES, WEIGHTS, Candidate, Demand, example_candidates, rank_candidates

LEG = Demand(thermal_expansion=18.75e-6, hottest=673.0, melting_temperature=923.0)


def one(candidate, demand=LEG, weights=None):
    (line,) = rank_candidates([candidate], demand, weights)
    return line


def test_marks_follow_their_rules():
    marks = one(
        Candidate("x", 1e-8, 10**0.5, 13.75e-6, 773.0, 723.0, 1000**0.5, 0.3),
        Demand(18.75e-6, 673.0, 1000.0, 1e-9, 10e-6),
    ).marks
    assert marks == pytest.approx(
        {
            "contact_resistivity": 0.5,
            "stability": 0.5,
            "thermal_expansion": 0.5,
            "melting": 0.5,
            "bonding": 0.5,
            "price": 0.5,
            "weldability": 0.3,
        }
    )


def test_everything_missing_is_said():
    line = one(Candidate("unknown"))
    assert line.missing == tuple(RULES)
    assert (line.score, line.known, line.worst, line.best) == (0.0, 0.0, 0.0, 1.0)
    for rule in RULES:
        assert rule in str(line)


def test_the_published_contacts_in_order():
    lines = rank_candidates(example_candidates(), LEG)
    assert lines[0].candidate.name == "CuNi"
    by_name = {line.candidate.name: line for line in lines}
    assert by_name["Mg2Cu"].marks["bonding"] == pytest.approx(0.5)
    assert by_name["Mg2Cu"].marks["melting"] == pytest.approx(0.9)
    assert by_name["Ag"].marks["stability"] == 0.0
    assert by_name["Sb"].marks["stability"] == 1.0
    assert "stability" in by_name["Fe75Sb25"].missing
    assert not any(line.stops for line in lines)


def test_what_melts_in_service_stands_at_the_end():
    lines = rank_candidates(example_candidates(), Demand(18.75e-6, 860.0, 923.0))
    assert lines[-1].candidate.name == "Mg2Cu"
    assert "melts at 853 K" in str(lines[-1])
    assert "the leg melts" in str(one(Candidate("hot", bonding_temperature=930.0)))


known = st.fixed_dictionaries(
    {
        "contact_resistivity": st.none() | st.floats(1e-11, 1e-6),
        "ageing_factor": st.none() | st.floats(0.1, 100.0),
        "thermal_expansion": st.none() | st.floats(0.0, 4e-5),
        "price": st.none() | st.floats(0.1, 1e5),
        "weldability": st.none() | st.floats(0.0, 1.0),
    }
)


@given(known)
def test_a_new_measurement_stays_within_the_range(values):
    before = one(Candidate("x", **values))
    assert 0.0 <= before.worst <= before.score + 1e-12
    assert before.score <= 1.0 + 1e-12
    for name in values:
        if values[name] is None:
            filled = {"contact_resistivity": 1e-9, "ageing_factor": 2.0, "thermal_expansion": 1e-5}
            more = one(Candidate("x", **{**values, name: filled.get(name, 0.5)}))
            assert before.worst - 1e-12 <= more.worst
            assert more.best <= before.best + 1e-12


def test_own_weights():
    lines = rank_candidates(example_candidates(), LEG, {"contact_resistivity": 1.0})
    assert lines[0].candidate.name == "CuNi"
    assert all(line.known == 1.0 for line in lines)
    assert set(WEIGHTS) == set(RULES)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda: Candidate("x", contact_resistivity=-1.0, weldability=2.0),
            "contact_resistivity.*\n.*weldability",
        ),
        (lambda: Demand(1e-5, -1.0), "hottest"),
        (lambda: rank_candidates([], LEG), "at least one"),
        (lambda: rank_candidates(example_candidates(), LEG, {"prise": 1.0}), 'did you mean "price"'),
        (lambda: rank_candidates(example_candidates(), LEG, {"price": 0.0}), "a weight above 0"),
    ],
)
def test_bad_input(make, words):
    with pytest.raises(InputError, match=words):
        make()
