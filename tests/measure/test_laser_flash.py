"""Laser flash: conductivity, uncertainty, expansion, pores; files of the instrument."""

from functools import partial

import numpy as np
import pytest

from ioffe.base.curve import Curve
from ioffe.base.errors import InputError
from ioffe.measure.estimates import averaged, select
from ioffe.measure.laser_flash import conductivity, conductivity_of_run, pore_correction, read_flash
from ioffe.transport.formula import parse_formula
from ioffe.transport.phonons.heat_capacity import dulong_petit, magnesium_antimonide

T = np.array([300.0, 400.0, 500.0])
ALPHA = np.array([6.0, 5.0, 4.5]) * 1e-7


def diffusivity(std=None):
    return Curve(T, ALPHA, "thermal_diffusivity", std=std)


def test_conductivity_with_a_model_of_the_heat_capacity():
    mass = parse_formula("Mg3Sb2").atomic_molar_mass
    found = conductivity(
        diffusivity(), 4020.0, partial(magnesium_antimonide, atomic_molar_mass=mass)
    ).thermal_conductivity
    assert found.values == pytest.approx(ALPHA * 4020.0 * magnesium_antimonide(T, mass))
    assert found.quantity == "thermal_conductivity"
    assert found.std is None
    flat = conductivity(diffusivity(), "4.02 g/cm3", float(dulong_petit(mass))).thermal_conductivity
    assert flat.values == pytest.approx(ALPHA * 4020.0 * dulong_petit(mass))


def test_uncertainties_add_in_squares():
    found = conductivity(
        diffusivity(std=0.03 * ALPHA),
        {"value": 6650.0, "uncertainty": "1 %"},
        200.0,
        heat_capacity_uncertainty="5 %",
    ).thermal_conductivity
    assert found.std / found.values == pytest.approx(np.sqrt(0.03**2 + 0.01**2 + 0.05**2))


def test_heat_capacity_as_a_curve_with_its_own_uncertainty():
    capacity = Curve([250.0, 600.0], [200.0, 230.0], "heat_capacity", std=[4.0, 4.6], interpolation="linear")
    found = conductivity(diffusivity(), 6650.0, capacity).thermal_conductivity
    assert found.values == pytest.approx(ALPHA * 6650.0 * (200 + 30 * (T - 250) / 350))
    assert found.std / found.values == pytest.approx(0.02)


def test_expansion_lowers_it_by_the_linear_change():
    """Thickness squared over volume: one power of the length."""
    found = conductivity(
        diffusivity(), 6650.0, 200.0, thermal_expansion="20e-6 1/K", reference_temperature=300.0
    ).thermal_conductivity
    assert found.values == pytest.approx(ALPHA * 6650.0 * 200.0 / (1 + 20e-6 * (T - 300.0)))


def test_pores():
    found = conductivity(diffusivity(), 6500.0, 200.0, xray_density=6850.0)
    assert found.relative_density == pytest.approx(6500 / 6850)
    assert "5.1 % of pores" in found.notes[-1]
    share = 1 - 6500 / 6850
    assert found.dense.values == pytest.approx(found.thermal_conductivity.values * pore_correction(share))
    assert pore_correction(0.0) == 1.0
    assert pore_correction(0.1) == pytest.approx(1 + 1.5 * 0.1 / 0.9)
    with pytest.raises(InputError, match="needed to know the porosity"):
        _ = conductivity(diffusivity(), 6500.0, 200.0).dense
    with pytest.raises(InputError, match="at most 1 is possible"):
        conductivity(diffusivity(), 6950.0, 200.0, xray_density=6850.0)


def test_every_fault_comes_at_once():
    with pytest.raises(InputError) as caught:
        conductivity(
            Curve(T, ALPHA, "thermal_conductivity"),
            "6.65 g/cm2",
            200.0,
            thermal_expansion="x",
            heat_capacity_uncertainty=-0.1,
            xray_density=0.0,
        )
    places = [fault.location for fault in caught.value.faults]
    assert places == [
        "diffusivity",
        "density",
        "thermal_expansion",
        "heat_capacity_uncertainty",
        "xray_density",
    ]
    with pytest.raises(InputError, match="numbers above 0 J"):
        conductivity(diffusivity(), 6650.0, lambda T: -T)


# Averaging


