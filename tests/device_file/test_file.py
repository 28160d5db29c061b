"""What a device file says becomes the same device and conditions as the same words in Python."""

import numpy as np
import pytest

import ioffe as te
from ioffe.device_file.measured import conditions_at

MODULE = """
format = 1
[module]
name = "a pair"
couples = 7
footprint = "10 mm x 12 mm"
series_resistance = "3 mohm"
[module.filler]
thermal_conductivity = "0.03 W/(m K)"
emissivity = 0.4
[module.p]
material = "trial.csv"
length = { value = 2, unit = "mm", uncertainty = "5 %" }
area = "1.5 mm x 2 mm"
contact_hot = { electrical = "10 uohm cm2" }
contact_cold = { electrical = "5 uohm cm2", thermal = "2 mm2 K/W" }
side = { convection = 12, emissivity = 0.3 }
[module.n]
area = "3 mm2"
between = { electrical = "2 uohm cm2" }
contact = { electrical = 1e-9 }
[[module.n.segments]]
material = { file = "cards/n.toml", interpolation = "linear" }
length = 1.8e-3
[[module.n.segments]]
material = "Ni"
length = "0.2 mm"
[[module.hot]]
layer = "Cu"
thickness = "0.3 mm"
coverage = "legs"
[[module.hot]]
layer = "AlN"
thickness = "0.6 mm"
[[module.cold]]
layer = "Cu"
thickness = "0.3 mm"
[operate]
mode = "generate"
T_hot = ["200 degC", 500]
T_cold = "40 degC"
current = ["0.5 A", 1.0]
hot_resistance = "2 K/W"
cold_heat_transfer_coefficient = "5000 W/(m2 K)"
T_ambient = "25 degC"
"""

LEG = """
format = 1
[leg]
material = "MgAgSb0.99In0.01"
length = "5 mm"
area = "3 mm x 3 mm"
[operate]
mode = "generate"
T_hot = "540 K"
T_cold = "310 K"
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with a table of a p-type and a card of an n-type material."""
    rows = "300,150,800,1.1\n400,170,600,0.95\n520,190,500,1.0\n"
    (tmp_path / "trial.csv").write_text(
        f"T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n{rows}", encoding="utf-8"
    )
    (tmp_path / "cards").mkdir()
    te.load_material("Mg3.5SbBi0.96Te0.04").replace(name="n card").save(tmp_path / "cards" / "n.toml")
    return tmp_path


def read(folder, text):
    path = folder / "device.toml"
    path.write_text(text, encoding="utf-8")
    return te.read_device(path)


def of_module(folder):
    p = te.Material.from_csv(folder / "trial.csv")
    n = te.Material.from_card(folder / "cards" / "n.toml").with_interpolation("linear")
    return te.Module(
        p=te.Leg(
            p,
            "2 mm",
            "1.5 mm x 2 mm",
            contact_hot=te.Contact("10 uohm cm2"),
            contact_cold=te.Contact("5 uohm cm2", "2 mm2 K/W"),
            side=te.SideLoss(12, 0.3),
        ),
        n=te.Leg(
            segments=[te.Segment(n, "1.8 mm"), te.Segment("Ni", "0.2 mm")],
            area="3 mm2",
            between=te.Contact("2 uohm cm2"),
            contact=te.Contact("10 uohm cm2"),
        ),
        couples=7,
        footprint="10 mm x 12 mm",
        hot=[te.Layer("Cu", "0.3 mm", "legs"), te.Layer("AlN", "0.6 mm")],
        cold=[te.Layer("Cu", "0.3 mm")],
        filler=te.device.GapFiller("0.03 W/(m K)", 0.4),
        series_resistance="3 mohm",
        name="a pair",
    )


def test_module_with_every_key_is_that_of_python(folder):
    file = read(folder, MODULE)
    assert file.device == of_module(folder)
    expected = te.Generator(
        T_hot=["200 degC", 500],
        T_cold="40 degC",
        current=[0.5, 1.0],
        hot_resistance=2.0,
        cold_heat_transfer_coefficient=5000.0,
        T_ambient="25 degC",
    )
    assert file.conditions.to_dict() == expected.to_dict()


