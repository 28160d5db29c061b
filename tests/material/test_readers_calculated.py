"""Small files in the layouts of AMSET, BoltzTraP 1 and 2, and phono3py, as those programs write them."""

import json
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from ioffe.base.constants import e
from ioffe.base.curve import Curve
from ioffe.base.errors import InputError
from ioffe.cli.materials.commands import materials
from ioffe.material import readers
from ioffe.material.readers import amset, boltztrap, phono3py
from ioffe.material.readers.boltztrap import RYDBERG
from ioffe.material.readers.calculated import lattice_curve
from tests.material.samples import write

# AMSET

T = [300.0, 500.0, 700.0]
DOPING = [-1e20, 1e19]


def tensors(values):
    """(d, t) numbers to tensors with the ratios 1 : 2 : 3 along the diagonal, and mean as given."""
    return (np.asarray(values)[..., None, None] * np.diag([0.5, 1.0, 1.5])).tolist()


AMSET = {
    "doping": DOPING,
    "temperatures": T,
    "fermi_levels": [[0.5, 0.4, 0.3], [0.1, 0.2, 0.25]],
    "conductivity": tensors([[9e4, 7e4, 5e4], [2e4, 1.5e4, 1e4]]),
    "seebeck": (
        np.array([[-150.0, -180.0, -210.0], [250.0, 280.0, 300.0]])[..., None, None] * np.eye(3)
    ).tolist(),
    "electronic_thermal_conductivity": tensors([[0.5, 0.6, 0.65], [0.1, 0.12, 0.13]]),
    "mobility": {"overall": tensors([[56.0, 40.0, 30.0], [120.0, 80.0, 60.0]])},
}


def amset_file(folder, data=None, name="transport_65x65x35.json"):
    return write(folder, name, json.dumps(AMSET if data is None else data))


def test_amset_in_si(tmp_path):
    found = amset.load(amset_file(tmp_path))
    assert found.doping == pytest.approx([-1e26, 1e25])
    assert found.seebeck[0, 0, 0, 0] == pytest.approx(-150e-6)
    assert found.conductivity[1, 2].diagonal() == pytest.approx([5e3, 1e4, 1.5e4])
    assert found.fermi_level[0, 0] == pytest.approx(0.5 * e)
    assert found.mobility["overall"][0, 0, 1, 1] == pytest.approx(56e-4)


def amset_table(folder, change=lambda rows: rows, encoding="latin-1", name="transport_65x65x35.txt"):
    """As AMSET writes it with numpy.savetxt: the upper triangles, and no unit of kappa."""
    upper, ends = np.triu_indices(3), ("xx", "xy", "xz", "yy", "yz", "zz")
    kinds = {"cond": ("S/m", "conductivity"), "seebeck": ("µV/K", "seebeck")}
    kinds |= {"kappa": ("?", "electronic_thermal_conductivity")}
    head = ["doping[cm^-3]", "temperature[K]", "Fermi_level[eV]"]
    head += [f"{kind}_{end}[{unit}]" for kind, (unit, _) in kinds.items() for end in ends]
    head += [f"overall_mobility_{end}[cm^2/V.s]" for end in ends]
    rows = []
    for d, t in np.ndindex(len(DOPING), len(T)):
        tensors_ = [*(AMSET[key] for _, key in kinds.values()), AMSET["mobility"]["overall"]]
        rows.append([DOPING[d], T[t], AMSET["fermi_levels"][d][t]])
        rows[-1] += [v for one in tensors_ for v in np.array(one)[d, t][upper]]
    np.savetxt(folder / name, change(rows), header=" ".join(head), encoding=encoding)
    return folder / name


