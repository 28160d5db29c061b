"""Places of the numbers in a segment's state and in the result of a lane."""

from __future__ import annotations

from dataclasses import fields

from ioffe.engine.state import SegmentState

NAMES = tuple(f.name for f in fields(SegmentState) if f.name != "code")
"""Fields of a segment's state, in the order of their places below."""
STATE = len(NAMES)
C, R, LOSS, C_T0, C_T1, C_J, R_T0, R_T1, R_J, LOSS_T0, LOSS_T1, LOSS_J, T_MIN, T_MAX, ERROR = range(STATE)

SAFETY = 2.0
"""Times the estimated error is what a state gives as its error; estimates hold for many small steps."""

RESULTS = (
    "current",
    "voltage",
    "heat_hot",
    "heat_cold",
    "loss",
    "voltage_I",
    "heat_hot_I",
    "heat_cold_I",
    "residual",
    "error",
)
"""Fields of a solution, in the order of their places below."""
RESULT = len(RESULTS)
(
    CURRENT,
    VOLTAGE,
    HEAT_HOT,
    HEAT_COLD,
    HEAT_LOST,
    VOLTAGE_I,
    HEAT_HOT_I,
    HEAT_COLD_I,
    RESIDUAL,
    HEAT_ERROR,
) = range(RESULT)