def test_patches_and_maps_of_outer_faces(folder):
    """Lists of lists, edges that are numbers in SI, texts with a unit or zero."""
    text = MODULE.replace('footprint = "10 mm x 12 mm"\n', "")
    layout = '[module.layout]\ngap = "1 mm"\nhot_film = [[1, 2.5]]\ncold_patch = [0, "2 mm", 0, 0.003]\n'
    found = read(folder, text.replace("[module.filler]", layout + "[module.filler]")).device.layout
    expected = te.Layout(gap="1 mm", hot_film=[[1, 2.5]], cold_patch=(0, "2 mm", 0, 0.003))
    assert found == expected
    flux = layout.replace("hot_film = [[1, 2.5]]", 'hot_flux = [[1, "a"]]').replace('"2 mm"', '"2 K"')
    with pytest.raises(te.InputError) as e:
        read(folder, text.replace("[module.filler]", flux + "[module.filler]"))
    assert {f.location for f in e.value.faults} == {
        "module.layout.hot_flux[0][1]",
        "module.layout.cold_patch[1]",
    }


def test_result_is_that_of_python(folder):
    file = read(folder, MODULE)
    here = file.solve()
    there = of_module(folder).solve(file.conditions)
    assert list(here.axes) == ["T_hot", "current"]
    np.testing.assert_array_equal(here.power, there.power)
    assert np.all(here.power > 0)


def test_sides_of_the_cross_section_are_kept(folder):
    assert read(folder, MODULE).device.p.sides == (1.5e-3, 2e-3)


def test_leg_alone_takes_the_name_of_its_file(folder):
    file = read(folder, LEG)
    assert file.device == te.Leg("MgAgSb0.99In0.01", "5 mm", "3 mm x 3 mm", name="device")
    assert file.conditions.current == "max_power"
    named = read(folder, LEG.replace("[leg]", '[leg]\nname = "sample 3"\ncarrier = "p"'))
    assert (named.device.name, named.device.carrier) == ("sample 3", "p")


def test_file_unpacks_into_device_and_conditions(folder):
    device, conditions = read(folder, LEG)
    assert device.solve(conditions).status is te.Status.OK


def test_one_contact_for_each_interface(folder):
    text = LEG.replace(
        'material = "MgAgSb0.99In0.01"\nlength = "5 mm"\n', "between = [{}, { electrical = 2e-9 }]\n"
    )
    segments = '[[leg.segments]]\nmaterial = "MgAgSb"\nlength = "1 mm"\n'
    leg = read(folder, text.replace("[operate]", f"{segments * 3}[operate]")).device
    assert [contact.electrical for contact in leg.between] == [0.0, 2e-9]


def test_folder_of_the_file_counts_and_not_the_working_directory(folder, monkeypatch):
    monkeypatch.chdir("/")
    assert read(folder, MODULE).device.p.segments[0].material.name == "trial"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ('load = "90 mohm"', {"load": 0.09}),
        ('load = "max_efficiency"', {"load": "max_efficiency"}),
        ('voltage = ["10 mV", "20 mV"]', {"voltage": [0.01, 0.02]}),
        ('current = "sweep"', {"current": "sweep"}),
    ],
)
def test_operating_point_of_a_generator(folder, keys, expected):
    conditions = read(folder, LEG + keys).conditions.to_dict()
    assert {name: conditions[name] for name in expected} == expected


def test_heat_in_place_of_the_hot_temperature(folder):
    file = read(folder, LEG.replace('T_hot = "540 K"', 'heat = "0.5 W"'))
    assert file.solve().heat_hot == pytest.approx(0.5, rel=1e-9)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (
            'T_cold = ["270 K", "280 K"]\ncurrent = "max_COP"',
            te.Cooler(T_hot=300, T_cold=[270, 280], current="max_COP"),
        ),
        ('heat = "10 mW"\naim = "delta_T"', te.Cooler(T_hot=300, heat=0.01, aim="delta_T")),
        ('T_cold = 290\nheat = "10 mW"', te.Cooler(T_hot=300, T_cold=290, heat=0.01)),
        ('heat = 0\ncurrent = "2 A"', te.Cooler(T_hot=300, heat=0.0, current=2.0)),
    ],
)
def test_operating_point_of_a_cooler(folder, keys, expected):
    text = LEG[: LEG.index("[operate]")] + f'[operate]\nmode = "cool"\nT_hot = "300 K"\n{keys}'
    assert read(folder, text).conditions.to_dict() == expected.to_dict()