@pytest.mark.parametrize(("encoding", "name"), [("latin-1", "transport_6x6x3.txt"), ("utf-8", "t.csv")])
def test_the_table_of_amset_says_what_its_json_says(tmp_path, encoding, name):
    table = amset.load(amset_table(tmp_path, encoding=encoding, name=name))
    found = amset.load(amset_file(tmp_path))
    for key in ("T", "doping", "conductivity", "seebeck", "electronic_thermal_conductivity", "fermi_level"):
        assert getattr(table, key) == pytest.approx(getattr(found, key))
    assert table.mobility["overall"] == pytest.approx(found.mobility["overall"])
    path = tmp_path / name
    assert readers.look(path).kind == "AMSET, 2 samples"
    assert [sample.key for sample in readers.samples(path)] == ["-1e+20", "1e+19"]
    (m,) = readers.read(path, sample="1e+19", lattice="0.8 W/(m K)")
    assert m.thermal_conductivity(500.0) == pytest.approx(0.92)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows[:-1], "one row for each doping and temperature"),
        (lambda rows: rows[1:] + rows[:1], "one row for each doping and temperature"),
    ],
)
def test_faulty_tables_of_amset(tmp_path, change, words):
    with pytest.raises(InputError, match=words):
        amset.load(amset_table(tmp_path, change))
    path = amset_table(tmp_path)
    text = path.read_text(encoding="latin-1")
    path.write_text(text.replace("cond_xx", "c_xx"), encoding="latin-1")
    with pytest.raises(InputError, match="without cond_xx"):
        amset.load(path)
    path.write_text(text.replace("7.000000000000000000e+02", "x", 1), encoding="latin-1")
    with pytest.raises(InputError, match="rows of numbers are expected"):
        amset.load(path)


def test_amset_material(tmp_path):
    found = amset.load(amset_file(tmp_path))
    m = found.material("-1e20 cm^-3", "0.8 W/(m K)", direction="zz")
    assert m.carrier == "n"
    assert m.electrical.values == pytest.approx([1.35e5, 1.05e5, 7.5e4])
    assert m.seebeck.values == pytest.approx([-150e-6, -180e-6, -210e-6])
    assert m.thermal_conductivity.values == pytest.approx([0.8 + 0.75, 0.8 + 0.9, 0.8 + 0.975])
    assert m.quality == "synthetic"
    assert "AMSET" in m.provenance.source
    mean = found.material(1e25, Curve([200, 800], [1.0, 0.5], "thermal_conductivity", interpolation="linear"))
    assert mean.carrier == "p"
    assert mean.thermal_conductivity.values == pytest.approx([0.1 + 11 / 12, 0.12 + 0.75, 0.13 + 7 / 12])


def test_the_mean_of_s_is_weighted_with_the_conductivity(tmp_path):
    data = json.loads(json.dumps(AMSET))
    data["seebeck"] = (np.ones((2, 3, 1, 1)) * np.diag([100.0, 200.0, 300.0])).tolist()
    found = amset.load(amset_file(tmp_path, data)).at(1e25).along("mean")
    assert found[1] == pytest.approx((0.5 * 100 + 1.0 * 200 + 1.5 * 300) / 3 * 1e-6)


def test_amset_in_the_registry(tmp_path):
    path = amset_file(tmp_path)
    listed = readers.samples(path)
    assert [(s.key, s.name, s.missing) for s in listed] == [
        ("-1e+20", "n 1e+20 cm^-3", ("thermal_conductivity",)),
        ("1e+19", "p 1e+19 cm^-3", ("thermal_conductivity",)),
    ]
    assert [m.carrier for m in readers.read(path, lattice=0.8)] == ["n", "p"]
    assert readers.read_one(path, sample="1e+19", lattice=0.8).carrier == "p"
    with pytest.raises(
        InputError, match="AMSET calculates no lattice thermal conductivity; ioffe materials import --lattice"
    ):
        readers.read(path)
    with pytest.raises(InputError, match="no sample has this name"):
        readers.read(path, sample="3e+19", lattice=0.8)
    csv = write(tmp_path, "x.csv", "T (K),S (uV/K)\n300,1\n")
    with pytest.raises(InputError, match="added to files of AMSET alone"):
        readers.read(csv, lattice=0.8)


def test_amset_on_the_command_line(tmp_path):
    path, out = amset_file(tmp_path), tmp_path / "cards"
    run = CliRunner().invoke(
        materials,
        ["import", str(path), "--sample", "1e+19", "--lattice", "0.8 W/(m K)", "--out", str(out)],
    )
    assert run.exit_code == 0, run.output
    (card,) = out.iterdir()
    assert card.name == "transport-65x65x35-p-1e-19-cm-3.toml"


