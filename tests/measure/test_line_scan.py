"""Line scans: known contacts come back within the stated errors, and the errors are honest."""

import copy
import json
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioffe.base.errors import InputError
from ioffe.base.saved_result import load_result
from ioffe.measure.line_scans import LineScan, Scan, line_scan, read_scans
from ioffe.measure.line_scans.evaluate import MOST_SCANS
from ioffe.measure.line_scans.plot import MOST_VECTORS
from tests.measure.line_scans import AREA, EXAMPLE, example_text, resistance, scan

EDGES = (1e-3, 6e-3)


def inside(estimate, true):
    return float(estimate.low) <= true <= float(estimate.high)


def covered(count, seed, *, scans=1, **options):
    """Share of the 68 % intervals of both contacts that hold the truth, the interfaces anywhere in a gap."""
    rng = np.random.default_rng(seed)
    step = options.get("step", 50e-6)
    hits = []
    for k in range(count):
        contacts = options.get("contacts") or [10.0 ** (-10.3 + 3.3 * (k + 0.5) / count)] * 2  # 0.5 to 1000
        edges = tuple(np.array(EDGES) + rng.uniform(-0.5, 0.5, 2) * step)
        given = {**options, "contacts": contacts, "edges": edges}
        found = line_scan([scan(rng, **given) for _ in range(scans)], AREA, interfaces=2)
        hits += [inside(i.resistivity, c) for i, c in zip(found.interfaces, contacts, strict=True)]
    return float(np.mean(hits))


@pytest.mark.parametrize(
    ("count", "options"),
    [
        (150, {"noise": 1e-6}),
        (60, {"noise": 2e-5, "outliers": 0.05, "tilt": 0.2}),
        (30, {"noise": 2e-5, "width": 200e-6, "step": 70e-6, "contacts": (100e-10, 300e-10)}),
        (40, {"noise": 1e-5, "step": 100e-6, "scans": 4, "scatter": 0.1, "contacts": (300e-10, 300e-10)}),
    ],
    ids=["sharp", "outliers and tilt", "smeared", "scans that scatter"],
)
def test_intervals_are_honest(count, options):
    assert 0.60 <= covered(count, 11, **options) <= 0.76


def test_example_gives_the_published_values():
    """432 S/cm, 2.7 and 2.8, mean 2.76 uohm cm2, from a scan made with them."""
    assert EXAMPLE.read_text(encoding="utf-8") == example_text()
    found = line_scan(read_scans(EXAMPLE), "3 mm x 3 mm")
    left, right = (float(i.resistivity.value) * 1e10 for i in found.interfaces)
    assert (f"{left:.1f}", f"{right:.1f}", f"{float(found.mean.value) * 1e10:.2f}") == ("2.7", "2.8", "2.76")
    assert float(found.conductivity.value) / 100 == pytest.approx(432.0, abs=0.05)
    assert [len(found.scans), len(found.interfaces)] == [3, 2]
    assert inside(found.mean, 2.76e-10)
    # the position is anywhere in a gap of 2 um between points: 68.3 % of it, times the slopes
    expected = (1 / 43200 - 4e-7) * 2e-6 * 0.6827 / 2
    assert float(found.interfaces[0].resistivity.std) == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize("contact", [0.5e-10, 2.7e-10, 30e-10, 1000e-10])
def test_given_positions_take_the_largest_error_away(contact):
    rng = np.random.default_rng(5)
    scans = [scan(rng, contacts=(contact, contact), noise=1e-7) for _ in range(3)]
    found = line_scan(scans, AREA, interfaces=["1 mm", "6 mm"], interface_uncertainty="0.05 um")
    for one in found.interfaces:
        assert float(one.resistivity.value) == pytest.approx(contact, abs=3 * float(one.resistivity.std))
        assert float(one.resistivity.std) < 0.05e-10


def test_gaps_of_scans_that_differ_narrow_the_position():
    rng = np.random.default_rng(3)
    alike = line_scan([scan(rng) for _ in range(5)], AREA)
    apart = line_scan([scan(rng, start=k * 10e-6) for k in range(5)], AREA)
    assert alike.interfaces[0].position_std == pytest.approx(50e-6 / 12**0.5, rel=0.1)
    assert apart.interfaces[0].position_std == pytest.approx(10e-6 / 12**0.5, rel=0.15)


