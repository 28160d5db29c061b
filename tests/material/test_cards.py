import tomllib

import numpy as np
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ioffe.base.curve import Curve
from ioffe.base.errors import InputError
from ioffe.base.schema import validate
from ioffe.material import Material, Provenance
from ioffe.material.card import Card, material_of
from ioffe.material.card_writing import dumps
from tests.material.samples import smooth, write

CARD = """\
format = 1
name = "trial"
carrier = "p"
family = "Bi2Te3"
density = "6.65 g/cm3"
thermal_expansion = { value = 17, unit = "ppm/K", uncertainty = "5 %" }
poisson_ratio = 0.24

[provenance]
doi = "https://doi.org/10.1021/x"
note = "A \\"quoted\\" word, a tab\\t and µ."

[[table]]
columns = { T = "degC", seebeck = "uV/K", seebeck_std = "uV/K" }
rows = [[26.85, 200, 10], [126.85, 220, 11]]

[[table]]
columns = { T = "K", electrical_resistivity = "mohm cm", thermal_conductivity = "W/mK" }
interpolation = "linear"
extrapolation = "strict"
rows = [[300, 1.0, 1.5], [350, 1.2, 1.4], [400, 1.5, 1.3]]
"""


def read(folder, text):
    return Material.from_card(write(folder, "card.toml", text))


def faults(folder, text):
    with pytest.raises(InputError) as caught:
        read(folder, text)
    return [str(fault).removeprefix(str(folder / "card.toml") + ": ") for fault in caught.value.faults]


def test_a_card_with_tables_on_two_grids(tmp_path):
    m = read(tmp_path, CARD)
    assert (m.name, m.carrier, m.family, m.kind, m.quality) == (
        "trial",
        "p",
        "Bi2Te3",
        "thermoelectric",
        "measured",
    )
    np.testing.assert_allclose(m.seebeck.T, [300.0, 400.0], rtol=1e-15)
    np.testing.assert_allclose(m.seebeck.values, [2e-4, 2.2e-4], rtol=1e-15)
    np.testing.assert_allclose(m.seebeck.std, [1e-5, 1.1e-5], rtol=1e-15)
    assert m.electrical.quantity == "electrical_resistivity"
    assert m.electrical_resistivity(325.0) == pytest.approx(1.1e-5, rel=1e-14)
    assert (m.seebeck.interpolation, m.electrical.interpolation) == ("pchip", "linear")
    assert (m.seebeck.extrapolation, m.electrical.extrapolation) == ("warn", "strict")
    assert (m.density, m.thermal_expansion, m.poisson_ratio) == (6650.0, 17e-6, 0.24)
    assert m.provenance == Provenance(doi="10.1021/x", note='A "quoted" word, a tab\t and µ.')


def test_formula_and_constant(tmp_path):
    m = read(
        tmp_path,
        """
        format = 1
        name = "leg"
        [formula.seebeck]
        coefficients = [22224, 930.6, -0.9905]
        unit = "nV/K"
        range = ["200 K", "400 K"]
        std = [1000, 2000]
        [constant]
        range = [250, 350]
        extrapolation = "hold"
        electrical_conductivity = { value = 900, unit = "S/cm", uncertainty = "8 %" }
        thermal_conductivity = 1.5
        """,
    )
    assert m.seebeck(300.0) == pytest.approx((22224 + 930.6 * 300 - 0.9905 * 300**2) * 1e-9, rel=1e-14)
    assert m.seebeck.std_at(300.0) == pytest.approx(1.5e-6)
    assert m.seebeck.range == (200.0, 400.0)
    assert m.electrical.range == (250.0, 350.0)
    assert m.electrical.extrapolation == "hold"
    assert m.electrical_conductivity.std(300.0) == pytest.approx(7200.0)
    assert m.T_range == (250.0, 350.0)


def test_one_table_may_stand_alone_in_single_brackets(tmp_path):
    one = CARD.split("[[table]]")
    text = (
        one[0]
        + "[table]"
        + one[1]
        + "[constant]\nelectrical_resistivity = 1e-5\nthermal_conductivity = 1.5\n"
    )
    assert read(tmp_path, text).seebeck.T.tolist() == [300.0, 400.0]


