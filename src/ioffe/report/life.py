"""Pictures and the report of a service life.

>>> from pathlib import Path
>>> from ioffe import Contact, Generator, Leg
>>> from ioffe.interface.ageing import Relaxation
>>> from ioffe.life import Degradation, solve_life
>>> leg = Leg("MgAgSb0.99In0.01", "6 mm", "3 mm x 3 mm", contact=Contact("20.8 uohm cm2"))
>>> ageing = [Degradation("contact.electrical", Relaxation(20.8e-10, 7.9e-10, 8 * 86400.0))]
>>> life = solve_life(leg, Generator(T_hot=540, T_cold=303), ageing, "100 day")
>>> [path.name for path in write_life(life, Path("out"), formats=("svg",))]
['life.svg', 'ageing.svg', 'report.html']
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ioffe.life.result import LifeResult

if TYPE_CHECKING:
    from ioffe.life.file import Aged

__all__ = ["write_life"]


def write_life(
    life: LifeResult,
    out: str | Path,
    measured: Sequence[Aged] = (),
    notes: Sequence[str] = (),
    name: str = "",
    formats: Sequence[str] = ("svg", "png"),
    date: str | None = None,
) -> list[Path]:
    """Write the pictures of a life and `report.html` into a folder.

    Equal input gives equal files, but for the date in the report.

    Parameters
    ----------
    life : LifeResult
        What is reported.
    out : path
        Folder; made if it does not exist.
    measured : sequence of Aged
        Measured values over time, drawn and compared.
    notes : sequence of str
        Paragraphs of the report.
    name : str
        Title; by default the name of the device.
    formats : sequence of str
        ``"svg"``, ``"png"``, ``"pdf"``.
    date : str, optional
        Printed in the report; by default that of today.

    Returns
    -------
    list of Path
        `life` and `ageing` in every format, and `report.html`.

    Raises
    ------
    InputError
        For an unknown format.
    """
    from datetime import datetime

    from ioffe.report import checked_formats
    from ioffe.report.life_figure import ageing_figure, life_figure
    from ioffe.report.life_html import render
    from ioffe.report.saving import save, settle

    checked_formats(formats)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    figures = {"life": life_figure(life, measured)}
    if life.numbers.nominal:
        figures["ageing"] = ageing_figure(life)
    files = []
    for key, figure in figures.items():
        files += save(settle(figure), folder, key, formats)
    day = datetime.now().astimezone().date().isoformat() if date is None else date
    page = folder / "report.html"
    page.write_text(render(life, figures, measured, notes, day, name), encoding="utf-8")
    return [*files, page]
