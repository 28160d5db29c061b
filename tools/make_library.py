"""Make the library cards from the source tables: `python tools/make_library.py FOLDER [--out FOLDER]`.

FOLDER holds `materials/*.csv` (thermoelectric tables with a `#` header) and `properties/*.csv` (passive
materials, element prices). Cards written by hand (generic and reconstructed legs) are left as they are.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from ioffe.material.card_writing import dumps  # noqa: E402 - found only after the path above

LIBRARY = ROOT / "src" / "ioffe" / "material" / "library"
GENERATED = "# Written by tools/make_library.py from the source tables; change it there.\n"

COLUMNS = {
    # source column: (property, unit in the card, decimal places the values move)
    "T_K": ("T", "K", 0),
    "S_V_per_K": ("seebeck", "uV/K", 6),
    "sigma_S_per_m": ("electrical_conductivity", "S/cm", -2),
    "kappa_W_per_mK": ("thermal_conductivity", "W/(m K)", 0),
    "zT_reported": ("zT", "1", 0),
}
ESTM = "CC BY 4.0 (ESTM, npj Comput. Mater. 8, 214 (2022)); collected in sysTEm, MIT"
SYSTEM = "MIT (sysTEm data set)"
METHOD = (
    "Digitised from the published figures by the authors of the data set, which keeps rows whose zT agrees "
    "within 10 percent; conductivity as tabulated there, nothing interpolated."
)
_ONE_OF_THREE = (
    "The source lists three samples under one formula, in one table sorted by temperature. These rows were "
    "taken for one of them because S, conductivity and kappa run on from point to point; the source does not "
    "say so."
)
SPLIT = {
    "Cu2Se": {
        "Cu2Se": (300.0, 450.0, 650.0, 800.0, 1000.0),
        "Cu2Se sample B": (350.0, 500.0, 700.0, 750.0, 850.0),
    }
}
"""Tables that interleave samples: cards made of them, with their temperatures in K; other rows are left."""
DOUBTS = {
    "Cu2Se": _ONE_OF_THREE,
    "Cu2Se sample B": _ONE_OF_THREE,
    "Ce1.25Fe3CoSb12": (
        "The thermal conductivity is the same number at every temperature and falls below the electronic "
        "part L sigma T above 490 K; the conductivity is a tenth of that of the other skutterudites here. "
        "Use with doubt."
    ),
    "Bi2Te3": "Thermal conductivity below the electronic part L sigma T above 420 K. Use with doubt.",
    "Cu2Se0.92S0.08": (
        "Conductivity and thermal conductivity change steeply between 353 K and 450 K, where Cu2Se changes "
        "its phase; at 372 K the thermal conductivity is 2 percent below the electronic part L sigma T."
    ),
    "(Ag2Se)(Te)0.10": (
        "Thermal conductivity below the electronic part L sigma T above 310 K. Use with doubt."
    ),
}

DOUBTFUL = ("(Ag2Se)(Te)0.10", "Bi2Te3", "Ce1.25Fe3CoSb12")
"""Materials whose published numbers contradict each other: kappa is more than a tenth below L sigma T."""
ROOM = ["273 K", "323 K"]
ROOM_NOTE = "The values are for room temperature; outside 273 K to 323 K they are held."
ROOM_ADVICE = {
    "metal": " For a wide range a metal needs its temperature dependence.",
    "solder": " Strength and stiffness fall steeply towards the melting temperature.",
    "ceramic": " Thermal conductivity falls with temperature.",
}
PASSIVE = {
    # source name: (card name, family, kind, what more is known)
    "Al2O3 (sintered, >=99%)": ("Al2O3", "alumina", "ceramic", "Sintered, at least 99 percent."),
    "Al2O3 96%": ("Al2O3 96%", "alumina", "ceramic", ""),
    "AlN": ("AlN", "aluminium nitride", "ceramic", "Typical substrate; grades run from 80 to 200 W/(m K)."),
    "AlN (microwaves101)": ("AlN (second source)", "aluminium nitride", "ceramic", ""),
    "304 stainless steel": ("304 stainless steel", "steel", "metal", ""),
    "Cu-Ni 70/30 (C71500)": ("CuNi 70/30", "cupronickel", "metal", "Alloy C71500."),
    "Cu-Ni 90/10 (C70600)": ("CuNi 90/10", "cupronickel", "metal", "Alloy C70600."),
    "Sn97Ag3 solder (ISO 702)": ("Sn97Ag3 solder", "solder", "solder", "ISO 702."),
    "Sn63Pb37 solder": ("Sn63Pb37 solder", "solder", "solder", ""),
    "Pb95Sn5 solder": ("Pb95Sn5 solder", "solder", "solder", ""),
    "SAC305 solder": ("SAC305 solder", "solder", "solder", "Sn96.5Ag3Cu0.5."),
}
MELTING = {"Sn97Ag3 solder": "493 K", "Pb95Sn5 solder": "581 K"}
SUSPICIOUS = {
    ("Mg", "CTE_per_K"): "The thermal expansion of the source, 8.2e-6 1/K, looks wrong and is left out."
}
_BARS = (
    "the volume is that of bars of 3 mm x 4 mm x 45 mm in four-point bending under their largest stress, "
    "L b h (m + 2)/(4 (m + 1)^2)"
)
_SUBSTRATES = "Weibull modulus above 10 by a data sheet of bonded substrates of Xiamen Innovacera"
_POISSON = "Poisson's ratio is remembered"
BESIDE = {
    "Al2O3 (sintered, >=99%)": {
        "poisson": "0.22",
        "strength_MPa": "398",
        "weibull_modulus": "11",
        "strength_volume_mm3": "11",
        "source": "Poisson's ratio: makeitfrom.com, 97 to 99 percent alumina, E = 46e6 psi too; strength: "
        "380(50) MPa in bending at 20 C, 99.5 percent, NIST Property Data Summaries, Sintered Alumina, "
        f"doi 10.18434/T42G62, a mean, over Gamma(1 + 1/m); the Weibull modulus is remembered; {_BARS}",
    },
    "Al2O3 96%": {
        "strength_MPa": "350",
        "weibull_modulus": "10",
        "strength_volume_mm3": "12",
        "source": f"strength above 350 MPa in bending and {_SUBSTRATES}; {_BARS}, assumed",
    },
    "AlN": {
        "strength_MPa": "305",
        "weibull_modulus": "10",
        "strength_volume_mm3": "12",
        "source": "strength: 290 MPa in bending on the first of these pages, a mean, over Gamma(1 + 1/m); "
        f"{_SUBSTRATES}; {_BARS}, assumed",
    },
    "Sn63Pb37 solder": {"poisson": "0.4", "source": _POISSON},
    "Pb95Sn5 solder": {"poisson": "0.44", "source": _POISSON},
    "Cu-Ni 70/30 (C71500)": {"poisson": "0.33", "source": _POISSON},
    "Cu-Ni 90/10 (C70600)": {"poisson": "0.34", "source": _POISSON},
    "In": {"poisson": "0.45", "source": _POISSON},
}
"""What the source tables lack of a material, and where it was read. A strength is the scale of Weibull's law;
metals and solders, which yield, have none."""
HAHN = (1.0776351733, -0.12269296921, 4.0863750610e-3, -1.4262662514e-6)
HAHN_BELOW = (1.0, -5.7609940901e-3, 2.4053735503e-4, -1.2314450199e-7)
"""Certified parameters of NIST's data Hahn1: alpha in ppm/K is the ratio of these polynomials in T/K."""
HAHN_SOURCE = (
    "alpha(T): measured by T. A. Hahn, 236 points from 14 K to 851 K, NIST Statistical Reference Datasets, "
    "Hahn1, doi 10.18434/T43G6C; rows of the certified rational function (residual 0.08 ppm/K)"
)
EXPANSION = {"Cu": (HAHN_SOURCE, range(200, 851, 50))}
"""Materials with a curve of thermal expansion: its source, and the temperatures in K of its rows."""
SCALARS = {
    "density_kg_m3": ("density", "kg/m3"),
    "cp_J_per_kgK": ("heat_capacity", "J/(kg K)"),
    "CTE_per_K": ("thermal_expansion", "1/K"),
    "E_GPa": ("youngs_modulus", "GPa"),
    "poisson": ("poisson_ratio", "1"),
    "strength_MPa": ("strength", "MPa"),
    "weibull_modulus": ("weibull_modulus", "1"),
    "strength_volume_mm3": ("strength_volume", "mm3"),
}


