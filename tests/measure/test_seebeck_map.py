"""Maps of the Seebeck coefficient."""

import numpy as np
import pytest

from ioffe.base.errors import InputError
from ioffe.measure.seebeck_map import SeebeckMap, read_seebeck_map
from tests.measure.test_laser_flash import write


def pellet(rows=10, columns=12, spread=0.054):
    """120 regions whose scatter is exact: mean -210 uV/K, uniformity 94.6 %."""
    x, y = np.meshgrid(np.arange(columns) * 1e-3, np.arange(rows) * 1e-3)
    values = np.random.default_rng(2).normal(size=x.size)
    values = (values - values.mean()) / values.std(ddof=1)
    return SeebeckMap(x.ravel(), y.ravel(), -210e-6 * (1 + spread * values))


def test_statistics_of_a_pellet():
    stats = pellet().statistics()
    assert stats.points == 120
    assert stats.mean == pytest.approx(-210e-6)
    assert stats.std == pytest.approx(0.054 * 210e-6)
    assert stats.uniformity == pytest.approx(0.946)
    assert stats.standard_error == pytest.approx(stats.std / np.sqrt(120))
    assert stats.lowest < stats.median < stats.highest


def test_picture_with_a_gap():
    found = SeebeckMap([0.0, 2e-3, 1e-3], [1e-3, 0.0, 1e-3], [1e-4, 2e-4, 3e-4])
    x, y, values = found.picture()
    assert x == pytest.approx([0.0, 1e-3, 2e-3])
    assert y == pytest.approx([0.0, 1e-3])
    assert values[1].tolist()[:2] == [1e-4, 3e-4]
    assert values[0, 2] == 2e-4
    assert np.isnan(values).sum() == 3


def test_plot(tmp_path):
    figure = pellet().plot(tmp_path / "map.png")
    assert (tmp_path / "map.png").stat().st_size > 1000
    assert len(figure.axes) == 2


def test_reading_a_map(tmp_path):
    text = "# scan\nx (mm),y (mm),T (K),S (uV/K)\n0,0,300,-205\n1,0,300,-215\n0,1,300,-210\n"
    found = read_seebeck_map(write(tmp_path, text))
    assert found.x == pytest.approx([0.0, 1e-3, 0.0])
    assert found.seebeck == pytest.approx([-205e-6, -215e-6, -210e-6])


def test_faulty_maps(tmp_path):
    with pytest.raises(InputError) as caught:
        read_seebeck_map(write(tmp_path, "x (mm),y (K),S (mV)\n0,0,1\n1,1,1\n"))
    assert [fault.value for fault in caught.value.faults] == ["y (K)", "S (mV)"]
    with pytest.raises(InputError) as caught:
        read_seebeck_map(write(tmp_path, "x (mm),y (mm),S (uV/K)\n0,a,1\n1,1,b\n"))
    assert [fault.location for fault in caught.value.faults] == ["line 2", "line 3"]
    with pytest.raises(InputError, match="each position may occur only once"):
        read_seebeck_map(write(tmp_path, "x (mm),y (mm),S (uV/K)\n0,0,1\n0,0,2\n"))
    with pytest.raises(InputError, match="no line with the headers"):
        read_seebeck_map(write(tmp_path, "a,b,c\n1,2,3\n"))
    with pytest.raises(InputError) as caught:
        SeebeckMap([0.0], [0.0, np.nan], [1.0, 2.0])
    assert len(caught.value.faults) == 2


def test_coefficients_that_no_sample_has_are_doubted():
    assert not SeebeckMap([0.0, 1e-3], [0.0, 0.0], [-2e-4, -2.1e-4]).findings
    assert len(SeebeckMap([0.0, 1e-3], [0.0, 0.0], [-2e-4, -1e3]).findings) == 1
