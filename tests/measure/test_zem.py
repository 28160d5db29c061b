"""ZEM-3 files, and a material from both instruments."""

import numpy as np
import pytest

from ioffe.base.errors import InputError
from ioffe.measure.laser_flash import conductivity, read_flash
from ioffe.measure.zem import read_zem, sample_material
from tests.measure.test_laser_flash import EXPORT, write

HEADER = (
    "Measurement temp.(C)\tResistivity(Ohm m)\tD.Volt./D.Temp.(V/K)\tWire seebeck(V/K)\tSeebeck coeff.(V/K)\t"
    "Power factor(W/m K^2)\tFigure of merit(1/K)\tDark EMF(V)\tR^2 by Seebeck\tSigma by  Seebeck"
)
POINTS = (
    (26.1, 1.30e-5, -2.10e-4, 0.9999),
    (26.9, 1.32e-5, -2.14e-4, 0.9998),
    (100.0, 1.50e-5, -2.30e-4, 0.9999),
    (101.0, 1.52e-5, -2.32e-4, 0.95),
    (200.0, 1.80e-5, -2.50e-4, 0.9999),
    (100.5, 1.56e-5, -2.36e-4, 0.9999),
)


def table(points=POINTS, header=HEADER):
    rows = [
        f"{T:.6E}\t{rho:.6E}\t{S:.6E}\t1.0E-6\t{S:.6E}\t{S * S / rho:.6E}\t0\t1.1E-6\t{r2}\t2.0E-7"
        for T, rho, S, r2 in points
    ]
    return "\n".join(["Mg3Sb1.5Bi0.5 #3", header, *rows]) + "\n"


def test_table_of_results(tmp_path):
    run = read_zem(write(tmp_path, table(), "zem.txt"))
    assert pytest.approx([p[0] + 273.15 for p in POINTS]) == run.T
    assert run.resistivity == pytest.approx([p[1] for p in POINTS])
    assert run.seebeck == pytest.approx([p[2] for p in POINTS])
    assert run.notes[0] == "R^2 of voltage against temperature difference is below 0.99 at 374 K: left out."
    assert run.notes[1].startswith("Not used: D.Volt./D.Temp.(V/K) (relative to the wires of the instrument")
    assert len(run.notes) == 2
    whole = run.seebeck_curve(window="5 K")
    assert pytest.approx([299.65, 373.4, 473.15]) == whole.T
    assert whole.values == pytest.approx([-2.12e-4, -2.33e-4, -2.5e-4])
    assert whole.std[2] == 0.0
    assert whole.std[0] == pytest.approx(2e-6)
    up = run.resistivity_curve(part="heating", uncertainty="8 %")
    assert up.values == pytest.approx([1.31e-5, 1.50e-5, 1.80e-5])
    assert up.std[2] == pytest.approx(0.08 * 1.8e-5)
    assert run.resistivity_curve(part="cooling").values == pytest.approx([1.56e-5, 1.80e-5])


def test_commas_and_another_order(tmp_path):
    text = "Resistivity(Ohm m),Seebeck coeff.(V/K),Measurement temp.(C)\n1e-5,2e-4,30\n1.1e-5,2.1e-4,80\n"
    run = read_zem(write(tmp_path, text))
    assert pytest.approx([303.15, 353.15]) == run.T
    assert run.correlation is None
    assert run.notes == ()


def test_faulty_tables(tmp_path):
    broken = table().replace("2.610000E+01", "warm").replace("1.320000E-05", "-1")
    with pytest.raises(InputError) as caught:
        read_zem(write(tmp_path, broken))
    text = str(caught.value)
    assert 'line 3 = "warm": Measurement temp.(C): a number is expected' in text
    assert "line 4 = -1.0: a resistivity above 0 ohm m" in text
    with pytest.raises(InputError, match="columns of a ZEM-3 are expected: Measurement"):
        read_zem(write(tmp_path, table(header=HEADER.replace("Resistivity", "Reading"))))
    with pytest.raises(InputError, match="no rows of numbers below the header"):
        read_zem(write(tmp_path, table(points=())))


def test_a_material_from_both_instruments(tmp_path):
    zem = read_zem(write(tmp_path, table(), "zem.txt"))
    flash = read_flash(write(tmp_path, EXPORT))
    material = sample_material(
        "Mg3Sb1.5Bi0.5",
        electrical=zem,
        thermal=flash,
        heat_capacity=330.0,
        seebeck_uncertainty="5 %",
        resistivity_uncertainty="8 %",
        diffusivity_uncertainty="3 %",
        xray_density="4.60 g/cm3",
    )
    assert material.carrier == "n"
    assert material.density == 4580.0
    assert material.thermal_conductivity.values == pytest.approx(
        np.array([7.06e-7, 6.45e-7]) * 4580.0 * 330.0
    )
    assert material.electrical.quantity == "electrical_resistivity"
    assert material.zT(350.0) > 0
    assert material.has_std
    assert "zem.txt, lfa.csv" in material.provenance.source
    assert "R^2" in material.provenance.note
    made = conductivity(flash.curve(), 4580.0, 330.0)
    other = sample_material("x", electrical=zem, thermal=made, carrier="n", density="4.58 g/cm3")
    assert other.thermal_conductivity.values == pytest.approx(material.thermal_conductivity.values)
    assert other.density == 4580.0


def test_what_a_material_lacks(tmp_path):
    zem = read_zem(write(tmp_path, table(), "zem.txt"))
    text = EXPORT.replace("#Ref_density /(g/cm^3),4.580\n", "")
    with pytest.raises(InputError) as caught:
        sample_material("x", electrical=zem, thermal=read_flash(write(tmp_path, text)))
    assert [fault.location for fault in caught.value.faults] == ["density", "heat_capacity"]


def test_a_failed_point_is_named_and_left_out(tmp_path):
    text = table().replace("-2.500000E-04\t1.0E-6\t-2.500000E-04", "NaN\t1.0E-6\tNaN")
    run = read_zem(write(tmp_path, text, "zem.txt"))
    assert run.T.size == len(POINTS) - 1
    assert run.unused[-1] == "line 7 (no value of Seebeck coeff.(V/K))"
    assert "line 7 (no value of" in run.notes[-1]


def test_kelvin_that_must_be_celsius_is_doubted(tmp_path):
    run = read_zem(write(tmp_path, table(header=HEADER.replace("temp.(C)", "temp.(K)")), "zem.txt"))
    assert [finding.code for finding in run.findings] == ["correlation", "celsius", "not-used"]
    both = HEADER.replace("Measurement temp.(C)", "Measurement temp.(\u2103)")
    assert read_zem(write(tmp_path, table(header=both), "zem.txt", encoding="utf-8")).T[0] == pytest.approx(
        299.25
    )