def main() -> None:
    """Write every generated card and the prices."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with materials/ and properties/")
    parser.add_argument("--out", type=Path, default=LIBRARY)
    options = parser.parse_args()
    tables = sorted(p for p in (options.folder / "materials").glob("*.csv") if p.name != "index.csv")
    cards = [card for path in tables for card in thermoelectric(path)]
    cards += passive(options.folder / "properties" / "passive_and_mechanical.csv")
    options.out.mkdir(parents=True, exist_ok=True)
    for card in cards:
        name = file_name(card)
        text = GENERATED + dumps(card) + written_by_hand(LIBRARY / name)
        (options.out / name).write_text(text, encoding="utf-8")
    found = prices(options.folder / "properties" / "element_prices.csv")
    (options.out / "prices.toml").write_text(GENERATED + dumps(found), encoding="utf-8")
    sys.stdout.write(f"{len(cards)} cards and the prices of {len(found['element'])} elements\n")


def written_by_hand(path: Path) -> str:
    """Section `[migration]` of the card in the library: it is in no source table, so it is kept."""
    if not path.exists():
        return ""
    lead, mark, section = path.read_text(encoding="utf-8").partition("\n[migration]\n")
    return mark + section if lead else ""


def file_name(card: dict[str, Any]) -> str:
    """File name of a card: carrier or kind, then the letters, digits and points of the name."""
    lead = card.get("carrier") or card["kind"]
    return f"{lead}_{re.sub(r'[^A-Za-z0-9.]+', '-', card['name']).strip('-')}.toml"


def thermoelectric(path: Path) -> list[dict[str, Any]]:
    """Card of one thermoelectric table, or one for each sample that it interleaves."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    table = [
        [float(Decimal(row[column]).scaleb(places)) for column, (_, _, places) in COLUMNS.items()]
        for row in rows
    ]
    formula = head["composition"]
    samples = SPLIT.get(formula, {formula: [row[0] for row in table]})
    return [_card(head, name, [row for row in table if row[0] in T]) for name, T in samples.items()]


