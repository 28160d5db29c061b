"""A faulty device file is refused whole: every fault with its place and advice, and nothing is written."""

import copy
import re
import tomllib
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe import InputError, read_device
from ioffe.base.errors import ABSENT
from ioffe.cli.main import entry

GOOD = """
format = 1
[module]
name = "two pairs"
couples = 2
fill_factor = 0.58
[module.p]
material = "MgAgSb0.99In0.01"
length = "6 mm"
area = "3.8 mm x 3.8 mm"
contact = { electrical = "7.9 uohm cm2" }
[module.n]
material = "Mg3.5SbBi0.96Te0.04"
length = "6 mm"
area = "3.8 mm x 3.8 mm"
[[module.hot]]
layer = "Cu"
thickness = "0.3 mm"
[operate]
mode = "generate"
T_hot = ["373 K", "473 K"]
T_cold = "330 K"
current = "max_power"
"""
P = 'material = "MgAgSb0.99In0.01"'
AREA = '"3.8 mm x 3.8 mm"\ncontact'
CURRENT = 'current = "max_power"'
COOL = """[operate]
mode = "cool"
T_hot = "300 K"
"""

# What is changed, and for each fault: its place, a part of what was expected, a part of the advice.
CASES = {
    "unknown key": (
        [('length = "6 mm"', 'length = "6 mm"\nlenght = "6 mm"')],
        [("module.p.lenght", "no such key is known", 'did you mean "length"?')],
    ),
    "unknown table": (
        [("[operate]", "[opperate]\n[operate]")],
        [("opperate", "no such key is known", 'did you mean "operate"?')],
    ),
    "unknown unit": (
        [('"7.9 uohm cm2"', '"7.9 uohm cm²x"')],
        [("module.p.contact.electrical", "an electrical contact resistivity", "is no unit symbol")],
    ),
    "wrong dimension": (
        [('length = "6 mm"', 'length = "6 mm2"')],
        [("module.p.length", "a length is expected, in m", '"mm2" is an area')],
    ),
    "unit missing": (
        [('length = "6 mm"', 'length = "6"')],
        [("module.p.length", "a length is expected", "the unit is missing")],
    ),
    "temperature in C": (
        [('T_cold = "330 K"', 'T_cold = "57 C"')],
        [("operate.T_cold", "a temperature is expected", "write degC")],
    ),
    "comma": (
        [('"0.3 mm"', '"0,3 mm"')],
        [("module.hot[0].thickness", "a thickness is expected", "decimal point")],
    ),
    "text for a whole number": (
        [("couples = 2", 'couples = "2"')],
        [("module.couples", "a whole number", "")],
    ),
    "part of a couple": ([("couples = 2", "couples = 2.5")], [("module.couples", "a whole number", "")]),
    "no couples": ([("couples = 2", "couples = 0")], [("module.couples", "not below 1", "")]),
    "zero length": (
        [('length = "6 mm"', "length = 0")],
        [("module.p.length", "a length is expected", "must be above 0 m")],
    ),
    "negative area": (
        [(AREA, '"-14 mm2"\ncontact')],
        [("module.p.area", "an area is expected", "must be above 0 m2")],
    ),
    "three sides": (
        [(AREA, '"3 mm x 3 mm x 6 mm"\ncontact')],
        [("module.p.area", "an area is expected", "an area has two sides")],
    ),
    "fill factor above 1": (
        [("fill_factor = 0.58", "fill_factor = 58")],
        [("module.fill_factor", "a share above 0, up to 1", "above 0 and up to 1")],
    ),
    "fill factor in per cent above 100": (
        [("fill_factor = 0.58", 'fill_factor = "580 %"')],
        [("module.fill_factor", "a share above 0, up to 1", "above 0 and up to 1")],
    ),
    "neither fill factor nor footprint": (
        [("fill_factor = 0.58\n", "")],
        [("module.fill_factor", "either fill_factor", "")],
    ),
    "fill factor and footprint": (
        [("fill_factor = 0.58", 'fill_factor = 0.58\nfootprint = "40 mm x 40 mm"')],
        [("module.footprint", "only one of fill_factor and footprint", "fill_factor is given too")],
    ),
    "footprint smaller than the legs": (
        [("fill_factor = 0.58", 'footprint = "7 mm x 7 mm"')],
        [("module.footprint", "at least 57.76 mm2 is expected, the legs' cross-section", "")],
    ),
    "infinite": (
        [('thickness = "0.3 mm"', "thickness = inf")],
        [("module.hot[0].thickness", "a thickness is expected", "not finite")],
    ),
    "not a number": (
        [("fill_factor = 0.58", "fill_factor = nan")],
        [("module.fill_factor", "a share", "not finite")],
    ),
    "truth for a number": (
        [('length = "6 mm"', "length = true")],
        [("module.p.length", "a length is expected", "")],
    ),
    "list for a number": (
        [('length = "6 mm"', 'length = ["6 mm"]')],
        [("module.p.length", "a length is expected", "")],
    ),
    "text for a table": (
        [('{ electrical = "7.9 uohm cm2" }', "[1]")],
        [("module.p.contact", "a table is expected", "")],
    ),
    "unknown material": (
        [(P, 'material = "MgAgSb0.99In"')],
        [("module.p.material", "no material of the library", 'did you mean "MgAgSb0.99In0.01"?')],
    ),
    "unknown layer": (
        [('layer = "Cu"', 'layer = "Al2O3 95%"')],
        [("module.hot[0].layer", "no material of the library", 'did you mean "Al2O3 96%"?')],
    ),
    "material without any likeness": (
        [(P, 'material = "unobtainium"')],
        [("module.p.material", "no material of the library", "ioffe materials list")],
    ),
    "missing material file": (
        [(P, 'material = "trail.csv"')],
        [("module.p.material", "no such file beside the device file", 'did you mean "trial.csv"?')],
    ),
    "file of an unknown kind": (
        [(P, 'material = { file = "trial.docx" }')],
        [("module.p.material.file", "a file is expected that ends in one of .toml", "")],
    ),
    "name and file": (
        [(P, 'material = { name = "Cu", file = "trial.csv" }')],
        [("module.p.material", "either name (of the library) or file", "")],
    ),
    "unknown key of a material": (
        [(P, 'material = { file = "trial.csv", carier = "p" }')],
        [("module.p.material.carier", "no such key is known", 'did you mean "carrier"?')],
    ),
    "sample of a card": (
        [(P, 'material = { name = "MgAgSb0.99In0.01", sample = "3" }')],
        [("module.p.material.sample", "nothing is expected here", "a card has one sample")],
    ),
    "leg of an insulator": (
        [(P, 'material = "AlN"')],
        [("module.p.material", "a material that conducts electricity", "no electrical curve")],
    ),
    "p and n exchanged": (
        [(P, 'material = "Bi2Te2.7Se0.3"')],
        [("module.p.material", "a leg of p-type material", "exchange p and n?")],
    ),
    "material and segments": (
        [(P, f'{P}\nsegments = [{{ material = "Cu", length = "1 mm" }}]')],
        [
            ("module.p.material", "no material is expected, because every segment has its own", ""),
            ("module.p.length", "no length is expected, because every segment has its own", ""),
        ],
    ),
    "neither material nor segments": (
        [(f'{P}\nlength = "6 mm"\n', "")],
        [
            ("module.p.material", "a material is expected, such as", ""),
            ("module.p.length", "a length is expected, such as", ""),
        ],
    ),
    "wrong number of contacts between segments": (
        [
            (
                f'{P}\nlength = "6 mm"',
                'between = [{}, {}]\nsegments = [{ material = "MgAgSb", length = "1 mm" }]',
            )
        ],
        [("module.p.between", "one contact for each of the 0 interfaces between 1 segments", "")],
    ),
    "contact given twice": (
        [("contact = {", "contact_hot = {}\ncontact = {")],
        [("module.p.contact", "either contact (both ends) or contact_hot and contact_cold", "")],
    ),
    "no n leg": (
        [("[module.n]", "[module.m]")],
        [
            ("module.m", "no such key is known", ""),
            ("module.n", "this key is missing", ""),
        ],
    ),
    "unknown coverage": (
        [('layer = "Cu"', 'layer = "Cu"\ncoverage = "leg"')],
        [
            (
                "module.hot[0].coverage",
                '"footprint", "electrodes" or "legs" is expected',
                'did you mean "legs"?',
            )
        ],
    ),
    "format missing": ([("format = 1\n", "")], [("format", "this key is missing", "")]),
    "format of the future": ([("format = 1", "format = 2")], [("format", "1 is expected", "")]),
    "no operate": (
        [(GOOD[GOOD.index("[operate]") :], "")],
        [("operate", "this key is missing", "")],
    ),
    "module and leg": (
        [("[operate]", '[leg]\nmaterial = "MgAgSb"\nlength = "1 mm"\narea = "1 mm2"\n[operate]')],
        [("leg", "either [module] or [leg] is expected, not both", "")],
    ),
    "neither module nor leg": (
        [(GOOD[GOOD.index("[module]") : GOOD.index("[operate]")], "")],
        [("module", "a table [module], [cascade] or [leg] is expected", "")],
    ),
    "mode missing": (
        [('mode = "generate"\n', "")],
        [("operate.mode", '"generate" or "cool" is expected, and this key is missing', "")],
    ),
    "mode unknown": (
        [('mode = "generate"', 'mode = "generator"')],
        [("operate.mode", '"generate" or "cool" is expected', 'did you mean "generate"?')],
    ),
    "T_cold above T_hot": (
        [('T_cold = "330 K"', 'T_cold = "400 K"')],
        [("operate.T_cold", "below T_hot = 373 K", "")],
    ),
    "T_hot missing": (
        [('T_hot = ["373 K", "473 K"]\n', "")],
        [("operate.T_hot", "either T_hot or heat", "")],
    ),
    "T_hot and heat": (
        [('T_cold = "330 K"', 'T_cold = "330 K"\nheat = "5 W"')],
        [("operate.heat", "only one of T_hot and heat", "T_hot is given too")],
    ),
    "T_cold missing": ([('T_cold = "330 K"\n', "")], [("operate.T_cold", "this key is missing", "")]),
    "one temperature of a list": (
        [('"473 K"]', '"473 Q", "-3 K"]')],
        [
            ("operate.T_hot[1]", "a temperature is expected", '"Q" is no unit symbol'),
            ("operate.T_hot[2]", "a temperature is expected", "must be above 0 K"),
        ],
    ),
    "no temperatures": ([('["373 K", "473 K"]', "[]")], [("operate.T_hot", "at least one value", "")]),
    "no currents": ([(CURRENT, "current = []")], [("operate.current", "at least one value", "")]),
    "unknown word for the current": (
        [(CURRENT, 'current = "max_powr"')],
        [("operate.current", '"max_power", "max_efficiency", "sweep" or an electric current', "max_power")],
    ),
    "current and load": (
        [(CURRENT, f'{CURRENT}\nload = "90 mohm"')],
        [("operate.load", "only one of current, voltage and load", "current is given too")],
    ),
    "resistance and coefficient": (
        [(CURRENT, 'cold_resistance = "1 K/W"\ncold_heat_transfer_coefficient = "1000 W/(m2 K)"')],
        [("operate.cold_resistance", "only one of cold_heat_transfer_coefficient and cold_resistance", "")],
    ),
    "side losses without surroundings": (
        [("contact = {", "side = { emissivity = 0.3 }\ncontact = {")],
        [("operate.T_ambient", "a temperature is expected", "")],
    ),
    "emissivity above 1": (
        [("[[module.hot]]", "[module.filler]\nemissivity = 1.5\n[[module.hot]]")],
        [("module.filler.emissivity", "a number from 0 to 1 is expected", "from 0 to 1")],
    ),
    "cooler without an operating point": (
        [(GOOD[GOOD.index("[operate]") :], COOL)],
        [("operate.current", "a current", "")],
    ),
    "key of the other mode": (
        [(GOOD[GOOD.index("[operate]") :], f'{COOL}T_cold = "280 K"\ncurrent = "1 A"\nload = "1 ohm"\n')],
        [("operate.load", "no such key is known", "")],
    ),
    "tolerance too large": (
        [("[operate]", "[solve]\ntolerance = 0.1\n[operate]")],
        [("solve.tolerance", "a number not above 0.001 is expected", "")],
    ),
    "unknown fidelity": (
        [("[operate]", '[solve]\nfidelity = "2d"\n[operate]')],
        [("solve.fidelity", '"1d", "3d", "full" or "ideal" is expected', 'did you mean "3d"?')],
    ),
    "published value": (
        [("[operate]", '[[measured]]\nquantity = "efficency"\nvalue = 1\n[operate]')],
        [("measured[0].quantity", "a quantity of the result", 'did you mean "efficiency"?')],
    ),
    "unit of a published value": (
        [("[operate]", '[[measured]]\nquantity = "max_power"\nvalue = "3 %"\n[operate]')],
        [("measured[0].value", "a power is expected", "")],
    ),
    "conditions of a published value": (
        [
            (
                "[operate]",
                '[[measured]]\nquantity = "max_power"\nvalue = "3 W"\nat = { T_hot = "300 K" }\n[operate]',
            )
        ],
        [("measured[0].at.T_cold", "below T_hot = 300 K", "")],
    ),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with a material table in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trial.csv").write_text(table("300,150,800,1.1", "400,170,600,0.9"), encoding="utf-8")
    return tmp_path


def table(*rows, head="T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)"):
    return "\n".join([head, *rows, ""])


def changed(edits):
    text = GOOD
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def refused(folder, capsys):
    """Run `device.toml` and return the lines of faults; nothing may have been written."""
    before = sorted(folder.rglob("*"))
    assert entry(["run", "device.toml", "--out", "result"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert sorted(folder.rglob("*")) == before
    head, *lines = err.splitlines()
    count = int(re.fullmatch(r"error: (\d+) faults? in the input", head)[1])
    assert len(lines) == count
    return [line.strip() for line in lines]


def check(lines, faults, file="device.toml"):
    assert len(lines) == len(faults), "\n".join(lines)
    for place, expected, advice in faults:
        found = [line for line in lines if re.match(rf"{re.escape(f'{file}: {place}')}( = |: )", line)]
        assert len(found) == 1, "\n".join(lines)
        assert expected in found[0]
        assert advice in found[0]


def test_the_file_that_is_made_faulty_is_good(folder):
    (folder / "device.toml").write_text(GOOD, encoding="utf-8")
    assert read_device("device.toml").device.couples == 2


@pytest.mark.parametrize("name", CASES)
def test_fault_has_place_expectation_and_advice(name, folder, capsys):
    edits, faults = CASES[name]
    (folder / "device.toml").write_text(changed(edits), encoding="utf-8")
    check(refused(folder, capsys), faults)


TOGETHER = [
    "unknown unit",
    "unknown layer",
    "no couples",
    "unknown key",
    "negative area",
    "unknown material",
    "resistance and coefficient",
    "one temperature of a list",
    "published value",
]


def test_all_faults_of_a_file_are_reported_together(folder, capsys):
    edits = [edit for name in TOGETHER for edit in CASES[name][0]]
    faults = [fault for name in TOGETHER for fault in CASES[name][1]]
    (folder / "device.toml").write_text(changed(edits), encoding="utf-8")
    check(refused(folder, capsys), faults)


def test_faults_of_several_materials_are_reported_together(folder, capsys):
    (folder / "trial.csv").write_text(table("300,150,800,-1", "400,160,-700,1"), encoding="utf-8")
    (folder / "card.toml").write_text('format = 1\nname = "card"\nkind = "metl"\n', encoding="utf-8")
    edits = [
        (P, 'material = "trial.csv"'),
        ('"Mg3.5SbBi0.96Te0.04"', '"Mg3.5SbBi0.96Te"'),
        ('layer = "Cu"', 'layer = "card.toml"'),
        ('T_cold = "330 K"', 'T_cold = "400 K"'),
    ]
    (folder / "device.toml").write_text(changed(edits), encoding="utf-8")
    lines = refused(folder, capsys)
    assert len(lines) == 5
    check(
        [x for x in lines if x.startswith("trial.csv")],
        [("line 2", "above 0", ""), ("line 3", "above 0", "")],
        "trial.csv",
    )
    check(
        [x for x in lines if x.startswith("card.toml")],
        [("kind", '"metal"', 'did you mean "metal"?')],
        "card.toml",
    )
    check(
        [x for x in lines if x.startswith("device.toml")],
        [
            ("module.n.material", "no material", 'did you mean "Mg3.5SbBi0.96Te0.04"?'),
            ("operate.T_cold", "below T_hot = 373 K", ""),
        ],
    )


def test_a_material_named_twice_is_blamed_once(folder, capsys):
    edits = [('layer = "Cu"\n', 'layer = "lost.toml"\n'), ("[operate]", "")]
    text = changed(edits[:1])
    text = text.replace("[operate]", '[[module.cold]]\nlayer = "bad.csv"\nthickness = 1\n[operate]')
    text = text.replace(P, 'material = "bad.csv"')
    (folder / "bad.csv").write_text(table("300,150,eight,1", "400,1,1,1"), encoding="utf-8")
    (folder / "device.toml").write_text(text, encoding="utf-8")
    lines = refused(folder, capsys)
    assert [line for line in lines if line.startswith("bad.csv")] == [
        line for line in lines if "eight" in line
    ]
    assert len(lines) == 2


TABLES = {
    "empty": ("", [""], "the file is empty"),
    "no rows": (table(), [""], "no rows of numbers"),
    "text for a number": (table("300,150,many,1", "400,160,700,1"), ["line 2"], "a number is expected"),
    "negative kappa": (table("300,150,800,-1", "400,160,700,1"), ["line 2"], "must be above 0 W/(m K)"),
    "wrong unit": (
        table("300,150,800,1", "400,1,1,1", head="T (K),S (uV/K),sigma (S/K),kappa (W/m/K)"),
        ["column 3"],
        "an electrical conductivity is expected",
    ),
    "no unit": (
        table("300,150,800,1", "400,1,1,1", head="T (K),S (uV/K),sigma (S/cm),kappa"),
        ["column 4"],
        "the header has no unit",
    ),
    "missing curve": (
        table("300,150,800", "400,160,700", head="T (K),S (uV/K),sigma (S/cm)"),
        [""],
        "thermal conductivity",
    ),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", [""], "this is a binary file"),
    "a million lines": (table(*["300,150,800,1.1"] * 1_000_000), [""], "1000001 lines"),
    "several faults": (
        table("300,150,eight,1", "300,160,-700,-1"),
        ["line 2", "line 3", "line 3"],
        "a number is expected",
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_fault_of_a_material_table(name, folder, capsys):
    content, places, words = TABLES[name]
    data = content if isinstance(content, bytes) else content.encode()
    (folder / "trial.csv").write_bytes(data)
    (folder / "device.toml").write_text(changed([(P, 'material = "trial.csv"')]), encoding="utf-8")
    lines = refused(folder, capsys)
    assert all(line.startswith("trial.csv: ") for line in lines)
    assert len(lines) >= len(places)
    assert all(line.startswith(f"trial.csv: {place}") for line, place in zip(lines, places, strict=False))
    assert any(words in line for line in lines)


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("x.json", "{}", "ioffe materials import makes cards of other files"),
        ("x.csv", table("300,1,1,1", head="T,S (uV/K)"), "ioffe materials import has such options"),
    ],
)
def test_what_a_device_file_cannot_say_of_a_material_a_card_can(folder, capsys, name, content, advice):
    (folder / name).write_text(content, encoding="utf-8")
    (folder / "device.toml").write_text(changed([(P, f'material = "{name}"')]), encoding="utf-8")
    assert any(advice in line for line in refused(folder, capsys))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (("300,150,800,1.1", "400,nan,600,0.9"), "not used: line 3: S (uV/K) = nan (empty)"),
        (("300,150,800,1", "300,160,700,1"), "averaged"),
        (("300,150,800,1", "400,160,700,1", "350,170,600,1"), "heating and cooling averaged"),
    ],
)
def test_a_table_that_is_put_in_order_says_so(folder, capsys, rows, words):
    (folder / "trial.csv").write_text(table(*rows), encoding="utf-8")
    assert entry(["materials", "check", "trial.csv"]) in (0, 1)
    out, err = capsys.readouterr()
    assert words in " ".join((out + err).split())


FILES = {
    "missing": (None, "the file does not exist"),
    "empty": (b"", "format: this key is missing"),
    "binary": (b"\x00\x01\x02\xff", "it is a binary file"),
    "latin": ("format = 1 # Löslichkeit".encode("latin-1"), "line 1 is not; save the file as UTF-8"),
    "syntax": (b"format = 1\n[module\n", "line 2, column 8: this is no valid TOML"),
    "key twice": (b"format = 1\nformat = 1\n", "line 2, column 11: this is no valid TOML"),
    "another format": (b"{'format': 1}", "line 1, column 1: this is no valid TOML"),
}


@pytest.mark.parametrize("name", FILES)
def test_file_that_cannot_be_read(name, folder, capsys):
    data, words = FILES[name]
    if data is not None:
        (folder / "device.toml").write_bytes(data)
    lines = refused(folder, capsys)
    assert any(line.startswith("device.toml: ") and words in line for line in lines), lines


def test_folder_in_the_place_of_a_file(folder, capsys):
    (folder / "device.toml").mkdir()
    assert "this is a folder" in refused(folder, capsys)[0]


def test_missing_device_file_offers_the_nearest(folder, capsys):
    (folder / "cooler.toml").write_text(GOOD, encoding="utf-8")
    assert entry(["run", "coler.toml"]) == 2
    assert 'coler.toml: the file does not exist; did you mean "cooler.toml"?' in capsys.readouterr().err


def test_faults_are_raised_as_one_error(folder):
    (folder / "device.toml").write_text(changed(CASES["unknown key"][0]), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_device(folder / "device.toml")
    (fault,) = caught.value.faults
    assert (fault.location, fault.value) == ("module.p.lenght", "6 mm")
    assert fault.file == str(folder / "device.toml")


SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.sampled_from(["", "x", "3 K", "6 mm", "-1 A", "1e999 m", "Cu", "lost.csv", "sweep", "\u2603" * 999]),
    st.dates(),
)
KEYS = st.sampled_from(
    ["module", "leg", "p", "material", "segments", "mode", "at", "value", "unit", "a.b", "[0]"]
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2),
    max_leaves=4,
)


def locations(data, location=()):
    """Every location in a nested file."""
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in inside:
        yield (*location, step)
        yield from locations(value, (*location, step))


@given(st.data())
def test_no_damage_goes_unexplained(draw):
    """Whatever is wrong with a file, it is refused with expectations, each said once, or it is a device."""
    data = copy.deepcopy(tomllib.loads(GOOD))
    for _ in range(draw.draw(st.integers(1, 4))):
        found = list(locations(data))
        if not found:
            break
        *outer, last = draw.draw(st.sampled_from(found))
        parent = data
        for step in outer:
            parent = parent[step]
        junk = draw.draw(st.just(ABSENT) | JUNK)
        if junk is ABSENT:
            del parent[last]
        elif isinstance(parent, dict) and draw.draw(st.booleans()):
            parent[draw.draw(KEYS)] = junk
        else:
            parent[last] = junk
    with patch("ioffe.device_file.read.read_toml", lambda _: data):
        try:
            file, faults = read_device("device.toml"), ()
        except InputError as error:
            file, faults = None, error.faults
    assert (file is None) == bool(faults)
    assert all(fault.expected for fault in faults)
    assert len({str(fault) for fault in faults}) == len(faults)
