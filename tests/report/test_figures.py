"""The pictures: labelled axes, curves and maxima as in the result, nothing that is of no use."""

import re

import numpy as np
import pytest
from matplotlib.colors import to_hex

from ioffe.base.errors import InputError
from ioffe.base.units import convert
from ioffe.device import Cooler, Generator
from ioffe.device_file.measured import Measured
from ioffe.report.curves import COOLER_PANELS, GENERATOR_PANELS, curve, curves, family, family_axis
from ioffe.report.families import styles_of, sweeps_of
from ioffe.report.pictures import embedded, ordered_colours, save, settle
from ioffe.report.profiles import best_point, profiles
from tests.report.devices import module

LABEL = re.compile(r".+ \$.+\$ \((mV|V|mW|W|%|A|K|mA|W/cm²|mm)\)")
UNITLESS = {"COP", r"$\mathrm{COP}_\mathrm{max}$"}


def lines(ax):
    """Drawn lines without markers, as arrays."""
    return [np.array(line.get_xydata()) for line in ax.lines if line.get_linestyle() != "None"]


def maxima(ax):
    """Markers of the maxima, one array a line."""
    return [np.array(line.get_xydata()) for line in ax.lines if line.get_marker() == "o"]


def points(ax, marker="o"):
    return [
        tuple(np.array(line.get_xydata())[0])
        for line in ax.lines
        if line.get_marker() == marker and len(line.get_xydata()) == 1
    ]


def assert_labelled(ax):
    for label in (ax.get_xlabel(), ax.get_ylabel()):
        assert label in UNITLESS or LABEL.fullmatch(label.replace("mΩ", "mV")), label


def test_generator_panels_are_labelled_and_at_double_column_width(generator):
    figure = curves(generator)
    assert figure.get_figwidth() == pytest.approx(6.69, abs=0.05)
    assert len(figure.axes) == 4
    for ax in figure.axes:
        assert_labelled(ax)


def test_cooler_panels_are_labelled(cooler):
    figure = curves(cooler)
    for ax in figure.axes:
        assert_labelled(ax)
    assert [ax.get_ylabel().split(" (")[0] for ax in figure.axes][1] == "COP"


@pytest.mark.parametrize("name", GENERATOR_PANELS)
def test_every_panel_alone_shows_the_solved_points(generator, name):
    (ax,) = curve(generator, name).axes
    assert_labelled(ax)
    unit = {"A": "A"} | {u: u for u in ("mV", "V", "mW", "W", "%")}
    shown = unit[re.search(r"\((.+)\)$", ax.get_ylabel())[1]]
    values = getattr(generator, name)
    si = {"voltage": "V", "power": "W", "heat_hot": "W", "efficiency": "1"}[name]
    for k in range(3):
        drawn = lines(ax)[k]
        good = np.isfinite(drawn[:, 0])
        expected = convert(values[k], si, shown)
        found = np.interp(generator.current[k][1:-1], drawn[good, 0], drawn[good, 1])
        assert np.max(np.abs(found - expected[1:-1])) < 2e-4 * np.max(np.abs(expected))


def test_maxima_are_marked_where_the_result_has_them(generator):
    _, power, _, efficiency = curves(generator).axes
    expected = sorted(zip(generator.max_power_current, 1e3 * generator.max_power, strict=True))
    assert np.allclose(sorted(points(power)), expected, rtol=1e-12)
    expected = sorted(zip(generator.max_efficiency_current, 1e2 * generator.max_efficiency, strict=True))
    assert np.allclose(sorted(points(efficiency)), expected, rtol=1e-12)


def test_no_curve_rises_above_its_marked_maximum(generator, cooler):
    for figure, panels in ((curves(generator), (1, 3)), (curves(cooler), (0, 1, 3))):
        for k in panels:
            ax = figure.axes[k]
            top = max(np.nanmax(line[:, 1]) for line in lines(ax))
            assert top == pytest.approx(max(y for _, y in points(ax)), rel=1e-3)


