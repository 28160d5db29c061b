"""Make the pictures of the pages on interfaces that change and on service life.

    python tools/make_ageing_pictures.py

The measured points in them are invented: computed with the laws of the pages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import ioffe as te
from ioffe.base.constants import e
from ioffe.base.plotting import look
from ioffe.interface.ageing import Arrhenius, CarrierChange, LinearGrowth, Relaxation, plot_carrier_change
from ioffe.interface.compatibility import plot_expansion
from ioffe.life import Aged, Degradation, LifeTask, Service, fit_life
from ioffe.report.life_figure import life_figure
from ioffe.transport.bands import Band, TemperaturePower, mechanism

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
DAY, HOUR = 86400.0, 3600.0
SEED = 5


def carriers() -> Any:
    """S and sigma of a material whose acceptors grow, with invented points."""
    phonons = (mechanism("acoustic", TemperaturePower(100e-4, -1.5)),)
    bands = Band("p", phonons), Band("n", phonons, edge=0.25 * e)
    change = CarrierChange(bands, 3e25, LinearGrowth(1e23, 3e25 / (150 * HOUR)))
    times = HOUR * np.linspace(0.0, 300.0, 13)
    noise = 6e-6 * np.random.default_rng(SEED).standard_normal(len(times))
    points = times, change.at(times, 523.0).seebeck + noise
    return plot_carrier_change(change, 523.0, 300 * HOUR, measured=points)


def fitted_life() -> Any:
    """Power and resistance of a leg with the law that was fitted to its resistance."""
    leg = te.Leg("MgAgSb0.99In0.01", "5 mm", "3 mm x 3 mm")
    law = Relaxation(6e-10, 400e-10, 20 * DAY, acceleration=Arrhenius(0.9 * e, 540.0))
    contact = Degradation("contact.electrical", law)
    service = Service.constant("60 day")
    at = te.Generator(T_hot=540, T_cold=303)
    times = DAY * np.array([0.0, 3.0, 7.0, 14.0, 21.0, 30.0, 45.0, 60.0])
    truth = LifeTask(leg, at, (contact,), service).solve(times=times.tolist(), bands="none", maxima=False)
    noise = 1.0 + 0.01 * np.random.default_rng(SEED).standard_normal(len(times))
    R = truth.internal_resistance * noise
    points = tuple(
        Aged("internal_resistance", float(t), float(r), 0.01 * float(r))
        for t, r in zip(times, R, strict=True)
    )
    start = contact.changed({"final": 100e-10, "time": 50 * DAY})
    found = fit_life(
        LifeTask(leg, at, (start,), service, {"maxima": False}, points),
        ["contact.electrical.final", "contact.electrical.time"],
    )
    return life_figure(found.task.solve(maxima=True), points)


def main() -> None:
    pictures = {
        "carrier-change": carriers,
        "expansion": lambda: plot_expansion(["Cu", "Ni", "Al2O3"], 573.0, (300.0, 700.0)),
        "fitted-life": fitted_life,
    }
    for name, made in pictures.items():
        figure = made()
        with look():
            figure.savefig(IMAGES / f"{name}.png", dpi=150, metadata={"Software": None})


if __name__ == "__main__":
    main()
