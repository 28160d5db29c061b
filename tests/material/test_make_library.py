"""The tool that writes the cards, on a folder of its own."""

import sys

import pytest

from ioffe.material import Material, library
from tools import make_library

TABLE = """\
# composition: (Bi,Sb)2Te3 x=0.1
# family: Bi2Te3
# type: p
# DOI: 10.1/x
# data_source: sysTEm
# sample_id: sysTEm rows #1-2 (ESTM)
T_K,S_V_per_K,rho_Ohm_m,sigma_S_per_m,kappa_W_per_mK,zT_calc,zT_reported
300.0,1.23450e-04,1.0e-05,1.00500e+05,2.29000,0.2057,0.2100
400.0,1.50500e-04,1.1e-05,8.70000e+04,1.91000,0.4127,0.4000
"""
PASSIVE = """\
# remarks
material,kind,rho_e_Ohm_m,k_W_per_mK,CTE_per_K,E_GPa,poisson,density_kg_m3,cp_J_per_kgK,status,source
Cu,"element, room temperature",1.678e-08,400,1.65e-05,130,0.34,8920,385.0,READ,a table
Mg,"element, room temperature",4.39e-08,160,8.2e-06,45,0.29,1738,1023.0,READ,a table
Al2O3 96%,ceramic substrate,,24,6.4e-06,300,0.22,3720,880,REMEMBERED,data sheets
Mg2Cu,barrier layer,,,,,,,,NOT FOUND,nothing
PbTe,thermoelectric,,,2.0e-05,58,0.26,8160,150,REMEMBERED,
"""
PRICES = """\
element,price_2013_usd_per_kg,price_2016_usd_per_kg,price_recent_usd_per_kg
Te,348.9913,27.5,63.5
Cu,8.9508,,6.0
"""


@pytest.fixture
def made(tmp_path, monkeypatch):
    for folder, name, text in (
        ("materials", "a__system.csv", TABLE),
        ("materials", "index.csv", "file\n"),
        ("properties", "passive_and_mechanical.csv", PASSIVE),
        ("properties", "element_prices.csv", PRICES),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(sys, "argv", ["make_library.py", str(tmp_path), "--out", str(out)])
    make_library.main()
    return out


def test_one_card_for_each_row_that_has_values(made):
    assert sorted(path.name for path in made.iterdir()) == [
        "ceramic_Al2O3-96.toml",
        "metal_Cu.toml",
        "metal_Mg.toml",
        "p_Bi-Sb-2Te3-x-0.1.toml",
        "prices.toml",
    ]


def test_a_table_keeps_its_digits_and_its_origin(made):
    m = Material.from_card(made / "p_Bi-Sb-2Te3-x-0.1.toml")
    assert m.seebeck.values.tolist() == pytest.approx([1.2345e-4, 1.505e-4], rel=1e-15)
    assert "[300.0, 123.45, 1005.0, 2.29, 0.21]" in (made / "p_Bi-Sb-2Te3-x-0.1.toml").read_text(
        encoding="utf-8"
    )
    assert m.reported_zT.values.tolist() == [0.21, 0.4]
    assert m.provenance.doi == "10.1/x"
    assert "CC BY 4.0" in m.provenance.licence


def test_passive_cards_are_those_of_the_library(made):
    for name in ("Cu", "Mg", "Al2O3-96"):
        (path,) = made.glob(f"*_{name}.toml")
        m, known = Material.from_card(path), library.load_material(Material.from_card(path).name)
        assert m.thermal_conductivity == known.thermal_conductivity
        assert m.electrical == known.electrical
        assert m.density == known.density
        assert m.quality == known.quality
    assert Material.from_card(made / "metal_Mg.toml").thermal_expansion is None


def test_prices_without_a_value_are_left_out(made):
    text = (made / "prices.toml").read_text(encoding="utf-8")
    assert "[element.Te]\n2013 = 348.9913\n2016 = 27.5\nrecent = 63.5\n" in text
    assert "[element.Cu]\n2013 = 8.9508\nrecent = 6.0\n" in text
