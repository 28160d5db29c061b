"""`ioffe schema`: the schema accepts what the reader accepts, and refuses what it refuses."""

import json
import tomllib
from pathlib import Path

import pytest

import ioffe as te
from ioffe.base.quantities import QUANTITIES
from ioffe.cli.main import entry
from ioffe.device_file.schema import card_schema, device_schema, result_schema
from ioffe.material import library
from ioffe.result.steady import MAXIMA_KEYS, POINT_KEYS
from ioffe.study.study_file import study_schema

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))
STUDIES = sorted((Path(__file__).parents[2] / "examples" / "studies").glob("*.toml"))
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


def fits(value, schema, root):
    """Whether a value fits a JSON Schema; the keywords that the schemas of ioffe use."""
    if isinstance(schema, bool):
        return schema
    unknown = set(schema) - KEYWORDS - {key for key in schema if key.startswith("x-")}
    assert not unknown, unknown
    return all(CHECKS[key](value, schema[key], schema, root) for key in schema if key in CHECKS)


def has_type(value, kinds, _schema, _root):
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if isinstance(value, bool):
        return "boolean" in kinds
    return any(isinstance(value, TYPES[kind]) for kind in kinds)


def resolved(value, path, _schema, root):
    part = root
    for step in path.removeprefix("#/").split("/"):
        part = part[step]
    return fits(value, part, root)


def known_keys(value, extra, schema, root):
    others = [key for key in value if key not in schema.get("properties", {})]
    return not others if extra is False else all(fits(value[key], extra, root) for key in others)


CHECKS = {
    "$ref": resolved,
    "type": has_type,
    "const": lambda value, const, *_: value == const,
    "enum": lambda value, words, *_: value in words,
    "anyOf": lambda value, parts, _, root: any(fits(value, part, root) for part in parts),
    "oneOf": lambda value, parts, _, root: sum(fits(value, part, root) for part in parts) == 1,
    "properties": lambda value, parts, _, root: (
        not isinstance(value, dict)
        or all(fits(value[key], part, root) for key, part in parts.items() if key in value)
    ),
    "required": lambda value, keys, *_: not isinstance(value, dict) or all(key in value for key in keys),
    "additionalProperties": lambda value, extra, schema, root: (
        not isinstance(value, dict) or known_keys(value, extra, schema, root)
    ),
    "items": lambda value, part, _, root: (
        not isinstance(value, list) or all(fits(item, part, root) for item in value)
    ),
    "minimum": lambda value, least, *_: not isinstance(value, int | float) or value >= least,
    "maximum": lambda value, most, *_: not isinstance(value, int | float) or value <= most,
    "exclusiveMinimum": lambda value, least, *_: not isinstance(value, int | float) or value > least,
    "minLength": lambda value, least, *_: not isinstance(value, str) or len(value) >= least,
    "minItems": lambda value, least, *_: not isinstance(value, list) or len(value) >= least,
    "maxItems": lambda value, most, *_: not isinstance(value, list) or len(value) <= most,
}
KEYWORDS = {*CHECKS, "$schema", "$defs", "title", "description", "examples", "default", "discriminator"}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_fit(path):
    schema = device_schema()
    assert fits(tomllib.loads(path.read_text(encoding="utf-8")), schema, schema)


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_studies_fit(path):
    schema, data = study_schema(), tomllib.loads(path.read_text(encoding="utf-8"))
    assert fits(data, schema, schema) == ("study" in data)
    assert not fits(data | {"vary": {}}, schema, schema)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("couples = 2 ", "couples = 2\ncuples = 2 #"),
        ("couples = 2 ", 'couples = "2" #'),
        ("couples = 2 ", "couples = 0 #"),
        ("fill_factor = 0.58", "fill_factor = 5.8"),
        ("format = 1", "format = 2"),
        ('mode = "generate"', 'mode = "gen"'),
        ('T_cold = "293 K"', ""),
        ('length = "6 mm"', "length = -1"),
        ('length = "6 mm"', "length = true"),
        ('length = "6 mm"', 'length = { valu = 6, unit = "mm" }'),
        ('coverage = "electrodes"', 'coverage = "electrode"'),
        ('kind = "simulated"', 'kind = "guessed"'),
        ('quantity = "max_power"', 'quantity = "max_powr"'),
    ],
)
def test_faulty_files_do_not_fit(old, new):
    text = next(path for path in EXAMPLES if path.stem == "mgagsb-module").read_text(encoding="utf-8")
    assert old in text
    schema = device_schema()
    assert not fits(tomllib.loads(text.replace(old, new, 1)), schema, schema)


def test_every_card_of_the_library_fits():
    schema = card_schema()
    for item in library.entries():
        assert fits(tomllib.loads(item.path.read_text(encoding="utf-8")), schema, schema), item.name


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_results_fit(path):
    schema = result_schema()
    file = te.read_device(path)
    found = file.solve("ideal").to_dict()
    assert fits(json.loads(json.dumps(found)), schema, schema)
    assert not fits({**found, "powr": 1.0}, schema, schema)


def test_result_schema_speaks_as_the_quantity_table():
    properties = result_schema()["properties"]
    for key in (*POINT_KEYS, *MAXIMA_KEYS, "energy_balance", "error_estimate"):
        assert properties[key]["x-unit"] == QUANTITIES[key].unit
        assert properties[key]["description"].casefold() == f"{QUANTITIES[key].description}.".casefold()


@pytest.mark.parametrize(
    ("arguments", "made"),
    [([], device_schema), (["device"], device_schema), (["card"], card_schema), (["result"], result_schema)],
)
def test_printed(arguments, made, capsys):
    assert entry(["schema", *arguments]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == made()
    assert err == ""


def test_written(tmp_path, capsys):
    path = tmp_path / "card.json"
    assert entry(["schema", "card", "--out", str(path)]) == 0
    assert json.loads(path.read_text(encoding="utf-8")) == card_schema()
    assert str(path) in capsys.readouterr().out


def test_unknown_schema(capsys):
    assert entry(["schema", "devise"]) == 2
    assert "device" in capsys.readouterr().err
