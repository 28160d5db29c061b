"""Files that people really have, each of a kind, written by the tests: texts, their variants, workbooks."""

import datetime
import re

import openpyxl

from tests.cli.users_texts import texts

HEADS = ["T (K)", "S (uV/K)", "sigma (S/cm)", "kappa (W/m/K)"]
ROWS = [[300, 151, 1210, 1.61], [350, 163, 1090, 1.53], [400, 176, 980, 1.47]]


def with_cell(value):
    """The three rows with another conductivity at 350 K."""
    return [HEADS, ROWS[0], [350, 163, value, 1.53], ROWS[2]]


WORKBOOKS = {
    "lfa.xlsx": {
        "Sheet": [
            [],
            [],
            [
                "#Temperature/K",
                "#Model",
                "#Diffusivity/(mm^2/s)",
                "#Conductivity/(W/(m*K))",
                "#Cp-Calc/(J/(g*K))",
            ],
            [300, "Standard + p.c.(l)", 1.574, 2.345, 0.2901],
            [325, "Standard + p.c.(l)", 1.458, 2.206, 0.2948],
        ]
    },
    "xl_title.xlsx": {
        "Sheet": [["my sample, measured 2024"], [], HEADS, *ROWS, [], ["mean", 163, 1090, 1.54]]
    },
    "xl_textnum.xlsx": {
        "Sheet": [HEADS, *([T, str(S), str(s), str(k).replace(".", ",")] for T, S, s, k in ROWS)]
    },
    "xl_na.xlsx": {"Sheet": with_cell("#N/A")},
    "xl_error.xlsx": {"Sheet": with_cell("#DIV/0!")},
    "xl_date.xlsx": {"Sheet": [HEADS, [*ROWS[0][:3], datetime.datetime(2024, 5, 1)], *ROWS[1:]]},  # noqa: DTZ001 - cells of Excel know no zone
    "wide.xlsx": {
        "Sheet": [
            [None, "x=0", None, None, "x=0.02"],
            ["T (K)", *(["S (uV/K)", "sigma (S/cm)", "kappa (W/mK)"] * 2)],
            [300, -150, 900, 1.1, -140, 1000, 1.2],
            [400, -170, 675, 1.1, -160, 750, 1.2],
            [500, -190, 540, 1.1, -180, 600, 1.2],
        ]
    },
    "onesample_sheets.xlsx": {
        "ZEM": [
            ["Mg3Sb2 Te-doped, SPS 2024-03-11"],
            [],
            ["T (°C)", "S (µV/K)", "σ (S/cm)"],
            [30, -198, 410],
            [200, -231, 352],
            [400, -262, 275],
        ],
        "LFA": [
            ["T (°C)", "D (mm2/s)", "Cp (J/gK)", "kappa (W m^-1 K^-1)"],
            [25, 0.71, 0.42, 1.15],
            [200, 0.56, 0.44, 0.95],
            [400, 0.47, 0.46, 0.84],
        ],
        "Hall": [["T (K)", "n_H (10^19 cm-3)", "mu_H (cm2/Vs)"], [300, 3.6, 71]],
    },
}


def _variants(text):
    """The same files in other encodings, units and layouts, and those that a few lines make."""
    lfa, zem = text["lfa_std_row.csv"], text["zem_ok.txt"]
    degree, bare = lfa.replace("Temperature/C", "Temperature/℃"), "temp.(C)"
    yield "lfa_degree_sign.csv", degree.encode()
    yield "lfa_degree_sign_gbk.csv", degree.encode("gbk")
    yield "zem_K.txt", zem.replace(bare, "temp.(K)").encode()
    yield "zem_degC.txt", zem.replace(bare, "temp.(°C)").encode()
    yield "zem_degree.txt", zem.replace(bare, "temp.(℃)").encode()
    yield "zem_shiftjis.txt", zem.replace("made up", "試料 1").encode("shift_jis")
    yield "zem_semicolon_comma.txt", re.sub(r"(?<=\d)\.(?=\d)", ",", zem.replace("\t", ";")).encode()
    yield "zem_poorR2.txt", text["zem_failedpoint.txt"].replace("NaN", "-1.2E-4").encode()
    yield "series_messy2.csv", text["series_messy.csv"].replace("Temperature (C)", "T (degC)").encode()
    yield "hall_T2.csv", b"T (degC),n_H (10^18 cm^-3)\n25.0,60.0\n75.0,61.2\n"
    pattern = (f"{15 + k / 10} {100 + 900 * (k in (30, 127)) + k % 3}\n" for k in range(300))
    yield "pattern.xy", "".join(pattern).encode()
    yield "powder.csv", b"hkl,I\n006,5\n015,100\n110,25\n"
    head = (
        "[Header]\nTITLE,made up\nBYAPP,THERMAL_TRANSPORT,1.0,1.1\n[Data]\nComment,Magnetic Field (Oe),"
        "Sample Temp. (K),Conductivity (W/K-m),Cond. Std.Dev.,Seebeck Coef. (µV/K),Seebeck Std.Dev.,"
        "Resistivity (Ohm-m),Resist Std.Dev.,System Temp (K)\n"
    )
    points = [
        f",0,{T},{2 + T / 600:.4f},0.02,{-T / 2},1.6,{T}e-8,1e-8,{T + 0.3}\n" for T in range(300, 20, -40)
    ]
    yield "tto.dat", (head + "".join(points)).encode("cp1252")
    yield "tto_rising.dat", (head + "".join(reversed(points))).encode("cp1252")


def write_all(folder):
    """Write every file into a folder."""
    for name, text in texts().items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, data in _variants(texts()):
        (folder / name).write_bytes(data)
    for name, sheets in WORKBOOKS.items():
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(folder / name)
