import csv
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ioffe.base.errors import InputError
from ioffe.material import Material, library
from ioffe.material.card import Card
from tests.material.samples import HEADER, ROWS, write

SOURCE = Path(__file__).with_name("source_points.csv")
DOUBTFUL = ("(Ag2Se)(Te)0.10", "Bi2Te3", "Ce1.25Fe3CoSb12")
RECONSTRUCTED = ("Mg1.18Cu0.02Yb0.6Zn1.2Sb2", "Mg3.2Bi1.4975Sb0.5Te0.0025", "Cu1.97S", "Cu2S0.5Se0.5")


def source_tables():
    with SOURCE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    tables = {}
    for row in rows:
        tables.setdefault(row["name"], []).append(row)
    return tables


def test_every_source_table_is_a_card_with_all_its_digits():
    tables = source_tables()
    assert len(tables) == 42
    for name, rows in tables.items():
        m = library.load_material(name)
        assert (m.name, m.carrier, m.kind, m.quality) == (
            name,
            rows[0]["carrier"],
            "thermoelectric",
            "doubtful" if name in DOUBTFUL else "measured",
        )
        assert m.provenance.doi == rows[0]["doi"]
        assert m.electrical.quantity == "electrical_conductivity"
        column = {
            key: np.array([float(row[key]) for row in rows])
            for key in rows[0]
            if key not in ("name", "carrier", "doi")
        }
        for curve, key in (
            (m.seebeck, "seebeck"),
            (m.electrical, "electrical_conductivity"),
            (m.thermal_conductivity, "thermal_conductivity"),
            (m.reported_zT, "zT"),
        ):
            assert curve.T.tolist() == column["T"].tolist()
            # uV/K and S/cm to SI rounds once: one unit in the last place of a float
            np.testing.assert_allclose(curve.values, column[key], rtol=2.3e-16, err_msg=f"{name} {key}")


def test_every_family_of_the_source_and_its_licence():
    entries = [library.load_material(name) for name in source_tables()]
    assert len({m.family for m in entries}) == 18
    for m in entries:
        assert m.provenance.sample.startswith("sysTEm rows #")
        assert ("CC BY 4.0" in m.provenance.licence) == ("(ESTM)" in m.provenance.sample)
        assert "MIT" in m.provenance.licence
        assert "sysTEm" in m.provenance.source
        assert m.provenance.method


def test_what_the_library_holds():
    count = Counter(entry.kind for entry in library.entries())
    assert count["thermoelectric"] == 49
    assert (count["metal"], count["ceramic"], count["solder"]) == (18, 4, 4)
    names = library.names()
    assert len(names) == len(set(map(str.casefold, names))) == sum(count.values())


def test_passive_materials_state_their_quality_range_and_source():
    passive = [library.load_material(e.name) for e in library.entries() if e.kind != "thermoelectric"]
    assert len(passive) >= 25
    for m in passive:
        assert m.quality in ("read", "remembered")
        assert m.provenance.source
        assert m.seebeck is None
        assert m.thermal_conductivity.extrapolation == "hold"
        if m.name != "304 stainless steel":
            assert m.T_range == (273.0, 323.0)
            assert "room temperature" in m.provenance.note
        assert m.thermal_conductivity(800.0) == m.thermal_conductivity.values[-1]
    assert {m.quality for m in passive} == {"read", "remembered"}
    assert all(m.electrical is None for m in passive if m.kind == "ceramic")