def test_a_cooler_is_drawn_only_where_it_takes_up_heat(cooler):
    assert cooler.heat_cold.min() < 0
    heat, cop, voltage, _ = curves(cooler).axes
    for ax in (heat, cop):
        for line in lines(ax):
            assert np.nanmin(line[:, 1]) > -1e-9
    assert np.nanmin(lines(heat)[0][:, 0]) > 0.05
    assert np.nanmin(lines(voltage)[0][:, 0]) == 0.0


def test_hot_sides_have_colours_in_their_order(generator):
    styles = styles_of(generator)
    colours = [styles.colour({"T_hot": T}) for T in (350.0, 425.0, 500.0)]
    assert colours == ordered_colours(3)
    brightness = [sum(w * int(c[i : i + 2], 16) for w, i in ((0.3, 1), (0.6, 3), (0.1, 5))) for c in colours]
    assert brightness == sorted(brightness)
    figure = curves(generator)
    assert {to_hex(line.get_color()) for line in figure.axes[0].lines} == set(colours)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert [re.sub(r"\D", "", label.split("=")[1]) for label in labels] == ["350", "425", "500", "300"]


def test_one_operating_point_is_marked_on_a_sweep_at_its_temperatures(single):
    sweeps = sweeps_of(single)
    assert sweeps.main.axes["sweep"].size == 61
    assert sweeps.marks is single
    figure = curves(single)
    (diamond,) = points(figure.axes[1], "D")
    assert diamond == pytest.approx((single.current, single.power * 1e3), rel=1e-9)
    assert "sweep" in " ".join(sweeps.sentences)


def test_a_few_currents_are_marked_and_many_are_the_curve(generator):
    few = generator.device.solve(Generator(T_hot=400, T_cold=300, current=[0.5, 1.0]))
    assert sweeps_of(few).main is not few
    many = generator.device.solve(Generator(T_hot=400, T_cold=300, current=np.linspace(0, 2, 15)))
    assert sweeps_of(many).main is many


def test_a_cooler_without_a_cold_temperature_shows_what_it_reaches(cooler):
    result = cooler.device.solve(Cooler(T_hot=[300, 320], heat="1 W", aim="delta_T"))
    sweeps = sweeps_of(result)
    assert np.allclose(sweeps.main.T_cold, sweeps.main.T_hot)
    assert sweeps.main.heat_cold.shape == (2, 61)
    figure = curves(result, sweeps=sweeps)
    assert np.allclose(
        sorted(points(figure.axes[3])),
        sorted(zip(result.delta_T_max_current, result.delta_T_max, strict=True)),
        rtol=1e-6,
    )
    assert any("1\u00a0W" in sentence for sentence in sweeps.sentences)


def test_points_without_a_solution_leave_a_gap(runaway):
    ax = curve(runaway, "voltage").axes[0]
    (line,) = lines(ax)
    last = np.max(runaway.current[np.isfinite(runaway.voltage)])
    assert np.nanmax(line[:, 0]) == pytest.approx(last)
    assert last < 150.0


def test_no_solution_is_said_in_the_panel(cooler):
    result = cooler.device.solve(Cooler(T_hot=300, T_cold=150, current="max_COP"))
    texts = [t.get_text() for ax in curves(result).axes for t in ax.texts]
    assert "nothing above zero" in texts or "no solution" in texts


def test_published_values_stand_at_their_place(generator):
    rows = (
        Measured("voltage", 0.05, at={"T_hot": 350.0, "current": 0.5}),
        Measured("open_circuit_voltage", 0.2, at={"T_hot": 500.0}),
        Measured("max_power", 0.1, at={"T_hot": 500.0}),
    )
    figure = curves(generator, rows)
    assert points(figure.axes[0], "s") == [(0.5, 50.0), (0.0, 200.0)]
    assert not points(figure.axes[1], "s")
    panel = family(generator, rows).axes[0]
    assert points(panel, "s") == [(500.0, 100.0)]


