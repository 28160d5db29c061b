"""Picture of a Seebeck map."""

import numpy as np
import pytest

from ioffe.base.errors import InputError
from ioffe.measure.seebeck_map import SeebeckMap
from ioffe.report.measure import seebeck_map_figure, write_seebeck_map


def pellet():
    x, y = np.meshgrid(np.arange(9) * 1e-3, np.arange(9) * 1e-3)
    round_one = np.hypot(x - 4e-3, y - 4e-3) < 4.2e-3
    values = -210e-6 + 1e-6 * np.random.default_rng(1).normal(size=x.shape)
    return SeebeckMap(x[round_one], y[round_one], values[round_one])


def test_map_bar_and_distribution():
    found = pellet()
    drawn = seebeck_map_figure(found)
    assert len(drawn.axes) == 3
    heights = [patch.get_height() for patch in drawn.axes[1].patches if patch.get_y() == 0]
    assert sum(h for h in heights if h >= 1) >= found.seebeck.size
    words = drawn.axes[1].get_title(loc="right")
    assert "−210" in words
    assert f"{found.seebeck.size} points" in words


def test_files(tmp_path):
    assert [p.name for p in write_seebeck_map(pellet(), tmp_path)] == ["seebeck-map.svg"]
    first = (tmp_path / "seebeck-map.svg").read_bytes()
    write_seebeck_map(pellet(), tmp_path)
    assert (tmp_path / "seebeck-map.svg").read_bytes() == first
    with pytest.raises(InputError):
        write_seebeck_map(pellet(), tmp_path, formats=("bmp",))
