"""Files of line scans."""

import numpy as np
import pytest

from ioffe.base.errors import InputError
from ioffe.measure.line_scans import read_scans

X = np.arange(8.0)


def write(tmp_path, text, name="scan.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def table(heads, *columns, delimiter=","):
    rows = (delimiter.join(str(v) for v in row) for row in zip(*columns, strict=True))
    return "\n".join([delimiter.join(heads), *rows]) + "\n"


def refused(path, **options):
    with pytest.raises(InputError) as caught:
        read_scans(path, **options)
    return caught.value


def test_resistances(tmp_path):
    (found,) = read_scans(write(tmp_path, table(["x (mm)", "R (mohm)"], X, 2 * X)))
    assert found.position == pytest.approx(X * 1e-3)
    assert found.resistance == pytest.approx(2e-3 * X)
    assert found.time is None


@pytest.mark.parametrize(
    ("heads", "delimiter"),
    [
        (["Position [um]", "Resistance [uohm]"], ";"),
        (["x/um", "R/uohm"], "\t"),
        (["distance / um", "R / uohm"], ";"),
    ],
)
def test_ways_to_write_headers(tmp_path, heads, delimiter):
    (found,) = read_scans(write(tmp_path, table(heads, X, X, delimiter=delimiter)))
    assert found.position == pytest.approx(X * 1e-6)
    assert found.resistance == pytest.approx(X * 1e-6)


def test_decimal_comma(tmp_path):
    rows = "\n".join(f"{k},5;{k},25" for k in range(8))
    (found,) = read_scans(write(tmp_path, f"x (mm);R (mohm)\n{rows}\n"))
    assert found.position[1] == pytest.approx(1.5e-3)


def test_voltages_with_a_current(tmp_path):
    beside = table(["x (mm)", "V (uV)", "I (mA)", "t (min)"], X, 10 * X, [100] * 8, X)
    (found,) = read_scans(write(tmp_path, beside))
    assert found.resistance == pytest.approx(1e-4 * X)
    assert found.time == pytest.approx(60 * X)
    alone = write(tmp_path, table(["x (mm)", "V (uV)"], X, 10 * X))
    assert read_scans(alone, current="100 mA")[0].resistance == pytest.approx(1e-4 * X)
    remark = write(tmp_path, "# current: 50 mA\n" + table(["x (mm)", "V (uV)"], X, 10 * X), "other.csv")
    assert read_scans(remark)[0].resistance == pytest.approx(2e-4 * X)
    assert refused(alone).faults[0].location == "current"
    assert "other than 0 A" in str(refused(alone, current="0 A"))


def test_both_directions_of_the_current_take_thermovoltages_away(tmp_path):
    x, current = np.repeat(X, 2), np.tile([0.1, -0.1], 8)
    voltage = 3e-4 * x * current + 5e-6
    (found,) = read_scans(write(tmp_path, table(["x (mm)", "V (V)", "I (A)"], x, voltage, current)))
    assert found.position == pytest.approx(X * 1e-3)
    assert found.resistance == pytest.approx(3e-4 * X)
    current[4:6] = 0.1
    fault = refused(write(tmp_path, table(["x (mm)", "V (V)", "I (A)"], x, voltage, current))).faults[0]
    assert fault.location == "current at 0.002 m"


def test_several_scans_and_files(tmp_path):
    text = table(["scan", "x (mm)", "R (mohm)"], ["a"] * 8 + ["b"] * 8, [*X, *X], [*X, *(2 * X)])
    first = write(tmp_path, text, "one.csv")
    second = write(tmp_path, table(["x (mm)", "R (mohm)"], X, X), "two.csv")
    assert [s.name for s in read_scans(first)] == ["scan a", "scan b"]
    assert [s.name for s in read_scans([first, second])] == ["one, scan a", "one, scan b", "two"]


def test_excel(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is an optional extra")
    book = openpyxl.Workbook()
    book.active.append(["x (mm)", "R (mohm)"])
    for value in X:
        book.active.append([value, 2 * value])
    book.save(tmp_path / "scan.xlsx")
    assert read_scans(tmp_path / "scan.xlsx")[0].resistance == pytest.approx(2e-3 * X)


def test_faulty_files(tmp_path):
    error = refused(write(tmp_path, table(["x", "R (K)", "t (mm)"], X, X, X)))
    assert [f.value for f in error.faults] == ["x", "R (K)", "t (mm)"]
    assert "the header has no unit" in error.faults[0].expected
    error = refused(write(tmp_path, "x (mm),R (mohm)\n0,a\nb,1\n"))
    assert sorted(f.location for f in error.faults) == ["line 2", "line 3"]
    assert "headers" in str(refused(write(tmp_path, "1,2\n3,4\n")))
    assert "no rows" in str(refused(write(tmp_path, "x (mm),R (mohm)\n")))
    assert "has a column already" in str(
        refused(write(tmp_path, table(["x (mm)", "z (mm)", "R (ohm)"], X, X, X)))
    )
    late = [0, 1, 2, 3, 2, 5, 6, 7]
    error = refused(write(tmp_path, table(["x (mm)", "R (mohm)", "t (s)", "scan"], X, X, late, [3] * 8)))
    assert error.faults[0].location == "scan 3.time[4]"
    assert "backwards" in error.faults[0].expected
    both = refused([tmp_path / "none.csv", write(tmp_path, "x (mm),R (mohm)\n0,1\n", "one.csv")])
    assert [f.file.rpartition("/")[2] for f in both.faults] == ["none.csv", "one.csv"]
    assert "1 position" in str(both)
