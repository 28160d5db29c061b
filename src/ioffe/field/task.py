"""Modules in three dimensions for the solver of steady states: which of the two methods is asked for."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from ioffe.base.errors import Fault, InputError
from ioffe.device.conditions import Conditions
from ioffe.device.module import Module
from ioffe.field.elements.task import FullTask, full_module
from ioffe.field.module import field_module, kinds_of_legs
from ioffe.field.solve import FieldTask, WholeModuleTask, assembly_of
from ioffe.solve.task import SteadyTask


def field_task(device: Any, conditions: Conditions, one: SteadyTask, fidelity: str) -> WholeModuleTask:
    """A module ready to be driven in three dimensions.

    `one`: the same in one dimension: from its solutions the iterations begin.
    `fidelity` {"3d", "full"}
    Raises `InputError` for another device, and with all that `field_module` or `full_module` refuses.
    """
    if not isinstance(device, Module):
        words = f"a Module is expected at fidelity {fidelity}, not a {type(device).__name__}"
        raise InputError(Fault("fidelity", fidelity, words, 'solve it at fidelity "1d"'))
    kinds = kinds_of_legs(device)
    plain = assembly_of(kinds, one.assembly), one.ambient, False, one.tolerance, one.maxima
    options: dict[str, Any] = {"kernels": frozenset(), "one": one, "module": device, "kinds": kinds}
    if fidelity == "3d":
        return FieldTask(*plain, **options, made=field_module(device, conditions))
    made, cosines = full_module(device, conditions), None
    # what they cannot have, elements may
    with suppress(InputError):
        cosines = FieldTask(*plain, **options, made=field_module(device, conditions))
    return FullTask(*plain, **options, made=made, cosines=cosines)
