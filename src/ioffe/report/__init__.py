"""Pictures and the report of a result.

>>> from pathlib import Path
>>> from ioffe.device import Generator, Leg
>>> leg = Leg("Bi2Te3", length="2 mm", area="1 mm x 1 mm")
>>> files = write_report(leg.solve(Generator(T_hot=400, T_cold=310)), Path("out"), formats=("svg",))
>>> [path.name for path in files]
['curves.svg', 'current-voltage.svg', 'current-power.svg', 'current-heat_hot.svg', 'current-efficiency.svg',
 'profiles.svg', 'device.svg', 'report.html']
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ioffe.base.errors import Fault, InputError, IoffeError, did_you_mean

if TYPE_CHECKING:
    from ioffe.device_file.measured import Measured
    from ioffe.device_file.read import DeviceFile
    from ioffe.report.html import Picture
    from ioffe.result.steady import Result

__all__ = ["write_report"]

FORMATS = ("svg", "png", "pdf")


def write_report(
    result: Result,
    out: str | Path,
    device_file: DeviceFile | None = None,
    formats: Sequence[str] = ("svg", "png"),
    date: str | None = None,
) -> list[Path]:
    """Write the pictures of a result and `report.html` into a folder.

    Equal input gives equal files, but for the date in the report.

    Parameters
    ----------
    result : Result
        Of a generator or a cooler; its curves are solved again where it holds single operating points.
    out : path
        Folder; made if it does not exist.
    device_file : DeviceFile, optional
        For its name, its notes and the published values that are compared.
    formats : sequence of str
        ``"svg"``, ``"png"``, ``"pdf"``; the drawing of the device is always SVG.
    date : str, optional
        Printed in the report; by default that of today.

    Returns
    -------
    list of Path
        The files: curves together and alone, family, profiles, `device.svg`, `report.html`.

    Raises
    ------
    InputError
        For an unknown format.
    """
    from datetime import datetime

    from ioffe.report.drawing import drawing
    from ioffe.report.html import render
    from ioffe.report.saving import save

    checked_formats(formats)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    comparisons = () if device_file is None else device_file.comparisons
    pictures = _pictures(result, () if device_file is None else device_file.measured)
    files = [path for name, p in pictures.items() for path in save(p.figure, folder, name, formats)]
    shown = {name: picture for name, picture in pictures.items() if not name.startswith("current-")}
    texts = {
        "device.svg": drawing(result.device, result.conditions),
        "report.html": render(
            result,
            shown,
            comparisons,
            () if device_file is None else device_file.notes,
            datetime.now().astimezone().date().isoformat() if date is None else date,
            "" if device_file is None else device_file.name,
        ),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
        files.append(folder / name)
    return files


def checked_formats(formats: Sequence[str]) -> None:
    """Refuse endings of pictures that are not known.

    Raises
    ------
    InputError
        With the nearest known one.
    """
    unknown = [f for f in formats if f not in FORMATS]
    if unknown:
        words = " or ".join(f'"{f}"' for f in FORMATS)
        raise InputError(Fault("formats", unknown[0], words, did_you_mean(unknown[0], FORMATS)))


def _pictures(result: Result, measured: Sequence[Measured]) -> dict[str, Picture]:
    """Every picture by its file name; without a solution there are none."""
    from ioffe.report.captions import curves_caption, family_caption, profiles_caption
    from ioffe.report.curves import curve, curves, panels_of
    from ioffe.report.html import Picture
    from ioffe.report.maxima import family, family_axis
    from ioffe.report.profiles import best_point, profiles
    from ioffe.report.saving import settle
    from ioffe.report.sweeps import sweeps_of

    made: dict[str, Picture] = {}
    try:
        sweeps = sweeps_of(result)
    except IoffeError:
        sweeps = None
    if sweeps is not None:
        words = curves_caption(result, sweeps)
        made["curves"] = Picture(curves(result, measured, sweeps), words)
        for name in panels_of(result):
            made[f"current-{name}"] = Picture(curve(result, name, measured, sweeps), words)
    if family_axis(result):
        made["family"] = Picture(family(result, measured), family_caption(result, measured))
    best = best_point(result)
    if best is not None:
        made["profiles"] = Picture(profiles(result, best), profiles_caption(result, best))
    for picture in made.values():
        settle(picture.figure)
    return made
