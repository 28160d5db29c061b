"""Good inputs of every command, small enough to be tried thousands of times."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
LEG = """format = 1
[leg]
name = "trial leg"
material = "MgAgSb0.99In0.01"
length = "6 mm"
area = "3 mm x 3 mm"
contact = { electrical = "7.9 uohm cm2", thermal = "2 mm2 K/W" }
"""
GENERATE = """[operate]
mode = "generate"
T_hot = ["500 K", "540 K"]
T_cold = "303 K"
hot_resistance = "0.5 K/W"
load = "max_power"
"""
MODULE = """format = 1
[module]
couples = 31
fill_factor = 0.35
[module.p]
material = "generic p cooler leg"
length = "1.6 mm"
area = "1.4 mm x 1.4 mm"
contact = "5 uohm cm2"
[module.n]
segments = [
  { material = "generic n cooler leg", length = "1 mm" },
  { material = "Bi2Te2.7Se0.3", length = "0.6 mm" },
]
area = "1.4 mm x 1.4 mm"
[[module.hot]]
layer = "Cu"
thickness = "0.3 mm"
coverage = "electrodes"
[[module.hot]]
layer = "Al2O3 96%"
thickness = "0.63 mm"
[[module.cold]]
layer = "Cu"
thickness = "0.3 mm"
[operate]
mode = "cool"
T_hot = "300 K"
T_cold = ["270 K", "280 K"]
current = ["0.5 A", "1 A"]
"""
VOLTAGE = MODULE.replace(
    'T_cold = ["270 K", "280 K"]\ncurrent = ["0.5 A", "1 A"]', 'heat = "3 W"\nvoltage = "2 V"'
)
TRIAL = LEG.replace('"MgAgSb0.99In0.01"', '{ file = "trial.csv", carrier = "p" }')
LIFE = """[life]
duration = "100 day"
times = ["0 day", "10 day", "100 day"]
[[life.degradation]]
path = "contact_hot.electrical"
law = "linear"
change = { value = "900 uohm cm2", uncertainty = "10 %" }
time = "100 day"
activation_energy = "1 eV"
reference_temperature = "540 K"
"""
ONE = GENERATE.replace('["500 K", "540 K"]', '"540 K"')
IONS = LEG.replace("MgAgSb0.99In0.01", "Cu1.97S") + GENERATE.replace(
    '["500 K", "540 K"]', '["600 K", "673 K"]'
)
TABLE = """sample,T (K),S (uV/K),sigma (S/cm),kappa (W/m/K),zT
a,300,200,1000,1.5,0.8
a,350,208,930,1.45,0.97
a,400,214,860,1.42,1.11
a,450,219,800,1.4,1.23
a,500,222,740,1.41,1.29
b,300,-180,1200,1.7,
b,400,-200,1000,1.6,
b,500,-210,850,1.6,
"""
CARD = """format = 1
name = "trial"
carrier = "p"
kind = "thermoelectric"
quality = "measured"