def test_every_fault_of_a_card_with_place_and_advice(tmp_path):
    text = (
        CARD.replace('carrier = "p"', 'carrier = "m"\nqualty = "read"')
        .replace("6.65 g/cm3", "6.65 mm")
        .replace("[126.85, 220, 11]", '[126.85, "220", 11]')
        .replace('interpolation = "linear"', 'interpolation = "linaer"')
        .replace("format = 1", "format = 2")
    )
    found = faults(tmp_path, text)
    expected = [
        "format = 2: 1 is expected",
        'carrier = "m": "p" or "n" is expected',
        'qualty = "read": no such key is known; did you mean "quality"?',
        'density = "6.65 mm": a density is expected',
        'table[0].rows[1][1] = "220": a number is expected',
        'table[1].interpolation = "linaer": "linear", "pchip" or "cubic" is expected; did you mean "linear"?',
    ]
    assert len(found) == len(expected)
    for words in expected:
        assert any(fault.startswith(words) for fault in found), (words, found)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('T = "degC", ', "", "table[0].columns = "),
        ('seebeck = "uV/K"', 'sigma = "S/cm"', 'did you mean "electrical_conductivity"?'),
        ('seebeck = "uV/K"', 'power = "W"', "power is no property of a material card"),
        ('seebeck = "uV/K"', 'seebeck = "uV/cm"', '"uV/cm" is an electric field'),
        (
            'seebeck = "uV/K"',
            'seebeck = "furlong"',
            'table[0].columns.seebeck = "furlong": a unit is expected',
        ),
        ("[126.85, 220, 11]", "[126.85, 220]", "table[0].rows[1] = [126.85, 220.0]: 3 numbers are expected"),
        ("rows = [[26.85, 200, 10], [126.85, 220, 11]]", "rows = []", "at least one row"),
        ("[126.85, 220, 11]", "[26.85, 220, 11]", "table[0].T[1] = 300.0: T must increase strictly"),
        ("[126.85, 220, 11]", "[nan, 220, 11]", "a finite number is expected"),
        ("[350, 1.2, 1.4]", "[350, 1.2, -1.4]", "thermal_conductivity at 350 K"),
        ("[350, 1.2, 1.4]", "[350, 0, 1.4]", "electrical_resistivity at 350 K"),
        ("seebeck_std", "kappa_std", "the name of a property is expected"),
        ("seebeck_std", "zT_std", "a column zT is expected beside its deviations"),
        ('name = "trial"', 'name = ""', "name = "),
        ('name = "trial"', "", "name: this key is missing"),
        ("[provenance]", "[provenence]", 'did you mean "provenance"?'),
    ],
)
def test_faulty_cards(tmp_path, old, new, words):
    assert old in CARD
    found = faults(tmp_path, CARD.replace(old, new))
    assert any(words in fault for fault in found), found


def test_a_wrong_temperature_is_said_once(tmp_path):
    found = faults(tmp_path, CARD.replace("[350, 1.2, 1.4]", "[300, 1.2, 1.4]"))
    assert found == ["table[1].T[1] = 300.0: T must increase strictly; it repeats T[0] = 300"]


def test_a_property_given_twice_or_not_at_all(tmp_path):
    twice = CARD + "[constant]\nthermal_conductivity = 1.5\n"
    assert faults(tmp_path, twice) == [
        "constant.thermal_conductivity: the card has a value for the field thermal_conductivity already"
    ]
    none = CARD.split("[[table]]", maxsplit=1)[0]
    assert faults(tmp_path, none) == ["thermal_conductivity: no table, formula or constant gives it"]


def test_a_formula_with_a_wrong_range_or_unit(tmp_path):
    text = """
        format = 1
        name = "x"
        [formula.thermal_conductivity]
        coefficients = [1, 2, 3, 4, 5]
        unit = "W/(m K)"
        range = [200]
        [formula.seebeck]
        coefficients = [1]
        unit = "mm"
        range = [200, 400]
        """
    found = faults(tmp_path, text)
    assert any("formula.seebeck.unit" in fault and '"mm" is a length' in fault for fault in found)
    assert any("formula.thermal_conductivity.range" in fault for fault in found)