def test_groups_of_points():
    temperature = np.array([300.2, 299.8, 400.1, 399.9, 400.0, 350.0])
    values = np.array([1.0, 1.2, 2.0, 2.2, 2.1, 1.5])
    curve = averaged(temperature, values, "", window=1.0)
    assert curve.T == pytest.approx([300.0, 350.0, 400.0])
    assert curve.values == pytest.approx([1.1, 1.5, 2.1])
    assert curve.std == pytest.approx([np.sqrt(0.02) / np.sqrt(2), 0.0, 0.1 / np.sqrt(3)])
    equal = np.full(3, 1.05504e-4)
    assert averaged(np.full(3, 303.15), equal, "").std is None  # not 1e-20
    with pytest.raises(InputError) as caught:
        averaged(temperature, values, "", window="2 m", uncertainty="x")
    assert len(caught.value.faults) == 2


def test_parts_of_a_run():
    temperature = np.array([300.0, 400.0, 500.0, 400.0])
    assert select(temperature, "heating").tolist() == [True, True, True, False]
    with pytest.raises(InputError, match='did you mean "cooling"'):
        select(temperature, "coling")


# Files

EXPORT = """\
#Database,LFA457
##General_information
#Instrument,LFA 457
#Material,Mg3Sb1.5Bi0.5
#Ref_density /(g/cm^3),4.580
##Results
#Shot_number,#Time/min,#Temperature/C,#Diffusivity/(mm^2/s),#Std_Dev/(mm^2/s),#Uncertainty/%
1,3.10,25.0,0.703,,
2,5.20,25.4,0.709,,
#Mean,,25.2,0.706,0.003,0.4
3,20.1,99.8,0.640,,
4,22.3,100.4,0.650,,
#Mean,,100.1,0.645,0.005,0.8
"""


def write(folder, text, name="lfa.csv", **more):
    path = folder / name
    path.write_text(text, **more)
    return path


def test_means_of_an_export(tmp_path):
    run = read_flash(write(tmp_path, EXPORT))
    assert pytest.approx([298.35, 373.25]) == run.T
    assert run.diffusivity == pytest.approx([7.06e-7, 6.45e-7])
    assert run.std == pytest.approx([3e-9, 5e-9])
    assert run.density == 4580.0
    assert run.about["material"] == "Mg3Sb1.5Bi0.5"
    curve = run.curve(uncertainty="3 %")
    assert curve.quantity == "thermal_diffusivity"
    assert curve.std == pytest.approx(np.hypot([3e-9, 5e-9], 0.03 * run.diffusivity))


def test_single_shots_of_an_export(tmp_path):
    text = "\n".join(line for line in EXPORT.splitlines() if not line.startswith("#Mean"))
    curve = read_flash(write(tmp_path, text)).curve()
    assert pytest.approx([298.35, 373.25]) == curve.T
    assert curve.values == pytest.approx([7.06e-7, 6.45e-7])
    assert curve.std == pytest.approx([3e-9, 5e-9], rel=1e-6)


def test_other_orders_marks_and_encodings(tmp_path):
    """A decimal comma with semicolons, another order of the columns, degrees in Windows-1252."""
    text = "##Results\n#Shot number;#Diffusivity/(mm^2/s);#Temperature/°C\n1;0,703;25,0\n#Mean;0,703;25,0\n"
    run = read_flash(write(tmp_path, text, encoding="cp1252"))
    assert (run.T[0], run.diffusivity[0]) == (pytest.approx(298.15), pytest.approx(7.03e-7))
    assert run.std is None
    assert run.density is None


def test_spreadsheet_of_the_evaluation(tmp_path):
    text = (
        "\n\n#Temperature/K\t#Model\t#Diffusivity/(mm^2/s)\t#Conductivity/(W/(m*K))\t#Cp-Calc/(J/(g*K))\n"
        "300\tStandard + p.c.(l)\t2.574\t5.1455\t0.3501\n325\tStandard + p.c.(l)\t2.458\t5.1206\t0.3648\n"
    )
    run = read_flash(write(tmp_path, text))
    assert run.T.tolist() == [300.0, 325.0]
    assert run.diffusivity == pytest.approx([2.574e-6, 2.458e-6])


