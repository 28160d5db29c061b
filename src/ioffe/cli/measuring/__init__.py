"""`ioffe measure`: evaluations of raw measurements, each a command."""

from __future__ import annotations

from typing import Final

import click

from ioffe.cli.lazy import LazyCommand, LazyGroup

_COMMANDS: Final = {
    "line-scan": ("contacts", "Contact resistivity from a resistance scan over a junction."),
    "transfer-length": ("contacts", "Contact resistivity from contacts at several gaps."),
    "flash": ("samples", "Thermal conductivity from a laser-flash export."),
    "hall": ("samples", "Carrier density and mobility from Hall voltages."),
    "sound": ("samples", "Elastic constants from the velocities of sound."),
    "texture": ("samples", "Lotgering's factor from a diffraction pattern."),
    "onset": ("samples", "Critical current density of a mixed conductor."),
    "seebeck-map": ("samples", "Mean, uniformity and picture of a Seebeck map."),
}
"""Module of each command, and the line that `--help` says about it."""


@click.group(
    name="measure",
    cls=LazyGroup,
    lazy_commands={
        name: LazyCommand(f"{__name__}.{module}", name.replace("-", "_"), text)
        for name, (module, text) in _COMMANDS.items()
    },
    context_settings={"help_option_names": ["-h", "--help"]},
)
def measure() -> None:
    """Evaluate raw measurements, with standard deviations and doubts in words.

    Values are written with their units; where a value may carry an error, write it behind, as in
    "3.00 mm +- 0.02 mm" or "6.65 g/cm3 +- 1 %".
    """
