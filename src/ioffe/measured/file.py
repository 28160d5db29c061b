r"""From a device file with measured sweeps to the measurements, their comparison and their calibration.

>>> from pathlib import Path
>>> from ioffe import read_device
>>> rows = [f"{I},{44.4 - 10 * I}" for I in (0.0, 0.5, 1.0, 1.5)]
>>> _ = Path("sweep.csv").write_text("\n".join(["I (A),V (mV)", *rows]))
>>> _ = Path("leg.toml").write_text('''
... format = 1
... [leg]
... material = "MgAgSb0.99In0.01"
... length = "5 mm"
... area = "9 mm2"
... [operate]
... mode = "generate"
... T_hot = "540 K"
... T_cold = "303 K"
... [[measured]]
... file = "sweep.csv"
... T_hot = "540 K"
... T_cold = "303 K"
... noise = { voltage = "0.05 mV" }
... [calibrate]
... parameters = ["contact.electrical"]
... ''')
>>> file = read_device("leg.toml")
>>> print(f"{compared(file)[0].difference('open_circuit_voltage')[0] * 1e3:.1f} mV")
0.0 mV
>>> print(calibrate_file(file).shown("contact.electrical"))
19.99 uohm cm2 (17.3 to 22.8 uohm cm2)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.device_file.read import DeviceFile
from ioffe.measured.calibration import Calibration
from ioffe.measured.comparison import MeasuredBesideComputed, compare
from ioffe.measured.fitting import calibrate
from ioffe.measured.parameters import offer
from ioffe.measured.readings import DeviceMeasurement, read_measurement


def measurements_of(file: DeviceFile) -> tuple[DeviceMeasurement, ...]:
    """The measured sweeps of a device file.

    Raises `InputError` with every fault of the tables.
    """
    faults, found = Faults(), []
    for sweep in file.sweeps:
        options: dict[str, Any] = dict(sweep.options)
        with faults.collect():
            found.append(read_measurement(sweep.path, **options))
    faults.raise_if_any()
    return tuple(found)


def compared(file: DeviceFile) -> tuple[MeasuredBesideComputed, ...]:
    """Measured beside computed figures for every table of sweeps.

    Returns: None for a file without sweeps.
    Raises `InputError` with every fault of the tables, and for a cascade with independent circuits.
    """
    device: Any = file.device
    with file.naming_faults():
        return tuple(compare(device, file.conditions, one) for one in measurements_of(file))
    raise AssertionError("a fault was raised at the end of the block")


def calibrate_file(
    file: DeviceFile,
    parameters: Sequence[str] = (),
    known: Mapping[str, object] | None = None,
    **options: Any,
) -> Calibration:
    """Fit what the table `[calibrate]` says to the measured sweeps of a device file.

    `parameters`, `known`: as for `calibrate`; in place of what the file says, and beside it.
    `**options`: further options of `calibrate`.
    Raises `InputError` for a file without sweeps or parameters, and as `calibrate`.
    """
    device: Any = file.device
    told = file.calibrate
    wanted = list(parameters) or list(told.parameters if told else ())
    given = {**(told.known if told else {}), **(known or {})}
    if told is not None:
        options.setdefault("loss", told.loss)
    with file.naming_faults():
        if not file.sweeps:
            expected = 'a table of measured sweeps is expected: [[measured]] with file = "sweeps.csv"'
            raise InputError(Fault("measured", expected=expected))
        if not wanted:
            expected = "what is to be fitted is expected, in the file or as --parameter"
            raise InputError(Fault("calibrate.parameters", expected=expected, advice=offer(device)))
        return calibrate(
            device, file.conditions, joined(measurements_of(file)), wanted, known=given, **options
        )
    raise AssertionError("a fault was raised at the end of the block")


def joined(measurements: Sequence[DeviceMeasurement]) -> DeviceMeasurement:
    """Several measurements of one device as one.

    `measurements`: those over time alone are left out.
    Returns: with the uncertainties and the noise that any of them states; where several do, the larger one.
    """
    kept = [one for one in measurements if "time" not in one.numbers] or list(measurements)
    if len(kept) == 1:
        return kept[0]
    names = dict.fromkeys(name for one in kept for name in one.numbers)
    parts = {n: [one.numbers.get(n, np.full(len(one), np.nan)) for one in kept] for n in names}
    common = {
        n: max(o.uncertainty[n] for o in kept if n in o.uncertainty) for o in kept for n in o.uncertainty
    }
    noise = {n: max(o.noise[n] for o in kept if n in o.noise) for o in kept for n in o.noise}
    numbers = {n: np.concatenate(part) for n, part in parts.items()}
    unused = tuple(dict.fromkeys(name for one in kept for name in one.unused))
    name = ", ".join(one.name for one in kept)
    return replace(kept[0], numbers=numbers, uncertainty=common, noise=noise, name=name, unused=unused)
