"""Pictures of bodies: cuts, views whose bodies hide one another rightly, and the view inside a page."""

import json
import re

import numpy as np
import pytest
from matplotlib.figure import Figure

import ioffe as te
from ioffe.base.plotting import look
from ioffe.report.bodies.contents import bodies_shown
from ioffe.report.bodies.drawing import TOWARDS, BodyView, draw_cut, draw_view, from_behind
from ioffe.report.page import Page, section
from tests.field.bodies.test_modules import module
from tests.field.bodies.test_scene import SCENE, block


@pytest.fixture(scope="module")
def solved():
    conditions = te.Generator(T_hot=390, T_cold=300, current=[0.0, 1.0])
    return module(2).solve(conditions, "3d", maxima=False)


def drawn(draw, scene, name):
    with look():
        ax = Figure().subplots()
        draw(ax, scene, name)
    return ax


def test_a_cut_shows_every_part(solved):
    scene = solved.bodies(1)
    ax = drawn(draw_cut, scene, "temperature")
    crossed = [b for b in scene.bodies if b.axes[1][0] <= scene.middle() <= b.axes[1][-1]]
    assert len(ax.collections) == len(crossed) > 4
    values = np.concatenate([np.ravel(c.get_array()) for c in ax.collections])
    assert values.min() == pytest.approx(300.0)
    assert values.max() == pytest.approx(390.0)
    assert ax.get_xlim()[1] == pytest.approx(1e3 * scene.box[1][0])
    with pytest.raises(te.InputError, match="one of temperature"):
        draw_cut(ax, scene, "mises")


def test_arrows_point_along_a_flow():
    ax = drawn(draw_cut, SCENE, "heat_flux")
    (arrows,) = [c for c in ax.collections if type(c).__name__ == "Quiver"]
    flow = np.stack([arrows.X, 3.0 * arrows.Y])
    np.testing.assert_allclose(np.stack([arrows.U, arrows.V]), flow / np.hypot(*flow))


def test_no_body_hides_one_that_is_drawn_after_it():
    """Rays towards the eye from points of a body never meet a body that was drawn before it."""
    places = [(i, j, k) for i in range(3) for j in range(2) for k in range(2)]
    bodies = [
        block((2.0 * i, 3.0 * j, 1.5 * k), (2.0 * i + 2.0, 3.0 * j + 2.0, 1.5 * k + 0.5), (2, 2, 2))
        for i, j, k in places
    ]
    order = from_behind((*bodies, block((0.0, 0.0, 4.0), (6.0, 5.0, 4.5), (2, 2, 2))))
    rng = np.random.default_rng(1)
    for n, body in enumerate(order):
        low, high = (np.array([a[end] for a in body.axes]) for end in (0, -1))
        points = low + (high - low) * rng.random((40, 3))
        for other in order[:n]:
            a, b = ((np.array([x[end] for x in other.axes]) - points) / TOWARDS for end in (0, -1))
            enters, leaves = np.minimum(a, b).max(axis=1), np.maximum(a, b).min(axis=1)
            assert not ((leaves > np.maximum(enters, 0.0) + 1e-9) & (leaves > 0.0)).any()


def test_a_page_holds_the_view_and_needs_no_network(solved):
    scene = solved.bodies(1)
    shown = bodies_shown(scene, ("temperature", "electric_potential"))
    assert isinstance(shown[0], BodyView)
    page = Page("module </script><b>", "", [section("inside", "Inside", *shown)])
    assert [one.name for one in page.files] == ["bodies", "cut-temperature", "cut-electric-potential"]
    text = page.render()
    (data,) = re.findall(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)
    assert json.loads(data) == shown[0].scene
    assert "function ioffeBodies" in text
    assert not re.search(r"(src|href)=[\"']https?:", text)
    # without a script the picture stays
    assert text.index("<img") < text.index("application/json")
    assert "ioffeBodies" not in Page("plain", "", [section("inside", "Inside", "words")]).render()


def test_results_draw_their_bodies(solved):
    with look():
        ax = Figure().subplots()
        assert solved.plot("cut-temperature", ax) is ax
        assert len(drawn(draw_view, solved.bodies(1), "temperature").collections) > 40
