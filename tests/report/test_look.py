"""Pictures keep their look: coarse luminance of a few pictures, as it was when they were looked at.

`python -m tests.report.test_look` prints the grids after a change that is meant; look at the pictures first.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.text import Text

from ioffe.base.plotting import look
from ioffe.measure import line_scan, read_scans
from ioffe.measure.line_scans.plot import plot
from ioffe.report.curves import curves
from ioffe.report.migration_figures import map_figure
from ioffe.report.pictures import settle
from ioffe.report.profiles import best_point, profiles

CELLS = 16
"""Cells along each side of the grid over a picture."""
DARKEST = "0123456789abcdefghijklmnopqrstuvwxyz"
"""One letter a cell: how much ink is in it, from none to a third of it."""
SPAN = 1.0 / 3.0
NEAR = 0.006
"""Mean difference of ink within which pictures look alike; the letters alone make 0.002."""
FAR = 0.03
"""Difference of one cell from which on something is missing there, or new.

Type 1 % larger moves a cell by 0.014, a legend that is missing by 0.06.
"""


def ink(figure):
    """Share of each cell that is not white, (CELLS, CELLS); lighter colours count less."""
    with look():
        settle(figure).canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba(), float)[..., :3] @ (0.299, 0.587, 0.114) / 255.0
    rows, columns = (np.linspace(0, n, CELLS + 1).astype(int) for n in pixels.shape)
    sums = np.add.reduceat(np.add.reduceat(1.0 - pixels, rows[:-1], axis=0), columns[:-1], axis=1)
    return sums / np.outer(np.diff(rows), np.diff(columns))


def written(grid):
    """The grid as lines of letters."""
    top = len(DARKEST) - 1
    levels = np.clip(np.rint(grid / SPAN * top), 0, top).astype(int)
    return ["".join(DARKEST[k] for k in row) for row in levels]


def read(lines):
    """The grid from lines of letters."""
    return np.array([[DARKEST.index(c) for c in line] for line in lines]) * SPAN / (len(DARKEST) - 1)


def difference(figure, lines):
    """Mean and largest difference of ink from a written grid."""
    miss = np.abs(np.clip(ink(figure), 0.0, SPAN) - read(lines))
    return miss.mean(), miss.max()


@pytest.fixture(scope="module")
def pictures(generator):
    """Figures by their names."""
    return made(generator)


def made(generator):
    """Figures by their names."""
    import ioffe as te

    leg = te.Leg("Cu1.97S", length="6 mm", area="3 mm x 3 mm")
    region = te.safe_region(leg, te.Generator(T_hot=[523, 673], T_cold=300), points=13)
    scans = read_scans("examples/line-scan.csv")
    return {
        "curves": curves(generator),
        "profiles": profiles(generator, best_point(generator)),
        "safe map": map_figure(region),
        "line scan": plot(line_scan(scans, "3 mm x 3 mm", area_uncertainty="2 %")),
    }


GRIDS: dict[str, list[str]] = {
    "curves": [
        "0004634516226000",
        "3744444507444445",
        "4500000373022103",
        "8321000383100113",
        "a711100373100013",
        "8332120385442004",
        "2822302429103104",
        "279677683ba66767",
        "0102620003026200",
        "0544444705455446",
        "6300122333201103",
        "6322110353530113",
        "8544300367022023",
        "774000033b203004",
        "3944444619845647",
        "1334842213248422",
    ],
    "profiles": [
        "0dfndddhodddckrm",
        "4ddf855655656bcd",
        "7a8724400000188a",
        "9a8700044200188a",
        "9a8700015543188a",
        "4a99333586348ddd",
        "3cba333333667bbd",
        "7a8702333200188a",
        "7a8853320000188a",
        "8a8700013333388a",
        "2ccc976766768ccd",
        "5a8a35555554488a",
        "6a8a00000001688a",
        "7a8a00000000488a",
        "3fee333333336eef",
        "0100104755500100",
    ],
    "safe map": [
        "048b9b4000000000",
        "1c898989989dddfi",
        "05466678789756ad",
        "37766a988a98786a",
        "76ba84433466666a",
        "663456666666666a",
        "8934334334334448",
        "8544344344344348",
        "6543343343343347",
        "5543443443443439",
        "1633433433443437",
        "288989443343358a",
        "036e8d9cc9d7f6f6",
        "0000007aba820000",
        "18ca9b525ac9bc92",
        "179aaa8000000000",
    ],
    "line scan": [
        "4754444454444455",
        "758000002004cae6",
        "85b0000002a70003",
        "63000001a8000003",
        "930000a900000003",
        "8577ab1001332003",
        "1778555455a97547",
        "0000100463000000",
        "078ai446bga46444",
        "1202353078791207",
        "430374504058dbbe",
        "730908407084smpr",
        "630406654097ngdi",
        "020302543028768b",
        "1dc7539565487567",
        "0257300476003861",
    ],
}


@pytest.mark.parametrize("name", ["curves", "profiles", "safe map", "line scan"])
def test_pictures_look_as_they_did(pictures, name):
    mean, largest = difference(pictures[name], GRIDS[name])
    assert mean < NEAR
    assert largest < FAR


def test_contour_lines_are_named_beside_the_names_of_areas(pictures):
    ax = pictures["safe map"].axes[0]
    pictures["safe map"].canvas.draw()
    words = [Text.get_window_extent(one) for one in ax.texts]  # without the lines of annotations
    assert sum("%" in one.get_text() for one in ax.texts) >= 2
    assert not any(a.overlaps(b) for a, b in combinations(words, 2))


def test_another_picture_is_told_apart(generator, pictures):
    """Curves or a legend that are missing, larger type and stray words are seen."""
    assert difference(pictures["profiles"], GRIDS["curves"])[0] > 3.0 * NEAR

    def curves_missing(figure):
        for line in figure.axes[3].lines:
            line.set_visible(False)

    def larger_type(figure):
        for ax in figure.axes:
            ax.xaxis.label.set_size(12.0)

    def stray_words(figure):
        figure.axes[0].text(0.2, 0.5, "stray words over it", transform=figure.axes[0].transAxes)

    def no_legend(figure):
        figure.legends[0].set_visible(False)

    for change in (curves_missing, larger_type, stray_words, no_legend):
        figure = curves(generator)
        change(figure)
        assert difference(figure, GRIDS["curves"])[1] > FAR, change.__name__


if __name__ == "__main__":
    import ioffe as te
    from tests.report.devices import module

    result = module().solve(te.Generator(T_hot=[500, 350, 425], T_cold=300, current="sweep"))
    for key, figure in made(result).items():
        print(f'    "{key}": [')
        print("".join(f'        "{line}",\n' for line in written(ink(figure))) + "    ],")
