"""Tables in the languages, encodings and layouts in which instruments and papers write them."""

import pytest

from ioffe.material import readers
from ioffe.material.readers.kinds import kind_of

ROWS = "\n300;120;900;2\n400;130;800;1.9\n"
HEADS = {
    "French": (
        "cp1252",
        [
            "Température (K)",
            "Coefficient Seebeck (µV/K)",
            "Conductivité électrique (S/cm)",
            "Conductivité thermique (W/m/K)",
        ],
    ),
    "Spanish": (
        "utf-8",
        [
            "Temperatura (K)",
            "Coeficiente Seebeck (uV/K)",
            "Conductividad eléctrica (S/cm)",
            "Conductividad térmica (W/mK)",
        ],
    ),
    "Italian": (
        "mac_roman",
        [
            "Temperatura (K)",
            "Coefficiente di Seebeck (uV/K)",
            "Conducibilità elettrica (S/cm)",
            "Conducibilità termica (W/mK)",
        ],
    ),
    "German": (
        "cp1252",
        [
            "Temperatur in K",
            "Seebeckkoeffizient in µV/K",
            "Elektrische Leitfähigkeit in S/cm",
            "Gesamtwärmeleitfähigkeit in W/(m·K)",
        ],
    ),
    "abbreviated": (
        "utf-8",
        ["Temp. (K)", "Abs. Seebeck coeff. (uV/K)", "El. conduct. (S/cm)", "Tot. therm. cond. (W/mK)"],
    ),
    "Russian": (
        "utf-8",
        ["Температура (K)", "Термоэдс (uV/K)", "Электропроводность (S/cm)", "Теплопроводность (W/mK)"],
    ),
    "Korean": (
        "utf-8",
        ["온도 (K)", "제벡계수 (uV/K)", "전기전도도 (S/cm)", "열전도도 (W/mK)"],
    ),
    "Chinese": (
        "gbk",
        ["温度（K）", "塞贝克系数（μV/K）", "电导率（S/cm）", "总热导率（W/(m·K)）"],
    ),
    "Japanese": (
        "cp932",
        ["絶対温度/K", "ゼーベック係数α/μVK^-1", "電気伝導率σ/Scm^-1", "熱伝導率κ/Wm^-1K^-1"],
    ),
    "accents apart": (
        "utf-8",
        [
            "Tempe\u0301rature (K)",
            "Seebeck (uV/K)",
            "Conductivite\u0301 e\u0301lectrique (S/cm)",
            "Conductivite\u0301 thermique (W/mK)",
        ],
    ),
    "footnotes": (
        "utf-8",
        ["T (K)", "S* (uV/K)", "sigma† (S/cm)", "kappa (W/mK)^a"],
    ),
    "what it is behind": (
        "cp1252",
        ["Temp. sample [K]", "Seebeck Coefficient (abs.) [µV/K]", "El. cond. [S/cm]", "kappa (total) [W/mK]"],
    ),
    "units in words": (
        "utf-8",
        ["Temperature", "Seebeck", "Sigma", "Kappa"],
        ["Kelvin", "microvolt per kelvin", "siemens per cm", "W per m K"],
    ),
}


@pytest.mark.parametrize("language", HEADS)
def test_headers_are_understood_in_many_languages(tmp_path, language):
    encoding, *heads = HEADS[language]
    head = "\n".join(";".join(cells) for cells in heads)
    (tmp_path / "a.csv").write_bytes((head + ROWS).encode(encoding))
    (found,) = readers.read(tmp_path / "a.csv")
    assert float(found.seebeck(400.0)) == pytest.approx(130e-6)
    assert float(found.electrical_conductivity(300.0)) == pytest.approx(90000.0)
    assert float(found.thermal_conductivity(400.0)) == pytest.approx(1.9)


def test_a_list_of_single_values_is_read_as_columns(tmp_path):
    rows = ["sample,property,T (K),value,unit"]
    for prop, values, unit in (
        ("Seebeck", (120, 130), "uV/K"),
        ("sigma", (900, 800), "S/cm"),
        ("k", (2, 1.9), "W/mK"),
    ):
        rows += [
            f"{name},{prop},{T},{value},{unit}"
            for name in "AB"
            for T, value in zip((300, 400), values, strict=True)
        ]
    (tmp_path / "a.csv").write_text("\n".join(rows))
    found = readers.read(tmp_path / "a.csv")
    assert [one.name for one in found] == ["A", "B"]
    assert float(found[1].electrical_conductivity(400.0)) == 80000.0
    assert "A list of values is read as columns" in found[0].provenance.reading


def test_merged_headers_with_samples_below_the_units(tmp_path):
    head = "T,S,,sigma,,kappa,\nK,µV/K,,S/cm,,W/mK,\n,A,B,A,B,A,B"
    rows = "300,120,180,900,450,2,1.5\n400,130,200,800,400,1.9,1.4\n"
    (tmp_path / "a.csv").write_text(f"{head}\n{rows}", encoding="utf-8")
    found = readers.read(tmp_path / "a.csv")
    assert [(one.name, float(one.thermal_conductivity(300.0))) for one in found] == [("A", 2.0), ("B", 1.5)]


def test_the_sample_of_a_ppms_is_the_one_it_names(tmp_path):
    text = (
        "[Header]\nBYAPP,TTO,1.2\nINFO,GT-9,SAMPLE_NAME\nINFO,None,COMMENT\n[Data]\nSample Temp. (Kelvin),"
        "Conductivity (W/m-K),Seebeck Coef. (uV/K),Resistivity (Ohm-m)\n300,2,120,1.1e-5\n310,2,121,1.1e-5\n"
    )
    (tmp_path / "a.dat").write_text(text)
    assert [sample.name for sample in readers.samples(tmp_path / "a.dat")] == ["GT-9"]
    assert "PPMS" in kind_of(text).words
