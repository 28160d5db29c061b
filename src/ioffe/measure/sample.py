"""A material from what the instruments wrote about one sample."""

from __future__ import annotations

from typing import Any, Literal

from ioffe.base.errors import Faults
from ioffe.base.units import to_si
from ioffe.material.fields import Provenance
from ioffe.material.material import Material
from ioffe.material.readers.series import sign_of
from ioffe.measure.laser_flash import FlashRun, HeatCapacity, LaserFlash, conductivity
from ioffe.measure.runs import Part
from ioffe.measure.zem import ZemRun


def sample_material(
    name: str,
    *,
    electrical: ZemRun,
    thermal: FlashRun | LaserFlash,
    density: object = None,
    heat_capacity: HeatCapacity | None = None,
    carrier: Literal["p", "n"] | None = None,
    part: Part = "all",
    window: object = "5 K",
    seebeck_uncertainty: object = 0.0,
    resistivity_uncertainty: object = 0.0,
    diffusivity_uncertainty: object = 0.0,
    **more: Any,
) -> Material:
    """Material with S and resistivity of a ZEM-3 and kappa of a laser flash.

    Parameters
    ----------
    name : str
        Composition.
    electrical : ZemRun
        From `ioffe.measure.zem.read_zem`.
    thermal : FlashRun or LaserFlash
        Diffusivities of a file, or a conductivity made by `ioffe.measure.laser_flash.conductivity`.
    density : float, str or mapping, optional
        For diffusivities; by default that of the file.
    heat_capacity : float, str, Curve or callable, optional
        For diffusivities, as for `ioffe.measure.laser_flash.conductivity`.
    carrier : {"p", "n"}, optional
        By default the sign of S, if it is the same at all temperatures.
    part, window
        Which points of the runs make the curves; see `ioffe.measure.runs`.
    seebeck_uncertainty, resistivity_uncertainty, diffusivity_uncertainty : float or str
        Relative standard deviations of the instruments.
    **more
        Further arguments of `ioffe.measure.laser_flash.conductivity`, such as `xray_density`.

    Returns
    -------
    Material
        Each property at the temperatures at which it was measured; the notes of the runs are in its
        provenance.

    Raises
    ------
    InputError
        For arguments that are missing or wrong, and for runs without a common range of temperature.

    Examples
    --------
    >>> import numpy as np
    >>> T = np.array([300.0, 400.0])
    >>> zem = ZemRun("zem.txt", T, np.array([1.0e-5, 1.2e-5]), np.array([2.0e-4, 2.2e-4]))
    >>> lfa = FlashRun("lfa.csv", T, np.array([0.60e-6, 0.55e-6]), None, {})
    >>> sample = sample_material("trial", electrical=zem, thermal=lfa, density="4 g/cm3", heat_capacity=300.0)
    >>> sample.carrier, round(float(sample.zT(300.0)), 3)
    ('p', 1.667)
    """
    stated = thermal.density if isinstance(thermal, FlashRun) else None
    size = stated if density is None else density
    if isinstance(thermal, LaserFlash):
        flash = thermal
    else:
        with Faults() as faults:
            if size is None:
                faults.add("density", expected="the file does not state it; give it in kg/m3 or with a unit")
            if heat_capacity is None:
                expected = "a number, a Curve or a model is needed beside a diffusivity"
                faults.add("heat_capacity", expected=expected)
        diffusivity = thermal.curve(window=window, uncertainty=diffusivity_uncertainty)
        flash = conductivity(diffusivity, size, heat_capacity or 0.0, **more)
    seebeck = electrical.seebeck_curve(part=part, window=window, uncertainty=seebeck_uncertainty)
    resistivity = electrical.resistivity_curve(part=part, window=window, uncertainty=resistivity_uncertainty)
    source = ", ".join(filter(None, dict.fromkeys([electrical.file, getattr(thermal, "file", "")])))
    note = " ".join((*electrical.notes, *flash.notes))
    return Material(
        name=name,
        carrier=carrier or sign_of(seebeck),
        seebeck=seebeck,
        electrical=resistivity,
        thermal_conductivity=flash.thermal_conductivity,
        density=None if size is None else to_si(size, "density", "density"),
        provenance=Provenance(source=source, method="Measured: ZEM-3 and laser flash.", note=note),
    )
