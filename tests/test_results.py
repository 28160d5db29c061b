"""Every kind of result: one set of words, and what files, copies, tables and pages keep of it."""

import copy
import importlib
import json
import pickle
import pkgutil
import tempfile
from pathlib import Path

import numpy as np
import pytest

import ioffe as te
from ioffe.base.constants import e
from ioffe.base.errors import InputError
from ioffe.base.result import BaseResult
from ioffe.base.saved_result import SavedResult, load_result
from ioffe.field.elements.solids import CELLS
from ioffe.interface.ageing import Arrhenius, Relaxation
from ioffe.migration import CU2S, MigratingLeg, fit_defect_model, simulate, steady_profile
from ioffe.published.run import reproduce
from ioffe.solve.interface_layers import InterfaceMetal, compare_interface_metals
from tests.measure.line_scans import EXAMPLE

DAY = 86400.0
HOT = te.Generator(T_hot=450.0, T_cold=310.0)
GAP = np.array([10e-6, 20e-6, 40e-6, 80e-6])


def leg(material="Bi2Te3"):
    return te.Leg(material, "2 mm", "1 mm2", contact=te.Contact(electrical="1e-9 ohm m2"))


def mixed():
    return te.Leg("Cu1.97S", "6 mm", "9 mm2")


def steady():
    """A mixed conductor; at the largest current there is no solution."""
    conditions = te.Generator(T_hot=[500.0, 673.0], T_cold=300.0, current=[0.0, 0.1, 1e4])
    return mixed().solve(conditions)


def cascade():
    module = te.Module(p=leg("Bi0.42Sb1.58Te3"), n=leg(), couples=7, fill_factor=0.5)
    return te.Cascade([module, module.replace(couples=17)]).solve(
        te.Cooler(T_hot=300.0, current=[0.1, 0.2], heat=0.0)
    )