def test_faulty_amset_files(tmp_path):
    data = {**AMSET, "temperatures": [300.0, 200.0], "mobility": 3, "fermi_levels": "x"}
    data["seebeck"] = [[1.0, 2.0], [3.0]]
    with pytest.raises(InputError) as caught:
        amset.load(amset_file(tmp_path, data))
    places = [fault.location for fault in caught.value.faults]
    assert places == [
        "conductivity",
        "seebeck",
        "electronic_thermal_conductivity",
        "fermi_levels",
        "mobility",
    ]
    data = {**AMSET, "temperatures": [300.0, 200.0, 400.0]}
    with pytest.raises(InputError, match="rising temperatures"):
        amset.load(amset_file(tmp_path, data))
    with pytest.raises(InputError, match="keys of an AMSET transport file .* missing: seebeck"):
        amset.load(amset_file(tmp_path, {k: v for k, v in AMSET.items() if k != "seebeck"}))
    with pytest.raises(InputError, match="no valid JSON|cannot be read"):
        amset.load(write(tmp_path, "y.json", "{"))


@pytest.mark.parametrize("doping", ["1e20 cm^-3", -3e26, "abc", None, "1e20 K"])
def test_dopings_that_the_file_does_not_have(tmp_path, doping):
    with pytest.raises(InputError) as caught:
        amset.load(amset_file(tmp_path)).at(doping)
    assert "doping" in str(caught.value)


def test_lattice_parts(tmp_path):
    found = amset.load(amset_file(tmp_path))
    with pytest.raises(InputError, match=r"lattice.*must reach from 300 K to 700 K"):
        found.material(1e25, Curve([300, 600], [1.0, 0.5], "thermal_conductivity"))
    with pytest.raises(InputError, match="direction"):
        found.material(1e25, 0.8, direction="xy")
    with pytest.raises(InputError, match="lattice"):
        lattice_curve(-1.0)


# BoltzTraP2

VOLUME = 130e-30
MU = np.linspace(0.30, 0.40, 41)
TAU = 1e-14


def carriers(mu, t):
    """Electrons of a cell: antisymmetric about the middle of a gap, as in a symmetric semiconductor."""
    return 0.02 * (t / 300) ** 1.5 * np.sinh((mu - 0.35) * 60 * 300 / t)


def numbers(mu, t):
    """sigma/tau, S and kappa/tau, made up: smooth in the chemical potential."""
    n = abs(carriers(mu, t)) + 1e-4
    sigma = 1e20 * n
    S = -np.sign(mu - 0.35) * 1e-4 * (3 - np.log(n)) if mu != 0.35 else 0.0
    return sigma, S, 2e-8 * sigma * t


def trace_text(sign=-1.0, header="sigma/tau0[1/(ohm*m*s)]", kappa="kappae/tau0[W/(m*K*s)]"):
    names = ["N[e/uc]", "DOS(ef)[1/(Ha*uc)]", "S[V/K]", header, "RH[m**3/C]", kappa, "cv[J/(mol*K)]"]
    lines = ["#   Ef[Ry]      T[K]" + " ".join(f"{name:>25}" for name in [*names, "chi[m**3/mol]"])]
    for mu in MU:
        for t in T:
            sigma, S, k = numbers(mu, t)
            n = carriers(mu, t)
            hall = -VOLUME / (n * e) if n else 0.0
            cells = [sign * n, 1.0, S, sigma, hall, k, 0.0, 0.0]
            lines.append(f"{mu:>10g} {t:>9g}" + " ".join(f"{cell:>25g}" for cell in cells))
    return "\n".join(lines) + "\n"


