"""Reading files and validating them: a bad file is reported whole, in plain words."""

import json
from datetime import date
from typing import Annotated, Literal

import pytest
from pydantic import Field, create_model, field_validator, model_validator

from ioffe.base.errors import Fault, InputError
from ioffe.base.quantities import QUANTITIES
from ioffe.base.schema import Model, Quantified, Several, quantity_field, read_json, read_toml, validate


class Contact(Model):
    electrical: Annotated[float, Quantified("electrical_contact_resistivity")] = 0.0
    thermal: Annotated[float, Quantified("thermal_contact_resistance")] = 0.0


class Layer(Model):
    layer: str
    thickness: Annotated[float, Quantified("thickness")]


class Leg(Model):
    material: str | None = None
    length: Annotated[float, Quantified("length")]
    area: Annotated[float, Quantified("area")] = 1e-6
    contact: Contact | None = None
    segments: Several[Layer] = ()

    @field_validator("material")
    @classmethod
    def known(cls, name):
        if name == "Unobtainium":
            raise InputError(Fault("", name, "a material of the library is expected", 'did you mean "Cu"?'))
        return name


class Module(Model):
    couples: int = Field(ge=1)
    fill_factor: Annotated[float, Quantified("fill_factor")] | None = None
    mode: Literal["generate", "cool"] = "generate"
    p: Leg
    legs: dict[str, Leg] = Field(default_factory=dict)
    hot: Several[Layer] = ()
    T_hot: Annotated[float | tuple[float, ...], Quantified("T_hot", many=True)] = 500.0
    on: bool = True
    made: date | None = None
    size: Annotated[Several[int], Field(min_length=2, max_length=3)] = (1, 2)

    @model_validator(mode="after")
    def consistent(self):
        if self.couples == 13:
            raise ValueError("13 couples are never built")
        if self.couples == 17:
            raise InputError(
                Fault("hot[0].layer", "Pb", "no lead is expected"), Fault("p", expected="no p-leg")
            )
        return self


GOOD = {"couples": 2, "p": {"length": "6 mm"}}


def faults_of(data, model=Module, file=""):
    with pytest.raises(InputError) as caught:
        validate(model, data, file)
    return [str(fault) for fault in caught.value.faults]


def test_a_good_file_becomes_a_model_in_si():
    module = validate(
        Module,
        {
            "couples": 127,
            "fill_factor": "28 %",
            "p": {
                "length": {"value": 1.6, "unit": "mm", "uncertainty": "1 %"},
                "area": "3 mm x 4 mm",
                "contact": {"electrical": "5 uohm cm2"},
                "segments": [{"layer": "Cu", "thickness": 3e-4}],
            },
            "T_hot": ["373 K", "200 degC", 593],
            "made": date(2026, 1, 31),
        },
    )
    assert module.couples == 127
    assert module.fill_factor == pytest.approx(0.28)
    assert module.p.length == 0.0016
    assert module.p.area == pytest.approx(1.2e-5)
    assert module.p.contact is not None
    assert module.p.contact.electrical == 5e-10
    assert module.p.segments == (Layer(layer="Cu", thickness=3e-4),)
    assert module.T_hot == (373.0, 473.15, 593.0)
    assert validate(Module, GOOD | {"T_hot": "373 K"}).T_hot == 373.0


def test_models_are_frozen():
    module = validate(Module, GOOD)
    with pytest.raises(ValueError, match="frozen"):
        module.couples = 3
    assert hash(module.p) == hash(validate(Module, GOOD).p)


