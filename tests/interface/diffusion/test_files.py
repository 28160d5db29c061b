"""Files of concentration profiles and the picture of a fit."""

import numpy as np
import pytest

from ioffe.base.errors import InputError
from ioffe.interface.diffusion import couple_profile, fit_profile, plot_profile, read_profile

X = np.linspace(-2e-6, 2e-6, 41)
CU, MG = couple_profile(X, 0.428e-6, 33.3, 0.4), couple_profile(X, 0.428e-6, 66.7, 60.0)


def test_a_file_with_two_elements(tmp_path):
    path = tmp_path / "scan.csv"
    rows = [
        f"{x * 1e6:.4f};{c:.6f};{m:.6f};text".replace(".", ",") for x, c, m in zip(X, CU, MG, strict=True)
    ]
    path.write_text("# made up\ndistance (um);Cu (at%);Mg (at%);Comment\n" + "\n".join(rows))
    found = read_profile(path)
    assert (found.name, dict(found.units)) == ("scan", {"Cu": "at%", "Mg": "at%"})
    np.testing.assert_allclose(found.position, X, atol=1e-15)
    assert fit_profile(found.position, found.of("Cu")).parameter("width").value == pytest.approx(
        0.428e-6, rel=1e-5
    )
    with pytest.raises(InputError, match="Cu, Mg"):
        found.of("Ni")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "headers"),
        ("x (um),Cu\n1,2\n2,y\nz,1\n", "line 4.*\n.*line 3"),
        ("x (K),Cu\n1,2\n", "a length"),
        ("x,Cu\n1,2\n", "a length"),
        ("x (um),Cu\n", "no rows"),
        ("x (um);Cu (at%)\n0,5;1.000\n1,5;2.000\n", 'line 2 = "1.000": a point beside decimal commas'),
    ],
)
def test_bad_files(tmp_path, text, words):
    path = tmp_path / "scan.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        read_profile(path)


def test_the_picture_shows_points_fit_and_width(tmp_path):
    figure = plot_profile(fit_profile(X, CU), tmp_path / "profile.png", label="Cu (at%)")
    panel, rest = figure.axes
    assert "0.428 um" in panel.get_title(loc="left") or "428" in panel.get_title(loc="left")
    assert np.max(np.abs(rest.lines[0].get_ydata())) < 1e-5
    assert (tmp_path / "profile.png").stat().st_size > 1000
