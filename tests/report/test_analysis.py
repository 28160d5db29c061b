"""Picture and report of an analysis."""

import re

import numpy as np
import pytest

from ioffe.base.curve import Curve
from ioffe.base.errors import InputError
from ioffe.device import Generator, Leg
from ioffe.material import Material, library
from ioffe.material.fields import Provenance
from ioffe.material.propagation import Perturbation, central_draws
from ioffe.material.uncertainty import Uncertainty
from ioffe.report.analysis.figure import MOST_SAMPLES, PANELS, caption, figure, mode_of, relation_temperature
from ioffe.report.analysis.pages import analyse, analysis_page, exact_legs, write_analysis
from tests.material.samples import smooth
from tests.report.devices import HOSTILE

ERRORS = Uncertainty(seebeck="6 %", electrical_conductivity="8 %", thermal_conductivity="11 %", hall="9 %")
HALL = Curve([300.0], [2.4e25], "hall_carrier_density")


@pytest.fixture(scope="module")
def series():
    samples = [library.load_material(n).replace(name=n) for n in ("Bi0.42Sb1.58Te3", "MgAgSb0.99In0.01")]
    return analyse(samples, uncertainty=ERRORS)


@pytest.fixture(scope="module")
def drawn(series):
    """Picture of the series."""
    return figure(series)


@pytest.fixture(scope="module")
def page(series):
    """Report of the series."""
    return analysis_page(series).render("2025-01-01")


@pytest.fixture(scope="module")
def hostile():
    """A sample whose names and sources try to break out, with Hall data."""
    source = Provenance(doi='10.1/"><script>', source="<b>bold</b>", note="</table> $1_{")
    return analyse(smooth().replace(name=HOSTILE, hall=HALL, provenance=source), uncertainty=ERRORS)


def test_the_exact_efficiencies_are_those_of_legs_of_either_type():
    materials = [library.load_material(name) for name in ("Bi0.42Sb1.58Te3", "Bi2Te2.7Se0.3")]
    T_cold, T_hot = np.array([330.0, 310.0]), np.array([500.0, 480.0])
    solved = [
        Leg(m, length="3 mm", area="2 mm2").solve(Generator(T_hot=hot, T_cold=cold, load="max_efficiency"))
        for m, cold, hot in zip(materials, T_cold, T_hot, strict=True)
    ]
    assert [m.carrier for m in materials] == ["p", "n"]
    found = exact_legs(materials, T_cold, T_hot)
    assert found["max_efficiency"] == pytest.approx([one.efficiency for one in solved], rel=1e-8)


def test_errors_of_the_efficiency_are_those_of_the_largest_one():
    own = library.load_material("Bi0.42Sb1.58Te3")
    varied = [Perturbation(own, ERRORS).perturbed(z) for z in central_draws(Perturbation(own, ERRORS))]
    T = [np.full(len(varied), T) for T in (320.0, 480.0)]
    found = exact_legs(varied, *T)["max_efficiency"]
    apart = [m.replace(name=str(k)) for k, m in enumerate(varied)]  # each at its own best current
    largest = exact_legs(apart, *T)["max_efficiency"]
    half = len(varied) // 2
    assert found[0] == largest[0]
    slopes = [rows[1 : half + 1] - rows[half + 1 :] for rows in (found, largest)]
    assert slopes[0] == pytest.approx(slopes[1], rel=1e-3)


@pytest.mark.parametrize("S", [2e-4, -2e-4])
def test_constant_properties_give_their_own_figure_of_merit_back(S):
    T = np.array([300.0, 400.0, 500.0])
    m = Material.from_arrays("x", "p" if S > 0 else "n", T, np.full(3, S), np.full(3, 8e4), np.full(3, 1.6))
    found = analyse(m)[0]
    assert found.ZT.value == pytest.approx(S**2 * 8e4 / 1.6 * 400.0, rel=1e-8)
    assert found.max_efficiency.value == pytest.approx(float(found.efficiency_kim.value), rel=1e-8)
    assert "max_efficiency" not in analyse(m, exact=False)[0].span


def test_errors_reach_the_efficiency():
    """Of a small ZT the efficiency has nearly the relative error of ZT."""
    found = analyse(smooth().replace(seebeck=smooth().seebeck.scaled(0.1)), uncertainty=ERRORS)[0]
    assert found.max_efficiency.relative == pytest.approx(0.181, abs=0.002)
    assert found.ZT.dominant == "seebeck"


def test_every_panel_is_labelled_and_has_its_lines(drawn):
    assert len(drawn.axes) == len(PANELS) + 1
    for panel, letter in zip(drawn.axes, "abcdefghi", strict=True):
        assert panel.get_title(loc="left") == letter
        assert panel.get_xlabel()
        assert "(" in panel.get_ylabel() or panel.get_ylabel() in ("$zT$", "$B$")
        assert panel.lines or panel.containers
    assert drawn.get_size_inches() * 25.4 == pytest.approx((170.0, 150.0))
    names = [text.get_text() for text in drawn.legends[0].get_texts()]
    assert names == ["Bi$_{0.42}$Sb$_{1.58}$Te$_{3}$", "MgAgSb$_{0.99}$In$_{0.01}$"]


def test_points_are_the_measured_ones_in_display_units(series, drawn):
    panel = drawn.axes[0]
    x, y = panel.lines[1].get_data()
    assert x == pytest.approx(series[0].T)
    assert y == pytest.approx(1e6 * series[0].seebeck.value)


