"""Thermoelectric tool: from measured material curves to generators and coolers one can build and trust.

The public names are imported when they are first used, so that `import ioffe` loads numpy at most.

>>> import ioffe as te
>>> contact = te.Contact(electrical="7.9 uohm cm2")
>>> contact.electrical
7.9e-10
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from ioffe._version import __version__

if TYPE_CHECKING:
    from ioffe.base.curve import Curve
    from ioffe.base.errors import (
        ConvergenceError,
        ExtrapolationError,
        ExtrapolationWarning,
        InputError,
        IoffeError,
        UnitError,
    )
    from ioffe.device import (
        Cascade,
        Contact,
        Cooler,
        GapFiller,
        Generator,
        Layer,
        Leg,
        Module,
        Result,
        Segment,
        SideLoss,
        Status,
    )
    from ioffe.device.array import ModuleArray
    from ioffe.device.array_result import ArrayResult
    from ioffe.device.barrier_design import design_barriers
    from ioffe.device.batch.result import BatchResult
    from ioffe.device.batch.solve import solve_batch
    from ioffe.device.file import read_device
    from ioffe.device.graded import GradedLeg
    from ioffe.device.interface_layers import InterfaceMetal, compare_interface_metals
    from ioffe.device.migration_region import safe_region
    from ioffe.device.transient import Schedule, Transient, TransientResult, cycle, pulse, steps
    from ioffe.life import (
        Degradation,
        GrowingLayer,
        LifeResult,
        Phase,
        Service,
        Weibull,
        fit_weibull,
        solve_life,
    )
    from ioffe.material import Material
    from ioffe.material.analysis import Analysis
    from ioffe.material.fit import (
        BandGuess,
        DebyeCallaway,
        Fit,
        KaneBand,
        ManyBands,
        ReciprocalLattice,
        SingleParabolicBand,
        TwoBands,
        fit,
    )
    from ioffe.material.library import load
    from ioffe.material.uncertainty import Estimate, Uncertainty, propagate
    from ioffe.measure.line_scan import LineScan, line_scan, read_scans
    from ioffe.measure.onset import onset
    from ioffe.measure.transfer_length import transfer_length
    from ioffe.published.run import reproduce
    from ioffe.report.analysis import analyse, write_analysis

__all__ = [
    "Analysis",
    "ArrayResult",
    "BandGuess",
    "BatchResult",
    "Cascade",
    "Contact",
    "ConvergenceError",
    "Cooler",
    "Curve",
    "DebyeCallaway",
    "Degradation",
    "Estimate",
    "ExtrapolationError",
    "ExtrapolationWarning",
    "Fit",
    "GapFiller",
    "Generator",
    "GradedLeg",
    "GrowingLayer",
    "InputError",
    "InterfaceMetal",
    "IoffeError",
    "KaneBand",
    "Layer",
    "Leg",
    "LifeResult",
    "LineScan",
    "ManyBands",
    "Material",
    "Module",
    "ModuleArray",
    "Phase",
    "ReciprocalLattice",
    "Result",
    "Schedule",
    "Segment",
    "Service",
    "SideLoss",
    "SingleParabolicBand",
    "Status",
    "Transient",
    "TransientResult",
    "TwoBands",
    "Uncertainty",
    "UnitError",
    "Weibull",
    "__version__",
    "analyse",
    "compare_interface_metals",
    "cycle",
    "design_barriers",
    "fit",
    "fit_weibull",
    "line_scan",
    "load",
    "onset",
    "propagate",
    "pulse",
    "read_device",
    "read_scans",
    "reproduce",
    "safe_region",
    "solve_batch",
    "solve_life",
    "steps",
    "transfer_length",
    "write_analysis",
]

_HOME = {
    "ioffe.device.barrier_design": ["design_barriers"],
    "ioffe.device.interface_layers": ["InterfaceMetal", "compare_interface_metals"],
    "ioffe.device.migration_region": ["safe_region"],
    "ioffe.life": [
        "Degradation",
        "GrowingLayer",
        "LifeResult",
        "Phase",
        "Service",
        "Weibull",
        "fit_weibull",
        "solve_life",
    ],
    "ioffe.measure.line_scan": ["LineScan", "line_scan", "read_scans"],
    "ioffe.measure.onset": ["onset"],
    "ioffe.measure.transfer_length": ["transfer_length"],
    "ioffe.published.run": ["reproduce"],
    "ioffe.report.analysis": ["analyse", "write_analysis"],
    "ioffe.material.analysis": ["Analysis"],
    "ioffe.material.fit": [
        "BandGuess",
        "DebyeCallaway",
        "Fit",
        "KaneBand",
        "ManyBands",
        "ReciprocalLattice",
        "SingleParabolicBand",
        "TwoBands",
        "fit",
    ],
    "ioffe.material.uncertainty": ["Estimate", "Uncertainty", "propagate"],
    "ioffe.base.curve": ["Curve"],
    "ioffe.base.errors": [
        "ConvergenceError",
        "ExtrapolationError",
        "ExtrapolationWarning",
        "InputError",
        "IoffeError",
        "UnitError",
    ],
    "ioffe.device": [
        "Cascade",
        "Contact",
        "Cooler",
        "GapFiller",
        "Generator",
        "Layer",
        "Leg",
        "Module",
        "Result",
        "Segment",
        "SideLoss",
        "Status",
    ],
    "ioffe.device.array": ["ModuleArray"],
    "ioffe.device.array_result": ["ArrayResult"],
    "ioffe.device.batch.result": ["BatchResult"],
    "ioffe.device.batch.solve": ["solve_batch"],
    "ioffe.device.file": ["read_device"],
    "ioffe.device.graded": ["GradedLeg"],
    "ioffe.device.transient": ["Schedule", "Transient", "TransientResult", "cycle", "pulse", "steps"],
    "ioffe.material": ["Material"],
    "ioffe.material.library": ["load"],
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}


def __getattr__(name: str) -> object:
    """Import a public name from its room when it is first used."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'ioffe' has no attribute {name!r}")
    value = getattr(importlib.import_module(_MODULE_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name the public interface, imported or not."""
    return sorted(__all__)
