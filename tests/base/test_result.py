"""What all results have in common: attributes, tables, files and their reading, display, copies."""

import copy
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.base.errors import InputError
from ioffe.base.quantities import QUANTITIES
from ioffe.base.result import BaseResult
from ioffe.base.saved_result import SavedResult, load_result
from ioffe.base.status import Status
from ioffe.base.table import ResultTable, table
from ioffe.base.units import convert, unit_of_header

HOT, LOAD = np.array([400.0, 500.0]), np.array([0.1, 0.2, 0.3])


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Example(BaseResult):
    """Two tables: operating points with a number of each temperature, and stages with an axis more."""

    kind: ClassVar[str] = "example"
    values: Mapping[str, Any]

    def _title(self) -> str:
        return "leg <1>: an example"

    def _facts(self):
        yield "power", "1 mW"
        yield from self._quality()

    def _header(self):
        return {
            "name": "leg <1>",
            "tolerance": 1e-9,
            "share": np.float64(np.nan),
            "limits": {"low": -np.inf, "high": [np.inf, 2.0]},
        }

    def tables(self) -> dict[str, ResultTable]:
        points = {
            "T_hot": np.where(np.isnan(self.power), np.nan, HOT[:, None]),
            "power": self.power,
            "max_power": (("T_hot",), self.max_power),
            "margin": np.where(self.power > 1.0, self.power, np.inf),
            "point_status": Status.words(self.point_status),
        }
        stages = {"T_cold": np.arange(12.0).reshape(2, 3, 2)}
        return {
            "points": table({"T_hot": HOT, "load": LOAD}, points),
            "stages": table({"T_hot": HOT, "load": LOAD, "stage": [0, 1]}, stages),
        }


def example() -> Example:
    power = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, np.nan]])
    return Example(
        values={"power": power, "max_power": np.array([3.5, 5.5]), "internal_resistance": np.array(0.2)},
        point_status=np.array([[0, 0, 0], [0, 1, 3]]),
        point_energy_balance=np.array([[1e-15, 0, 0], [0, 2e-14, np.nan]]),
        interpolation={"Bi2Te3": "pchip"},
        warnings=("used <beyond> its range",),
        conditions={"T_hot": HOT, "load": LOAD},
    )


def test_quantities_are_attributes():
    result = example()
    assert result.internal_resistance == 0.2
    assert isinstance(result.internal_resistance, float)
    assert result.power.shape == (2, 3)
    assert {"power", "max_power", "status", "save"} <= set(dir(result))
    with pytest.raises(AttributeError, match='did you mean "max_power"'):
        _ = result.maxpower
    with pytest.raises(AttributeError, match="energy_balance"):
        _ = result.energy_balanc


def test_worst_of_all_points():
    result = example()
    assert result.status is Status.NOT_CONVERGED
    assert result.energy_balance == 2e-14
    assert np.isnan(result.error_estimate)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copies_are_equal(again):
    result = example()
    other = again(result)
    assert type(other) is Example
    assert other.to_dict() == result.to_dict()
    assert other.status is Status.NOT_CONVERGED


def test_frame_by_values_and_axes():
    pd = pytest.importorskip("pandas", reason="pandas is an optional extra")
    frame = example().to_frame()
    assert frame.index.names == ["T_hot", "load"]
    assert frame.loc[(500.0, 0.2), "power (W)"] == 5.0
    assert frame.xs(400.0, level="T_hot")["max_power (W)"].tolist() == [3.5] * 3
    assert frame["point_status"].tolist()[-2:] == ["outside_table", "not_converged"]
    assert frame.attrs["units"]["load"] == "ohm"
    stages = example().to_frame("stages")
    assert stages.index.names == ["T_hot", "load", "stage"]
    assert stages.loc[(500.0, 0.3, 1), "T_cold (K)"] == 11.0
    assert isinstance(stages.index, pd.MultiIndex)
    with pytest.raises(InputError, match='did you mean "stages"'):
        example().to_frame("stage")


def test_dataset_by_names_and_units():
    pytest.importorskip("xarray", reason="xarray is an optional extra")
    data = example().to_xarray()
    assert float(data["power"].sel(T_hot=500.0, load=0.1)) == 4.0
    assert data["power"].attrs["units"] == "W"
    assert data["load"].attrs["units"] == "ohm"
    assert data["stages.T_cold"].dims == ("T_hot", "load", "stage")
    assert data["max_power"].dims == ("T_hot",)
    assert data.attrs["status"] == "not_converged"


@pytest.mark.parametrize("ending", [".json", ".nc"])
def test_files_keep_everything(tmp_path, ending):
    pytest.importorskip("h5netcdf", reason="h5netcdf is an optional extra")
    result = example()
    saved = load_result(result.save(tmp_path / f"r{ending}"))
    assert isinstance(saved, SavedResult)
    np.testing.assert_array_equal(saved.power, result.power)
    np.testing.assert_array_equal(saved.max_power, result.max_power)
    for name in ("T_hot", "margin"):  # NaN of a failed point in a column of an axis; infinity
        written, read = (one.table().columns[name] for one in (result, saved))
        assert read[::2] == written[::2]
        np.testing.assert_array_equal(read.values, written.values)
    assert saved.limits == {"low": -np.inf, "high": [np.inf, 2.0]}
    np.testing.assert_array_equal(saved.stages.T_cold, result.table("stages").T_cold)
    np.testing.assert_array_equal(saved.point_status, result.point_status)
    assert list(saved.axes) == ["T_hot", "load"]
    assert saved.units["power"] == "W"
    assert saved.status is Status.NOT_CONVERGED
    assert saved.energy_balance == 2e-14
    assert np.isnan(saved.error_estimate)
    assert saved.warnings == result.warnings
    assert saved.conditions["load"] == [0.1, 0.2, 0.3]
    assert saved.citations() == result.citations()
    assert saved.tolerance == 1e-9
    assert "saved by ioffe" in repr(saved)
    assert [p.name for p in tmp_path.iterdir()] == [f"r{ending}"]
    # and again: reading and writing lose nothing
    again = load_result(saved.save(tmp_path / "again.json"))
    assert again.to_dict() == load_result(result.save(tmp_path / "r.json")).to_dict() or ending == ".nc"
    if ending == ".json":
        assert saved.to_dict() == result.to_dict()
    pickled = pickle.loads(pickle.dumps(saved))
    np.testing.assert_array_equal(pickled.power, result.power)


