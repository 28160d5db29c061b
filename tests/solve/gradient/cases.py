"""Devices to differentiate, and devices really built anew with one number or table changed."""

import dataclasses
import re

import numpy as np

import ioffe as te
from ioffe.base.curve import Curve
from ioffe.base.curve.derivative import defining_numbers
from ioffe.device.parameters import CONDITIONS
from ioffe.solve.gradient import names


def material(name, carrier, rule, *, points=9, rough=0.0, conductivity=False):
    """Smooth tables between 250 and 750 K, without extrema, at which monotone slopes would have kinks."""
    T = np.linspace(250.0, 750.0, points)
    x = (T - 250.0) / 500.0
    wave = 1.0 + rough * np.sin(12.9898 * np.arange(points))
    S = (120 + 100 * x - 35 * x**2) * 1e-6 * wave
    rho = (6 + 9 * x + 4 * x**2) * 1e-6 * wave
    kappa = (2.4 - 1.3 * x + 0.45 * x**2) * wave
    electrical = {"electrical_conductivity": 1 / rho} if conductivity else {"resistivity": rho}
    sign = 1.0 if carrier == "p" else -1.0
    return te.Material.from_arrays(
        name, carrier, T, sign * S, thermal_conductivity=kappa, interpolation=rule, **electrical
    )


def leg(rule="pchip", **more):
    """Two segments, contacts between and across them, some of them zero."""
    return te.Leg(
        **{
            "segments": [
                te.Segment(material("warm", "p", rule), "2 mm"),
                te.Segment(material("cool", "p", rule, points=7, conductivity=True), "1 mm"),
            ],
            "area": 2e-6,
            "contact_hot": te.Contact(1e-9, 1e-5),
            "contact_cold": te.Contact(0.0, 0.0),
            "between": te.Contact(5e-10, 0.0),
            **more,
        }
    )


def module(rule="pchip", **more):
    """Two legs, plates and electrodes, filler, leads."""
    n = te.Leg(material("other", "n", rule, points=8), "3.1 mm", 1.5e-6, contact=te.Contact(2e-9, 0.0))
    return te.Module(
        **{
            "p": leg(rule),
            "n": n,
            "couples": 5,
            "fill_factor": 0.3,
            "hot": [te.Layer("Cu", "0.3 mm"), te.Layer(plate(), "0.6 mm")],
            "cold": [
                te.Layer("Cu", "0.2 mm", "electrodes"),
                te.Layer("Sn63Pb37 solder", "50 um", "legs"),
                te.Layer(plate(), "0.6 mm"),
            ],
            "filler": te.GapFiller(0.03, 0.5),
            "series_resistance": 1e-3,
            **more,
        }
    )


def plate():
    """A ceramic whose conductivity is a table."""
    curve = Curve([250.0, 400.0, 600.0, 800.0], [38.0, 26.0, 18.0, 14.0], "thermal_conductivity")
    return te.Material("ceramic", None, None, None, curve, kind="ceramic")


def changed(device, conditions, path, value):
    """Device and conditions built anew with one number, or all numbers behind a curve, replaced."""
    if path in CONDITIONS:
        return device, conditions.replace(**{path: value})
    return _device(device, path, value), conditions


def _device(device, path, value):
    first, _, rest = path.partition(".")
    name, index = re.fullmatch(r"(\w+?)(?:\[(\d+)\])?", first).groups()
    if isinstance(device, te.Curve if hasattr(te, "Curve") else Curve):
        raise AssertionError(path)
    if isinstance(device, te.Material):
        return _with_curve(device, first, value)
    if not rest and index is None:
        return _replace(device, name, value)
    if isinstance(device, te.Leg) and name == "material":
        return device.replace(material=_device(device.segments[0].material, rest, value))
    if index is None:
        return _replace(device, name, _device(getattr(device, name), rest, value))
    items = list(getattr(device, name))
    items[int(index)] = _device(items[int(index)], rest, value)
    return _replace(device, name, items)


def _replace(thing, name, value):
    if isinstance(thing, te.Leg | te.Module):
        return thing.replace(**{name: value})
    return dataclasses.replace(thing, **{name: value})


def _with_curve(material, quantity, numbers):
    curve = material.transport[quantity]
    new = curve.replace(values=numbers) if curve.coefficients is None else polynomial(curve, numbers)
    field = "electrical" if quantity.startswith("electrical") else quantity
    return material.replace(**{field: new})


def polynomial(curve, numbers):
    made = Curve.polynomial(numbers, curve.range, curve.quantity, curve.extrapolation, curve.name)
    if curve.interpolation == "constant":
        span = None if curve.extrapolation == "hold" else curve.range
        made = Curve.constant(float(numbers[0]), curve.quantity, span, name=curve.name)
    return made


def number(device, conditions, path):
    """Value of a number, or the numbers behind a curve."""
    curve = names.curves(device).get(path)
    return names.value(device, conditions, path) if curve is None else defining_numbers(curve)
