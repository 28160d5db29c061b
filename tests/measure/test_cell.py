"""Unit cells from reflections: every system, shifts, errors, and what is refused."""

import json

import numpy as np
import pytest
from scipy.optimize import curve_fit

from ioffe.base.errors import InputError
from ioffe.cli.main import entry
from ioffe.measure import CU_K_ALPHA, cell_parameters, read_reflections, two_theta

PLANES = [(1, 0, 0), (0, 1, 0), (0, 0, 2), (1, 1, 0), (1, 0, 1), (0, 1, 2), (1, -1, 1), (2, 1, 1), (1, 2, -2)]
CELLS = {
    "cubic": ([5.43] * 3, [90.0] * 3),
    "tetragonal": ([5.83, 5.83, 3.18], [90.0] * 3),
    "hexagonal": ([4.5603, 4.5603, 7.231], [90.0, 90.0, 120.0]),
    "orthorhombic": ([6.45, 11.51, 4.15], [90.0] * 3),
    "monoclinic": ([5.41, 6.13, 7.07], [90.0, 99.3, 90.0]),
    "triclinic": ([5.11, 6.33, 7.02], [81.3, 97.9, 104.4]),
}


def angles(edges, corners, planes=PLANES):
    """2 theta in degrees from the vectors of the cell, its faces and Bragg's law."""
    alpha, beta, gamma = np.radians(corners)
    a = np.array([1.0, 0.0, 0.0])
    b = np.array([np.cos(gamma), np.sin(gamma), 0.0])
    x, y = np.cos(beta), (np.cos(alpha) - np.cos(beta) * np.cos(gamma)) / np.sin(gamma)
    c = np.array([x, y, np.sqrt(1.0 - x * x - y * y)])
    a, b, c = (v * edge * 1e-10 for v, edge in zip((a, b, c), edges, strict=True))
    volume = a @ np.cross(b, c)
    faces = np.array([np.cross(b, c), np.cross(c, a), np.cross(a, b)]) / volume
    return np.degrees(2.0 * np.arcsin(0.5 * CU_K_ALPHA * np.linalg.norm(planes @ faces, axis=1))), volume


@pytest.mark.parametrize("shift", ["none", "zero", "displacement"])
@pytest.mark.parametrize("system", CELLS)
def test_every_cell_comes_back(system, shift):
    edges, corners = CELLS[system]
    exact, volume = angles(edges, corners)
    size = {"none": 0.0, "zero": 2e-3, "displacement": 1.5e-3}[shift]
    course = -2.0 * np.cos(np.radians(exact) / 2.0) if shift == "displacement" else np.ones_like(exact)
    # the displacement counts at the angle that is measured
    measured = exact + np.degrees(size * course)
    for _ in range(20 if shift == "displacement" else 0):
        measured = exact + np.degrees(-2.0 * size * np.cos(np.radians(measured) / 2.0))
    found = cell_parameters(PLANES, measured, system, shift=shift)
    known = dict(zip(("a", "b", "c"), np.array(edges) * 1e-10, strict=True))
    known |= dict(zip(("alpha", "beta", "gamma"), np.radians(corners), strict=True)) | {"volume": volume}
    for name, number in found.parameters.items():
        assert float(number.value) == pytest.approx(known[name], rel=1e-9), name
    if shift != "none":
        assert float(found.shift.value) == pytest.approx(size, rel=1e-6)
    assert found.two_theta - found.fitted == pytest.approx(np.zeros(len(PLANES)), abs=1e-8)


def test_errors_are_those_of_a_fit_of_the_angles():
    planes = [(0, 0, 6), (0, 1, 5), (1, 0, 10), (1, 1, 0), (0, 0, 15), (2, 0, 5)]
    rng = np.random.default_rng(2)
    measured = two_theta(planes, a=4.2967e-10, c=30.4862e-10) + 0.03 + 0.004 * rng.standard_normal(6)

    def model(_, a, c, zero):
        return two_theta(planes, a=a * 1e-10, c=c * 1e-10) + zero

    for std in (None, 0.004):
        found = cell_parameters(planes, measured, "hexagonal", shift="zero", std=std)
        sigma = np.full(6, 0.004)
        best, covariance = curve_fit(
            model, np.arange(6.0), measured, [4.3, 30.0, 0.0], sigma, absolute_sigma=std is not None
        )
        errors = np.sqrt(np.diag(covariance))
        for name, value, error in zip(("a", "c"), best, errors, strict=False):
            number = found.parameters[name]
            assert float(number.value) * 1e10 == pytest.approx(value, rel=1e-6)
            assert float(number.std) * 1e10 == pytest.approx(error, rel=1e-3)
        assert np.degrees(float(found.shift.value)) == pytest.approx(best[2], abs=1e-5)
    # the volume by its own formula, with the correlation of a and c
    a, c = best[:2]
    slope = np.array([np.sqrt(3.0) * a * c, np.sqrt(0.75) * a * a])
    assert float(found.parameters["volume"].std) * 1e30 == pytest.approx(
        np.sqrt(slope @ covariance[:2, :2] @ slope), rel=1e-3
    )