def test_family_lines_are_the_maxima(generator, cooler, single):
    figure = family(generator)
    for ax, name, factor in zip(
        figure.axes,
        ("max_power", "max_efficiency", "open_circuit_voltage", "internal_resistance"),
        (1e3, 1e2, 1e3, 1e3),
        strict=True,
    ):
        assert_labelled(ax)
        assert not lines(ax), "three points show no curve"
        line = maxima(ax)[0]
        assert np.allclose(line[:, 0], [350, 425, 500])
        assert np.allclose(line[:, 1], factor * getattr(generator, name)[[1, 2, 0]])
    assert family_axis(cooler) == "T_hot"
    assert len(family(cooler).axes) == 4
    assert family_axis(single) == ""
    with pytest.raises(InputError, match="several temperatures"):
        family(single)


def test_two_axes_of_temperatures_make_one_line_for_each_cold_side():
    result = module().solve(Generator(T_hot=[400, 450], T_cold=[300, 320]))
    assert len(maxima(family(result).axes[0])) == 2
    styles = styles_of(result)
    assert styles.dash({"T_hot": 400.0, "T_cold": 300.0}) != styles.dash({"T_hot": 400.0, "T_cold": 320.0})


def test_profiles_are_those_of_the_best_point(generator, cooler):
    index = best_point(generator)
    assert generator.T_hot[index] == 500
    assert generator.efficiency[index] == np.nanmax(generator.efficiency)
    assert cooler.COP[best_point(cooler)] == np.nanmax(cooler.COP[cooler.heat_cold > 0])
    figure = profiles(generator)
    strip, temperature, potential, flux = figure.axes
    for ax in (temperature, potential, flux):
        assert LABEL.fullmatch(ax.get_ylabel())
    assert LABEL.fullmatch(flux.get_xlabel())
    line = generator.profile(index).of("p")
    drawn = lines(temperature)[0]
    assert np.allclose(drawn, np.column_stack([1e3 * line.position, line.T]))
    named = " ".join([text.get_text() for text in strip.texts] + [strip.get_title(loc="left")])
    for name in ("Cu", "Al$_{2}$O$_{3}$", "Bi$_{0.5}$Sb$_{1.5}$Te$_{3}$", "AlN"):
        assert name in named


def test_a_result_without_a_solution_has_no_best_point(cooler):
    result = cooler.device.solve(Cooler(T_hot=300, T_cold=150, current="max_COP"))
    assert best_point(result) is None


def test_another_panel_is_refused_with_the_nearest_name(generator, cooler):
    with pytest.raises(InputError, match='did you mean "power"'):
        curve(generator, "powr")
    with pytest.raises(InputError):
        curve(generator, COOLER_PANELS[0])
    assert len(curve(cooler, COOLER_PANELS[0]).axes) == 1


def test_equal_input_gives_equal_files(single, tmp_path):
    made = []
    for k in range(2):
        figure = settle(curve(single, "power"))
        files = save(figure, tmp_path / str(k), "a", ("svg", "png"))
        made.append([f.read_bytes() for f in files] + [embedded(figure)])
    assert made[0] == made[1]


def test_maxima_that_do_not_depend_on_the_axis_are_left_out(cooler):
    result = cooler.device.solve(Cooler(T_hot=300, T_cold=[280, 290], current="max_heat"))
    assert np.ptp(result.delta_T_max) < 1e-3
    labels = [ax.get_ylabel() for ax in family(result).axes if ax.get_visible()]
    assert len(labels) == 2
    assert labels[0].startswith("Largest heat")


def test_four_maxima_are_joined_by_a_monotone_line():
    result = module().solve(Generator(T_hot=[350, 400, 450, 500], T_cold=300))
    ax = family(result).axes[0]
    (line,), (marks,) = lines(ax), maxima(ax)
    assert np.interp(marks[:, 0], *line.T) == pytest.approx(marks[:, 1], rel=1e-4)
    assert np.all(np.diff(line[:, 1]) > 0)