def test_a_misspelt_aim_and_a_key_of_the_other_mode_are_one_fault_each(folder):
    text = LEG[: LEG.index("[operate]")] + '[operate]\nmode = "cool"\nT_hot = 300\nheat = 0.01\n'
    with pytest.raises(te.InputError) as caught:
        read(folder, text + 'aim = "cop"\nload = "max_power"')
    found = sorted(str(fault).partition(": ")[2] for fault in caught.value.faults)
    assert found == [
        'operate.aim = "cop": "COP" or "delta_T" is expected; did you mean "COP"?',
        'operate.load = "max_power": no such key is known',
    ]


def test_sample_and_carrier_of_a_table(folder):
    head = "sample,T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n"
    rows = "a,300,150,800,1.1\na,520,170,600,0.95\nb,300,120,800,1.1\nb,520,125,700,1.3\n"
    (folder / "two.csv").write_text(head + rows, encoding="utf-8")
    text = LEG.replace('"MgAgSb0.99In0.01"', '{ file = "two.csv", sample = "b", carrier = "n" }')
    leg = read(folder, text).device
    assert leg.carrier == "n"
    assert leg.segments[0].material.seebeck(300.0) == pytest.approx(120e-6)


def test_several_samples_ask_for_one(folder):
    head = "sample,T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n"
    rows = "a,300,150,800,1.1\na,520,170,600,0.95\nb,300,120,800,1.1\nb,520,125,700,1.3\n"
    (folder / "two.csv").write_text(head + rows, encoding="utf-8")
    with pytest.raises(te.InputError, match=r'material = { file = "two.csv", sample = .* one of: a, b'):
        read(folder, LEG.replace('"MgAgSb0.99In0.01"', '"two.csv"'))


def test_interpolation_of_a_library_material(folder):
    text = LEG.replace('"MgAgSb0.99In0.01"', '{ name = "MgAgSb0.99In0.01", interpolation = "cubic" }')
    assert read(folder, text).solve().interpolation == {"MgAgSb0.99In0.01": "cubic"}


def test_solve_table_is_the_default_and_arguments_override_it(folder):
    file = read(folder, LEG + '[solve]\nfidelity = "ideal"\ntolerance = 1e-6\n')
    assert (file.fidelity, file.tolerance, file.strict) == ("ideal", 1e-6, False)
    assert file.solve().fidelity == "ideal"
    assert file.solve("1d").fidelity == "1d"
    with pytest.raises(te.IoffeError, match=r"MgAgSb0\.99In0\.01"):
        read(folder, LEG.replace("310 K", "280 K") + "[solve]\nstrict = true\n").solve()


def test_notes(folder):
    file = read(folder, LEG + '[report]\nnotes = ["first", "second"]\n')
    assert file.notes == ("first", "second")


MEASURED = """
[[measured]]
quantity = "max_efficiency"
value = { value = 7, unit = "%", uncertainty = "5 %" }
at = { T_hot = "500 K" }
condition = "in vacuum"
doi = "10.1/2"
[[measured]]
quantity = "voltage"
value = "20 mV"
at = { T_hot = "500 K", current = "1 A" }
kind = "simulated"
[[measured]]
quantity = "max_power"
value = "40 mW"
"""


def test_published_values(folder):
    first, second, third = read(folder, LEG + MEASURED).measured
    assert (first.quantity, first.value, first.std) == ("max_efficiency", 0.07, pytest.approx(0.0035))
    assert (first.at, first.condition, first.doi, first.kind) == (
        {"T_hot": 500.0},
        "in vacuum",
        "10.1/2",
        "measured",
    )
    assert (second.at, second.kind) == ({"T_hot": 500.0, "current": 1.0}, "simulated")
    assert third.at == {}