def test_faulty_exports(tmp_path):
    broken = EXPORT.replace("#Mean,,25.2,0.706", "#Mean,,warm,-0.706").replace("0.645,0.005", "0.645,x")
    with pytest.raises(InputError) as caught:
        read_flash(write(tmp_path, broken))
    text = str(caught.value)
    for words in (
        'line 10 = "warm": #Temperature/C: a number is expected',
        "line 10 = -0.706: a diffusivity above 0",
        'line 13 = "x": #Std_Dev/(mm^2/s): a number is expected',
    ):
        assert words in text, text
    with pytest.raises(InputError, match="columns of a laser flash are expected"):
        read_flash(write(tmp_path, EXPORT.replace("Diffusivity", "Result")))
    with pytest.raises(InputError, match="no rows of numbers below the header"):
        read_flash(write(tmp_path, EXPORT.partition("1,3.10")[0]))
    many = EXPORT + "".join("#Mean,,x,0.1,0.1,1\n" for _ in range(40))
    with pytest.raises(InputError) as caught:
        read_flash(write(tmp_path, many))
    assert len(caught.value.faults) == 3
    assert "(and 37 more below it)" in str(caught.value)
    many = EXPORT + "".join("#Mean,,25,-0.1,0.1,1\n" for _ in range(40))
    with pytest.raises(InputError) as caught:
        read_flash(write(tmp_path, many))
    assert len(caught.value.faults) == 21
    assert "and 20 more faults" in str(caught.value)
    with pytest.raises(InputError, match="no such file"):
        read_flash(tmp_path / "missing.csv")


SUMMED = """##General_information
#Material,made up
#Ref_density /(g/cm^3),5.10
##Results
#Shot_number,#Temperature/\u2103,#Model,#Diffusivity/(mm^2/s)
1,25.1,Cape-Lehman,0.701
2,25.3,Cape-Lehman,0.705
#Mean,25.2,,0.703
#Std_Dev,0.1,,0.003
3,125.0,Cape-Lehman,0.652
#Mean,125.1,,0.654
#Std_Dev,0.1,,0.004
"""


def test_standard_deviations_below_the_means(tmp_path):
    run = read_flash(write(tmp_path, SUMMED, encoding="utf-8"))
    assert pytest.approx([298.35, 398.25]) == run.T
    assert run.diffusivity == pytest.approx([0.703e-6, 0.654e-6])
    assert run.std == pytest.approx([0.003e-6, 0.004e-6])
    found = conductivity_of_run(run, heat_capacity="0.25 J/(g K)")
    assert found.thermal_conductivity.values[0] == pytest.approx(0.703e-6 * 5100 * 250)
    assert found.thermal_conductivity.std[0] == pytest.approx(0.003e-6 * 5100 * 250)
    assert found.origins["density"] == "lfa.csv: ref_density, material made up"
    assert found.to_dict()["density"] == pytest.approx(5100)


def test_the_degree_sign_of_a_chinese_instrument(tmp_path):
    run = read_flash(write(tmp_path, SUMMED, encoding="gbk"))
    assert pytest.approx([298.35, 398.25]) == run.T


def test_a_conductivity_of_500_is_doubted():
    diffusivity = Curve([300.0, 400.0], [300e-6, 250e-6], "thermal_diffusivity")
    found = conductivity(diffusivity, 6650, 250.0)
    assert any("thermal conductivity 498.7 W/(m K): outside of" in text for text in found.warnings)


def test_averages_keep_their_standard_deviation_and_the_density_of_a_reference_is_refused(tmp_path):
    text = (
        "##General_information\n#Material,Pyroceram 9606\n#Ref_density /(g/cm^3),2.600\n##Results\n"
        "#Shot number,#Temperature/C,#Diffusivity/(mm^2/s),#Std_Dev/(mm^2/s),#Uncertainty/%\n"
        "1..2..3,30.0,0.880,0.001,0.1\n4..5..6,100.0,0.810,0.002,0.1\n"
    )
    run = read_flash(write(tmp_path, text))
    assert run.std == pytest.approx([1e-9, 2e-9])
    with pytest.raises(InputError, match=r"Pyroceram 9606, a reference material") as caught:
        conductivity_of_run(run, heat_capacity="0.25 J/(g K)")
    assert "2.6 g/cm3" in str(caught.value)
    found = conductivity_of_run(run, density="6.1 g/cm3", heat_capacity="0.25 J/(g K)")
    assert found.thermal_conductivity.values[0] == pytest.approx(0.88e-6 * 6100 * 250)
    assert found.thermal_conductivity.std[0] == pytest.approx(0.001e-6 * 6100 * 250)
    assert any("the file states 2.6 g/cm3 (that of Pyroceram 9606)" in note for note in found.notes)
    assert not read_flash(write(tmp_path, text.replace("Pyroceram 9606", "CuFeS2"))).is_reference