def stressed():
    p, n = (te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm") for k in "pn")
    stack = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3 96%", "0.6 mm")]
    module = te.Module(p, n, couples=1, hot=stack, cold=stack, layout=te.Layout(gap="1 mm"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ioffe.field.elements.solids.CELLS", dict.fromkeys(CELLS, 1))
        found = module.solve(te.Generator(T_hot=390, T_cold=300, current=0.0), "full", maxima=False)
        return te.stress(found, free="450 K")


def batch():
    return te.solve_batch(
        leg(), te.Generator(T_hot=450, T_cold=310, load="max_power"), vary={"length": [1e-3, 2e-3]}
    )


def transient():
    material = te.load_material("Bi2Te3").replace(density="7.7 g/cm3", heat_capacity="160 J/(kg K)")
    conditions = te.Transient(mode="generate", T_hot=400.0, T_cold=300.0, current=0.1, duration=0.1, cells=8)
    return leg(material).solve(conditions)


def array():
    module = te.Module(p=leg("Bi0.42Sb1.58Te3"), n=leg(), couples=7, fill_factor=0.5)
    return te.ModuleArray.grid(module, [450.0, 400.0], 300.0).solve(current=[0.0, 0.1])


def life():
    law = Relaxation(1e-9, 9e-9, 5 * DAY, acceleration=Arrhenius(0.8 * e, 450.0))
    part = te.life.Degradation("contact.electrical", law, std={"final": 9e-10}, note="contact: made up")
    service = te.life.Service.constant("60 day")
    return te.solve_life(leg(), HOT, [part], service, times=[0.0, 10 * DAY, 60 * DAY], losses=["90 %"])


def fitted_life():
    """A resistance over time, made up, and the final resistivity of its contacts."""
    law = Relaxation(1e-9, 9e-9, 5 * DAY)
    points = tuple(
        te.life.Aged("internal_resistance", t * DAY, R, 1e-3) for t, R in ((0, 0.02), (5, 0.03), (30, 0.035))
    )
    laws, service = (te.life.Degradation("contact.electrical", law),), te.life.Service.constant("30 day")
    task = te.life.LifeTask(leg(), HOT, laws, service, {"maxima": False}, measured=points)
    return te.life.fit_life(task, ["contact.electrical.final"])


def series():
    T = np.linspace(300.0, 500.0, 6)
    S, sigma = 1e-4 + 2e-7 * T, 1e5 * (300.0 / T) ** 1.5
    curves = {
        "seebeck": S,
        "electrical_conductivity": sigma,
        "thermal_conductivity": 400.0 / T + 2e-8 * sigma * T,
    }
    return te.Material.from_arrays(name="made up", carrier="p", T=T, **curves)


def onset():
    J = np.linspace(1e4, 20e4, 39)
    return te.measure.onset(J, 1.0 - 1e-6 * np.maximum(J - 11e4, 0.0), std=1e-3)


def defects():
    delta, noise = np.array([0.0, 0.03, 0.06]), np.array([0.0, 0.015, 0.0])
    return fit_defect_model(delta, CU2S.critical_voltage(delta, 750.0) + noise, 750.0)


def specimen():
    return MigratingLeg([0, 10e-3], 750.0, CU2S, 0.03, 122e2, 100.0, 28.4e-6)


def sweep():
    numbers = {"current": [0.0, 0.1, 0.2], "voltage": [0.029, 0.0262, 0.0235]}
    numbers["heat_cold"] = [0.13, 0.14, 0.15]
    return te.measured.measurement_of(
        numbers, T_hot=450.0, T_cold=310.0, noise={"voltage": "0.1 mV", "heat": "1 mW"}, name="made up"
    )


def stored():
    """A sweep in a folder that is gone when the tests are."""
    variables = {"length": te.study.Span("1 mm", "3 mm", 4), "material": ["Bi2Te3", "(CuI)0.003Bi2Te3"]}
    study = te.Study(leg(), HOT, variables, constraints={"efficiency": {"least": "1 %"}})
    return te.sweep(study, Path(tempfile.mkdtemp()) / "sweep", engine="numpy")


KINDS = {
    "Result": steady,
    "Result of a cascade": cascade,
    "BatchResult": batch,
    "TransientResult": transient,
    "ArrayResult": array,
    "LifeResult": life,
    "LifeFit": fitted_life,
    "Analysis": lambda: te.analyse(series()),
    "Fit": lambda: te.fit(series(), te.SingleParabolicBand(scattering="acoustic")),
    "LineScan": lambda: te.measure.line_scan(te.measure.read_scans(EXAMPLE), "9 mm2"),
    "TransferLength": lambda: te.measure.transfer_length(GAP, [8.05, 13.1, 23.0, 43.1], "100 um"),
    "LaserFlash": lambda: te.measure.conductivity(
        te.Curve([300.0, 400.0], [6e-7, 5e-7], "thermal_diffusivity", std=[2e-8, 0.0]), 6650.0, 200.0
    ),
    "ZemResult": lambda: te.measure.zem_result(
        te.measure.ZemRun("zem", np.array([300.0, 400.0]), np.array([1e-5, 2e-5]), np.array([1e-4, 2e-4]))
    ),
    "HallMeasurement": lambda: te.measure.hall_measurement(
        te.measure.HallTable("hall", {"field": GAP * 1e6, "resistance": GAP * 1e2}), "1 mm"
    ),
    "AgedJunctions": lambda: te.interface.age_junctions(
        [te.interface.AgeingSeries("A", [0.0, 1e6, 2e6, 4e6], [9e-10, 1.1e-9, 1.3e-9, 1.7e-9], 553.0)]
    ),
    "CellParameters": lambda: te.measure.cell_parameters(
        ["110", "200", "211"], [44.67, 65.02, 82.33], "cubic"
    ),
    "MeasuredFigures": lambda: te.measured.evaluate(sweep()),
    "MeasuredBesideComputed": lambda: te.measured.compare(leg(), HOT, sweep()),
    "Calibration": lambda: te.calibrate(leg(), HOT, sweep(), ["contact.electrical", "bypass_conductance"]),
    "Shortlist": lambda: te.measured.select(
        [te.measured.DataSheet("M", 127, 298.0, 6.0, 15.4, 52.0, 67.0)],
        heat=15.0,
        T_cold=280.0,
        T_ambient=298.0,
    ),
    "StressResult": stressed,
    "CompactModel": lambda: te.export.compact_model(leg(), HOT, cells=3),
    "CostResult": lambda: te.cost.price_device(
        leg(),
        HOT.replace(T_hot=[400.0, 450.0]),
        te.cost.Costing(assembly="1 USD", metallisation="300 USD/m2"),
    ),
    "Onset": onset,
    "DefectFit": defects,
    "MigrationResult": lambda: simulate(specimen(), [(3600, 12e4)], cells=16, tolerance=1e-4),
    "SteadyProfile": lambda: steady_profile(specimen(), 12e4),
    "SafeRegion": lambda: te.safe_region(mixed(), te.Generator(T_hot=[500.0, 673.0], T_cold=300.0), points=5),
    "InterfaceStudy": lambda: compare_interface_metals(
        leg(), [InterfaceMetal("Sb"), InterfaceMetal("Ag")], HOT
    ),
    "SweepResult": stored,
    "Optimum": lambda: te.study.optimise(
        te.Study(
            leg(),
            HOT,
            {"length": te.study.Span("1 mm", "3 mm"), "material": ["Bi2Te3", "(CuI)0.003Bi2Te3"]},
            ["power"],
            sample=te.study.SamplePlan(2),
        ),
        engine="numpy",
    ),
    "DesignAnswer": lambda: te.design("leg-length", leg(), HOT, longest="4 mm", engine="numpy"),
    "ParetoFront": lambda: te.study.pareto_front(
        te.Study(
            leg(),
            HOT,
            {"length": te.study.Span("1 mm", "3 mm"), "material": ["Bi2Te3", "(CuI)0.003Bi2Te3"]},
            ["power", "efficiency"],
            largest=["power", "efficiency"],
            sample=te.study.SamplePlan(2),
        ),
        points=3,
        engine="numpy",
    ),
    "UncertaintyResult": lambda: te.study.propagate_study(
        te.Study(leg(), HOT, {"T_cold": [300.0, 310.0]}, ["power"]), {"length": "2 %", "T_hot": "1 K"}
    ),
    "Ranking": lambda: te.rank_materials(
        ["Bi2Te3", "Bi0.42Sb1.58Te3"], T_hot=450.0, T_cold=310.0, pairs=True, engine="numpy"
    ),
    "Reproduction": lambda: reproduce(["S4"])[0],
}
"""How to make one of every kind, by the name of its class."""


@pytest.fixture(scope="module", params=KINDS)
def result(request):
    return KINDS[request.param]()


def concrete(kind):
    """A class and all below it that can be made, as far as they are those of ioffe."""
    below = [found for one in kind.__subclasses__() for found in concrete(one)]
    own = kind.__module__.startswith("ioffe.") and not kind.__abstractmethods__
    return [*([kind.__name__] if own else []), *below]


def test_no_kind_is_left_out():
    for module in pkgutil.walk_packages(te.__path__, "ioffe."):
        if ".compiled" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    assert {name.partition(" ")[0] for name in KINDS} == set(concrete(BaseResult)) - {"SavedResult"}


def test_a_kind_without_tables_cannot_be_made():
    with pytest.raises(TypeError, match="abstract"):
        BaseResult()


def test_it_says_how_good_it_is(result):
    assert result.kind != BaseResult.kind
    assert result.status.advice
    assert all(isinstance(text, str) for text in result.warnings)
    assert result.citations()[0].startswith("ioffe")
    assert isinstance(result.energy_balance, float)
    assert isinstance(result.error_estimate, float)
    assert repr(result) == str(result) == result.summary()
    assert len(result.summary()) < 10_000
    assert result._repr_html_().startswith("<table>")


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copies_say_the_same(result, again):
    other = again(result)
    assert type(other) is type(result)
    assert other.to_dict() == result.to_dict()
    assert other.summary() == result.summary()


def test_json_is_standard(result):
    text = json.dumps(result.to_dict(), allow_nan=False)
    back = json.loads(text)
    assert back["kind"] == result.kind
    assert back["status"] == str(result.status)
    assert back["warnings"] == list(result.warnings)


@pytest.mark.parametrize("ending", [".json", ".nc"])
def test_files_keep_every_table(result, ending, tmp_path):
    pytest.importorskip("h5netcdf", reason="h5netcdf is an optional extra")
    saved = load_result(result.save(tmp_path / f"found{ending}"))
    assert isinstance(saved, SavedResult)
    assert saved.header["kind"] == result.kind
    assert saved.status == result.status
    assert saved.warnings == tuple(result.warnings)
    assert saved.citations() == result.citations()
    for name in ("energy_balance", "error_estimate"):
        np.testing.assert_equal(getattr(saved, name), getattr(result, name))
    written, read = result.tables(), saved.tables()
    assert list(read) == list(written)
    for name, table in written.items():
        assert read[name].shape == table.shape
        for part in ("index", "columns"):
            columns = getattr(table, part)
            assert list(getattr(read[name], part)) == list(columns)
            for key, column in columns.items():
                found = getattr(read[name], part)[key]
                assert found.axes == column.axes, (name, key)
                assert found.unit == column.unit, (name, key)
                np.testing.assert_array_equal(found.values, column.values, f"{name} {key}")
    again = load_result(saved.save(tmp_path / "again.json"))
    assert again.to_dict() == load_result(result.save(tmp_path / "first.json")).to_dict()


def test_frames_have_the_axes_as_index(result):
    pytest.importorskip("pandas", reason="pandas is an optional extra")
    for name, table in result.tables().items():
        frame = result.to_frame(name)
        assert len(frame) == len(table)
        assert list(frame.index.names) == (list(table.index) or [None])
        for (_, column), values in zip(table.columns.items(), frame.items(), strict=True):
            np.testing.assert_array_equal(values[1].to_numpy(), table.flat(column))
    with pytest.raises(InputError, match="is expected"):
        result.to_frame("no such table")


def test_sheets_and_rows(result, tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is an optional extra")
    book = openpyxl.load_workbook(result.save(tmp_path / "found.xlsx"), read_only=True)
    assert book.sheetnames == [*result.tables(), "about"]
    header, rows = result.rows()
    lines = result.save(tmp_path / "found.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) >= len(rows) + 1
    assert len(lines[0].split(",")) >= len(header)


def test_page_and_picture(result, tmp_path):
    page = result.report(tmp_path / "found.html").read_text(encoding="utf-8")
    assert "<html" in page
    assert "http-equiv" not in page
    assert result.plot().lines or result.plot().collections or result.plot().containers
    with pytest.raises(InputError, match="is expected"):
        result.plot("no such picture")