def condtens_text():
    blanks = [""] * 8
    names = [
        "N[e/uc]",
        "sigma/tau0[1/(ohm*m*s)]",
        *blanks,
        "S[V/K]",
        *blanks,
        "kappae/tau0[W/(m*K*s)]",
        *blanks,
    ]
    lines = ["#   Ef[Ry]      T[K]" + " ".join(f"{name:>25}" for name in names)]
    skew = np.array([[0.8, 0.1, 0.0], [0.2, 1.0, 0.0], [0.0, 0.0, 1.2]])
    for mu in MU:
        for t in T:
            sigma, S, k = numbers(mu, t)
            cells = [-carriers(mu, t)]
            for value, shape in ((sigma, skew), (S, np.eye(3)), (k, skew)):
                cells += list((value * shape).ravel(order="F"))
            lines.append(f"{mu:>10g} {t:>9g}" + " ".join(f"{cell:>25g}" for cell in cells))
    return "\n".join(lines) + "\n"


def expected(carrier, per_cell, t):
    sign = 1 if carrier == "n" else -1
    mu = 0.35 + np.arcsinh(sign * per_cell / 0.02 / (t / 300) ** 1.5) * t / 300 / 60
    return numbers(mu, t)


@pytest.mark.parametrize("sign", [-1.0, 1.0])
@pytest.mark.parametrize("carrier", ["n", "p"])
def test_trace_at_a_doping(tmp_path, sign, carrier):
    """Whatever the sign of N in the file; the same density at every temperature."""
    found = boltztrap.load(write(tmp_path, "x.trace", trace_text(sign)))
    assert found.relaxation == "time"
    assert found.chemical_potential[0, 0] == pytest.approx(0.30 * 2.1798723611e-18, rel=1e-9)
    assert RYDBERG / e == pytest.approx(13.605693123, rel=1e-9)
    per_cell = 0.01
    made = found.at(carrier, per_cell / VOLUME, cell_volume="130 angstrom3", relaxation_time="10 fs")
    sigma, S, kappa = made.along("mean")
    for i, t in enumerate(T):
        exact = expected(carrier, per_cell, t)
        assert sigma[i] == pytest.approx(TAU * exact[0], rel=2e-3)
        assert S[i] == pytest.approx(exact[1], rel=2e-3)
        assert kappa[i] == pytest.approx(TAU * exact[2], rel=2e-3)


def test_trace_material(tmp_path):
    found = boltztrap.load(write(tmp_path, "x.trace", trace_text()))
    m = found.material("n", "1e20 cm^-3", 0.9, cell_volume=VOLUME, relaxation_time=TAU)
    assert m.carrier == "n"
    assert m.hall_carrier_density(500.0) == pytest.approx(1e26, rel=0.02)
    assert "relaxation time 1e-14" in m.provenance.method
    with pytest.raises(InputError, match="mean of all directions alone; read the .condtens"):
        found.material("n", 1e26, 0.9, cell_volume=VOLUME, relaxation_time=TAU, direction="zz")


def test_condtens_in_fortran_order(tmp_path):
    found = boltztrap.load(write(tmp_path, "x.condtens", condtens_text()))
    sigma = found.conductivity[0, 3]
    assert sigma[0, 1] / sigma[1, 1] == pytest.approx(0.1, rel=1e-5)
    assert sigma[1, 0] / sigma[1, 1] == pytest.approx(0.2, rel=1e-5)
    assert found.hall is None
    made = found.at("p", 0.01 / VOLUME, cell_volume=VOLUME, relaxation_time=TAU)
    along = made.along("zz")[0] / made.along("mean")[0]
    assert along == pytest.approx(1.2, rel=1e-5)
    m = found.material("p", 0.01 / VOLUME, 0.9, cell_volume=VOLUME, relaxation_time=TAU, direction="xx")
    assert m.hall is None


def test_other_relaxations(tmp_path):
    path = write(
        tmp_path,
        "x.trace",
        trace_text(header="sigma/lambda0[1/(ohm*m**2)]", kappa="kappae/lambda0[W/(m**2*K)]"),
    )
    found = boltztrap.load(path)
    assert found.relaxation == "length"
    assert found.at("n", 1e26, cell_volume=VOLUME, mean_free_path="10 nm").along("mean")[0][0] > 0
    with pytest.raises(InputError) as caught:
        found.at("n", 1e26, cell_volume=VOLUME, relaxation_time=TAU)
    assert [fault.location for fault in caught.value.faults] == ["relaxation_time", "mean_free_path"]
    whole = boltztrap.load(
        write(tmp_path, "y.trace", trace_text(header="sigma[1/(ohm*m)]", kappa="kappae[W/(m*K)]"))
    )
    assert whole.relaxation == "included"
    sigma = whole.at("n", 1e26, cell_volume=VOLUME).along("mean")[0]
    assert sigma == pytest.approx(
        found.at("n", 1e26, cell_volume=VOLUME, mean_free_path=1.0).along("mean")[0]
    )


