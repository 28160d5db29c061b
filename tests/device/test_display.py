"""Devices and conditions print what is set, with units, in a few lines; every one of them can be copied."""

import copy
import pickle

import numpy as np
import pytest

import ioffe as te


def leg(name="Bi0.42Sb1.58Te3"):
    return te.Leg(name, "1.6 mm", "1.4 mm x 1.4 mm", contact=te.Contact("5 uohm cm2"))


def module():
    layers = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]
    return te.Module(p=leg(), n=leg("Bi2Te2.7Se0.3"), couples=4, fill_factor=0.3, hot=layers, name="a pair")


OBJECTS = {
    "leg": (leg, ["Leg", "segments: Bi0.42Sb1.58Te3, 1.6 mm", "contact_hot: electrical 5 uohm cm2"]),
    "graded leg": (
        lambda: te.GradedLeg({0.0: "Bi0.42Sb1.58Te3", 1.0: "Bi0.48Sb1.52Te3"}, "2 mm", "4 mm2", slices=8),
        ["GradedLeg", "(8 times)", "rule linear"],
    ),
    "module": (module, ['Module "a pair"', "couples: 4", "hot: Cu, 0.3 mm; Al2O3, 0.6 mm"]),
    "cascade": (lambda: te.Cascade([module(), module()]), ["Cascade", "stages[1]: p (Bi0.42Sb1.58Te3"]),
    "array": (
        lambda: te.ModuleArray.grid(module(), [450.0, 400.0], 340.0),
        ["ModuleArray", "1 of up to 2 modules", "T_hot: 400 K to 450 K"],
    ),
    "generator": (lambda: te.Generator(T_hot=[400, 500], T_cold=300), ["Generator", "T_hot: 400 K; 500 K"]),
    "cooler": (lambda: te.Cooler(T_hot=300, heat="10 W", aim="COP"), ["Cooler", "heat: 10 W", "aim: COP"]),
    "transient": (
        lambda: te.Transient(mode="cool", T_hot=300, heat=0, current=1.0, duration=2),
        ["Transient", "current: 1 A", "duration: 2 s"],
    ),
    "material": (lambda: te.load_material("Bi2Te3"), ["Material", "Bi2Te3"]),
    "contact": (lambda: te.Contact("5 uohm cm2"), ["Contact"]),
    "layer": (lambda: te.Layer("Cu", "0.3 mm"), ["Layer"]),
    "service": (lambda: te.life.Service.cycles([te.life.ServicePhase("12 h")], "60 day"), []),
    "curve": (lambda: te.Curve([300, 400], [1.0, 2.0], "thermal_conductivity"), ["Curve"]),
    "estimate": (lambda: te.material.propagate(te.load_material("Bi2Te3"), lambda m: m.zT(400.0)), []),
    "model": (te.SingleParabolicBand, []),
    "status": (lambda: te.Status.RUNAWAY, ["RUNAWAY"]),
}


@pytest.mark.parametrize("name", OBJECTS)
def test_shown_and_copied(name):
    make, words = OBJECTS[name]
    one = make()
    text = repr(one)
    assert all(word in text for word in words), text
    assert len(text.splitlines()) < 14
    for again in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)):
        assert type(again) is type(one)
        assert repr(again) == text


@pytest.mark.parametrize("name", ["leg", "module", "generator"])
def test_in_a_notebook(name):
    page = OBJECTS[name][0]()._repr_html_()
    assert page.startswith("<table>")
    assert "K</td>" in page or "mm2</td>" in page or "a pair" in page


def test_only_what_differs_from_the_default_is_shown():
    assert "hot_resistance" not in repr(te.Generator(T_hot=400, T_cold=300))
    assert "hot_resistance: 0.5 K/W" in repr(te.Generator(T_hot=400, T_cold=300, hot_resistance=0.5))
    assert "current" in repr(te.Generator(T_hot=400, T_cold=300, current=np.linspace(0, 1, 61)))
