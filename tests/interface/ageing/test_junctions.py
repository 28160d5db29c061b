"""Tables of aged junctions: series, the law of each, and the table [life] that follows."""

import numpy as np
import pytest

from ioffe.base.constants import e, k_B
from ioffe.base.errors import InputError
from ioffe.cli.main import entry
from ioffe.interface.ageing import AgeingSeries, LinearGrowth, age_junctions, fit_ageing, read_ageing
from ioffe.interface.ageing.junctions import _criterion

TABLE = """metal,t (h),T (°C),rho_c (µΩ cm²),std (µΩ cm²),operator
A1,0,280,18.4,1.0,x
A1,72,280,13.2,0.9,x
A1,168,280,10.4,0.8,x
A1,360,280,8.8,0.7,x
A1,720,280,8.1,0.7,x
B2,0,280,5.2,0.5,x
B2,12,280,640,45,x
C3,0,280,9.5,0.8,x
C3,168,280,14.0,1.0,x
C3,360,280,19.2,1.4,x
C3,720,280,27.8,2.0,x
"""
LEG = """format = 1
[leg]
material = "MgAgSb0.99In0.01"
length = "6 mm"
area = "3 mm x 3 mm"
contact = { electrical = "18 uohm cm2" }
[operate]
mode = "generate"
T_hot = "540 K"
T_cold = "303 K"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ageing.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


def test_series_and_laws_of_a_table():
    series, quantity, unused = read_ageing("ageing.csv")
    assert [(one.name, one.times.size) for one in series] == [("A1", 5), ("B2", 2), ("C3", 4)]
    assert quantity == "electrical_contact_resistivity"
    assert unused == ("operator",)
    assert series[0].temperatures.tolist() == pytest.approx([553.15])
    assert series[0].times[1] == 72 * 3600.0
    assert series[0].std[0] == pytest.approx(1e-10)
    found = age_junctions(series, quantity, unused)
    assert found.laws == {"A1": "relaxation", "C3": "linear"}
    assert found.fits["A1"].law().final == pytest.approx(8.26e-10, rel=0.01)
    assert "B2: 2 points determine no law, the values stand alone" in [f.message for f in found.findings]
    assert str(found.status) == "doubtful"
    points = found.table()
    assert points.columns["fitted"].values.size == 11
    assert np.isnan(points.columns["fitted"].values[5:7]).all()
    with pytest.raises(InputError, match="A1, B2, C3"):
        found.life_table("p.contact_hot.electrical")


def test_two_temperatures_give_the_activation_energy(folder):
    hours = np.array([0.0, 50.0, 150.0, 400.0, 900.0])
    rows = []
    for T in (543.0, 573.0):
        time = 200.0 * np.exp(e / k_B * (1 / T - 1 / 573.0))
        rows += [f"X;{t:g};{T:g};{5 + 10 * np.exp(-t / time):.6f};0.05" for t in hours]
    text = "\n".join(["junction;time (h);T (K);rho_c (uohm cm2);std (uohm cm2)", *rows])
    (folder / "two.csv").write_text(text, encoding="utf-8")
    series, *more = read_ageing("two.csv")
    assert [one.name for one in series] == ["X 543 K", "X 573 K"]
    found = age_junctions(series, *more, law="relaxation")
    assert found.fits["X"].parameter("activation_energy").value == pytest.approx(1.0 * e, rel=1e-3)
    text = found.life_table("contact.electrical")
    assert 'reference_temperature = "573 K"' in text
    assert "activation_energy = { value = " in text


def test_what_is_wrong_is_named(folder):
    (folder / "bad.csv").write_text("metal,t (h),rho_c (uohm)\nA,0,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="contact is expected, in a unit such as ohm m2"):
        read_ageing("bad.csv")
    with pytest.raises(InputError, match='did you mean "relaxation"'):
        age_junctions(read_ageing("ageing.csv")[0], law="relaxatoin")


def test_from_a_table_to_a_service_life(folder, capsys):
    arguments = ["measure", "ageing", "ageing.csv", "--path", "contact_hot.electrical", "--out", "found"]
    assert entry(arguments) == 0
    out = capsys.readouterr().out
    assert "relaxation" in out
    assert "not used: operator" in out
    assert sorted(path.name for path in (folder / "found").iterdir()) == [
        *("ageing.svg", "life-A1.toml", "life-B2.toml", "life-C3.toml"),
        *("points.csv", "report.html", "result.json"),
    ]
    for name in ("A1", "B2", "C3"):
        life = (folder / "found" / f"life-{name}.toml").read_text(encoding="utf-8")
        (folder / "device.toml").write_text(LEG + life, encoding="utf-8")
        assert entry(["life", "device.toml", "--out", name, "--no-report"]) == 0, capsys.readouterr().err
    assert entry(["measure", "ageing", "none.csv"]) == 2


@pytest.mark.parametrize(
    ("head", "quantity", "factor"),
    [
        ("P_max (mW)", "power", 1e-3),
        ("R_in (mohm)", "internal_resistance", 1e-3),
        ("share (%)", "mass_fraction", 1e-2),
    ],
)
def test_a_module_or_a_phase_follows_the_same_laws(tmp_path, head, quantity, factor):
    """A whole relaxation comes back; no number of a device follows it."""
    days = np.array([0.0, 5.0, 10.0, 20.0, 40.0, 80.0])
    values = 60.0 + 40.0 * np.exp(-days / 12.0)
    rows = "\n".join(f"A,{day},300,{value:.8f}" for day, value in zip(days, values, strict=True))
    path = tmp_path / "aged.csv"
    path.write_text(f"sample,t (day),T (K),{head}\n{rows}\n", encoding="utf-8")
    found = age_junctions(*read_ageing(path), law="relaxation")
    assert found.quantity == quantity
    law = found.fits["A"].law()
    assert (law.initial, law.final) == pytest.approx((100.0 * factor, 60.0 * factor), rel=1e-5)
    assert law.time == pytest.approx(12.0 * 86400.0, rel=1e-5)
    with pytest.raises(InputError, match="number of a device"):
        found.life_table("contact.electrical")


def test_points_hold_the_temperature_of_their_series(tmp_path):
    path = tmp_path / "aged.csv"
    rows = ["A,0,300,10", "A,10,300,12", "A,20,300,13", "A,0,350,10", "A,10,350,15", "A,20,350,19"]
    path.write_text("\n".join(["metal,t (h),T (degC),rho_c (uohm cm2)", *rows]), encoding="utf-8")
    points = age_junctions(*read_ageing(path)).table()
    assert points.columns["temperature"].values == pytest.approx([573.15] * 3 + [623.15] * 3)
    assert points.columns["value"].values == pytest.approx(np.array([10, 12, 13, 10, 15, 19]) * 1e-10)


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ([500.0, 550.0, 600.0], [500.0, 550.0, 600.0]),
        ([500.0, 600.0], [500.0, 500.0, 600.0]),
        (520.0, [520.0] * 3),
    ],
)
def test_points_hold_the_temperature_of_each_of_them(kept, shown):
    """Temperatures at the times, or between them: then a point has that of the interval before it."""
    series = AgeingSeries("A", np.array([0.0, 10.0, 20.0]) * 3600.0, [10e-10, 12e-10, 15e-10], kept)
    points = age_junctions([series], "electrical_contact_resistivity").table()
    assert points.columns["temperature"].values.tolist() == shown


def test_laws_are_compared_by_akaikes_criterion():
    """n ln(chi2/n) + 2 k without stated errors; with them chi2 of an independent straight line."""
    times = np.array([0.0, 1.0, 2.0, 4.0, 7.0, 9.0]) * 86400.0
    values = np.array([1.0, 1.6, 2.1, 3.2, 4.4, 5.6]) * 1e-9
    series = [AgeingSeries("A", times, values, 573.0)]
    slope, start = np.polyfit(times, values, 1)
    found = _criterion(series, LinearGrowth, "electrical_contact_resistivity")
    fit = fit_ageing(series, LinearGrowth, quantity="electrical_contact_resistivity", profiles=False)
    n, k = times.size, len(fit.found.parameters)
    assert found == pytest.approx(n * np.log(fit.chi_squared / n) + 2 * k)
    assert k == 2
    errors = [AgeingSeries("A", times, values, 573.0, 1e-10 + 0.0 * values)]
    stated = (values - start - slope * times) / 1e-10
    assert _criterion(errors, LinearGrowth, "electrical_contact_resistivity") == pytest.approx(
        float(stated @ stated) + 2 * k, rel=1e-6
    )
    few = [AgeingSeries("A", times[:2], values[:2], 573.0)]
    assert _criterion(few, LinearGrowth, "electrical_contact_resistivity") == np.inf