def test_files_that_are_no_card(tmp_path):
    for name, content, words in (
        ("a.toml", b"\x00\x01\xff\xfe", "UTF-8"),
        ("b.toml", b"name = ", "line 1"),
        ("c.toml", b"", "format: this key is missing"),
    ):
        with pytest.raises(InputError, match=words):
            Material.from_card(write(tmp_path, name, content))
    with pytest.raises(InputError, match="folder"):
        Material.from_card(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        Material.from_card(tmp_path / "none.toml")


def test_save_writes_a_card_and_only_a_card(tmp_path):
    path = smooth().save(tmp_path / "new" / "m.toml")
    assert Material.from_card(path) == smooth()
    with pytest.raises(InputError, match=r"\.toml"):
        smooth().save(tmp_path / "m.csv")
    assert not (tmp_path / "m.csv").exists()


def test_a_card_is_written_in_the_units_people_read():
    card = tomllib.loads(smooth().to_card())
    assert card["table"][0]["columns"] == {
        "T": "K",
        "seebeck": "uV/K",
        "electrical_conductivity": "S/cm",
        "thermal_conductivity": "W/(m K)",
    }
    assert card["table"][0]["rows"][0] == [300.0, 180.0, 900.0, 1.5]


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=20)
values = st.floats(1e-3, 1e3)


@st.composite
def curves(draw, quantity, scale=1.0):
    kind = draw(st.sampled_from(["table", "constant", "everywhere", "polynomial"]))
    extrapolation = draw(st.sampled_from(["warn", "hold", "strict"]))
    if kind == "everywhere":
        return Curve.constant(draw(values) * scale, quantity)
    if kind == "constant":
        curve = Curve.constant(draw(values) * scale, quantity, (250.0, 350.0), draw(st.none() | values))
        return curve.replace(extrapolation=extrapolation)
    if kind == "polynomial":
        return Curve.polynomial((draw(values) * scale, 1e-7 * scale), (280.0, 420.0), quantity, extrapolation)
    n = draw(st.integers(2, 6))
    T = 290.0 + np.cumsum(draw(arrays(float, n, elements=st.floats(1.0, 50.0))))
    points = draw(arrays(float, n, elements=values)) * scale
    std = draw(st.none() | arrays(float, n, elements=st.floats(0.0, 1.0)))
    interpolation = draw(st.sampled_from(["linear", "pchip"]))
    return Curve(T, points, quantity, std, interpolation, extrapolation)


@st.composite
def materials(draw):
    electrical = draw(st.sampled_from(["electrical_conductivity", "electrical_resistivity"]))
    fields = {
        "name": draw(words.filter(str.strip)),
        "carrier": draw(st.sampled_from(["p", "n", None])),
        "seebeck": draw(curves("seebeck", draw(st.sampled_from([1e-6, -1e-6])))),
        "electrical": draw(curves(electrical)),
        "thermal_conductivity": draw(curves("thermal_conductivity")),
        "family": draw(words),
        "density": draw(st.none() | values),
        "heat_capacity": draw(st.none() | values | curves("heat_capacity")),
        "poisson_ratio": draw(st.none() | st.floats(0.0, 0.5)),
        "hall": draw(st.none() | curves("hall_coefficient", 1e-9)),
        "provenance": Provenance(doi=draw(words), note=draw(words)),
        "quality": draw(st.sampled_from(["measured", "synthetic"])),
        "reported_zT": draw(st.none() | curves("zT")),
    }
    try:
        return Material(**fields)
    except InputError:  # no temperature in common, or a formula below zero
        reject()


@given(materials())
def test_a_card_gives_the_same_material_back(material):
    text = material.to_card()
    again = material_of(validate(Card, tomllib.loads(text)))
    assert again == material
    assert again.to_card() == text


@given(
    st.dictionaries(
        words,
        words | st.floats(allow_nan=False) | st.integers(-(2**62), 2**62) | st.booleans() | st.lists(words),
    )
)
def test_toml_text_is_read_back(content):
    content.pop("rows", None)
    assert tomllib.loads(dumps(content)) == content


def test_toml_text_refuses_what_a_card_cannot_hold():
    with pytest.raises(TypeError, match="not set"):
        dumps({"a": {1, 2}})