def test_computed_beside_published_values(folder):
    file = read(folder, LEG + MEASURED)
    at = file.conditions.replace(T_hot=500.0)
    expected = [
        file.device.solve(at).max_efficiency,
        file.device.solve(at.replace(current=1.0)).voltage,
        file.solve().max_power,
    ]
    assert [row.computed for row in file.comparisons] == pytest.approx(expected, rel=1e-12)
    assert file.comparisons[0].difference == pytest.approx(expected[0] / 0.07 - 1, rel=1e-12)
    assert [row.value for row in file.comparisons] == [row.value for row in file.measured]


def test_values_at_several_hot_sides_are_those_of_each(folder):
    rows = [("max_efficiency", "500 K"), ("max_power", "520 K"), ("voltage", "480 K"), ("max_power", "500 K")]
    text = LEG + "".join(
        f'[[measured]]\nquantity = "{name}"\nvalue = 1\nat = {{ T_hot = "{T}", current = 1.0 }}\n'
        for name, T in rows
    )
    file = read(folder, text)
    for (name, T), found in zip(rows, file.comparisons, strict=True):
        alone = file.device.solve(file.conditions.replace(T_hot=T, current=1.0))
        assert found.computed == pytest.approx(float(alone.values[name]), rel=1e-9)


def test_a_family_has_no_single_value_to_compare_with(folder):
    text = LEG.replace('"540 K"', '["500 K", "540 K"]') + '[[measured]]\nquantity = "max_power"\nvalue = 1\n'
    assert np.isnan(read(folder, text).comparisons[0].computed)


@pytest.mark.parametrize(
    ("conditions", "at", "expected"),
    [
        (te.Generator(T_hot=500, T_cold=300, voltage=[0.1, 0.2]), {}, te.Generator(T_hot=500, T_cold=300)),
        (
            te.Generator(T_hot=500, T_cold=300, load=0.1, cold_resistance=2),
            {"T_hot": 400.0},
            te.Generator(T_hot=400, T_cold=300, load=0.1, cold_resistance=2),
        ),
        (
            te.Generator(T_hot=500, T_cold=300, load=0.1),
            {"current": 2.0},
            te.Generator(T_hot=500, T_cold=300, current=2),
        ),
        (te.Generator(heat=3, T_cold=300), {"T_hot": 400.0}, te.Generator(T_hot=400, T_cold=300)),
        (te.Generator(T_hot=500, T_cold=300), {"heat": 2.0}, te.Generator(heat=2, T_cold=300)),
        (
            te.Cooler(T_hot=300, T_cold=[250, 260], current="sweep"),
            {},
            te.Cooler(T_hot=300, T_cold=[250, 260], current="max_heat"),
        ),
        (
            te.Cooler(T_hot=300, heat=1.0, current="sweep"),
            {},
            te.Cooler(T_hot=300, heat=1, aim="delta_T"),
        ),
        (
            te.Cooler(T_hot=300, T_cold=280, current=1.0, hot_resistance=0.1),
            {"heat": 0.0},
            te.Cooler(T_hot=300, heat=0, aim="delta_T", hot_resistance=0.1),
        ),
        (
            te.Cooler(T_hot=300, T_cold=280, heat=1.0),
            {"T_cold": 290.0},
            te.Cooler(T_hot=300, T_cold=290, current="max_heat"),
        ),
        (
            te.Cooler(T_hot=300, T_cold=280, heat=1.0),
            {"T_hot": 310.0},
            te.Cooler(T_hot=310, T_cold=280, heat=1),
        ),
    ],
)
def test_conditions_of_a_published_value(conditions, at, expected):
    assert conditions_at(conditions, at).to_dict() == expected.to_dict()


@pytest.mark.parametrize("name", ["voltage", "load"])
def test_a_cooler_has_no_load(name):
    with pytest.raises(te.InputError, match=name):
        conditions_at(te.Cooler(T_hot=300, T_cold=280, current=1.0), {name: 1.0})