def test_faulty_boltztrap_files(tmp_path):
    with pytest.raises(InputError, match="header such as"):
        boltztrap.load(write(tmp_path, "x.trace", trace_text().replace("Ef[Ry]", "E[eV]")))
    lines = trace_text().splitlines()
    lines[2] = lines[2] + " 7"
    lines[4] = lines[4].replace("300", "warm").replace("500", "warm").replace("700", "warm")
    with pytest.raises(InputError) as caught:
        boltztrap.load(write(tmp_path, "x.trace", "\n".join(lines)))
    assert [fault.location for fault in caught.value.faults] == ["line 3", "line 5"]
    with pytest.raises(InputError, match="as many chemical potentials"):
        boltztrap.load(write(tmp_path, "x.trace", "\n".join(trace_text().splitlines()[:-1])))
    with pytest.raises(InputError, match="no rows of numbers"):
        boltztrap.load(write(tmp_path, "x.trace", trace_text().splitlines()[0] + "\n"))


def test_dopings_out_of_reach(tmp_path):
    found = boltztrap.load(write(tmp_path, "x.trace", trace_text()))
    with pytest.raises(InputError) as caught:
        found.at("n", 1e30, cell_volume=VOLUME, relaxation_time=TAU)
    assert [fault.location for fault in caught.value.faults] == ["300 K", "500 K", "700 K"]
    assert "n doping from" in str(caught.value)
    with pytest.raises(InputError) as caught:
        found.at("x", -1.0, cell_volume="1 nm", relaxation_time=0.0)
    places = [fault.location for fault in caught.value.faults]
    assert places == ["carrier", "carrier_density", "cell_volume", "relaxation_time"]


# phono3py

STEPS, POINTS, BANDS = 4, 3, 6


def arrays(divided=False):
    rng = np.random.default_rng(8)
    temperature = np.array([0.0, 300.0, 500.0, 800.0])
    weight = np.array([1, 6, 8])
    gamma = rng.uniform(0.01, 0.1, (STEPS, POINTS, BANDS)) * (temperature[:, None, None] / 300)
    gamma[:, 0, :3] = 0.0
    velocity = rng.normal(0, 20, (POINTS, BANDS, 3))
    modes = rng.uniform(0, 2, (STEPS, POINTS, BANDS, 6)) * np.array([1.0, 1.0, 0.5, 0.01, 0.02, 0.03])
    modes[0] = 0.0
    kappa = modes.sum(axis=(1, 2)) / weight.sum()
    return {
        "temperature": temperature,
        "kappa": kappa,
        "mode_kappa": modes / weight.sum() if divided else modes,
        "gamma": gamma,
        "group_velocity": velocity,
        "frequency": rng.uniform(0, 5, (POINTS, BANDS)),
        "weight": weight,
        "mesh": np.array([3, 3, 3]),
    }


def hdf5(folder, data, name="kappa-m333.hdf5"):
    h5py = pytest.importorskip("h5py", reason="h5py is an optional extra")
    path = folder / name
    with h5py.File(path, "w") as file:
        for key, values in data.items():
            file[key] = values
    return path


def test_conductivity_tensor(tmp_path):
    data = arrays()
    found = phono3py.load(hdf5(tmp_path, data))
    assert found.tensor[1, 0, 1] == data["kappa"][1, 5]
    assert found.tensor[1, 2, 1] == data["kappa"][1, 3]
    assert found.tensor[1, 0, 2] == data["kappa"][1, 4]
    curve = found.curve()
    assert curve.T.tolist() == [300.0, 500.0, 800.0]
    assert curve.values == pytest.approx(data["kappa"][1:, :3].mean(axis=1))
    assert found.curve("zz").values == pytest.approx(data["kappa"][1:, 2])
    with pytest.raises(InputError, match="direction"):
        found.curve("xy")


