"""`ioffe analyse`: what it prints, what it writes, and with which exit code it ends."""

import csv
import json

import pytest

from ioffe.cli.main import entry

HEADER = "sample,T (K),S (uV/K),sigma (S/cm),kappa (W/m/K),n_H (cm^-3)\n"
ROWS = {
    "y0": "191,192,0.90,2.10e19 205,170,0.86, 218,152,0.83, 228,138,0.82, 234,128,0.83, 236,122,0.86,",
    "y6": "138,432,0.95,2.44e19 150,378,0.86, 161,342,0.80, 171,316,0.754, 178,299,0.721, 183,287,0.70,",
}
SERIES = HEADER + "".join(
    f"{name},{300 + 50 * k},{row}\n" for name, rows in ROWS.items() for k, row in enumerate(rows.split())
)
PLAIN = "T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n300,191,192,0.9\n350,205,170,0.86\n400,218,152,0.83\n"
FILES = [
    "analysis.json",
    "analysis.svg",
    "hall.csv",
    "report.html",
    "summary.csv",
    "values.csv",
]
PERCENT = ["--error", "S=6 %", "--error", "sigma=8%", "--error", "kappa=11 %"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A working folder with a series and a plain table."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "series.csv").write_text(SERIES, encoding="utf-8")
    (tmp_path / "plain.csv").write_text(PLAIN, encoding="utf-8")
    return tmp_path


def left(folder):
    return sorted(path.name for path in folder.iterdir())


def table(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_tables_picture_and_report_are_written(folder, capsys):
    assert entry(["analyse", "series.csv", *PERCENT]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert left(folder / "series-analysis") == FILES
    assert "variance of zT: seebeck 44%, thermal_conductivity 37%, electrical_conductivity 19%" in out
    assert "1.02" in out
    assert "wrote series-analysis/report.html" in out
    rows = table(folder / "series-analysis" / "values.csv")
    assert len(rows) == 12
    zT, error = float(rows[0]["zT"]), float(rows[0]["zT_std"])
    assert zT == pytest.approx(191e-6**2 * 19200 * 300 / 0.9)
    assert error / zT == pytest.approx(0.18138, abs=1e-5)
    masses = [float(row["effective_mass"]) for row in table(folder / "series-analysis" / "hall.csv")]
    assert masses == pytest.approx([1.0236, 0.681], rel=1e-3)


def test_json_alone_goes_to_stdout(folder, capsys):
    assert entry(["analyse", "series.csv", "--json", "--t-cold", "310", "--t-hot", "250 degC"]) == 0
    out, _ = capsys.readouterr()
    found = json.loads(out)
    assert [s["name"] for s in found["samples"]] == ["y0", "y6"]
    assert (found["samples"][0]["T_cold"], found["samples"][0]["T_hot"]) == (310.0, 523.15)
    assert found["samples"][1]["max_efficiency"]["value"] > 0.03
    assert left(folder) == ["plain.csv", "series.csv"]


def test_json_and_a_folder(folder, capsys):
    assert entry(["analyse", "series.csv", "--json", "--out", "kept", "--no-report"]) == 0
    assert json.loads(capsys.readouterr().out)
    assert left(folder / "kept") == ["analysis.json", "hall.csv", "summary.csv", "values.csv"]


def test_several_files_cards_and_library_materials(folder):
    assert entry(["analyse", "series.csv", "MgAgSb", "--no-report", "--out", "all"]) == 0
    assert {row["sample"] for row in table(folder / "all" / "summary.csv")} == {"y0", "y6", "MgAgSb"}
    assert entry(["analyse", "series.csv", "--sample", "y6", "--no-report", "--out", "one"]) == 0
    assert {row["sample"] for row in table(folder / "one" / "summary.csv")} == {"y6"}
    assert entry(["analyse", "MgAgSb", "--no-report"]) == 0
    assert (folder / "MgAgSb-analysis").is_dir()


def test_written_values_are_read_back_as_the_same_numbers(folder):
    assert entry(["analyse", "series.csv", *PERCENT, "--no-report", "--out", "first"]) == 0
    assert entry(["analyse", "first/values.csv", *PERCENT, "--no-report", "--out", "again"]) == 0
    first, again = (table(folder / name / "values.csv") for name in ("first", "again"))
    for once, twice in zip(first, again, strict=True):
        for head in ("seebeck (uV/K)", "electrical_conductivity (S/cm)", "power_factor (uW/(cm K2))", "zT"):
            assert float(twice[head]) == pytest.approx(float(once[head]), rel=1e-6)


@pytest.mark.parametrize(
    ("option", "mass"),
    [("2.10e19 cm^-3", 1.0236), ("plain=2.10e19 cm^-3 @ 300", 1.0236), ("0.2972113 cm3/C", 1.0236)],
)
def test_hall_values_may_be_typed(folder, option, mass):
    assert entry(["analyse", "plain.csv", "--hall", option, "--no-report"]) == 0
    rows = table(folder / "plain-analysis" / "hall.csv")
    assert float(rows[0]["effective_mass"]) == pytest.approx(mass, rel=1e-3)


def test_errors_that_nothing_states_are_left_empty_everywhere(folder):
    rows = "300,-200,1000,1.5\n400,-210,900,1.4\n500,-220,800,1.3\n"
    (folder / "bare.csv").write_text(f"T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n{rows}")
    hall = ["--hall", "1e19 cm^-3"]
    assert entry(["analyse", "bare.csv", *hall, "--no-report", "--out", "out"]) == 0
    for name in ("values", "summary", "hall"):
        (row, *_) = table(folder / "out" / f"{name}.csv")
        stds = {key: value for key, value in row.items() if key.partition(" ")[0].endswith("_std")}
        assert stds
        assert set(stds.values()) == {""}
    found = json.loads((folder / "out" / "analysis.json").read_text())["samples"][0]
    assert found["zT"]["std"] == found["zT"]["low"] == [None] * 3
    assert found["goldsmid_sharp_gap"]["std"] is None
    assert entry(["analyse", "bare.csv", "--error", "S=5 %", "--no-report", "--out", "some"]) == 0
    (row, *_) = table(folder / "some" / "values.csv")
    assert float(row["zT_std"]) == pytest.approx(0.1 * float(row["zT"]))
    assert row["thermal_conductivity_std (W/(m K))"] == ""


TWO = """DOI,Composition,T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)
10.1000/a,Bi2Te3,300,150,1000,1.5
10.1000/a,Bi2Te3,400,170,900,1.4
10.1000/b,PbTe,300,250,300,2.5
10.1000/b,PbTe,500,270,200,1.4
"""


@pytest.mark.parametrize(
    ("option", "names"),
    [
        (["--match", "Te3Bi2"], {"Bi2Te3"}),
        (["--doi", "10.1000/b"], {"PbTe"}),
        (["--element", "Te"], {"Bi2Te3", "PbTe"}),
    ],
)
def test_samples_are_chosen_by_formula_doi_and_element(folder, option, names):
    (folder / "two.csv").write_text(TWO)
    assert entry(["analyse", "two.csv", *option, "--no-report", "--out", "out"]) == 0
    assert {row["sample"] for row in table(folder / "out" / "summary.csv")} == names


def test_a_choice_that_nothing_fits_is_refused(folder, capsys):
    (folder / "two.csv").write_text(TWO)
    assert entry(["analyse", "two.csv", "--match", "SnSe"]) == 2
    assert "no sample of these files fits" in capsys.readouterr().err


def test_samples_of_the_same_name_are_told_apart(folder):
    (folder / "two.csv").write_text(TWO)
    (folder / "more.csv").write_text(TWO.replace("DOI", "note").replace("10.1000/a", "x"))
    assert entry(["analyse", "two.csv", "more.csv", "--match", "PbTe", "--no-report", "--out", "out"]) == 0
    names = [row["sample"] for row in table(folder / "out" / "summary.csv")]
    assert len(names) == len(set(names)) == 2
    assert "PbTe (more.csv)" in names


def test_of_many_samples_the_best_are_drawn(folder):
    rows = [
        f"s{k},{row.replace(',191,', f',{150 + k},')}" for k in range(18) for row in PLAIN.splitlines()[1:]
    ]
    (folder / "many.csv").write_text("\n".join(["sample," + PLAIN.splitlines()[0], *rows]))
    assert entry(["analyse", "many.csv", "--out", "out"]) == 0
    assert "The 16 of 18 samples with the largest zT." in (folder / "out" / "report.html").read_text()


@pytest.mark.parametrize("draws", [[], ["--monte-carlo"]])
def test_properties_measured_at_other_temperatures_lose_no_row(folder, capsys, draws):
    """The largest zT is that of the whole common range; beyond it stands what was measured, and no more."""
    (folder / "zem.csv").write_text("T (K),S (uV/K),sigma (S/cm)\n300,180,900\n400,190,800\n500,200,700\n")
    (folder / "lfa.csv").write_text("T (K),kappa (W/m/K),kappa_err\n280,1.5,.1\n390,1.4,.1\n490,1.3,.1\n")
    assert entry(["analyse", "zem.csv", "lfa.csv", *draws, "--out", "out"]) == 0
    assert "at 490 K" in capsys.readouterr().out
    rows = table(folder / "out" / "values.csv")
    assert [row["T (K)"] for row in rows] == ["280.0", "300.0", "400.0", "490.0", "500.0"]
    assert float(rows[3]["zT"]) == pytest.approx(199e-6**2 * 7.1e4 * 490.0 / 1.3)
    known = {name.partition(" (")[0]: [int(row[name] != "") for row in rows] for name in rows[0]}
    assert known["seebeck"] == known["power_factor"] == known["weighted_mobility"] == [0, 1, 1, 1, 1]
    assert known["zT"] == known["zT_std"] == known["lattice_thermal_conductivity"] == [0, 1, 1, 1, 0]
    assert known["thermal_conductivity"] == known["thermal_conductivity_std"] == [1, 1, 1, 1, 0]


def test_what_needs_no_thermal_conductivity_is_printed_without_one(folder, capsys):
    (folder / "zem.csv").write_text("T (K),S (uV/K),rho (mohm cm)\n300,-200,1\n400,-220,1.2\n500,-240,1.5\n")
    assert entry(["analyse", "zem.csv", "--no-report", "--out", "out"]) == 0
    out = capsys.readouterr().out
    assert "without thermal conductivity" in out
    assert "40.33 uW/(cm K2) at 400 K" in out
    assert "weighted mobility" in out
    assert "largest zT" not in out


def test_what_is_not_used_of_a_hall_file_is_named(folder, capsys):
    rows = "\n".join(f"{T},-200,1000,1.5" for T in range(300, 501, 40))
    (folder / "bare.csv").write_text(f"T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n{rows}\n")
    (folder / "hall.csv").write_text(
        "T (K),R_H (cm3/C),n_H (cm^-3),rho (mohm cm),operator\n300,-0.3,2e19,1,me\n"
    )
    assert entry(["analyse", "bare.csv", "--hall", "hall.csv", "--no-report", "--out", "out"]) == 0
    out = capsys.readouterr().out
    assert "hall.csv: n_H (cm^-3), hall.csv: rho (mohm cm), hall.csv: operator" in out


def test_hall_measurements_may_stand_in_a_file(folder):
    (folder / "hall.csv").write_text("sample,T (K),R_H (cm3/C)\ny0,300,0.2972\ny6,300,0.2558\ny6,400,0.25\n")
    text = SERIES.replace(",n_H (cm^-3)", "").replace(",2.10e19", "").replace(",2.44e19", "")
    (folder / "bare.csv").write_text("\n".join(line.rstrip(",") for line in text.splitlines()) + "\n")
    assert entry(["analyse", "bare.csv", "--hall", "hall.csv", "--no-report"]) == 0
    rows = table(folder / "bare-analysis" / "hall.csv")
    assert [(row["sample"], row["T (K)"]) for row in rows] == [
        ("y0", "300.0"),
        ("y6", "300.0"),
        ("y6", "400.0"),
    ]


def test_draws_scattering_and_onset(folder):
    options = ["--monte-carlo", "--scattering", "polar_optical", "--onset", "none", "--systematic", "0.5"]
    assert entry(["analyse", "series.csv", *PERCENT, *options, "--no-report"]) == 0
    found = json.loads((folder / "series-analysis" / "analysis.json").read_text())
    assert (found["scattering"], found["method"]) == (0.5, "monte_carlo")
    assert found["samples"][0]["bipolar"]["kind"] == "none"
    assert entry(["analyse", "series.csv", "--scattering", "0.5", "--onset", "420 K", "--no-report"]) == 0
    found = json.loads((folder / "series-analysis" / "analysis.json").read_text())
    assert found["samples"][0]["bipolar"]["onset"] == 420.0


BAD = {
    "nounit.csv": ("T (K),S,sigma (S/cm),kappa (W/m/K)\n300,191,192,0.9\n", "the header has no unit"),
    "notemp.csv": ("T,S (uV/K),sigma (S/cm),kappa (W/m/K)\n300,191,192,0.9\n", "the header has no unit"),
    "nohall.csv": (
        "T (K),S (uV/K),sigma (S/cm),kappa (W/m/K),n_H (cm^-3)\n300,191,192,0.9,0\n",
        "hall_carrier_density: the value must be above 0",
    ),
    "zero.csv": (
        "T (K),S (uV/K),sigma (S/cm),kappa (W/m/K),R_H (cm3/C)\n300,191,192,0.9,0\n",
        "a Hall coefficient other than zero",
    ),
    "nosigma.csv": ("T (K),S (uV/K),kappa (W/m/K)\n300,191,0.9\n", "electrical conductivity"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_end_with_2_and_write_nothing(folder, capsys, name):
    text, words = BAD[name]
    (folder / name).write_text(text)
    assert entry(["analyse", name]) == 2
    out, err = capsys.readouterr()
    assert words in err
    assert name in err or words.startswith("a Hall")
    assert out == ""
    assert not (folder / f"{name[:-4]}-analysis").exists()


def test_all_faults_of_all_files_and_options_come_together(folder, capsys):
    for name, (text, _) in BAD.items():
        (folder / name).write_text(text)
    options = ["--error", "foo=3 %", "--t-hot", "3 m", "--hall", "0 cm^-3", "--onset", "soon"]
    assert entry(["analyse", *BAD, "missing.csv", *options]) == 2
    err = capsys.readouterr().err
    for words in (
        "--error",
        "--t-hot",
        "--hall",
        "--onset",
        "missing.csv",
        *(words for _, words in BAD.values()),
    ):
        assert words in err
    assert "notemp fits nounit, nosigma, and which of them it belongs to is not said" in err
    assert "11 faults" in err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--t-hot", "900"], "that is 300 K to 550 K"),
        (["--hall", "y9=2e19 cm^-3"], "the name of a sample"),
        (["--hall", "2e19 cm^-3"], "write one of y0, y6"),
        (["--hall", "y0=2e19 cm^-3", "--hall", "y0=3e19 cm^-3"], "another option"),
        (["--hall", "y0=0 cm3/C"], "other than zero"),
        (["--systematic", "2"], "share from 0 to 1"),
        (["--scattering", "acustic"], 'did you mean "acoustic"'),
        (["--sample", "y7"], "sample"),
        (["--out", "plain.csv"], "a folder is expected"),
    ],
)
def test_bad_options_end_with_2(folder, capsys, options, words):
    assert entry(["analyse", "series.csv", *options]) == 2
    assert words in capsys.readouterr().err
    assert left(folder) == ["plain.csv", "series.csv"]


def test_doubts_are_printed_and_the_rest_is_done(folder, capsys):
    celsius = "T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n" + "".join(
        f"{T},{-150 - T / 5},{900 - T},0.3\n" for T in (25, 50, 100, 150, 200)
    )
    (folder / "celsius.csv").write_text(celsius)
    arguments = ["analyse", "celsius.csv", "--carrier", "p", "--no-report"]
    assert entry(arguments) == 2
    assert "temperatures in degC labelled K?" in capsys.readouterr().err
    assert entry([*arguments, "--force"]) == 0
    out = capsys.readouterr().out
    assert "temperatures in degC labelled K?" in out
    assert "the material is p-type but S is negative" in out


def test_an_interrupted_write_leaves_nothing(folder, monkeypatch):
    def broken(*_arguments, **_options):
        raise OSError("no space left")

    monkeypatch.setattr("ioffe.report.analysis.pages.write_analysis", broken)
    assert entry(["analyse", "series.csv"]) == 1
    assert left(folder) == ["plain.csv", "series.csv"]


def test_help_says_what_is_written(capsys):
    assert entry(["analyse", "--help"]) == 0
    assert "values.csv" in capsys.readouterr().out
    assert entry(["--help"]) == 0
    assert "analyse" in capsys.readouterr().out


def test_a_fit_of_bands_joins_the_report(folder, capsys):
    arguments = ["analyse", "series.csv", *PERCENT, "--fit", "single-band", "--fit-range", "300 .. 400 K"]
    assert entry(arguments) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "SingleParabolicBand() fitted to y0, y6" in out
    assert "zT is largest" in out
    made = folder / "series-analysis"
    assert left(made) == sorted([*FILES, "fit.json", "fit.svg"])
    fit = json.loads((made / "fit.json").read_text(encoding="utf-8"))
    assert fit["converged"]
    page = (made / "report.html").read_text(encoding="utf-8")
    assert "Best carrier density" in page
    assert page.count("data:image/svg+xml") == 2


def test_the_fit_of_one_band_ends_at_the_onset_of_minority_carriers(capsys):
    """|S| of y0 still rises at 550 K; an onset that is given bounds the fit."""
    assert entry(["analyse", "series.csv", *PERCENT, "--fit", "single-band", "--onset", "410", "--json"]) == 0
    fit = json.loads(capsys.readouterr().out)["fit"]
    points = fit["degrees_of_freedom"] + len(fit["labels"])
    assert points == 2 * (3 + 3 + 1)


def test_a_hall_value_beside_the_end_of_the_curves_is_fitted(folder, capsys):
    """What the table of Hall measurements uses at 300 K, the fit of curves from 26.9 degC on uses too."""
    rows = "".join(f"{26.9 + 50 * k:.1f},{190 + 8 * k},{300 - 20 * k},1.0\n" for k in range(5))
    (folder / "warm.csv").write_text(
        f"T (degC),S (uV/K),sigma (S/cm),kappa (W/m/K)\n{rows}", encoding="utf-8"
    )
    given = ["--hall", "4e19 cm^-3 @ 300 K", "--fit", "single-band", "--json"]
    assert entry(["analyse", "warm.csv", *PERCENT, *given]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["samples"][0]["hall"]["effective_mass"]["value"]) == 1
    points = found["fit"]["degrees_of_freedom"] + len(found["fit"]["labels"])
    assert points == 5 + 5 + 1


def test_every_fault_of_the_options_of_a_fit_is_told(capsys):
    options = ["--gap", "0.3 V", "--fit-range", "400", "--scattering", "acustic"]
    assert entry(["analyse", "series.csv", *options]) == 2
    err = capsys.readouterr().err
    for word in ("--gap", "--fit-range", "--scattering", "name one with --fit", "acoustic"):
        assert word in err


def test_two_bands_need_a_gap_where_S_shows_none(folder, capsys):
    falling = "T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n" + "".join(
        f"{300 + 50 * k},{200 - 20 * k},{500 - 30 * k},1.5\n" for k in range(5)
    )
    (folder / "falling.csv").write_text(falling, encoding="utf-8")
    assert entry(["analyse", "falling.csv", "--fit", "two-bands"]) == 2
    assert "--gap" in capsys.readouterr().err
    assert not (folder / "falling-analysis").exists()
