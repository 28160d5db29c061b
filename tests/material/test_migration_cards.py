"""Section `[migration]` of a card: what the library holds, round trips, and every fault at once."""

import pytest

from ioffe.base.constants import e
from ioffe.base.errors import InputError
from ioffe.material import Material, library
from ioffe.material.migration import MigrationData, Stated

CONDUCTORS = ("Cu1.97S", "Cu2S", "Cu2Se", "Cu2Se sample B", "Cu2S0.5Se0.5")
SHI = "10.1038/s41467-018-05248-8"
CARD = """\
format = 1
name = "trial"
carrier = "p"
[constant]
seebeck = "200 uV/K"
electrical_conductivity = "100 S/cm"
thermal_conductivity = "1 W/(m K)"
[migration]
ion = "Cu+"
charge = 1
model = "critical voltage"
S_star = { value = { value = "0.2 mV/K", uncertainty = "10 %" }, quality = "derived", source = "a source" }
transition_temperature = { value = "350 K", quality = "remembered" }
doi = "10.1/x"
unknown = ["a thing"]
[[migration.critical_voltage]]
value = "90 mV"
T = "750 K"
quality = "measured"
[[migration.critical_voltage]]
value = 0.07
T = 500
quality = "assumed"
"""


def made(folder, text=CARD):
    path = folder / "card.toml"
    path.write_text(text, encoding="utf-8")
    return Material.from_card(path)


def test_a_card_is_read_in_si(tmp_path):
    data = made(tmp_path).migration
    assert (data.ion, data.charge, data.model) == ("Cu+", 1, "critical voltage")
    assert data.S_star.value == pytest.approx(2e-4)
    assert data.S_star.std == pytest.approx(2e-5)
    assert data.transition_temperature.value == 350.0
    assert [(v.T, v.value) for v in data.voltages] == [(500.0, 0.07), (750.0, 0.09)]
    assert data.unknown == ("a thing",)
    assert data.doi_of(data.S_star) == "10.1/x"
    assert data.doi_of(data.transition_temperature) == ""  # remembered: the publication does not say so
    assert [name for name, _ in data.stated()][:2] == ["critical_voltage[0]", "critical_voltage[1]"]


def test_voltages_are_linear_between_and_held_outside(tmp_path):
    data = made(tmp_path).migration
    assert data.measured_voltage([300.0, 500.0, 625.0, 750.0, 900.0]) == pytest.approx(
        [0.07, 0.07, 0.08, 0.09, 0.09]
    )
    assert data.voltage_range == (500.0, 750.0)
    one = MigrationData("Ag+", 1, "critical voltage", (Stated(0.05),))
    assert one.measured_voltage([300.0, 700.0]).tolist() == [0.05, 0.05]
    assert one.voltage_range == (0.0, float("inf"))


def test_one_voltage_is_as_good_as_a_list(tmp_path):
    text = CARD.partition("[[")[0] + 'critical_voltage = { value = "90 mV", quality = "measured" }\n'
    assert made(tmp_path, text).migration.critical_voltage == (Stated(0.09),)


def test_round_trip(tmp_path):
    material = made(tmp_path)
    assert made(tmp_path, material.to_card()) == material
    for name in CONDUCTORS:
        known = library.load_material(name)
        assert made(tmp_path, known.to_card()).migration == known.migration


def test_library_conductors_state_source_quality_and_what_is_unknown():
    for name in CONDUCTORS:
        data = library.load_material(name).migration
        assert (data.ion, data.charge, data.doi) == ("Cu+", 1, SHI)
        assert data.unknown
        assert all(number.quality for _, number in data.stated())
        for _, number in data.stated():
            assert number.quality in ("measured", "fitted", "read") or number.source
    others = [library.load_material(n) for n in library.names() if n not in CONDUCTORS]
    assert all(m.migration is None for m in others)


