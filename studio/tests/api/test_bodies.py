"""Surfaces of bodies: closed, seen from outside, with the values of their grid."""

from __future__ import annotations

import numpy as np

from ioffe_studio.bodies import surfaces


def block():
    x, y, z = [0.0, 1.0, 3.0], [0.0, 2.0], [0.0, 1.0, 2.0, 4.0]
    grid = np.stack(np.meshgrid(x, y, z, indexing="ij"), axis=-1)
    values = {"temperature": (grid @ [100.0, 10.0, 1.0]).ravel().tolist()}
    return {"label": "leg", "role": "p", "group": "module.p", "x": x, "y": y, "z": z, "values": values}


def test_a_surface_is_closed_and_encloses_the_volume_of_its_body():
    (body,) = surfaces({"fields": [], "bodies": [block()]})["bodies"]
    places = np.reshape(body["positions"], (-1, 3))
    corners = places[np.reshape(body["triangles"], (-1, 3))]
    volume = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6.0
    assert volume == 3.0 * 2.0 * 4.0  # positive: every triangle is seen from outside
    edges = {}
    for a, b, c in np.reshape(body["triangles"], (-1, 3)).tolist():
        for edge in ((a, b), (b, c), (c, a)):
            edges[edge] = edges.get(edge, 0) + 1
    assert all(count == 1 and edges.get((b, a)) == 1 for (a, b), count in edges.items())


def test_a_corner_has_the_value_of_its_place():
    (body,) = surfaces({"fields": [], "bodies": [block()]})["bodies"]
    places = np.reshape(body["positions"], (-1, 3))
    np.testing.assert_allclose(body["values"]["temperature"], places @ [100.0, 10.0, 1.0])