def test_every_fault_of_a_file_is_reported_with_place_value_and_nearest_name():
    found = faults_of(
        {
            "couples": 2.5,
            "fil_factor": 0.3,
            "mode": "generat",
            "p": {
                "length": "6 m2",
                "materiel": "Cu",
                "contact": {"electical": 1},
                "segments": [{"layer": 5}],
            },
            "hot": [{"layer": "Cu", "thickness": "0.3 mm"}, {"layer": "Cu", "thicknes": 1}],
            "T_hot": ["300 K", "5 kg", -3],
        },
        file="device.toml",
    )
    kelvin = 'a temperature is expected, in K, such as "300 K"'
    assert sorted(found) == sorted(
        [
            "device.toml: couples = 2.5: a whole number is expected",
            'device.toml: mode = "generat": "generate" or "cool" is expected; did you mean "generate"?',
            'device.toml: p.length = "6 m2": a length is expected, in m, such as "1.6 mm"; "m2" is an area',
            'device.toml: p.contact.electical = 1: no such key is known; did you mean "electrical"?',
            "device.toml: p.segments[0].layer = 5: a text is expected",
            "device.toml: p.segments[0].thickness: this key is missing",
            'device.toml: p.materiel = "Cu": no such key is known; did you mean "material"?',
            "device.toml: hot[1].thickness: this key is missing",
            'device.toml: hot[1].thicknes = 1: no such key is known; did you mean "thickness"?',
            f'device.toml: T_hot[1] = "5 kg": {kelvin}; "kg" is a mass',
            f"device.toml: T_hot[2] = -3: {kelvin}; the value must be above 0 K",
            'device.toml: fil_factor = 0.3: no such key is known; did you mean "fill_factor"?',
        ]
    )


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"couples": 0}, "couples = 0: a number not below 1 is expected"),
        ({"couples": "2"}, 'couples = "2": a whole number is expected'),
        ({"couples": True}, "couples = True: a whole number is expected"),
        ({"on": 1}, "on = 1: true or false is expected"),
        ({"on": "yes"}, 'on = "yes": true or false is expected'),
        ({"p": 5}, "p = 5: a table is expected"),
        ({"p": []}, "p = []: a table is expected"),
        ({"hot": "Cu"}, 'hot = "Cu": a list is expected'),
        ({"hot": ["Cu"]}, 'hot[0] = "Cu": a table is expected'),
        (
            {"legs": {"n": {"length": 0}}},
            'legs.n.length = 0: a length is expected, in m, such as "1.6 mm"; the value must be above 0 m',
        ),
        (
            {"legs": {"n": {"length": 1, "aera": 1}}},
            'legs.n.aera = 1: no such key is known; did you mean "area"?',
        ),
        ({"size": [1]}, "size = [1]: at least 2 items are expected, not 1"),
        ({"size": [1, 2, 3, 4]}, "size = [1, 2, 3, 4]: at most 3 items are expected, not 4"),
        ({"size": [1, 2, "2"]}, 'size[2] = "2": a whole number is expected'),
        (
            {"fill_factor": float("nan")},
            (
                'fill_factor = nan: a share above 0, up to 1 is expected, such as "0.28"; '
                "the number is not finite"
            ),
        ),
        (
            {"p": {"length": 1, "area": "3 mm x 4 kg"}},
            (
                'p.area = "3 mm x 4 kg": an area is expected, in m2, such as '
                '"1.96 mm2" or "1.4 mm x 1.4 mm"; "kg" is a mass'
            ),
        ),
        (
            {"p": {"length": {"value": 1, "unit": "mm", "sigma": 2}}},
            'p.length.sigma = 2: the keys "value", "unit" and "uncertainty" are expected',
        ),
        (
            {"p": {"length": 1, "material": "Unobtainium"}},
            'p.material = "Unobtainium": a material of the library is expected; did you mean "Cu"?',
        ),
        ({"made": "yesterday"}, 'made = "yesterday": a date is expected, such as 2026-01-31'),
        ({"couples": 13}, "13 couples are never built"),
        ({"zzz": 1}, "zzz = 1: no such key is known"),
    ],
)
def test_one_fault(change, fault):
    assert faults_of(GOOD | change) == [fault]


def test_faults_of_a_check_across_fields_keep_their_places():
    assert faults_of(GOOD | {"couples": 17}) == ['hot[0].layer = "Pb": no lead is expected', "p: no p-leg"]


@pytest.mark.parametrize("data", [[], None, "text", 5])
def test_what_is_no_table_at_all(data):
    (fault,) = faults_of(data)
    assert fault.endswith(": a table is expected")


