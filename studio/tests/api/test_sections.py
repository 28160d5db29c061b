"""What commands say, as sections: doubts, pages of several reports, long fits."""

from __future__ import annotations

import base64
import tomllib

from ioffe_studio.tools import PAGES
from ioffe_studio.tools.commands import options_of

from .conftest import EXAMPLES


def document(name):
    return tomllib.loads((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))


def beside(**texts):
    return {f"{name}.csv": base64.b64encode(text.encode()).decode() for name, text in texts.items()}


def test_a_doubt_about_a_material_is_a_finding_with_its_sample(task):
    table = (
        "T (K),S (uV/K),sigma (S/cm),kappa (W/mK)\n300,150,1210,1.61\n350,163,1090,1.53\n400,196,830,0.31\n"
    )
    _, answer = task("tool", tool="materials.check", files=beside(odd=table))
    items = [i for section in answer["sections"] if section["kind"] == "findings" for i in section["items"]]
    assert {item["where"] for item in items} == {"odd"}
    assert any(item["severity"] == "warning" and "electronic part" in item["text"] for item in items)


def test_lives_with_several_junctions_say_whose_they_are(task, module):
    rows = "A,0,280,5,0.3 A,24,280,6,0.3 A,100,280,7,0.3 B,0,280,5,0.3 B,24,280,20,0.3 B,100,280,40,0.3"
    table = "metal,t (h),T (degC),rho_c (uohm cm2),std (uohm cm2)\n" + rows.replace(" ", "\n") + "\n"
    given = {"files": beside(aged=table), "request": {"ageing": "aged.csv"}}
    code, answer = task("tool", tool="life.solve", document=module, **given)
    assert code == 200, answer
    titles = [section.get("title", "") for section in answer["sections"]]
    for name in "AB":
        assert sum(title.endswith(f", {name}") for title in titles) == 1


def test_bands_are_fitted_as_long_work(task):
    tools = {tool.id: tool for page in PAGES for tool in page.tools}
    assert tools["materials.fit"].job
    assert not any(option.name == "model" for option in options_of(tools["materials.analyse"]))
    sample = (EXAMPLES / "synthetic-series.csv").read_text(encoding="utf-8")
    _, answer = task("tool", tool="materials.fit", files=beside(series=sample))
    assert any(
        section.get("title") == "Fit of bands to all samples at once" for section in answer["sections"]
    )
    assert any(column["label"] == "S²σ" for s in answer["sections"] for column in s.get("columns", ()))


def test_the_section_that_a_card_lacks_is_named(task):
    code, answer = task("tool", tool="migration.region", document=document("mgagsb-module"))
    assert code == 422
    assert 'a section "migration"' in answer["text"]


def test_the_map_of_barriers_is_taken_home(task):
    _, answer = task("tool", tool="life.barrier", request={"measured": "5 uohm cm2"})
    names = {file["name"]: file["text"] for file in answer["files"]}
    assert names["barrier-map.svg"].startswith("<svg")
    first = [float(cell) for cell in names["barrier-map.csv"].splitlines()[1].split(",")]
    assert first[:2] == [0.05, 1e18]


def test_data_that_cannot_be_right_are_told_at_the_material(task, leg):
    table = "T (K),S (V/K),sigma (S/m),kappa (W/m/K)\n300,100,1000,1.5\n400,120,900,1.4\n500,130,800,1.4\n"
    leg["leg"]["material"] = "mixed.csv"
    code, answer = task("solve", document=leg, files=beside(mixed=table))
    assert code == 422
    assert {fault["path"] for fault in answer["faults"]} == {"leg.material"}
    assert "force" not in answer["text"]
    code, answer = task("tool", tool="materials.analyse", files=beside(mixed=table))
    assert code == 422
    assert '"Use data that cannot be right" takes it all the same' in answer["text"]
    assert "True" not in answer["text"]
