"""Tables of measured sweeps: units, sides, missing temperatures, all faults at once."""

import numpy as np
import pytest

import ioffe as te
from ioffe.measured import measurement_of


def read(tmp_path, text, **options):
    path = tmp_path / "sweep.csv"
    path.write_text(text, encoding="utf-8")
    return te.read_measurement(path, **options)


def test_units_and_derived_columns(tmp_path):
    found = read(tmp_path, "I (mA);P (mW);dT (K)\n0;0;100\n500;20;100\n", T_cold="27 degC")
    assert found.numbers["T_hot"] == pytest.approx(400.15)
    assert np.isnan(found.numbers["voltage"][0])
    assert found.numbers["voltage"][1] == pytest.approx(0.04)
    assert found.channels == ("voltage",)


@pytest.mark.parametrize("line", ["# heat: cold side\n", ""])
def test_side_of_the_heat(tmp_path, line):
    text = f"{line}# T_hot: 500 K\n# T_cold: 300 K\nI (A),V (V),Q (W)\n0,1,2\n1,0.5,2.5\n"
    if line:
        assert read(tmp_path, text).channels == ("voltage", "heat_cold")
    else:
        with pytest.raises(te.InputError, match="at which side the heat was measured must be stated"):
            read(tmp_path, text)
        assert read(tmp_path, text, heat="hot").channels == ("voltage", "heat_hot")


def test_a_temperature_that_no_device_has(tmp_path):
    text = "# T_cold: 300 K\nI (A),V (V),T_hot (K)\n0,1,500\n1,0.5,1e11\n"
    with pytest.raises(te.InputError, match=r"T_hot, point 2 .* a temperature below 6000 K is expected"):
        read(tmp_path, text)


def test_all_faults_together():
    with pytest.raises(te.InputError) as error:
        measurement_of(
            {"current": [0, 1], "voltage": [1, 2], "heat": [1, 2]},
            heat="warm",
            uncertainty={"voltag": "1 %", "T_hot": "3 %"},
            noise={"heet": 1, "voltage": "-1 mV"},
        )
    text = str(error.value)
    for part in ("warm", 'did you mean "voltage"', "T_hot: a temperature", "T_cold: a temperature", "heet"):
        assert part in text
    assert len(error.value.faults) == 7


def test_missing_unit_is_named(tmp_path):
    with pytest.raises(te.InputError, match="has no unit"):
        read(tmp_path, "I (A),V\n0,1\n", T_hot=500, T_cold=300)


def test_stated_deviations_are_the_noise(tmp_path):
    text = "I (A),V (mV),std V (mV),Q (W)\n0,60,0.3,1.0 ± 0.02\n1,40,0.4,1.2 ± 0.02\n"
    found = read(tmp_path, text, T_hot=500, T_cold=300, heat="cold")
    assert found.noise["voltage"] == pytest.approx(np.sqrt((0.3e-3**2 + 0.4e-3**2) / 2))
    assert found.noise["heat_cold"] == pytest.approx(0.02)
    assert read(tmp_path, text, T_hot=500, T_cold=300, heat="cold", noise={"voltage": "1 mV"}).noise[
        "voltage"
    ] == pytest.approx(1e-3)


def test_blocks_below_their_temperatures_are_one_table(tmp_path):
    block = "T_hot = {} K\nI (A),V (mV)\n0,{}\n1,{}\n"
    text = block.format(400, 50, 40) + "\n" + block.format(500, 90, 70)
    found = read(tmp_path, text, T_cold="300 K")
    order = np.argsort(found.numbers["voltage"])
    assert found.numbers["voltage"][order] == pytest.approx([0.04, 0.05, 0.07, 0.09])
    assert found.numbers["T_hot"][order].tolist() == [400.0, 400.0, 500.0, 500.0]
    with pytest.raises(te.InputError, match="one table is expected, the file holds 2"):
        read(tmp_path, text.replace("T_hot = ", "sample ").replace(" K", ""), T_hot=400, T_cold=300)
