"""Bodies of solved modules: both fidelities against each other, outer faces against heats, potentials."""

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

import ioffe as te

P, N = "generic p cooler leg", "generic n cooler leg"
FILM = 4e3


def leg(material, **more):
    contact = te.Contact("5 uohm cm2")
    return te.Leg(material, "1.6 mm", "1.4 mm x 1.4 mm", **{"contact": contact, **more})


def module(couples=1, **more):
    stack = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]
    given = {"hot": stack, "cold": stack, "layout": te.Layout(gap="1 mm"), **more}
    return te.Module(leg(P), leg(N), couples, **given)


def by_label(scene):
    found = {}
    for body in scene.bodies:
        found.setdefault(body.label, []).append(body)
    return found


@pytest.mark.parametrize(
    "conditions",
    [te.Generator(T_hot=390, T_cold=300, current=1.0), te.Cooler(T_hot=300, T_cold=290, current=1.5)],
)
def test_cosines_and_elements_agree(conditions):
    """In every part temperatures to 0.3 % of the difference and potentials to 0.5 % of the voltage.

    In root mean square: at the edges of electrodes temperatures step from one cell of the plates to the next.
    """
    results = [module().solve(conditions, f, maxima=False) for f in ("3d", "full")]
    limits = {"temperature": 3e-3 * abs(results[0].T_hot - results[0].T_cold)}
    limits["electric_potential"] = 5e-3 * results[0].voltage
    scenes = [r.bodies() for r in results]
    assert len(scenes[0].bodies) == len(scenes[1].bodies) == 7
    for one, other in zip(*(s.bodies for s in scenes), strict=True):
        assert (one.label, one.role, one.group) == (other.label, other.role, other.group)
        points = np.stack(np.meshgrid(*one.axes, indexing="ij"), axis=-1)
        for name, limit in limits.items():
            assert (name in one.values) == (name in other.values)
            if name in one.values:
                values = RegularGridInterpolator(
                    other.axes, other.values[name], bounds_error=False, fill_value=None
                )
                assert np.sqrt(((one.values[name] - values(points)) ** 2).mean()) < limit
    # the whole current passes the middle of each leg, the other way in the other one
    upwards = {b.role: mean_of(b, b.values["current_density"][:, :, 4, 2]) for b in scenes[1].bodies[3:5]}
    along = {b.role: b.values["current_density"][0, 0, 4, 2] for b in scenes[0].bodies[3:5]}
    density = results[0].current / 1.96e-6
    assert abs(along["p"]) == pytest.approx(density)
    for role, value in along.items():
        assert upwards[role] == pytest.approx(value, rel=1e-2)
    assert along["n"] == pytest.approx(-along["p"])


def mean_of(body, values):
    """Mean over the cross-section of a body, by trapezia."""
    return (values * shares_of(body)).sum()


def shares_of(body):
    """Share of the cross-section for which each grid line stands."""
    widths = [np.gradient(a) / (a[-1] - a[0]) for a in body.axes[:2]]
    for width in widths:
        width[[0, -1]] *= 0.5
    return np.outer(*widths)


def test_potentials_end_at_the_terminals():
    for terminals in ("cold", "hot"):
        device = module(2, layout=te.Layout(gap="1 mm", rows=1, terminals=terminals))
        result = device.solve(te.Generator(T_hot=390, T_cold=300, current=1.0), "3d", maxima=False)
        electrodes = [b for b in result.bodies().bodies if b.label == f"{terminals} electrode, Cu"]
        levels = [float(b.values["electric_potential"].flat[0]) for b in electrodes]
        # the mean of a terminal is half of its own resistance away from the end
        assert max(levels) - min(levels) == pytest.approx(result.voltage, rel=2e-3)


@pytest.mark.parametrize(
    "face", [{}, {"hot_film": [[3.0, 1.0], [1.0, 1.0]]}, {"hot_flux": [[1.0, 2.0]]}, {"filler": True}]
)
def test_outer_faces_pass_the_heat(face):
    """h (T behind - T of the face) over the face is the heat; under a flux that is given, its mean is."""
    filler = te.GapFiller(thermal_conductivity=0.3, emissivity=0.8) if face.pop("filler", None) else None
    device = module(2, layout=te.Layout(gap="1 mm", rows=1, **face), **({"filler": filler} if filler else {}))
    conditions = te.Generator(T_hot=390, T_cold=300, current=1.0, hot_heat_transfer_coefficient=FILM)
    result = device.solve(conditions, "3d", maxima=False)
    (plate,) = by_label(result.bodies())["hot plate, Al2O3"]
    T = plate.values["temperature"][:, :, -1]
    x, y = (np.clip((a - a[0]) / (a[-1] - a[0]), 0.0, 1.0 - 1e-9) for a in plate.axes[:2])
    area = shares_of(plate) * np.prod([a[-1] - a[0] for a in plate.axes[:2]])
    weight = np.ones_like(T)
    if "hot_film" in face or "hot_flux" in face:
        rows = np.array(face.get("hot_film") or face["hot_flux"])
        weight = rows[(y * len(rows)).astype(int)[None, :], (x * rows.shape[1]).astype(int)[:, None]]
        weight = weight / (area * weight).sum() * area.sum()
    lost = FILM * ((390.0 - T) * weight * area).sum()
    if "hot_flux" in face:
        # heat that is spread as a map has the film behind the area of its mean square
        lost *= (area * weight).sum() ** 2 / (area * weight**2).sum() / area.sum()
    assert lost == pytest.approx(result.heat_hot, rel=2e-2)


def test_legs_with_segments_and_solder():
    segmented = te.Leg(segments=[te.Segment(P, "0.6 mm"), te.Segment(P, "1 mm")], area="1.4 mm x 1.4 mm")
    stack = [
        te.Layer("Sn", "0.05 mm", coverage="legs"),
        te.Layer("Cu", "0.3 mm"),
        te.Layer("Al2O3", "0.6 mm"),
    ]
    device = te.Module(segmented, leg(N), 1, hot=stack, cold=stack, layout=te.Layout(gap="1 mm"))
    result = device.solve(te.Generator(T_hot=390, T_cold=300, current=1.0), "3d", maxima=False)
    scene = result.bodies()
    legs = [b for b in scene.bodies if b.role == "p"]
    assert [b.group for b in legs] == ["module.p.segments[1]", "module.p.segments[0]"]
    assert legs[0].values["temperature"][0, 0, -1] == pytest.approx(legs[1].values["temperature"][0, 0, 0])
    solder = [b for b in scene.bodies if b.role == "solder"]
    assert [b.group for b in solder] == ["module.cold[0]"] * 2 + ["module.hot[0]"] * 2
    hot = [b.values["temperature"][0, 0] for b in solder[2:]]
    assert all(T[1] > T[0] > 380.0 for T in hot)


def test_bodies_of_one_dimension_are_refused():
    result = module().solve(te.Generator(T_hot=390, T_cold=300, current=1.0), maxima=False)
    with pytest.raises(te.InputError, match='fidelity = "1d": three dimensions are expected'):
        result.bodies()
