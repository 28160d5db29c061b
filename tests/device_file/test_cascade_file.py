"""Cascades in device files: what is read, and every fault at its place."""

from pathlib import Path

import pytest

import ioffe as te

EXAMPLE = Path(__file__).parents[2] / "examples" / "two-stage-cooler.toml"


def read(tmp_path, **changes):
    text = EXAMPLE.read_text(encoding="utf-8")
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "device.toml"
    path.write_text(text, encoding="utf-8")
    return te.read_device(path)


def test_a_cascade_is_read(tmp_path):
    device, conditions = read(tmp_path)
    assert isinstance(device, te.Cascade)
    assert [stage.couples for stage in device.stages] == [31, 7]
    assert device.connection == "series"
    assert [layer.material.name for layer in device.between[0]] == ["Al2O3"]
    assert device.stages[1].cold[1].thickness == 0.6e-3
    assert conditions.mode == "cool"


def test_shares_and_contacts_between_stages(tmp_path):
    device, _ = read(
        tmp_path,
        shares=('connection = "series"', "currents = [1, 0.8]"),
        contact=("[cascade.between]", '[cascade.between]\nthermal = "5 mm2 K/W"'),
    )
    assert device.currents == (1.0, 0.8)
    contact, plate = device.between[0]
    assert contact.thermal == pytest.approx(5e-6)
    assert plate.thickness == 0.6e-3
    several, _ = read(tmp_path, between=("[cascade.between]", "[[cascade.between]]"))
    assert len(several.between) == 1
    assert several.name == "Two-stage Bi2Te3 cooler, 31 + 7 pairs"


def faults(tmp_path, **changes):
    with pytest.raises(te.InputError) as caught:
        read(tmp_path, **changes)
    return str(caught.value)


def test_every_fault_at_its_place(tmp_path):
    text = faults(
        tmp_path,
        connection=('"series"', '"serial"'),
        couples=("couples = 31", "couples = 0"),
        thickness=('thickness = "0.6 mm"', 'thickness = "0.6 mm2"'),
        material=("generic n cooler leg", "generic n coler leg"),
    )
    for place in (
        'cascade.connection = "serial"',
        "cascade.stages[0].couples = 0",
        "cascade.stages[0].hot[1].thickness",
        "cascade.stages[1].cold[1].thickness",
        "cascade.between.layers[0].thickness",
        "cascade.stages[0].n.material",
        "cascade.stages[1].n.material",
    ):
        assert place in text
    assert len(text.splitlines()) == 7


def test_what_the_cascade_itself_refuses(tmp_path):
    text = faults(tmp_path, shares=('connection = "series"', 'connection = "independent"\ncurrents = [1, 1]'))
    assert "cascade.currents: no currents are expected" in text
    text = faults(tmp_path, shares=('connection = "series"', "currents = [1, 0.5, 0.2]"))
    assert "cascade.currents = 3: one share for each of the 2 stages" in text
    both = faults(
        tmp_path, both=("[cascade]", '[leg]\nmaterial = "Bi2Te3"\nlength = 1e-3\narea = 1e-6\n[cascade]')
    )
    assert "either [leg] or [cascade] is expected" in both