def _card(head: dict[str, str], name: str, table: list[list[float]]) -> dict[str, Any]:
    provenance = {
        "doi": head["DOI"],
        "source": head["data_source"],
        "sample": head["sample_id"],
        "licence": ESTM if "(ESTM)" in head["sample_id"] else SYSTEM,
        "method": METHOD,
        "note": DOUBTS.get(name),
    }
    return {
        "format": 1,
        "name": name,
        "carrier": head["type"],
        "family": head["family"],
        "kind": "thermoelectric",
        "quality": "doubtful" if name in DOUBTFUL else "measured",
        "provenance": provenance,
        "table": [{"columns": {prop: unit for prop, unit, _ in COLUMNS.values()}, "rows": table}],
    }


def passive(path: Path) -> list[dict[str, Any]]:
    """Cards of metals, ceramics and solders with a thermal conductivity, and of the one constant leg."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    cards = []
    for row in rows:
        more = BESIDE.get(row["material"], {})
        row |= more | ({"source": f"{row['source']}; {more['source']}"} if more else {})
        if row["status"] not in ("READ", "REMEMBERED") or not row["k_W_per_mK"]:
            continue
        cards.append(constant_leg(row) if row["kind"] == "thermoelectric" else passive_card(row))
    return cards


def passive_card(row: dict[str, str]) -> dict[str, Any]:
    """Card of one passive material: constants, or two-point tables where the source has them."""
    label = row["material"]
    is_element = row["kind"].startswith("element")
    name, family, kind, more = (label, "element", "metal", "") if is_element else PASSIVE[label]
    scalars: dict[str, Any] = {}
    notes = [more]
    for column, (prop, unit) in SCALARS.items():
        if (label, column) in SUSPICIOUS:
            notes.append(SUSPICIOUS[label, column])
        elif row.get(column):
            scalars[prop] = with_unit(row[column], unit)
    if name in MELTING:
        scalars["melting_temperature"] = MELTING[name]
    card: dict[str, Any] = {
        "format": 1,
        "name": name,
        "family": family,
        "kind": kind,
        "quality": row["status"].lower(),
        "interpolation": None,
        "extrapolation": "hold",
        **scalars,
    }
    properties = {"thermal_conductivity": f"{row['k_W_per_mK']} W/(m K)"}
    if row["rho_e_Ohm_m"]:
        properties["electrical_resistivity"] = f"{float(row['rho_e_Ohm_m']):g} ohm m"
    source = {"source": row["source"], "method": "Constants from a table or data sheet."}
    if name == "304 stainless steel":
        notes.append("Straight lines between the two temperatures of the data sheet, held outside.")
        card |= {"interpolation": "linear", "provenance": source | {"note": text(notes)}, "table": steel(row)}
        return card
    notes.append(ROOM_NOTE + ROOM_ADVICE[kind])
    if name in EXPANSION:
        del card["thermal_expansion"]
        more, temperatures = EXPANSION[name]
        source["source"] += f"; {more}"
        card["table"] = [
            {
                "columns": {"T": "K", "thermal_expansion": "ppm/K"},
                "rows": [
                    [float(T), round(polynomial(HAHN, T) / polynomial(HAHN_BELOW, T), 2)]
                    for T in temperatures
                ],
            }
        ]
    return card | {"provenance": source | {"note": text(notes)}, "constant": {"range": ROOM, **properties}}


def polynomial(coefficients: tuple[float, ...], T: float) -> float:
    """Sum of coefficients times rising powers."""
    return sum(c * T**k for k, c in enumerate(coefficients))


def steel(row: dict[str, str]) -> list[dict[str, Any]]:
    """Two-point tables of AISI 304; the values at the higher temperatures are those of its source line."""
    kappa = [[300.0, float(row["k_W_per_mK"])], [773.0, 21.5]]
    rho = [[300.0, float(Decimal(row["rho_e_Ohm_m"]).scaleb(8))], [923.0, 116.0]]
    return [
        {"columns": {"T": "K", "thermal_conductivity": "W/(m K)"}, "rows": kappa},
        {"columns": {"T": "K", "electrical_resistivity": "uohm cm"}, "rows": rho},
    ]


def constant_leg(row: dict[str, str]) -> dict[str, Any]:
    """The leg with constant properties of a finite-element example, for teaching and for comparison."""
    return {
        "format": 1,
        "name": "generic Bi2Te3 (constant)",
        "carrier": "p",
        "family": "Bi2Te3",
        "kind": "thermoelectric",
        "quality": row["status"].lower(),
        "extrapolation": "hold",
        "density": with_unit(row["density_kg_m3"], "kg/m3"),
        "heat_capacity": with_unit(row["cp_J_per_kgK"], "J/(kg K)"),
        "provenance": {
            "source": row["source"],
            "method": "Constants of a worked example, not a measured sample.",
            "note": "The same number at every temperature; for teaching and for comparing programs.",
        },
        "constant": {
            "seebeck": "200 uV/K",
            "electrical_conductivity": "1100 S/cm",
            "thermal_conductivity": f"{row['k_W_per_mK']} W/(m K)",
        },
    }


def with_unit(number: str, unit: str) -> str | float:
    """Value as text with its unit, or as a number if it has none."""
    return float(number) if unit == "1" else f"{float(number):g} {unit}"


def text(parts: list[str]) -> str:
    """Sentences in one line."""
    return " ".join(part for part in parts if part)


def prices(path: Path) -> dict[str, Any]:
    """Element prices of every vintage, with year, source and quality."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    vintages = [
        {
            "key": "2013",
            "year": 2013,
            "quality": "read",
            "source": "pymatgen costdb_elements.csv (MIT), cited there to Wolfram Alpha, September 2013",
        },
        {
            "key": "2016",
            "year": 2016,
            "quality": "read",
            "source": "Fastmarkets minor metals, year-end 2016 review; USD/lb and USD/t converted",
        },
        {
            "key": "recent",
            "quality": "read",
            "source": "mendeleev 1.3.0 price_per_kg (MIT)",
            "note": (
                "The source gives no year; its documentation points to a list whose entries are mostly of "
                "2018 to 2020 (remembered). Antimony, bismuth, germanium, silver and tellurium rose strongly "
                "in 2024 and 2025 (remembered)."
            ),
        },
    ]
    columns = {f"price_{v['key']}_usd_per_kg": str(v["key"]) for v in vintages}
    element = {
        row["element"]: {key: float(row[column]) for column, key in columns.items() if row[column]}
        for row in rows
    }
    return {"format": 1, "unit": "USD/kg", "vintage": vintages, "element": element}


if __name__ == "__main__":
    main()