def test_numbers_of_the_publication():
    data = library.load_material("Cu1.97S").migration
    assert float(data.measured_voltage(750.0)) == 0.09
    assert data.electron_hole_product.value == 2.24e-3
    assert (data.delta.value, data.delta_c.value, data.delta_max.value) == (0.03, -0.03, 0.27)
    assert data.activation_energy.value / e == pytest.approx(0.19)
    assert data.transition_temperature.value == 350.0
    # half the difference and half the sum of 0.133 V and 0.002 V over 673 K - 350 K
    assert data.S_star.value == pytest.approx((0.133 - 0.002) / 2 / 323, rel=1e-3)
    assert float(data.measured_voltage(0.5 * (673 + 350))) == pytest.approx(0.0675)
    assert library.load_material("Cu2Se").migration.activation_energy.value / e == pytest.approx(0.14)
    assert library.load_material("Cu2Se").migration.limit_words(500.0, 700.0) == "at most"
    assert library.load_material("Cu2S").migration.model == "defect"
    assert data.bounds(511.5, 750.0) == {"value"}
    assert data.limit_words(460.0, 460.0) == "at most"
    assert "stand-in" in library.load_material("Cu2S0.5Se0.5").provenance.note


FAULTS = [
    ('ion = "Cu+"', 'ion = ""', "migration.ion"),
    ("charge = 1", "charge = 0", "migration.charge"),
    ("charge = 1", 'charge = "one"', "migration.charge"),
    ('model = "critical voltage"', 'model = "critical"', "migration.model"),
    ('model = "critical voltage"', 'model = "defect"', "migration.delta: the model"),
    ('"90 mV"', '"90 mA"', "migration.critical_voltage[0].value"),
    ('"90 mV"', '"-90 mV"', "migration.critical_voltage[0].value"),
    ('quality = "measured"', "", "migration.critical_voltage[0].quality"),
    ('quality = "measured"', 'quality = "mesured"', "migration.critical_voltage[0].quality"),
    ("T = 500", "T = 750", "migration.critical_voltage[1].T"),
    ("T = 500\n", "", "migration.critical_voltage[1].T"),
    ('"350 K"', '"350 mm"', "migration.transition_temperature.value"),
    ('doi = "10.1/x"', 'dio = "10.1/x"', "migration.dio"),
    ('source = "a source"', 'sauce = "a source"', "migration.S_star.sauce"),
]


@pytest.mark.parametrize(("old", "new", "place"), FAULTS)
def test_faulty_sections(tmp_path, old, new, place):
    assert old in CARD
    with pytest.raises(InputError) as caught:
        made(tmp_path, CARD.replace(old, new, 1))
    assert place in str(caught.value)


def test_all_faults_come_together(tmp_path):
    text = CARD.replace('"90 mV"', '"90 mA"').replace("charge = 1", "charge = 1.5").replace("doi", "dio")
    with pytest.raises(InputError) as caught:
        made(tmp_path, text)
    assert len(caught.value.faults) == 3


def test_defect_model_needs_numbers_that_fit_together():
    product = Stated(2.24e-3, T=750.0)
    with pytest.raises(InputError) as caught:
        MigrationData("Cu+", 1, "defect", delta=Stated(0.3), delta_c=Stated(-0.03), delta_max=Stated(0.27))
    assert [f.location for f in caught.value.faults] == ["electron_hole_product", "delta.value"]
    with pytest.raises(InputError, match="temperature that this number holds at"):
        MigrationData(
            "Cu+", 1, "defect", delta=Stated(0.0), delta_c=Stated(-0.03), electron_hole_product=Stated(2e-3)
        )
    good = MigrationData(
        "Cu+", 1, "defect", delta=Stated(0.0), delta_c=Stated(-0.03), electron_hole_product=product
    )
    assert good.voltage_range == (750.0, 750.0)


def test_a_material_takes_migration_data_alone():
    material = library.load_material("Cu1.97S")
    with pytest.raises(InputError, match="MigrationData is expected"):
        material.replace(migration="yes")
    assert material.replace(migration=None).migration is None