def test_a_tilt_changes_the_slope_and_not_the_jump():
    flat = line_scan(scan(np.random.default_rng(7)), AREA)
    tilted = line_scan(scan(np.random.default_rng(7), tilt=-0.3), AREA)
    for a, b in zip(flat.interfaces, tilted.interfaces, strict=True):
        assert float(a.resistivity.value) == pytest.approx(float(b.resistivity.value), rel=1e-6)
    assert float(tilted.conductivity.value) > 1.1 * float(flat.conductivity.value)
    assert "tilt" in {f.code for f in tilted.findings}
    corrected = line_scan(
        scan(np.random.default_rng(7), tilt=-0.3), AREA, metal_resistivity="50 uohm cm", metal_slopes="same"
    )
    value = corrected.conductivity
    assert float(value.value) == pytest.approx(43200.0, abs=3 * float(value.std))


def test_outliers_do_not_count():
    rng = np.random.default_rng(2)
    clean = scan(rng, noise=2e-6, contacts=(50e-10, 80e-10))
    R = clean.resistance.copy()
    R[[5, 17, 40, 77, 130]] += [3e-3, -5e-3, 8e-3, 1e-3, -2e-3]
    found = line_scan(Scan(clean.position, R), AREA)
    assert sorted(np.flatnonzero(found.scans[0].outliers)) == [5, 17, 40, 77, 130]
    same = line_scan(clean, AREA)
    for a, b in zip(found.interfaces, same.interfaces, strict=True):
        assert float(a.resistivity.value) == pytest.approx(float(b.resistivity.value), abs=0.3e-10)
    assert "outliers" in {f.code for f in found.findings}


@pytest.mark.parametrize("noise", [1e-7, 2e-6, 2e-5])
def test_a_wide_probe_is_fitted(noise):
    rng = np.random.default_rng(4)
    found = line_scan(scan(rng, noise=noise, width=200e-6, step=20e-6, contacts=(100e-10, 300e-10)), AREA)
    for one, true, at in zip(found.interfaces, (100e-10, 300e-10), EDGES, strict=True):
        assert one.width == pytest.approx(200e-6, rel=0.1)
        assert one.position == pytest.approx(at, abs=4 * one.position_std + 1e-8)
        assert float(one.resistivity.value) == pytest.approx(true, abs=4 * float(one.resistivity.std))
    assert "smeared" in {f.code for f in found.findings}


def test_one_interface_on_either_side():
    x = np.arange(0.0, 4e-3, 40e-6)
    R = resistance(x, contacts=(20e-10,), sigma=5e4, edges=(1.02e-3,)) + 1e-7 * np.cos(1e7 * x)
    left = line_scan(Scan(x, R), AREA)
    right = line_scan(Scan(4e-3 - x, R), AREA)
    assert (left.parts, right.parts) == (("metal", "leg"), ("leg", "metal"))
    a, b = (float(f.interfaces[0].resistivity.value) for f in (left, right))
    assert a == pytest.approx(b, rel=1e-6)
    assert a == pytest.approx(20e-10, abs=2e-10)


@settings(max_examples=15)
@given(
    sign=st.sampled_from([-1.0, 1.0]),
    mirrored=st.booleans(),
    offset=st.floats(-1.0, 1.0),
    shift=st.floats(-0.1, 0.1),
)
def test_sign_zero_direction_and_origin_do_not_matter(sign, mirrored, offset, shift):
    one = scan(np.random.default_rng(9), contacts=(40e-10, 90e-10))
    x = shift + (7e-3 - one.position if mirrored else one.position)
    found = line_scan(Scan(x, sign * one.resistance + offset), AREA, interfaces=2)
    reference = line_scan(one, AREA, interfaces=2)
    values = [float(i.resistivity.value) for i in found.interfaces]
    expected = [float(i.resistivity.value) for i in reference.interfaces]
    assert values == pytest.approx(expected[::-1] if mirrored else expected, rel=1e-4, abs=1e-13)
    assert float(found.conductivity.value) == pytest.approx(float(reference.conductivity.value), rel=1e-6)