def test_values_of_passive_materials():
    copper, steel = library.load_material("Cu"), library.load_material("304 stainless steel")
    assert copper.electrical_resistivity(300.0) == 1.678e-8
    assert (copper.density, copper.youngs_modulus) == (8920.0, 130e9)
    # the certified values of copper, NIST SRM 736: 16.64 ppm/K at 293 K, 18.27 at 500 K, 20.5 at 800 K
    assert copper.thermal_expansion([293.0, 500.0, 800.0]) == pytest.approx(
        [16.64e-6, 18.27e-6, 20.5e-6], rel=4e-3
    )
    assert library.load_material("Ni").thermal_expansion == 13.4e-6
    assert steel.thermal_conductivity(773.0) == 21.5
    assert steel.electrical_resistivity(923.0) == pytest.approx(1.16e-6, rel=1e-15)
    assert library.load_material("Mg").thermal_expansion is None
    assert "left out" in library.load_material("Mg").provenance.note
    assert library.load_material("Sn97Ag3 solder").melting_temperature == 493.0
    assert library.load_material("Al2O3").electrical is None


def test_generic_cooler_legs():
    p, n = library.load_material("generic p cooler leg"), library.load_material("generic n cooler leg")
    for T in (200.0, 300.0, 400.0):
        S = (22224 + 930.6 * T - 0.9905 * T**2) * 1e-9
        assert p.seebeck(T) == pytest.approx(S, rel=1e-14)
        assert n.seebeck(T) == pytest.approx(-S, rel=1e-14)
        for m in (p, n):
            rho = (5112 + 163.4 * T + 0.6279 * T**2) * 1e-10
            assert m.electrical_resistivity(T) == pytest.approx(rho, rel=1e-13)
            assert m.thermal_conductivity(T) == pytest.approx(
                (62605 - 277.7 * T + 0.4131 * T**2) * 1e-4, rel=1e-13
            )
    assert round(p.zT(300.0), 4) == round(n.zT(300.0), 4) == 0.7415
    assert p.electrical.quantity == "electrical_resistivity"
    assert (p.T_range, p.quality) == ((200.0, 400.0), "remembered")
    assert "remembered" in p.provenance.note


def test_reconstructed_p_leg_meets_the_published_numbers():
    m = library.load_material("Mg1.18Cu0.02Yb0.6Zn1.2Sb2")
    assert m.quality == "reconstructed"
    assert m.seebeck.mean(296.0, 373.0) == pytest.approx(137.66e-6, abs=0.1e-6)
    assert m.seebeck.mean(298.0, 663.0) == pytest.approx(165.75e-6, abs=0.1e-6)
    assert m.seebeck.integral(296.0, 373.0) == pytest.approx(10.6e-3, rel=2e-3)
    assert m.seebeck.integral(298.0, 663.0) == pytest.approx(60.5e-3, rel=2e-3)
    assert m.electrical_conductivity(300.0) == pytest.approx(43200.0)
    assert m.zT(673.0) == pytest.approx(0.950, abs=1e-3)
    T = np.linspace(298.0, 673.0, 2001)
    assert np.trapezoid(m.zT(T), T) / 375.0 == pytest.approx(0.590, abs=2e-3)


def test_reconstructed_n_leg_meets_the_published_numbers():
    m = library.load_material("Mg3.2Bi1.4975Sb0.5Te0.0025")
    assert m.provenance.doi == "10.1016/j.joule.2021.11.008"
    assert m.zT(300.0) == pytest.approx(0.70, abs=2e-3)
    assert m.zT(420.0) == pytest.approx(1.00, abs=2e-3)
    for T in (225.0, 300.0, 375.0):
        t = T - 300.0
        assert m.seebeck(T) == pytest.approx(-(210 + 0.30 * t - 7.6e-4 * t**2) * 1e-6, abs=0.06e-6)
        assert m.electrical_conductivity(T) == pytest.approx(49400.0 * 300.0 / T, rel=2e-4)


def test_reconstructed_sulfide_takes_S_and_kappa_from_its_neighbour():
    m, other = library.load_material("Cu1.97S"), library.load_material("Cu1.98S")
    assert m.electrical_conductivity(750.0) == pytest.approx(12200.0)
    assert m.electrical.mean(350.0, 673.0) == pytest.approx(8250.0, rel=1e-3)
    assert m.seebeck.values.tolist() == other.seebeck.values.tolist()
    assert m.thermal_conductivity.values.tolist() == other.thermal_conductivity.values.tolist()
    assert "Cu1.98S" in m.provenance.method
    assert m.provenance.doi == "10.1038/s41467-018-05248-8"