[[table]]
columns = { T = "K", seebeck = "uV/K", electrical_conductivity = "S/cm", thermal_conductivity = "W/(m K)" }
rows = [
  [300.0, 200.0, 1000.0, 1.5],
  [350.0, 210.0, 900.0, 1.4],
  [400.0, 220.0, 800.0, 1.4],
  [450.0, 222.0, 740.0, 1.4],
]
"""
FLASH = """##General_information
#Material,Mg3Sb2
##Results
#Shot_number,#Time/min,#Temperature/C,#Diffusivity/(mm^2/s),#Std_Dev/(mm^2/s)
1,2,25,0.60,
#Mean,,25,0.60,0.01
2,3,125,0.55,
#Mean,,125,0.55,0.01
"""


@dataclass(frozen=True)
class Seed:
    """A command with the files that it reads; options that are mutated too come last."""

    command: tuple[str, ...]
    files: Mapping[str, str | bytes]
    options: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """Words of the command."""
        return " ".join(self.command)


ZEM = """made up
Measurement temp.(C)\tResistivity(Ohm m)\tSeebeck coeff.(V/K)\tR^2 by Seebeck
26.1\t1.30E-05\t-2.10E-04\t0.9999
124.8\t1.52E-05\t-2.31E-04\t0.9998
224.9\t1.80E-05\t-2.50E-04\t0.9999
"""
KAPPA = "T (degC),D (mm2/s),Cp (J/gK),density (g/cm3)\n25,0.6,0.42,6.6\n125,0.55,0.43,\n225,0.52,0.44,\n"
HALL = "T (K),n_H (10^19 cm^-3)\n300,4.1\n350,4.3\n"
STARRYDATA = """SID,figure,sampleid,composition,prop_x,prop_y,unit_x,unit_y,x,y
1,1,1,Bi2Te3,Temperature,Seebeck coefficient,K,V*K^(-1),"[300,400]","[-0.0002,-0.00021]"
1,2,1,Bi2Te3,Temperature,Electrical conductivity,K,S*m^(-1),"[300,400]","[100000,90000]"
1,3,1,Bi2Te3,Temperature,Thermal conductivity,K,W*m^(-1)*K^(-1),"[300,400]","[1.5,1.4]"
"""
PEAKS = ((17.43, 300), (27.67, 900), (41.2, 250), (44.5, 400))
PATTERN = "".join(
    f"{10 + 0.05 * k:.2f} {20 + sum(h for at, h in PEAKS if abs(10 + 0.05 * k - at) < 0.3)}\n"
    for k in range(800)
)
CARD_OF_GRAINS = "hkl,I\n006,12\n015,100\n1 0 10,32\n110,30\n0 0 15,10\n205,12\n"
PEAKS_OF_A_CELL = """hkl,2theta (deg)
0 0 6,17.46
0 1 5,28.10
1 0 10,38.26
1 1 0,42.07
2 0 5,51.29
"""
LINE = """x (mm),S (uV/K),t (day)
0,-205,0
1,-206,0
2,-207,0
0,-200,7
1,-201,7
2,-203,7
"""
POINTS = """name,doi,delta_T (K),efficiency (%)
own,,100,5
own,,200,8
A,10.1000/a,100,4
A,10.1000/a,200,7
"""
COOLERS = """name,couples,T_hot (degC),I_max (A),V_max (V),Q_max (W),dT_max (K)
one,127,25,6,15.4,53,68
two,127,27,8,15.5,72,69
"""

PHONONS = "#  T(K)  xx  yy  zz  yz  xz  xy  #ipm\n" + "".join(
    f"{T}.0  {450 / T:.3f}  {450 / T:.3f}  {300 / T:.3f}  0.000  0.000  0.000 0/3600\n"
    for T in (250, 300, 500, 700)
)
TRACE = "# Ef[Ry] T [K]  N  DOS(Ef)  S  s/t  R_H  kappa0  c  chi\n" + "".join(
    f"{0.35 - n:.4f} {T} {n:.4f} 1 {1e-4 * (1.5 - 20 * n):.4e} {4e20 * n:.3e} 1e-7 {1.2e13 * T * n:.3e} 1 1\n"
    for n in (0.001, 0.002, 0.004, 0.008, 0.016)
    for T in (300, 400, 500)
)
DOPED = ("--carrier", "p", "--carrier-density", "3e19 cm^-3", "--cell-volume", "130 angstrom3")
PAIRS = "\nT,cond,T,resi,T,seeb,T,TC,T,ZT,,,T,cond,T,seeb,T,TC,T,ZT\n" + "\n".join(
    ["[K],[S/cm],[K],[Ohm m],[K],[uV/K],[K],[W/m K],[K],[1],,,[K],[S/m],[K],[V/K],[K],[W/m/K],[K],[1]"]
    + [
        f"{T},1000,,,{T},150,{T},1.5,{T},{0.0015 * T},,,{T},1e5,{T},1.5e-4,{T},1.5,{T},{0.0015 * T}"
        for T in (300, 400, 500, 600)
    ]
)


def workbook(*sheets: Sequence[Sequence[object]]) -> bytes:
    """An Excel file with these sheets."""
    import openpyxl

    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"sheet {number}", number)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cells(text: str, delimiter: str = ",") -> list[list[object]]:
    def cell(part: str) -> object:
        try:
            return float(part)
        except ValueError:
            return part

    return [[cell(part) for part in line.split(delimiter)] for line in text.splitlines()]


def _example(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


def _run(text: str, *options: str, **more: str) -> Seed:
    return Seed(("run", "device.toml"), {"device.toml": text, **more}, options)


def seeds() -> list[Seed]:
    """Every kind of input."""
    trial = {"trial.csv": TABLE.replace("sample,", "").replace("a,", "").partition("\nb")[0] + "\n"}
    card = {"card.toml": CARD}
    table, alone = {"table.csv": TABLE}, trial["trial.csv"]
    sheets = workbook(_cells(ZEM, "\t"), _cells(KAPPA))
    from_workbook = TRIAL.replace("trial.csv", "trial.xlsx")
    return [
        _run(LEG + GENERATE),
        _run(LEG + GENERATE, "--strict", "--tolerance", "1e-7"),
        _run(MODULE),
        _run(VOLTAGE, "--fidelity", "ideal"),
        _run(_example("two-stage-cooler.toml")),
        _run(_example("segmented-leg.toml")),
        Seed(("run", "device.toml"), {"device.toml": TRIAL + ONE, **trial}),
        Seed(("life", "device.toml"), {"device.toml": LEG + ONE + LIFE}, ("--bands", "linear")),
        Seed(("migrate", "device.toml"), {"device.toml": IONS}, ("--barriers", "1")),
        Seed(("analyse", "table.csv"), {"table.csv": TABLE}, ("--error", "S=5 %", "--t-hot", "450 K")),
        Seed(("analyse", "card.toml"), card),
        Seed(("materials", "check", "table.csv"), {"table.csv": TABLE}),
        Seed(("materials", "check", "card.toml"), card),
        Seed(("materials", "show", "card.toml"), card),
        Seed(("materials", "import", "table.csv"), {"table.csv": TABLE}),
        Seed(
            ("run", "device.toml"),
            {"device.toml": from_workbook + ONE, "trial.xlsx": workbook(_cells(alone))},
        ),
        Seed(("run", "device.toml"), {"device.toml": TRIAL.replace("csv", "toml") + ONE, "trial.toml": CARD}),
        Seed(("read", "table.csv"), table, ("--keep", "cooling")),
        Seed(
            ("read", "zem.txt", "lfa.csv", "hall.csv"), {"zem.txt": ZEM, "lfa.csv": FLASH, "hall.csv": HALL}
        ),
        Seed(("read", "book.xlsx"), {"book.xlsx": sheets}),
        Seed(("read", "dump.csv"), {"dump.csv": STARRYDATA}),
        Seed(
            ("analyse", "zem.txt", "lfa.csv"), {"zem.txt": ZEM, "lfa.csv": KAPPA}, ("--density", "6.6 g/cm3")
        ),
        Seed(("analyse", "book.xlsx"), {"book.xlsx": sheets}),
        Seed(("analyse", "table.csv", "--hall", "hall.csv"), {"table.csv": alone, "hall.csv": HALL}),
        Seed(("analyse", "dump.csv"), {"dump.csv": STARRYDATA}),
        Seed(("materials", "import", "book.xlsx"), {"book.xlsx": workbook(_cells(TABLE))}),
        Seed(("materials", "import", "dump.csv"), {"dump.csv": STARRYDATA}),
        Seed(("materials", "list", "dump.csv"), {"dump.csv": STARRYDATA}, ("--temperature", "350 K")),
        Seed(("materials", "collect", "dump.csv", "--into", "all.duckdb"), {"dump.csv": STARRYDATA}),
        Seed(("materials", "rank", "table.csv"), {"table.csv": TABLE}, ("--t-hot", "450", "--t-cold", "330")),
        Seed(("materials", "show", "trial.csv"), {"trial.csv": alone}),
        Seed(("materials", "plot", "card.toml", "trial.csv"), {**card, **trial}),
        Seed(("measure", "zem", "zem.txt"), {"zem.txt": ZEM}, ("--error", "5 %")),
        Seed(("measure", "zem", "book.xlsx"), {"book.xlsx": workbook(_cells(ZEM, "\t"))}),
        Seed(("measure", "lfa", "lfa.csv"), {"lfa.csv": KAPPA}),
        Seed(("measure", "lfa", "book.xlsx"), {"book.xlsx": workbook(_cells(KAPPA))}),
        Seed(("measure", "hall", "hall.csv"), {"hall.csv": HALL}, ("--resistivity", "1.2 mohm cm")),
        Seed(
            ("measure", "sound"),
            {},
            ("--longitudinal", "3913 m/s +- 1 %", "--transverse", "2100 m/s", "--density", "4.8 g/cm3"),
        ),
        Seed(
            ("measure", "texture", "pattern.txt", "card.csv"),
            {"pattern.txt": PATTERN, "card.csv": CARD_OF_GRAINS},
            ("--a", "4.38 A", "--c", "30.5 A"),
        ),
        Seed(
            ("measure", "cell", "peaks.csv"),
            {"peaks.csv": PEAKS_OF_A_CELL},
            ("--system", "hexagonal"),
        ),
        Seed(
            ("measure", "aged-scans", "scan.csv"),
            {"scan.csv": _example("line-scan.csv")},
            ("--area", "9 mm2", "--age", "7 day"),
        ),
        Seed(
            ("measure", "seebeck-line", "line.csv"),
            {"line.csv": LINE},
        ),
        Seed(
            ("measure", "overlay", "points.csv"),
            {"points.csv": POINTS},
            ("--x", "delta_T", "--y", "efficiency"),
        ),
        Seed(
            ("select", "list.csv"),
            {"list.csv": COOLERS},
            ("--heat", "20 W", "--t-cold", "5 degC", "--sink", "0.2 K/W"),
        ),
        Seed(
            ("calibrate", "measured-module.toml"),
            {name: _example(name) for name in ("measured-module.toml", "measured-module.csv")},
            ("-p", "legs.contact.electrical"),
        ),
        Seed(("materials", "collect", "table.csv", "--into", "store.duckdb"), {"table.csv": TABLE}),
        Seed(
            ("materials", "rank", "table.csv"),
            {"table.csv": TABLE},
            ("--t-hot", "450 K", "--t-cold", "320 K", "--contact", "5 uohm cm2"),
        ),
        Seed(
            ("measure", "ageing", "ageing.csv"),
            {
                "ageing.csv": "metal,t (h),T (degC),rho_c (uohm cm2)\nA,0,300,5\nA,100,300,9\nA,400,300,14\n"
                "A,900,300,21\nB,0,300,4\nB,100,300,4.2\n"
            },
        ),
        Seed(
            ("measure", "line-scan", "scan.csv"), {"scan.csv": _example("line-scan.csv")}, ("--area", "9 mm2")
        ),
        Seed(
            ("measure", "transfer-length", "tlm.csv"),
            {"tlm.csv": "d (um),R (ohm)\n5,5.62\n10,8.05\n20,13.1\n40,23.0\n80,43.1\n"},
            ("--width", "100 um"),
        ),
        Seed(
            ("measure", "hall", "hall.csv"),
            {"hall.csv": "B (T),V (uV),I (mA)\n-1,-1.9,10\n-0.5,-0.52,10\n0,1.0,10\n0.5,2.49,10\n1,4.0,10\n"},
            ("--thickness", "1 mm +- 1 %", "--resistivity", "1.2 mohm cm"),
        ),
        Seed(
            ("measure", "flash", "lfa.csv"),
            {"lfa.csv": FLASH},
            ("--density", "6.65 g/cm3 +- 1 %", "--heat-capacity", "0.2 J/(g K)"),
        ),
        Seed(
            ("measure", "seebeck-map", "map.csv"),
            {"map.csv": "x (mm),y (mm),S (uV/K)\n0,0,-205\n1,0,-215\n0,1,-210\n1,1,-210\n"},
        ),
        Seed(
            ("measure", "onset", "onset.csv"),
            {
                "onset.csv": "J (A/cm2),R/R0\n"
                + "".join(f"{j},{1 - 0.02 * max(0, j - 12):.3f}\n" for j in range(24))
            },
        ),
        Seed(
            ("reproduce", "S1"),
            {},
            ("--processes", "1", "--assume", "molar_volume=28 cm3/mol", "--assume", "sigma_750=120 S/cm"),
        ),
        Seed(
            ("reproduce",),
            {},
            ("S4", "--processes", "1", "--assume", "G=2.5", "--assume", "debye_temperature=160 K"),
        ),
        Seed(("schema",), {}, ("card",)),
        Seed(
            ("materials", "import", "x.trace", "--lattice", "kappa.txt"),
            {"x.trace": TRACE, "kappa.txt": PHONONS},
            (*DOPED, "--relaxation-time", "10 fs"),
        ),
        Seed(("materials", "import", "pairs.xlsx"), {"pairs.xlsx": workbook(_cells(PAIRS), _cells(PAIRS))}),
        Seed(("read", "pairs.xlsx"), {"pairs.xlsx": workbook(_cells(PAIRS))}),
        Seed(("read", "x.trace"), {"x.trace": TRACE}),
    ]