def test_bands_are_one_standard_deviation(series, drawn):
    panel = drawn.axes[5]
    band = panel.collections[0].get_paths()[0].vertices[:, 1]
    zT = series[0].zT
    assert band.max() == pytest.approx(np.max(zT.value + zT.std))
    without = analyse(smooth(), exact=False)
    assert not figure(without).axes[5].collections
    assert "Bands" not in caption(without)


def test_the_last_panel_suits_the_data(series, hostile, drawn):
    alone = analyse(smooth(), exact=False)
    assert [mode_of(a) for a in (hostile, series, alone)] == ["pisarenko", "jonker", "best"]
    last = figure(hostile).axes[-1]
    assert last.get_xscale() == "log"
    assert "n_" in last.get_xlabel()
    labels = [text.get_text() for text in last.get_legend().get_texts()]
    assert re.search(r"= \d\.\d\d \$m_e", labels[0])
    assert "sigma" in drawn.axes[-1].get_xlabel()


def test_the_panel_of_a_series_is_at_the_temperature_most_samples_share():
    samples = [smooth().replace(name=str(k)) for k in range(3)]
    moved = {n: c.replace(T=c.T + 90.0) for n, c in samples[2].transport.items()}
    moved["electrical"] = moved.pop("electrical_conductivity")
    assert relation_temperature(analyse([*samples[:2], samples[2].replace(**moved)], exact=False)) == 400.0


def test_n_and_p_samples_share_a_picture():
    n = smooth(seebeck=-smooth().seebeck.values).replace(name="n", carrier="n")
    drawn = figure(analyse([smooth(), n], exact=False))
    low, high = drawn.axes[0].get_ylim()
    assert low < 0.0 < high
    assert drawn.axes[-1].get_ylim()[0] > 0.0


def test_many_samples_are_told_apart_and_too_many_refused():
    samples = [smooth().replace(name=f"sample {k}") for k in range(MOST_SAMPLES + 1)]
    many = analyse(samples[:-1], exact=False)
    handles = figure(many).legends[0].legend_handles
    assert len({(h.get_color(), h.get_marker()) for h in handles}) == MOST_SAMPLES
    with pytest.raises(InputError, match="at most 16"):
        figure(analyse(samples, exact=False))


def test_the_report_holds_every_number_in_si(series, page):
    values = {float(v) for v in re.findall(r'<data value="([^"]+)">', page)}
    for sample in series:
        for name in ("zT", "weighted_mobility", "lattice_thermal_conductivity"):
            assert values >= set(sample.points[name].value.tolist())
        assert float(sample.average_zT.value) in values
    assert "2025-01-01" in page


def test_the_verdict_names_the_best_sample_and_the_dominant_error(page):
    plain = re.sub(r"<[^>]+>", "", page)
    assert "of its variance comes from S" in plain
    assert "MgAgSb0.99In0.01" in plain
    assert "turns at most" in plain
    assert "doi.org/10.1038/nmat4784" in page


def test_key_figures_are_the_largest_and_say_of_which_sample(series):
    """The sentence above them and the figures name the same sample."""
    page = analysis_page(series)
    shown = {figure.words: figure.value for figure in page.figures}
    for name, text in {"average_zT": "average zT", "max_efficiency": "largest efficiency of a leg"}.items():
        best = max(series, key=lambda sample: sample.span[name].value)
        assert f"{text}, {best.name}" in shown
    best = max(series, key=lambda sample: sample.points["zT"].value[sample.best])
    value = shown[f"largest zT, {best.name}"]
    assert page.verdict[0].startswith(f"The largest zT is {value}, of {best.name},")


def test_what_is_doubtful_of_many_samples_is_told_once():
    many = analyse([smooth().replace(name=f"S{k}") for k in range(6)])
    page = analysis_page(many)
    items = [item for part in page.sections[0].contents for item in part.items]
    assert len(items) == len({one.message for sample in many for one in sample.findings})
    assert all("S0 and 5 more samples" in str(item) for item in items)


def test_hostile_names_are_text(hostile, tmp_path):
    write_analysis(hostile, tmp_path, formats=("svg",), date="2025-01-01")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "<b>bold" not in text
    assert 'src="http' not in text
    assert "Hall measurement and one parabolic band" in text


def test_equal_input_gives_equal_files(hostile, tmp_path):
    one, two = (
        write_analysis(hostile, tmp_path / name, formats=("svg",), date="2025-01-01") for name in "ab"
    )
    assert [path.name for path in one] == ["analysis.svg", "report.html"]
    for a, b in zip(one, two, strict=True):
        assert a.read_bytes() == b.read_bytes()


def test_an_unknown_format_is_refused(hostile, tmp_path):
    with pytest.raises(InputError, match="svg"):
        write_analysis(hostile, tmp_path, formats=("svgg",))
    assert not list(tmp_path.iterdir())


def test_samples_without_errors_or_a_span_are_reported():
    T = [300.0]
    one = analyse(Material.from_arrays("one", "p", T, [2e-4], [8e4], [1.5]))
    text = analysis_page(one).render()
    assert "no error is stated" in text
    assert "nan" not in re.sub(r"<[^>]+>", "", text).casefold()
    assert "constant" in text