def test_tables_as_csv_and_excel(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is an optional extra")
    lines = example().save(tmp_path / "r.csv").read_text().splitlines()
    assert lines[0] == "T_hot (K),load (mohm),power (W),max_power (W),margin,point_status"
    assert lines[1] == "400.0,100.0,1.0,3.5,inf,ok"
    assert lines[6] == "500.0,300.0,,5.5,inf,not_converged"
    lines = example().save(tmp_path / "si.csv", si=True).read_text().splitlines()
    assert lines[:2] == [
        "T_hot (K),load (ohm),power (W),max_power (W),margin,point_status",
        "400.0,0.1,1.0,3.5,inf,ok",
    ]
    book = openpyxl.load_workbook(example().save(tmp_path / "r.xlsx"))
    assert book.sheetnames == ["points", "stages", "about"]
    assert book["points"]["C5"].value == 4.0
    assert book["points"]["E2"].value == "inf"
    about = dict(book["about"].iter_rows(values_only=True))
    assert about["status"] == "not_converged"
    assert about["name"] == "leg <1>"


@given(st.sampled_from(sorted(QUANTITIES)), st.floats(1e-30, 1e30), st.floats(1e-3, 1.0))
def test_tables_in_units_of_the_field_hold_the_same_numbers(name, largest, share):
    found = table({"sample": ["a", "b"]}, {name: (("sample",), [largest, -share * largest])})
    (_, head), rows = found.rows(si=False)
    word, unit = unit_of_header(head)
    assert word == name
    read = convert([row[1] for row in rows], unit or "1", QUANTITIES[name].unit)
    np.testing.assert_allclose(read, [largest, -share * largest], rtol=6e-7)


@pytest.mark.parametrize("name", ["r.txt", "r", "r.json.gz"])
def test_other_endings_are_refused(tmp_path, name):
    with pytest.raises(InputError, match=r"\.json, \.csv, \.xlsx, \.nc is expected"):
        example().save(tmp_path / name)
    with pytest.raises(InputError, match=r"\.json, \.nc is expected"):
        load_result(tmp_path / name)


def test_nothing_by_half(tmp_path, monkeypatch):
    path = example().save(tmp_path / "r.json")
    before = path.read_bytes()
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(InputError, match="full"):
        example().save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["r.json"]


def test_wrong_files(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        load_result(tmp_path / "none.json")
    other = tmp_path / "other.json"
    for text in ("{}", '{"tables": {}}', '{"tables": 3, "units": {}}', '{"tables": {"a": {}}, "units": {}}'):
        other.write_text(text)
        with pytest.raises(InputError, match="written by save"):
            load_result(other)
    with pytest.raises(InputError, match="folder|directory"):
        example().save(tmp_path / "no" / "r.json")
    with pytest.raises(InputError, match="directory"):
        example().save(other / "r.json")


def test_wrong_netcdf(tmp_path):
    pytest.importorskip("h5netcdf", reason="h5netcdf is an optional extra")
    with pytest.raises(InputError, match="does not exist"):
        load_result(tmp_path / "none.nc")
    (tmp_path / "text.nc").write_text("no NetCDF")
    with pytest.raises(InputError, match="cannot be read"):
        load_result(tmp_path / "text.nc")


def test_notebook_shows_a_table():
    page = example()._repr_html_()
    assert "leg &lt;1&gt;: an example" in page
    assert "<th" in page
    assert "used &lt;beyond&gt; its range" in page
    assert "not_converged" in page
    assert repr(example()) == example().summary()


def test_one_point_without_axes(tmp_path):
    @dataclass(frozen=True, eq=False, repr=False, kw_only=True)
    class One(BaseResult):
        values: Mapping[str, Any]

        def tables(self):
            return {"points": table({}, {**self.values, "point_status": Status.words(self.point_status)})}

    one = One(values={"power": np.array(2.0)})
    assert one.rows() == (["power (W)", "point_status"], [[2.0, "ok"]])
    for ending in (".json", ".nc"):
        if ending == ".nc":
            pytest.importorskip("h5netcdf", reason="h5netcdf is an optional extra")
        saved = load_result(one.save(tmp_path / f"r{ending}"))
        assert saved.power == 2.0
        assert isinstance(saved.power, float)
        assert saved.status is Status.OK
    pytest.importorskip("pandas", reason="pandas is an optional extra")
    assert one.to_frame()["power (W)"].tolist() == [2.0]


def test_read_only_mappings_are_copied():
    from types import MappingProxyType

    proxy = MappingProxyType({"a": [1]})
    for other in (pickle.loads(pickle.dumps(proxy)), copy.copy(proxy), copy.deepcopy(proxy)):
        assert type(other) is MappingProxyType
        assert other == proxy
    assert copy.deepcopy(proxy)["a"] is not proxy["a"]