def test_drift_with_a_time_column_and_without():
    """Forward and backward: a drift linear in time is fitted with times, and cancels in the mean without."""
    rng = np.random.default_rng(6)
    one = scan(rng, noise=1e-7, contacts=(50e-10, 50e-10))
    x = np.concatenate([one.position, one.position[::-1]])
    time = np.arange(x.size) * 2.0
    R = resistance(x, contacts=(50e-10, 50e-10), sigma=43200.0, edges=EDGES) + 1e-7 * rng.normal(size=x.size)
    drifting = R + 3e-6 * time
    timed = line_scan(Scan(x, drifting, time), AREA)
    assert timed.scans[0].drift == pytest.approx(3e-6, rel=1e-3)
    assert float(timed.conductivity.value) == pytest.approx(43200.0, rel=1e-3)
    untimed = line_scan(Scan(x, drifting), AREA)
    assert [s.scan.name for s in untimed.scans] == ["scan 1, pass 1", "scan 1, pass 2"]
    slopes = [s.lines[1][1] for s in untimed.scans]
    assert np.mean(slopes) == pytest.approx(1 / 43200.0 / AREA, rel=1e-3)
    assert abs(slopes[0] - slopes[1]) > 0.05 * np.mean(slopes)


def test_interfaces_at_different_positions():
    rng = np.random.default_rng(8)
    moved = [scan(rng, edges=(1e-3 + d, 6e-3 + d), contacts=(50e-10, 50e-10)) for d in (0.0, 0.4e-3, -0.3e-3)]
    found = line_scan(moved, AREA)
    assert "shifted" in {f.code for f in found.findings}
    assert float(found.mean.value) == pytest.approx(50e-10, abs=3 * float(found.mean.std))
    positions = [s.positions[0] for s in found.scans]
    assert positions == pytest.approx([1e-3, 1.4e-3, 0.7e-3], abs=50e-6)


def test_errors_of_the_cross_section_and_the_scale():
    one = scan(np.random.default_rng(1), contacts=(1000e-10, 1000e-10))
    exact, wide = (
        line_scan(one, AREA),
        line_scan(one, AREA, area_uncertainty="5 %", position_uncertainty="1 %"),
    )
    value = wide.interfaces[0].resistivity
    assert float(value.std) / float(value.value) == pytest.approx(0.05, rel=0.02)
    assert float(value.shares["area"]) > 0.95
    relative = float(wide.conductivity.std) / float(wide.conductivity.value)
    assert relative == pytest.approx(np.hypot(0.05, 0.01), rel=0.02)
    assert float(exact.conductivity.value) == pytest.approx(float(wide.conductivity.value))


def test_findings():
    rng = np.random.default_rng(12)
    weak = line_scan(
        scan(rng, contacts=(0.5e-10, 0.5e-10)), AREA, contact_width="0.5 mm", probe_width="0.4 mm"
    )
    codes = {f.code for f in weak.findings}
    assert {"spreading", "wide-probe", "no-error"} <= codes
    scattering = line_scan([scan(rng, contacts=(900e-10, 900e-10), scatter=0.3) for _ in range(4)], AREA)
    assert "scatter" in {f.code for f in scattering.findings}
    x = np.arange(0.0, 7e-3, 50e-6)
    bent = resistance(x, contacts=(50e-10, 50e-10), sigma=43200.0, edges=EDGES) + 1e-4 * np.sin(3e3 * x)
    assert "curved" in {f.code for f in line_scan(Scan(x, bent), AREA, interfaces=2).findings}


