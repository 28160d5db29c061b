"""Stress of a solved couple: measures, what is missing, supports, and what is refused."""

import numpy as np
import pytest

import ioffe as te
from ioffe.base.curve import Curve
from ioffe.field.elements import linear, solids
from ioffe.field.stress import elastic
from ioffe.field.stress import solve as stress_solve

CERAMIC = "Al2O3 96%"
MATERIALS = "Cu", CERAMIC, "generic p cooler leg", "generic n cooler leg"


def couple(ceramic=CERAMIC, **more):
    p, n = (te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm") for k in "pn")
    stack = [te.Layer("Cu", "0.3 mm"), te.Layer(ceramic, "0.6 mm")]
    return te.Module(p, n, couples=1, hot=stack, cold=stack, layout=te.Layout(gap="1 mm"), **more)


@pytest.fixture(scope="module")
def solved():
    """A couple on a coarse mesh."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solids, "CELLS", dict.fromkeys(solids.CELLS, 1) | {"length": 2})
        yield couple().solve(te.Generator(T_hot=390, T_cold=300, current=[0.0, 1.0]), "full", maxima=False)


def test_measures_of_a_couple(solved):
    strength = {"generic p cooler leg": te.BrittleStrength("60 MPa", 8, 1e-8)}
    r = te.stress(solved, free="450 K", brittle=strength, distance="0.3 mm")
    assert r.status is te.Status.OK
    assert 0.0 < r.error_estimate < 1.0
    assert f"differs by up to {100.0 * r.error_estimate:.0f} %" in str(r)
    p, n = r.parts["p leg, generic p cooler leg"], r.parts["n leg, generic n cooler leg"]
    # both legs are mirror images with the same elastic data
    assert p["mises_exceeded"] == pytest.approx(n["mises_exceeded"], rel=1e-6)
    assert p["mises_rms"] < p["mises_exceeded"] <= p["largest_mises"]
    assert 0.0 < p["failing"] < 1.0
    # the strength of the other leg is that of its card, which is the same as the stated one
    assert n["failing"] == pytest.approx(p["failing"], rel=1e-5)
    assert np.isnan(r.parts["hot electrode, Cu"]["failing"])
    # the ceramic of the card, far below its strength
    assert 0.0 < r.parts["hot plate, Al2O3 96%"]["failing"] < 0.1
    assert p["volume"] == pytest.approx(1.6e-3 * 1.96e-6)
    assert set(r.joints) == {"leg 0 cold", "leg 1 cold", "leg 0 hot", "leg 1 hot"}
    assert r.joints["leg 0 cold"]["rim_shear"] > r.joints["leg 0 cold"]["shear"] > 0.0
    assert r.field.stress.shape[1:] == (8, 3, 3)
    # nothing pulls at a free module: the mean stress along z vanishes in the middle of each leg
    mesh = r.field.body.mesh
    own = np.isin(mesh.body, [k for k, s in enumerate(solids_of(solved)) if s.part == "leg"])
    pull = (r.field.stress[own][..., 2, 2].mean(axis=1) * mesh.volume[own]).sum() / mesh.volume[own].sum()
    assert abs(pull) < 0.02 * p["mises_rms"]


def solids_of(result):
    return result.points[0].levels[-1][0].solid.solids


def test_one_temperature_and_one_expansion_give_none(solved):
    """At one expansion of all materials only the temperature differences stress; at twice of them twice."""
    same = {
        m: {"thermal_expansion": 1e-5}
        for m in ("Cu", CERAMIC, "generic p cooler leg", "generic n cooler leg")
    }
    r = te.stress(solved, free=300.0, elastic=same)
    assert any("state a larger distance" in text for text in r.warnings)
    usual = te.stress(solved, free=300.0)
    name = "hot plate, Al2O3 96%"
    assert r.parts[name]["mises_rms"] < 0.2 * usual.parts[name]["mises_rms"]
    moved = te.stress(solved, free=450.0, elastic=same)
    # heating all evenly adds no stress to it
    assert moved.parts[name]["mises_rms"] == pytest.approx(r.parts[name]["mises_rms"], rel=1e-6)


def test_pressure_springs_and_curves(solved):
    p = 2e6
    none = {
        m: {"thermal_expansion": 1e-12}
        for m in ("Cu", CERAMIC, "generic p cooler leg", "generic n cooler leg")
    }
    r = te.stress(solved, point=1, elastic=none, pressure=p)
    plate, legs = 4.8e-3 * 2.4e-3, 2 * 1.96e-6
    leg = np.isin(r.field.body.mesh.body, [k for k, s in enumerate(solids_of(solved)) if s.part == "leg"])
    w = r.field.volumes[leg]
    assert (w * r.field.stress[leg][..., 2, 2]).sum() / w.sum() == pytest.approx(-p * plate / legs, rel=1e-6)
    soft = Curve([300.0, 400.0], [50e9, 40e9], "youngs_modulus")
    curved = {f"generic {k} cooler leg": {"youngs_modulus": soft} for k in "pn"}
    held = te.stress(solved, elastic=curved, cold_spring=1e16, distance="0.2 mm")
    assert held.distance == 2e-4
    foot = held.field.body.positions[:, 2] == 0.0
    free = te.stress(solved, elastic=curved, distance="0.2 mm")
    # a stiff support keeps flat what bends otherwise
    assert np.ptp(held.displacement[foot, 2]) < 0.05 * np.ptp(free.displacement[foot, 2])


def test_everything_missing_is_said_at_once(solved):
    bare = couple("Al2O3").solve(te.Generator(T_hot=390, T_cold=300, current=0.0), "1d", maxima=False)
    with pytest.raises(te.InputError) as e:
        te.stress(bare, free="ten", pressure=-1.0, cold_spring=-1.0)
    assert {f.location for f in e.value.faults} == {"result", "free", "pressure", "cold_spring"}
    with pytest.raises(te.InputError) as e:
        te.stress(solved, elastic={"Cupper": {}, "Cu": {"modulus": 1.0}, CERAMIC: {"poisson_ratio": 0.7}})
    assert [f.location for f in e.value.faults][:2] == ["elastic", 'elastic["Cu"]']
    for point in (2, 0.5):
        with pytest.raises(te.InputError, match="number from 0 to 1"):
            te.stress(solved, point=point)
    law = te.BrittleStrength("60 MPa", 8, "10 mm3")
    with pytest.raises(te.InputError) as e:
        te.stress(solved, elastic={"Cu": 5}, brittle={"Cu": 5, "generic p coler leg": law}, free=None)
    assert {f.location for f in e.value.faults} == {'elastic["Cu"]', 'brittle["Cu"]', "brittle", "free"}
    assert "generic p cooler leg" in str(e.value)
    for name in ("elastic", "brittle"):
        with pytest.raises(te.InputError, match=f"{name} = 5: a mapping"):
            te.stress(solved, **{name: 5})
    with pytest.raises(te.InputError) as e:
        te.BrittleStrength("3 mm", 0.0, "1 m")
    assert {f.location for f in e.value.faults} == {"strength", "shape", "volume"}


@pytest.mark.parametrize("ratio", [0.5, -1.0, Curve([300.0, 400.0], [0.3, 0.5], "poisson_ratio")])
def test_a_body_without_a_bound_is_refused_by_name(solved, ratio):
    with pytest.raises(te.InputError, match=r'"Cu".poisson_ratio = .* -0.99 and below 0.4999'):
        te.stress(solved, elastic={"Cu": {"poisson_ratio": ratio}})


def test_numbers_that_no_module_has_are_doubted(solved):
    """The unit that was left out is guessed, before anything is solved."""
    law = te.BrittleStrength(60.0, 8, "10 mm3")
    data = {"Cu": {"thermal_expansion": 17.0, "youngs_modulus": 130.0}, CERAMIC: {"poisson_ratio": 0.495}}
    with pytest.raises(te.InputError) as e:
        te.stress(
            solved, free=183, elastic=data, brittle={"Cu": law}, distance="1 mm", cold_spring=10, strict=True
        )
    told = str(e.value)
    for words in (
        "free = 183.0: 183 K; is the unit degC?",
        "17 1/K; is the unit ppm/K?",
        "130 Pa; is the unit GPa?",
        "60 Pa; is the unit MPa?",
        "10 N/m3; is the unit MPa/mm?",
        "0.495: a value",
        "over half of the narrowest leg (1.4 mm)",
    ):
        assert words in told, words


def test_only_what_cards_gave_is_called_remembered(solved):
    """A number that the user gave is his, with the source that he states."""
    given = {
        "youngs_modulus": "40 GPa",
        "poisson_ratio": 0.3,
        "thermal_expansion": "16 ppm/K",
        "source": "me",
    }
    own = {f"generic {k} cooler leg": given for k in "pn"} | {CERAMIC: {"poisson_ratio": 0.2}}
    law = te.BrittleStrength("500 MPa", 10, "8 mm3", "bars")
    r = te.stress(solved, elastic=own, brittle={"generic n cooler leg": law}, distance="0.3 mm")
    assert r.notes == (
        "elastic data of Al2O3 96% are remembered, not read from a source",
        "strengths of Al2O3 96%, generic p cooler leg are remembered, not read from a source",
    )
    assert r.origins["generic p cooler leg"] == "given (me)"
    assert r.origins[CERAMIC] == "Poisson's ratio given, the others of the card, remembered"
    for words in ("given: bars", "fails with less than 0.0001 %", "T_cold 300 K", "none: it bends"):
        assert words in str(r), words
    assert r.to_dict()["strengths"]["generic n cooler leg"]["shape"] == 10


def test_a_saved_result_has_no_fields(solved, tmp_path):
    path = solved.save(tmp_path / "r.json")
    with pytest.raises(te.InputError, match="of which a file holds none"):
        te.stress(te.load_result(path))


def test_missing_data_of_cards():
    bare = te.load_material("Al2O3").replace(thermal_expansion=None, poisson_ratio=None)
    with pytest.raises(te.InputError) as e:
        stress_solve.with_elastic_data([bare, te.load_material("Sb")], {})
    assert [f.location for f in e.value.faults] == [
        '"Al2O3".poisson_ratio',
        '"Al2O3".thermal_expansion',
        '"Sb".poisson_ratio',
    ]


def test_multigrid_agrees_with_factors_and_memory_is_told(solved, monkeypatch):
    usual = te.stress(solved, free="450 K")
    monkeypatch.setattr(elastic, "DIRECT", 100)
    other = te.stress(solved, free="450 K")
    for name, part in usual.parts.items():
        assert other.parts[name]["mises_rms"] == pytest.approx(part["mises_rms"], rel=1e-5)
    monkeypatch.setattr(stress_solve, "free_memory", lambda: 1e6)
    with pytest.raises(te.InputError, match=r"stress fits into .* GB of memory"):
        te.stress(solved)
    monkeypatch.setattr(linear, "find_spec", lambda _: None)
    monkeypatch.setattr(linear, "DIRECT", 100)
    with pytest.raises(te.InputError, match=r"ioffe\[field\]"):
        te.stress(solved)