def test_a_wrong_index_and_understated_errors_are_named():
    exact, _ = angles(*CELLS["hexagonal"])
    noise = 0.003 * np.random.default_rng(1).standard_normal(len(PLANES))
    wrong = exact + noise
    wrong[4] += 0.4
    found = cell_parameters(PLANES, wrong, "hexagonal", std=0.003)
    by_code = {finding.code: finding.message for finding in found.findings}
    assert {"misfit", "indices"} <= set(by_code)
    assert "(1 0 1)" in by_code["indices"]
    assert not cell_parameters(PLANES, exact + noise, "hexagonal", std=0.003).findings


def test_one_wrong_index_that_draws_the_cell_to_itself_half_angles_and_a_shift_are_named():
    """102 read as 113 among ten reflections: all residuals are degrees, and no median finds it."""
    planes = [
        (1, 0, 0),
        (0, 0, 2),
        (1, 0, 1),
        (1, 0, 2),
        (1, 1, 0),
        (1, 0, 3),
        (2, 0, 0),
        (1, 1, 2),
        (2, 0, 1),
    ]
    exact = two_theta([*planes, (0, 0, 4)], a=4.55e-10, c=7.23e-10)
    right = exact + 0.005 * np.random.default_rng(3).standard_normal(10)
    assert cell_parameters([*planes, (0, 0, 4)], right, "hexagonal").findings == ()
    read = [*planes[:3], (1, 1, 3), *planes[4:], (0, 0, 4)]
    said = {one.code: one.message for one in cell_parameters(read, right, "hexagonal").findings}
    assert "(1 1 3)" in said["indices"]
    assert "missed by" in said["missed"]
    codes = [one.code for one in cell_parameters([*planes, (0, 0, 4)], 0.5 * right, "hexagonal").findings]
    assert "missed" in codes
    (hint,) = cell_parameters([*planes, (0, 0, 4)], right + 0.08, "hexagonal").findings
    assert hint.code == "shift"
    assert "--shift" in hint.message


def test_without_freedom_there_are_no_errors():
    found = cell_parameters(["006", "110"], [17.45, 42.06], "hexagonal")
    assert np.isnan(found.parameters["a"].std)
    assert "no errors" in str(found)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((["003", "006"], [8.7, 17.45], "hexagonal"), "determine a, c"),
        ((["006"], [17.45], "hexagonal"), "at least 2"),
        ((["006", "x"], [17.45, 200.0], "cubic"), "Miller.*\n.*between 0 and 180"),
        ((["110", "200"], [40.0], "cubic"), "one for each of 2"),
        ((["100", "001", "101"], [20.0, 30.0, 90.0], "monoclinic"), "at least 4"),
        ((["110", "200"], [40.0, 50.0], "cubical"), 'did you mean "cubic"'),
    ],
)
def test_bad_input(arguments, words):
    with pytest.raises(InputError, match=words):
        cell_parameters(*arguments)


def test_the_command(tmp_path, capsys):
    planes = ["0 0 6", "0 1 5", "1 1 0", "2 0 5"]
    exact = two_theta([(0, 0, 6), (0, 1, 5), (1, 1, 0), (2, 0, 5)], a=4.38e-10, c=30.49e-10)
    rows = "\n".join(f"{plane},{angle:.4f},0.005" for plane, angle in zip(planes, exact, strict=True))
    path = tmp_path / "peaks.csv"
    path.write_text(f"hkl,2theta (deg),std (deg)\n{rows}\n", encoding="utf-8")
    assert read_reflections(path)[0][1] == (0, 1, 5)
    typed = ["measure", "cell", str(path), "--system", "hexagonal", "--wavelength", "1.5418 A", "--json"]
    assert entry([*typed, "--out", str(tmp_path / "out")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["a"]["value"] == pytest.approx(4.38e-10, rel=1e-5)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["reflections.csv", "result.json"]


def test_indices_in_columns_of_their_own(tmp_path):
    path = tmp_path / "peaks.csv"
    path.write_text("h,k,l,2theta (deg)\n0,0,6,17.44\n0,-1,5,27.70\n", encoding="utf-8")
    planes, angles, _ = read_reflections(path)
    assert planes == [(0, 0, 6), (0, -1, 5)]
    assert angles == pytest.approx([17.44, 27.70])