def test_reconstructed_cards_state_their_rule():
    for name in RECONSTRUCTED:
        m = library.load_material(name)
        assert m.quality == "reconstructed"
        assert m.provenance.method.startswith("Rule: ")
        assert m.provenance.note


def test_load_knows_capitals_files_and_near_names(tmp_path):
    assert library.load_material(" MGAGSB ").name == "MgAgSb"
    card = library.load_material("MgAgSb").save(tmp_path / "mine.toml")
    assert library.load_material(card) == library.load_material("MgAgSb")
    assert library.load_material("mine.toml", beside=tmp_path) == library.load_material("MgAgSb")
    write(tmp_path, "table.csv", f"{HEADER}\n{ROWS}")
    assert library.load_material("table.csv", beside=tmp_path).seebeck(300.0) == 2e-4
    for wrong, advice in (
        ("MgAgSb0.99In", 'did you mean "MgAgSb0.99In0.01"?'),
        ("304 steel", 'did you mean "304 stainless steel"?'),
        ("xyzzy", "ioffe materials list shows all"),
    ):
        with pytest.raises(InputError) as caught:
            library.load_material(wrong)
        assert f'material = "{wrong}": no material of the library has this name' in str(caught.value)
        assert advice in str(caught.value)
    with pytest.raises(InputError, match="does not exist"):
        library.load_material("none.toml", beside=tmp_path)


def test_find_by_every_condition():
    assert library.find(kind="solder") == [
        "Pb95Sn5 solder",
        "SAC305 solder",
        "Sn63Pb37 solder",
        "Sn97Ag3 solder",
    ]
    assert library.find(family="MGAGSB") == ["MgAgSb", "MgAgSb0.99In0.01"]
    n = library.find(family="Mg3(Sb", carrier="n")
    assert "Mg3.5SbBi0.96Te0.04" in n
    assert all(library.load_material(name).carrier == "n" for name in n)
    hot = library.find(T="900 K", min_zT=1.0)
    assert "FeNb0.88Hf0.12Sb" in hot
    for name in hot:
        m = library.load_material(name)
        assert m.T_range[0] <= 900.0 <= m.T_range[1]
        assert m.zT(900.0) >= 1.0
    left_out = set(library.find(T=900.0)) - set(hot)
    assert left_out
    assert all(library.load_material(name).zT(900.0) < 1.0 for name in left_out)
    assert "Cu" not in library.find(T=900.0)
    assert set(library.find(min_zT=2.0)) >= {"AgSb0.94Cd0.06Te2", "Ge0.75Bi0.12Sn0.1Cu0.06Te"}
    assert len(library.find()) == len(library.names())


def test_find_refuses_unknown_words():
    with pytest.raises(InputError) as caught:
        library.find(family="skuterudite", carrier="e", kind="metall")
    text = str(caught.value)
    assert 'did you mean "skutterudite"?' in text
    assert '"p" or "n" is expected' in text
    assert 'did you mean "metal"?' in text
    with pytest.raises(InputError, match="unit is missing"):
        library.find(T="900")


def test_prices_have_year_and_source():
    te = library.prices("te")
    assert [(p.element, p.year, p.value) for p in te] == [
        ("Te", 2013, 348.9913),
        ("Te", 2016, 27.5),
        ("Te", None, 63.5),
    ]
    assert "Fastmarkets" in te[1].source
    assert "no year" in te[2].note
    assert [p.year for p in library.prices("Cu")] == [2013, None]
    with pytest.raises(InputError, match='element = "Xx"'):
        library.prices("Xx")