def test_the_alternatives_of_a_union_stand_in_one_fault():
    class Either(Model):
        value: int | str
        place: Layer | str = ""

    assert faults_of({"value": 1.5}, Either) == ["value = 1.5: a whole number or a text is expected"]
    found = faults_of({"value": 1, "place": {"layer": "Cu", "thicknes": 1}}, Either)
    assert 'place.thicknes = 1: no such key is known; did you mean "thickness"?' in found
    assert "place.thickness: this key is missing" in found


def test_a_tagged_union_says_what_the_tag_may_be():
    class A(Model):
        kind: Literal["a"]
        length: Annotated[float, Quantified("length")]

    class B(Model):
        kind: Literal["b"]
        width: float = 0.0

    class Tagged(Model):
        item: Annotated[A | B, Field(discriminator="kind")]

    assert faults_of({"item": {"kind": "b", "length": 1}}, Tagged) == [
        "item.length = 1: no such key is known"
    ]
    assert faults_of({"item": {"kind": "b", "widht": 1}}, Tagged) == [
        'item.widht = 1: no such key is known; did you mean "width"?'
    ]

    assert faults_of({"item": {"kind": "c"}}, Tagged) == [
        """item = {'kind': 'c'}: "kind" must be one of "a", "b\""""
    ]
    assert faults_of({"item": {}}, Tagged) == [
        'item = {}: the key "kind" is missing, which says what the table describes'
    ]
    assert faults_of({"item": {"kind": "a", "length": "1 kg"}}, Tagged) == [
        'item.length = "1 kg": a length is expected, in m, such as "1.6 mm"; "kg" is a mass'
    ]


def test_defaults_are_validated_too():
    class Plate(Model):
        thickness: Annotated[float, Quantified("thickness")] = "0.3 mm"

    assert validate(Plate, {}).thickness == 3e-4


def test_values_with_their_deviation():
    class Plate(Model):
        thickness: Annotated[tuple[float, float], Quantified("thickness", uncertain=True)]

    data = {"thickness": {"value": 0.3, "unit": "mm", "uncertainty": "10 %"}}
    assert validate(Plate, data).thickness == pytest.approx((3e-4, 3e-5))


def test_the_type_of_a_quantity():
    model = create_model(
        "Made",
        __base__=Model,
        length=quantity_field("length"),
        T=quantity_field("T_hot", many=True),
        S=quantity_field("seebeck", uncertain=True),
    )
    made = validate(model, {"length": "1 mm", "T": ["300 K"], "S": "1 uV/K"})
    assert made.model_dump() == {"length": 0.001, "T": (300.0,), "S": (1e-6, 0.0)}


def test_an_unknown_quantity_is_an_error_of_the_program_at_once():
    with pytest.raises(InputError, match='did you mean "length"'):
        quantity_field("lenght")
    with pytest.raises(InputError, match="not both"):
        Quantified("length", many=True, uncertain=True)


def test_the_json_schema_says_what_may_be_written():
    schema = Module.model_json_schema()
    length = schema["$defs"]["Leg"]["properties"]["length"]
    number, text, table = length["anyOf"]
    assert number == {"type": "number", "exclusiveMinimum": 0.0}
    assert text["type"] == "string"
    assert "1.6 mm" in text["description"]
    assert set(table["properties"]) == {"value", "unit", "uncertainty"}
    assert table["additionalProperties"] is False
    assert length["description"] == (
        "Length, of a leg along the current. A number is in m; a text states its unit."
    )
    assert (length["x-quantity"], length["x-unit"], length["examples"]) == ("length", "m", ["1.6 mm"])
    assert schema["properties"]["T_hot"]["anyOf"][-1]["type"] == "array"
    assert schema["additionalProperties"] is False
    json.dumps(schema)


@pytest.mark.parametrize("name", QUANTITIES)
def test_every_quantity_can_be_a_field_and_its_example_is_valid(name):
    model = create_model("One", __base__=Model, value=quantity_field(name))
    example = model.model_json_schema()["properties"]["value"]["examples"][0]
    assert QUANTITIES[name].admits(validate(model, {"value": example}).value)


