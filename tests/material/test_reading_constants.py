"""Densities and other constants of samples in files and sheets of their own."""

from typing import Any

import pytest

from ioffe.base.errors import InputError
from ioffe.material import readers
from tests.material.samples import write

ZEM = "T (K),S (uV/K),sigma (S/cm)\n300,-200,1000\n400,-220,800\n"
LFA = "T (K),D (mm2/s),cp (J/(g K))\n300,1.0,0.2\n400,0.9,0.2\n"
NAMED = "sample,T (K),S (uV/K),sigma (S/cm)\n" + "".join(
    f"{s},300,-2e2,1e3\n{s},400,-220,800\n" for s in ("A-17", "B")
)
NAMED_LFA = (
    "sample,T (K),D (mm2/s),cp (J/(g K))\nA-17,300,1.0,0.2\nA-17,400,0.9,0.2\nB,300,1.0,0.2\nB,400,0.9,0.2\n"
)
TABLES = {
    "a row a sample": "sample;density (g/cm3);thickness (mm)\nA 17;7,5;1,2\nB;6,1;1,1\n",
    "a row of units": "Probe,Dichte,Dicke\n,g/cm3,mm\nA-17,7.5,1.2\nB,6.1,1.1\n",
    "errors and units in cells": "ID,density\nA-17,7.50 ± 0.05 g/cm3\nB,6.10 ± 0.05 g/cm3\n",
    "a column a sample": "sample\tA-17\tB\ndensity (g/cm3)\t7.5\t6.1\nthickness (mm)\t1.2\t1.1\n",
    "blanks, several weighings": "sample density(kg/m^3)\nA-17 7490\nA-17 7510\nB 6100\n",
    "no header above the names": ",density [g/cm^3],theoretical density [g/cm^3]\nA-17,7.5,7.9\nB,6.1,7.9\n",
}


def read(folder, *texts, **more) -> Any:
    paths = [write(folder, f"f{k}.csv", text) for k, text in enumerate(texts)]
    return readers.read_together(paths, **more)


@pytest.mark.parametrize("layout", TABLES)
def test_densities_of_a_table_go_to_their_samples(tmp_path, layout):
    found = read(tmp_path, NAMED, NAMED_LFA, TABLES[layout])
    assert [m.name for m in found] == ["A-17", "B"]
    assert [m.density for m in found] == pytest.approx([7500.0, 6100.0])
    assert [m.thermal_conductivity(300.0) for m in found] == pytest.approx([1.5, 1.22])
    assert "density 7.5 g/cm3 (stated in f2.csv)" in found[0].provenance.reading
    mean = "f2.csv: density(kg/m^3): the mean of 7490, 7510."
    assert (mean in found[0].provenance.reading) is layout.startswith("blanks")
    spare = {"a row a sample": "thickness (mm) = 1.2", "errors and units in cells": "the error 0.05"}
    spare["no header above the names"] = "theoretical density [g/cm^3] = 7.9"
    assert spare.get(layout, "") in found[0].provenance.not_used


@pytest.mark.parametrize(
    "text",
    [
        "density = 7.5 g/cm3\n",
        "Density (g/cc),7.5\nThickness (mm),1.2\n",
        "Archimedes density: 7.5 g/cm3\n",
        "# d = 7.5 g/cm3\n# d_sample = 12 mm\n",
        "property,value,unit\nthickness,1.2,mm\ndensity,7.5,g/cm3\n",
        "density (g/cm3),cp (J/gK)\n7.5,0.2\n",
        "Sample: f\ndensity (g/cm3): 7.5\n",
    ],
)
def test_constants_of_the_only_sample_need_no_name(tmp_path, text):
    (found,) = read(tmp_path, ZEM, LFA, text)
    assert found.thermal_conductivity(300.0) == pytest.approx(1.5)


def test_a_heat_capacity_and_a_whole_sample(tmp_path):
    lfa = "T (K),D (mm2/s)\n300,1.0\n400,0.9\n"
    (found,) = read(tmp_path, ZEM, lfa, "density (g/cm3),cp (J/gK)\n7.5,0.2\n")
    assert found.thermal_conductivity(300.0) == pytest.approx(1.5)
    (found,) = read(
        tmp_path, f"{ZEM.splitlines()[0]},kappa (W/mK)\n300,-200,1000,1.5\n", "density: 7.5 g/cm3\n"
    )
    assert found.density == 7500.0


def test_a_sheet_of_densities(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is an optional extra")
    book = openpyxl.Workbook()
    del book["Sheet"]
    for title, text in (("dens", "sample,density (g/cm3)\nA-17,7.5\n"), ("ZEM", NAMED), ("LFA", NAMED_LFA)):
        sheet = book.create_sheet(title)
        for line in text.splitlines():
            sheet.append(
                [
                    float(cell) if cell[-1:].isdigit() and "-1" not in cell else cell
                    for cell in line.split(",")
                ]
            )
    book.save(tmp_path / "a.xlsx")
    found: Any = readers.samples(tmp_path / "a.xlsx")
    assert [(one.name, one.missing) for one in found] == [("A-17", ()), ("B", ("thermal_conductivity",))]


def test_constants_of_nobody_are_named(tmp_path):
    with pytest.warns(
        UserWarning, match=r"constants of C \(density \(g/cm3\) = 5\): .* measured are A-17, B"
    ):
        read(
            tmp_path,
            NAMED.replace("sigma", "rho").replace("S/cm", "mohm cm"),
            "sample,density (g/cm3)\nC,5\n",
            needed=readers.WITHOUT_KAPPA,
        )
    alone = write(tmp_path, "d.csv", "sample,density (g/cm3)\nC,5\n")
    with pytest.raises(
        InputError, match=r"C: constants alone are stated \(density \(g/cm3\) = 5\): give the mea"
    ):
        readers.read(alone)
    assert readers.look(alone).notes == ("C: density (g/cm3) = 5; for its measurements in other files",)
    with pytest.raises(InputError, match="no line with column headers"):
        readers.read(write(tmp_path, "e.csv", "sample,thickness (mm)\nC,5\n"))
    with pytest.raises(InputError, match="there is no column of temperatures"):
        readers.read(write(tmp_path, "f.csv", "sample,S (uV/K),sigma (S/cm),density (g/cm3)\nC,150,900,7\n"))


def test_what_is_typed_in_place_of_a_column_says_what_it_replaces(tmp_path):
    header = "T (K),S (uV/K),sigma (S/cm),D (mm2/s),Cp (J/gK),density (g/cm3)"
    typed = readers.ReadOptions(density="5 g/cm3", heat_capacity="0.3 J/(g K)")
    (found,) = read(tmp_path, f"{header}\n300,180,900,0.9,0.2,7.8\n", options=typed)
    assert found.density == 5000.0
    assert "(as given, in place of 7.8 g/cm3, column of f0.csv)" in found.provenance.reading
    assert "Cp as given, in place of that of the file" in found.provenance.reading


@pytest.mark.parametrize(
    "above", ["# d = 7.5 g/cm3", "# rho: 7.5 g/cm3", "Density 7.5 g/cm3, thickness 2 mm"]
)
def test_densities_above_a_table_go_by_their_unit(tmp_path, above):
    head = f"{above}\nT (K),S (uV/K),sigma (S/cm),D (mm2/s),Cp (J/gK)"
    found: Any = readers.read_one(
        write(tmp_path, "a.csv", f"{head}\n300,150,1000,1,0.2\n400,160,900,1,0.2\n")
    )
    assert found.thermal_conductivity(300.0) == pytest.approx(1.5)
