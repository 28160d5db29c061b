import numpy as np

from ioffe.base.plotting import save_figure
from ioffe.migration.defect import CU2S
from ioffe.migration.steady import steady_profile
from ioffe.migration.transient import simulate
from ioffe.report.migration_figures import composition_figure, history_figure
from tests.migration.samples import cu2s_leg


def test_saw_tooth_is_broken_at_the_barriers(tmp_path):
    profile = steady_profile(cu2s_leg(barriers=[4e-3]), 5e4, points=11)
    result = simulate(cu2s_leg(barriers=[4e-3]), [(50.0, 5e4)], cells=20, estimate_error=False)
    figure = composition_figure({"steady": profile, "soon": result}, CU2S, times=[10.0, 50.0])
    steady = figure.axes[0].lines[0]
    assert np.sum(np.isnan(steady.get_xdata())) == 1
    np.testing.assert_array_equal(steady.get_ydata()[:11], profile.delta[:11])
    assert [line.get_label() for line in figure.axes[0].lines[1:3]] == ["soon, 10 s", "soon, 50 s"]
    assert save_figure(figure, tmp_path / "profile.svg").stat().st_size > 1000


def test_history_draws_what_the_result_holds(tmp_path):
    result = simulate(cu2s_leg(), [(1800.0, 14e4), (600.0, 0.0)], cells=20, estimate_error=False)
    figure = history_figure({"leg": result}, unit="min")
    current, ratio, metal = (axes.lines[0] for axes in figure.axes)
    assert current.get_ydata()[0] == 14.0
    np.testing.assert_array_equal(ratio.get_ydata(), result.resistance_ratio)
    np.testing.assert_array_equal(metal.get_ydata(), result.metal.sum(axis=1))
    assert metal.get_xdata()[-1] == 40.0
    assert save_figure(figure, tmp_path / "history.png").stat().st_size > 1000