class TestFiles:
    def test_toml_and_json_are_read(self, tmp_path):
        (tmp_path / "a.toml").write_text('couples = 2\n[p]\nlength = "6 mm"\n', encoding="utf-8")
        (tmp_path / "a.json").write_text('{"couples": 2, "p": {"length": "6 mm"}}', encoding="utf-8")
        assert read_toml(tmp_path / "a.toml") == read_json(str(tmp_path / "a.json")) == GOOD

    def test_a_byte_order_mark_does_no_harm(self, tmp_path):
        (tmp_path / "a.toml").write_bytes(b'\xef\xbb\xbfname = "\xc2\xb5"\r\n')
        assert read_toml(tmp_path / "a.toml") == {"name": "µ"}

    @pytest.mark.parametrize("read", [read_toml, read_json])
    @pytest.mark.parametrize(
        ("content", "fault"),
        [
            (None, "the file does not exist"),
            ("folder", "a file is expected, and this is a folder"),
            (b"a = \x00\xff\xfe\x00", "a text in UTF-8 is expected; it is a binary file"),
            (
                "a = 1\nb = 'µ'".encode("latin-1"),
                "a text in UTF-8 is expected; line 2 is not; save the file as UTF-8",
            ),
        ],
    )
    def test_what_cannot_be_read(self, tmp_path, read, content, fault):
        path = tmp_path / "device.file"
        if content == "folder":
            path.mkdir()
        elif content is not None:
            path.write_bytes(content)
        with pytest.raises(InputError) as caught:
            read(path)
        assert str(caught.value) == f"{path}: {fault}"

    @pytest.mark.parametrize(
        ("read", "content", "place", "reason"),
        [
            (read_toml, 'a = 1\nb = "x\n', "line 2, column 7", "Illegal character"),
            (read_toml, "a = 1\na = 2\n", "line 2", "Cannot overwrite"),
            (read_toml, "a = 1\n[b", "line 2, column 3", "Expected"),
            (read_toml, "a = ", "line 1, column 5", "Invalid value"),
            (read_json, '{"a": 1,\n "b" 2}', "line 2, column 6", "Expecting ':'"),
            (read_json, '{"a": ', "line 1, column 7", "Expecting value"),
            (read_json, "", "line 1, column 1", "Expecting value"),
        ],
    )
    def test_wrong_syntax_is_placed_by_line_and_column(self, tmp_path, read, content, place, reason):
        path = tmp_path / "device.file"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            read(path)
        (fault,) = caught.value.faults
        assert fault.file == str(path)
        assert fault.location.startswith(place)
        assert reason in fault.advice

    @pytest.mark.parametrize(
        "content", [".".join(20_000 * "a") + " = 1", "a = " + "[" * 5000 + "]" * 5000, "[" + "a." * 65 + "a]"]
    )
    def test_toml_of_too_many_levels(self, tmp_path, content):
        (tmp_path / "a.toml").write_text(content, encoding="utf-8")
        with pytest.raises(InputError, match="at most 64 levels"):
            read_toml(tmp_path / "a.toml")

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ('{"a": 1, "a": 2}', 'the key "a" occurs twice'),
            ('{"a": NaN}', "NaN is no JSON number"),
            ('{"a": -Infinity}', "-Infinity is no JSON number"),
            ("[1, 2]", "an object is expected, in braces"),
            ("1" * 5000, "cannot be read"),
            ("[" * 100000, "cannot be read"),
            ('{"a":' * 65 + "1" + "}" * 65, "at most 64 levels"),
        ],
    )
    def test_json_that_is_refused(self, tmp_path, content, reason):
        path = tmp_path / "a.json"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(InputError, match=reason):
            read_json(path)

    @pytest.mark.parametrize("content", ["a = " + "[" * 5000, "a = " + "1" * 5000], ids=["depth", "digits"])
    def test_toml_beyond_measure_is_refused(self, tmp_path, content):
        path = tmp_path / "a.toml"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(InputError, match=r"a\.toml"):
            read_toml(path)

    def test_a_path_that_can_be_no_file(self):
        with pytest.raises(InputError, match="cannot be read"):
            read_toml("a\x00b.toml")