@pytest.mark.parametrize("divided", [False, True])
def test_spectrum_of_mean_free_paths(tmp_path, divided):
    data = arrays(divided)
    found = phono3py.load(hdf5(tmp_path, data))
    gamma, speed = data["gamma"][1].ravel(), np.linalg.norm(data["group_velocity"], axis=-1).ravel()
    own = data["mode_kappa"][1].reshape(-1, 6)[:, 2] / (1.0 if divided else 15.0)
    path = np.divide(speed, 4 * np.pi * gamma, out=np.zeros_like(speed), where=gamma > 0) * 1e-10
    lengths = np.array([0.0, 2e-9, 5e-9, 1.0])
    exact = [own[path <= length].sum() for length in lengths]
    assert found.cumulative(lengths, 300.0, "zz") == pytest.approx(exact)
    assert found.cumulative(1.0, 300.0, "zz")[0] == pytest.approx(data["kappa"][1, 2])


def test_files_without_modes_and_with_one_smearing(tmp_path):
    data = arrays()
    small = {"temperature": data["temperature"], "kappa": data["kappa"][None]}
    found = phono3py.load(hdf5(tmp_path, small))
    assert found.modes is None
    assert found.curve("xx").values == pytest.approx(data["kappa"][1:, 0])
    with pytest.raises(InputError) as caught:
        found.cumulative(1e-9, 301.0, "yx")
    assert [fault.location for fault in caught.value.faults] == ["modes", "T", "direction"]


def test_faulty_hdf5_files(tmp_path):
    data = arrays()
    with pytest.raises(InputError, match="data sets temperature and one of kappa"):
        phono3py.load(hdf5(tmp_path, {"frequency": data["frequency"]}))
    with pytest.raises(InputError, match=r"shape \(4, 6\) is expected"):
        phono3py.load(hdf5(tmp_path, {**data, "kappa": data["kappa"][:, :3]}))
    with pytest.raises(InputError) as caught:
        phono3py.load(hdf5(tmp_path, {**data, "weight": np.ones(2), "group_velocity": np.ones((3, 6))}))
    assert [fault.location for fault in caught.value.faults] == ["group_velocity", "weight"]
    with pytest.raises(InputError, match="its sum over modes"):
        phono3py.load(hdf5(tmp_path, {**data, "mode_kappa": 3 * data["mode_kappa"]}))
    with pytest.raises(InputError, match="rising temperatures"):
        phono3py.load(hdf5(tmp_path, {**data, "temperature": data["temperature"][::-1]}))
    with pytest.raises(InputError, match="no HDF5 file"):
        phono3py.load(write(tmp_path, "x.hdf5", "text"))
    with pytest.raises(InputError, match="no such file"):
        phono3py.load(tmp_path / "missing.hdf5")


