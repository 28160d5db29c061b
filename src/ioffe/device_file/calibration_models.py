"""The table `[calibrate]` of a device file, and errors of measured sweeps."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ioffe.base.schema import Model, Several

Errors = Annotated[
    dict[str, str | float], Field(description="By voltage, current, heat, ac_resistance, T_hot, T_cold.")
]


class CalibrateTable(Model):
    """What `ioffe calibrate` fits to the measured sweeps."""

    parameters: Several[Annotated[str, Field(min_length=1)]] = Field(
        default=(), description='Such as "legs.contact.electrical" or "bypass_conductance".'
    )
    known: dict[str, str | float] = Field(
        default={}, description="Standard deviations of what is known of some of them besides."
    )
    loss: Literal["robust", "squares"] = "robust"
