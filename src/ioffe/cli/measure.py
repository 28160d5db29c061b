"""`ioffe measure`: evaluations of raw measurements, each a command."""

from __future__ import annotations

import click

from ioffe.cli.lazy import LazyCommand, LazyGroup

COMMANDS = {
    "line-scan": LazyCommand(
        "ioffe.cli.measuring.line_scan",
        "command",
        "Contact resistivity from a resistance scan over a junction.",
    ),
    "transfer-length": LazyCommand(
        "ioffe.cli.measuring.transfer_length", "command", "Contact resistivity from contacts at several gaps."
    ),
    "flash": LazyCommand(
        "ioffe.cli.measuring.flash", "command", "Thermal conductivity from a laser-flash export."
    ),
    "hall": LazyCommand(
        "ioffe.cli.measuring.hall", "command", "Carrier density and mobility from Hall voltages."
    ),
    "sound": LazyCommand(
        "ioffe.cli.measuring.sound", "command", "Elastic constants from the velocities of sound."
    ),
    "texture": LazyCommand(
        "ioffe.cli.measuring.texture", "command", "Lotgering's factor from a diffraction pattern."
    ),
    "onset": LazyCommand(
        "ioffe.cli.measuring.onset",
        "command",
        "Critical current density of a mixed conductor.",
    ),
    "seebeck-map": LazyCommand(
        "ioffe.cli.measuring.seebeck_map", "command", "Mean, uniformity and picture of a Seebeck map."
    ),
}


@click.group(
    name="measure",
    cls=LazyGroup,
    lazy_commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
def measure() -> None:
    """Evaluate raw measurements, with standard deviations and doubts in words.

    Values are written with their units; where a value may carry an error, write it behind, as in
    "3.00 mm +- 0.02 mm" or "6.65 g/cm3 +- 1 %".
    """