def test_without_h5py(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(InputError, match="needs the package h5py; install it with: pip install h5py"):
        phono3py.load(write(tmp_path, "x.hdf5", "x"))


def test_electrons_and_phonons_make_a_material(tmp_path):
    data = arrays()
    electrons = amset.load(amset_file(tmp_path))
    phonons = hdf5(tmp_path, data)
    m = electrons.material(1e25, phonons, direction="xx")
    lattice = phono3py.load(phonons).curve("xx")
    assert m.thermal_conductivity.values[0] == pytest.approx(0.05 + lattice(300.0))
    again = electrons.material(1e25, phono3py.load(phonons), direction="xx")
    assert again.thermal_conductivity.values == pytest.approx(m.thermal_conductivity.values)


def version_1(text):
    """A trace file of BoltzTraP 2 as version 1 writes it: kappa without field and not without current."""
    head = "#  Ef[Ry] T [K]  N  DOS(Ef)  S  s/t  R_H  kappa0  c  chi"
    rows = [[float(cell) for cell in line.split()] for line in text.splitlines()[1:]]
    for row in rows:
        row[7] += row[1] * row[5] * row[4] ** 2
    return "\n".join([head, *(" ".join(f"{cell:.10g}" for cell in row) for row in rows)]) + "\n"


def test_a_trace_of_boltztrap_1_is_that_of_2_with_another_kappa(tmp_path):
    first = boltztrap.load(write(tmp_path, "a.trace", version_1(trace_text())))
    second = boltztrap.load(write(tmp_path, "b.trace", trace_text()))
    assert "2006.03.007" in first.source
    for name in ("conductivity", "seebeck", "electronic_thermal_conductivity", "electrons"):
        assert getattr(first, name) == pytest.approx(getattr(second, name), rel=1e-6, abs=1e-12)
    header = version_1(trace_text()).splitlines()[0]
    rows = trace_text().partition("\n")[2]
    with pytest.raises(InputError, match=r"kappa0: it is below T sigma S\^2"):
        boltztrap.load(write(tmp_path, "c.trace", f"{header}\n{rows}"))


PRINTED = """----------- Thermal conductivity (W/m-k) with tetrahedron method -----------
#  T(K)        xx         yy         zz         yz         xz         xy        #ipm
     0.0      0.000      0.000      0.000      0.000      0.000      0.000 0/3600
   300.0      1.500      1.500      0.900      0.000      0.000      0.000 0/3600
   700.0      0.700      0.700      0.400      0.000      0.000      0.000 0/3600

"""


def test_the_table_that_phono3py_prints(tmp_path):
    path = write(tmp_path, "kappa.txt", f"{PRINTED.replace('1.500', '9.000')}\n{PRINTED}Summary\n")
    assert lattice_curve(str(path))(300.0) == pytest.approx(1.3)  # the last table of a log
    assert phono3py.load(path).curve("zz").T == pytest.approx([300.0, 700.0])
    seen = readers.look(write(tmp_path, "k.txt", PRINTED))
    assert seen.kind == "the lattice thermal conductivity of phono3py"
    with pytest.raises(InputError, match="7 numbers are expected"):
        phono3py.load(write(tmp_path, "short.txt", PRINTED.replace("      0.000 0/3600", "")))


def test_a_doping_of_boltztrap_is_imported_with_what_the_file_lacks(tmp_path):
    path, out = write(tmp_path, "x.trace", version_1(trace_text())), tmp_path / "cards"
    lattice = str(write(tmp_path, "kappa.txt", PRINTED))
    wanted = ["--carrier", "p", "--carrier-density", "1e20 cm^-3", "--cell-volume", "130 angstrom3"]
    typed = ["import", str(path), "--lattice", lattice, "--out", str(out)]
    run = CliRunner().invoke(materials, [*typed, *wanted, "--relaxation-time", "1 fs"])
    assert run.exit_code == 0, run.output
    (card,) = out.iterdir()
    text = card.read_text(encoding="utf-8")
    assert "relaxation time 1 fs" in text
    assert "lattice part of kappa added: kappa.txt, 1.3 W/(m K) to 0.6 W/(m K) from 300 K to 700 K" in text
    run = CliRunner().invoke(materials, typed)
    assert {fault.location for fault in run.exception.faults} == {
        "--carrier",
        "--carrier-density",
        "--cell-volume",
    }
    run = CliRunner().invoke(materials, ["import", lattice, "--carrier-density", "1e20 cm^-3"])
    assert "a file of BoltzTraP is expected beside it" in str(run.exception)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("x.condtens", "a file of BoltzTraP 2 with tensors (.condtens)"),
        ("x.trace", "a trace file of BoltzTraP 2"),
    ],
)
def test_files_of_boltztrap_are_told_apart(tmp_path, name, kind):
    text = condtens_text() if "cond" in name else trace_text()
    assert readers.look(write(tmp_path, name, text)).kind == kind


@pytest.mark.parametrize("name", ["x.trace", "x.condtens", "x.hdf5"])
def test_parts_of_a_material_are_not_imported_alone(tmp_path, name):
    with pytest.raises(
        InputError, match=r"part of a material alone; (give it as --lattice|it needs a doping)"
    ):
        readers.read(write(tmp_path, name, "x"))