def test_words_numbers_rows_and_picture(tmp_path):
    found = line_scan(read_scans(EXAMPLE), "3 mm x 3 mm")
    assert isinstance(found, LineScan)
    assert "metal | leg at 1.50000 ± 0.00058 mm: rho_c = 2.72 ± 0.16 uohm cm2" in repr(found)
    kept = json.loads(found.save(tmp_path / "found.json").read_text())
    assert kept["interfaces"][1]["electrical_contact_resistivity"]["value"] == pytest.approx(
        2.8e-10, rel=1e-2
    )
    heads, rows = found.rows()
    assert len(rows) == sum(s.scan.position.size for s in found.scans)
    assert len(heads) == len(rows[0])
    saved = load_result(tmp_path / "found.json")
    assert saved.contacts.electrical_contact_resistivity[1] == pytest.approx(2.8e-10, rel=1e-2)
    assert saved.status is found.status
    again = pickle.loads(pickle.dumps(found))
    assert again.to_dict() == copy.deepcopy(found).to_dict() == found.to_dict()
    assert found.to_frame().index.names == ["scan", "position"]
    assert found.plot("resistance").lines
    figure = found.figure(tmp_path / "scan.svg")
    assert len(figure.axes) == 4
    assert len(line_scan(read_scans(EXAMPLE)[0], "3 mm x 3 mm", interfaces=1).figure().axes) == 3


def refused(*arguments, **options):
    with pytest.raises(InputError) as caught:
        line_scan(*arguments, **options)
    return [fault.location for fault in caught.value.faults], str(caught.value)


def test_all_wrong_arguments_are_said_at_once():
    one = scan(np.random.default_rng(1))
    places, _ = refused(
        one,
        "0 mm2",
        interfaces=3,
        metal_slopes="flat",
        probe_width="-1 um",
        area_uncertainty="3 mm",
        metal_resistivity="2 K",
    )
    assert set(places) == {
        "area",
        "interfaces",
        "metal_slopes",
        "probe_width",
        "area_uncertainty",
        "metal_resistivity",
    }
    assert refused([], AREA)[0] == ["scans"]
    assert refused(one, AREA, interfaces=["1 mm", "6 mm"])[0] == ["interface_uncertainty"]
    assert refused(one, AREA, metal_resistivity="10 mohm cm")[0] == ["metal_resistivity"]
    assert refused(one, AREA, interfaces=["9 mm"], interface_uncertainty="1 um")[0] == ["interfaces"]


def test_scans_without_a_plateau():
    x = np.linspace(0.0, 5e-3, 60)
    noise = 1e-6 * np.random.default_rng(0).normal(size=60)
    assert "without a plateau" in refused(Scan(x, 2.5 * x + noise), AREA)[1]
    steep = np.where(x < 2.5e-3, 2.0 * x, 2.5 * x + 1e-3) + noise
    assert "no plateau" in refused(Scan(x, steep), AREA)[1]
    assert "one straight line" in refused(Scan(x, 0 * x), AREA)[1]
    few = Scan(x[:7], np.where(x[:7] < x[3], 0.0, x[:7]))
    assert "3 parts" in refused(few, AREA, interfaces=2)[1]


@pytest.mark.parametrize(
    ("arguments", "place", "words"),
    [
        (([1e-3], [1e-3]), "position", "at least 6"),
        ((np.arange(8.0), np.arange(7.0)), "resistance", "as many numbers"),
        ((np.arange(8.0), [np.nan] * 8), "resistance", "finite"),
        ((np.arange(8.0), np.arange(8.0), [0, 1, 2, 3, 2, 5, 6, 7]), "time[4]", "backwards"),
    ],
    ids=["one point", "lengths", "not a number", "time backwards"],
)
def test_scans_that_are_none(arguments, place, words):
    with pytest.raises(InputError, match=words) as caught:
        Scan(*arguments)
    assert caught.value.faults[0].location == place


def test_many_points_are_drawn_as_an_image(tmp_path):
    x = np.linspace(0.0, 6e-3, MOST_VECTORS + 1)
    R = np.where(x < 3e-3, 0.0, 1e-3 + 0.5 * (x - 3e-3)) + 1e-6 * np.sin(1e6 * x)
    for size, images in ((x.size, 2), (50, 0)):
        step = -(-x.size // size)
        found = line_scan(Scan(x[::step], R[::step]), "9 mm2")
        picture = tmp_path / f"{size}.svg"
        found.figure(picture)
        assert picture.read_text(encoding="utf-8").count("<image") == images


def test_so_many_scans_are_no_measurement():
    with pytest.raises(InputError, match="at most 100 scans are evaluated together"):
        line_scan([scan(np.random.default_rng(k)) for k in range(MOST_SCANS + 1)], AREA)