def test_the_library_has_no_error_and_only_known_warnings():
    """Every warning was looked at; it is in the published table, and the card says so where it misleads."""
    known = {
        ("(Ag2Se)(Te)0.10", "lorenz"),
        ("(Ag2Se)(Te)0.10", "narrow"),
        ("Bi2Te3", "lorenz"),
        ("Ce1.25Fe3CoSb12", "lorenz"),
        ("Cu1.97S", "few-points"),
        ("Cu1.97S", "gap"),
        ("Cu1.98S", "few-points"),
        ("Cu1.98S", "gap"),
        ("Cu2S", "gap"),
        ("Cu2Se", "gap"),
        ("Cu2Se sample B", "gap"),
        ("Cu2Se0.92S0.08", "lorenz"),
        ("Cu2S0.5Se0.5", "lorenz"),
        ("Cu2S0.5Se0.5", "kink"),
        ("Cu2Se0.92S0.08", "kink"),
        ("Bi2Te3", "kink"),
        ("Ce1.25Fe3CoSb12", "kink"),
        ("Sn0.96Pb0.01Cd0.035Se", "kink"),
        ("Yb14MnSb11", "gap"),
        ("304 stainless steel", "few-points"),
        ("304 stainless steel", "gap"),
    }
    found = {
        (name, f.code)
        for name in library.names()
        for f in library.load_material(name).check()
        if f.severity != "note"
    }
    assert found == known
    for name in {name for name, code in known if code == "lorenz"}:
        assert library.load_material(name).provenance.note, name


def test_no_card_of_the_library_has_an_error():
    cards = [library.load_material(name) for name in library.names()]
    assert not [m.name for m in cards if any(f.severity == "error" for f in m.check())]


def test_cards_far_below_their_electronic_part_are_called_doubtful():
    """kappa more than a tenth below L sigma T is known to be wrong, whichever of the three curves is."""
    for name in library.names():
        m = library.load_material(name)
        texts = [f.message for f in m.check() if f.code == "lorenz"]
        worst = min((float(text.split(" is ")[-1].split()[0]) for text in texts), default=1.0)
        assert (m.quality == "doubtful") == (worst < 0.9), name


def test_samples_in_one_table_are_an_error():
    """The rows of Cu2Se as its source lists them, three samples sorted by temperature."""
    T = [300.0, 350.0, 450.0, 500.0, 550.0, 600.0, 650.0, 700.0, 750.0, 800.0]
    sigma = [1934.2, 837.6, 1668.0, 723.2, 324.4, 289.8, 1047.9, 460.1, 404.5, 791.6]
    kappa = [1.603, 0.729, 1.699, 0.882, 0.377, 0.372, 1.440, 0.787, 0.771, 1.314]
    S = [36.8, 66.9, 39.8, 79.6, 127.9, 142.5, 70.0, 124.0, 136.2, 95.0]
    curves = {
        "seebeck": 1e-6 * np.array(S),
        "electrical_conductivity": 100.0 * np.array(sigma),
        "thermal_conductivity": kappa,
    }
    found = Material.from_arrays("three in one", "p", T, **curves).check()
    assert {(f.severity, f.code) for f in found} >= {("error", "scatter"), ("warning", "scatter")}


def test_cards_round_trip(tmp_path):
    for name in library.names():
        m = library.load_material(name)
        assert Material.from_card(write(tmp_path, "card.toml", m.to_card())) == m


def test_listing_reads_no_curves(monkeypatch):
    """Names and index come from the files alone: no card is validated for them."""
    library.entries.cache_clear()

    def refuse(*_args, **_kwargs):
        raise AssertionError("a card was read")

    monkeypatch.setattr(Card, "model_validate", refuse)
    monkeypatch.setattr(Material, "from_card", refuse)
    assert len(library.names()) == 75
    with pytest.raises(AssertionError, match="a card was read"):
        library._card.__wrapped__(library.entries()[0].path)


def test_every_card_says_format_one():
    for entry in library.entries():
        assert tomllib.loads(entry.path.read_text(encoding="utf-8"))["format"] == 1