TABLE = """#Temperature/°C;Diffusivity/(mm^2/s);Std_Dev/(mm^2/s);Cp/(J/gK);Conductivity/(W/mK);Half time/s
25,0;0,601;0,003;0,42;1,21;0,5
100,2;0,560;0;0,43;1,15;0,5
200,1;;0,003;0,44;1,10;0,5
"""


def test_heat_capacity_and_conductivity_of_the_file(tmp_path):
    run = read_flash(write(tmp_path, TABLE, encoding="utf-8"))
    assert run.T.tolist() == pytest.approx([298.15, 373.35])
    assert run.std.tolist() == pytest.approx([3e-9, 0.0])
    assert run.unused == ("Half time/s", "line 4 (no value of Diffusivity/(mm^2/s))")
    found = conductivity_of_run(run, density="4.79 g/cm3")
    assert found.thermal_conductivity.values == pytest.approx([0.601 * 4.79 * 0.42, 0.560 * 4.79 * 0.43])
    assert found.origins["heat_capacity"] == "lfa.csv: column Cp/(J/gK)"
    assert np.isnan(found.table().values["thermal_conductivity_std"][1])
    assert not [f for f in found.findings if f.code == "differs"]
    agreed = "the conductivity of the file is within 1 % of the one here and not used"
    assert agreed in [f.message for f in found.findings if f.code == "agrees"]
    other = conductivity_of_run(run, density="5.1 g/cm3", heat_capacity="0.25 J/(g K)")
    words = " ".join(other.warnings)
    assert "the heat capacity here is 0.25 J/(g K) at 373.3 K, the file states 0.43 J/(g K)" in words
    assert "the conductivity here is 0.714 W/(m K) at 373.3 K, the file states 1.15 W/(m K)" in words
    with pytest.raises(InputError, match=r"conductivities of the file follow from 4.7\d+ g/cm3"):
        conductivity_of_run(run)


def test_a_workbook_of_the_evaluation(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is an optional extra")
    book = openpyxl.Workbook()
    rows = [[], [], ["#Temperature/K", "#Model", "#Diffusivity/(mm^2/s)", "#Cp-Calc/(J/(g*K))"]]
    for row in [*rows, [300, "Standard + p.c.(l)", 1.574, 0.29], [325, "Standard + p.c.(l)", 1.458, 0.30]]:
        book.active.append(row)
    book.save(tmp_path / "lfa.xlsx")
    found = conductivity_of_run(read_flash(tmp_path / "lfa.xlsx"), density="5.1 g/cm3")
    assert found.thermal_conductivity.values == pytest.approx([1.574 * 5.1 * 0.29, 1.458 * 5.1 * 0.30])


@pytest.mark.parametrize(
    ("density", "capacity", "words"), [(6.65, 200.0, "density"), (6650, 0.2, "heat capacity")]
)
def test_absurd_numbers_are_doubted(density, capacity, words):
    diffusivity = Curve([300.0, 400.0], [0.60e-6, 0.50e-6], "thermal_diffusivity")
    found = conductivity(diffusivity, density, capacity)
    assert next(f for f in found.findings if f.code == "implausible").message.startswith(words)
    assert str(found.status) == "doubtful"
    assert conductivity(diffusivity, 6650, 200.0).warnings == ()


def test_samples_that_a_column_names_are_not_averaged(tmp_path):
    rows = "".join(f"{name},{T},{D}\n" for name, D in (("a", 1.5), ("b", 3.0)) for T in (300, 400))
    path = tmp_path / "both.csv"
    path.write_text(f"Probe,T (K),diffusivity (mm2/s)\n{rows}", encoding="utf-8")
    with pytest.raises(InputError, match="choose a sample .*: a, b"):
        read_flash(path)
    run = read_flash(path, "b")
    assert run.diffusivity.tolist() == [3e-6, 3e-6]
    assert run.unused == ()
    path.write_text(f"Probe,T (K),diffusivity (mm2/s)\n{rows.replace('b,', 'a,')}", encoding="utf-8")
    assert read_flash(path).unused == (), "the name of the only sample is used as such"
