"""Devices to begin with where none is at hand: the smallest documents that solve.

>>> sorted(BEGINNINGS), made("new-leg")["leg"]["material"]
(['new-cascade', 'new-cooler', 'new-generator', 'new-leg'], 'Bi0.42Sb1.58Te3')
"""

from __future__ import annotations

from typing import Any, Final

from ioffe.device_file.models import LegTable, ModuleTable
from ioffe_studio.form.actions import MODES, starter

COUPLES: Final = 31
STAGES: Final = (31, 7)
"""Couples of the stages of a cascade, from the hot side on."""
BEGINNINGS: Final = {
    "new-generator": "Generator",
    "new-cooler": "Cooler",
    "new-leg": "Single leg",
    "new-cascade": "Cascade",
}


COLD: Final = {"p": "generic p cooler leg", "n": "generic n cooler leg"}
"""Materials that are known below room temperature."""
WITHIN: Final = {"generate": {"T_hot": "500 K", "T_cold": "325 K"}, "cool": MODES["cool"]}
"""Temperatures at which the materials are known."""


def made(name: str) -> dict[str, Any]:
    """The document of that name."""
    mode = "generate" if name in ("new-generator", "new-leg") else "cool"
    module = {"couples": COUPLES, **starter(ModuleTable)}
    if mode == "cool":
        module |= {key: {**module[key], "material": material} for key, material in COLD.items()}
    if name == "new-leg":
        device: dict[str, Any] = {"leg": starter(LegTable)}
    elif name == "new-cascade":
        device = {"cascade": {"stages": [{**module, "couples": couples} for couples in STAGES]}}
    else:
        device = {"module": module}
    return {"format": 1, **device, "operate": {"mode": mode, **WITHIN[mode], "current": "sweep"}}
