"""Bodies with values: grids, cuts, plain data, and VTU files read back by a reader of their own."""

import base64
import json
import struct
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import ioffe as te
from ioffe.field.bodies.scene import Body, BodyScene


def block(low, high, counts=(3, 4, 5), role="metal", values=None):
    """A body with a temperature and a flow that are linear in the places."""
    axes = tuple(np.linspace(a, b, n) for a, b, n in zip(low, high, counts, strict=True))
    x, y, z = np.meshgrid(*axes, indexing="ij")
    found = {"temperature": 300.0 + 1e3 * (x + 2.0 * y - z), "heat_flux": np.stack([x, -y, 3.0 * z], axis=-1)}
    return Body("a < b & c", role, "module.p", axes, found if values is None else values)


SCENE = BodyScene(
    (
        block((0.0, 0.0, 0.0), (2e-3, 1e-3, 1e-3)),
        block((0.0, 0.0, 1e-3), (1e-3, 1e-3, 3e-3), role="p", values={}),
    ),
    ("a note",),
)


def vtu_arrays(path):
    """Every array of a VTU file by name, base64 behind a length of eight bytes; independent of the writer."""
    root = ET.parse(path).getroot()
    assert (root.get("type"), root.get("byte_order")) == ("UnstructuredGrid", "LittleEndian")
    assert root.get("header_type") == "UInt64"
    piece = root.find("UnstructuredGrid/Piece")
    found = {"points": int(piece.get("NumberOfPoints")), "cells": int(piece.get("NumberOfCells"))}
    formats = {"Float64": ("d", 8), "Int32": ("i", 4), "UInt8": ("B", 1)}
    for one in piece.iter("DataArray"):
        content = base64.b64decode(one.text)
        (length,) = struct.unpack("<Q", content[:8])
        letter, size = formats[one.get("type")]
        assert length == len(content) - 8
        numbers = np.array(struct.unpack(f"<{length // size}{letter}", content[8:]))
        width = int(one.get("NumberOfComponents", "1"))
        found[one.get("Name")] = numbers.reshape(-1, width) if width > 1 else numbers
    names = root.find("UnstructuredGrid/FieldData/Array").text.split()
    found["bodies"] = bytes(int(n) for n in names).decode("utf-8").split("\0")[:-1]
    return found


def test_a_vtu_file_holds_every_body(tmp_path):
    read = vtu_arrays(SCENE.save(tmp_path / "two.vtu"))
    assert read["bodies"] == ["a < b & c"] * 2
    assert (read["points"], read["cells"]) == (120, 48)
    np.testing.assert_array_equal(read["types"], 12)
    np.testing.assert_array_equal(read["offsets"], 8 * np.arange(1, 49))
    np.testing.assert_array_equal(read["body"], np.repeat([0, 1], 24))
    corners = read["Points"][read["connectivity"].reshape(-1, 8)]
    # edges of a hexahedron as VTK counts its corners: 0-1 along x, 0-3 along y, 0-4 along z
    edges = [corners[:, k] - corners[:, 0] for k in (1, 3, 4)]
    for axis, edge in enumerate(edges):
        assert (edge[:, axis] > 0.0).all()
        assert (np.delete(edge, axis, axis=1) == 0.0).all()
    volume = np.prod([edge[:, axis] for axis, edge in enumerate(edges)], axis=0)
    assert volume[:24].sum() == pytest.approx(2e-9)
    assert volume[24:].sum() == pytest.approx(2e-9)
    # the corner opposite to the first one
    np.testing.assert_allclose(corners[:, 6] - corners[:, 0], sum(edges))
    first = read["Points"][:60]
    np.testing.assert_allclose(read["temperature"][:60], 300.0 + 1e3 * first @ [1.0, 2.0, -1.0])
    np.testing.assert_allclose(read["heat_flux"][:60], first * [1.0, -1.0, 3.0])
    assert np.isnan(read["temperature"][60:]).all()
    with pytest.raises(te.InputError, match=r"ending in \.vtu"):
        SCENE.save(tmp_path / "two.vtk")
    assert [p.name for p in tmp_path.iterdir()] == ["two.vtu"]


def test_cuts_keep_linear_values():
    part = SCENE.between(1, low=0.3e-3).bodies[0]
    x, y, z = np.meshgrid(*part.axes, indexing="ij")
    assert part.axes[1][0] == 0.3e-3
    assert part.volumes.sum() == pytest.approx(2e-3 * 0.7e-3 * 1e-3)
    np.testing.assert_allclose(part.values["temperature"], 300.0 + 1e3 * (x + 2.0 * y - z))
    np.testing.assert_allclose(part.values["heat_flux"], np.stack([x, -y, 3.0 * z], axis=-1))
    assert len(SCENE.between(2, high=1e-3).bodies) == 1
    assert SCENE.between(2, low=5e-3).bodies == ()


def test_plain_data():
    told = json.loads(json.dumps(SCENE.to_dict(), allow_nan=False))
    first, second = told["bodies"]
    assert [f["id"] for f in told["fields"]] == ["temperature", "heat_flux"]
    assert [f["id"] for f in SCENE.to_dict(["heat_flux"])["fields"]] == ["heat_flux"]
    with pytest.raises(te.InputError, match="one of temperature, heat_flux is expected"):
        SCENE.to_dict(["heat_flow"])
    i, j, k = 2, 1, 3
    at = (i * len(first["y"]) + j) * len(first["z"]) + k
    expected = 300.0 + 1e3 * (first["x"][i] + 2.0 * first["y"][j] - first["z"][k])
    assert first["values"]["temperature"][at] == pytest.approx(expected, rel=2e-5)  # five digits
    assert second["values"] == {}
    assert told["middle"] == pytest.approx(0.5e-3)
    # a flow has no bound at edges: what is exceeded in one per cent of the volume ends the scale
    assert told["fields"][1]["minimum"] == 0.0


def test_what_is_not_known_is_null():
    body = block((0, 0, 0), (1e-3, 1e-3, 1e-3), (2, 2, 2), values={"temperature": np.full((2, 2, 2), np.nan)})
    assert BodyScene((body,)).to_dict()["bodies"][0]["values"]["temperature"] == [None] * 8
