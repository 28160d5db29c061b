"""Outcomes of a computed composition of a leg."""

from __future__ import annotations

from ioffe.base.status import StatusCode

__all__ = ["MigrationStatus"]


class MigrationStatus(StatusCode):
    """Whether a composition stays in the homogeneity range; a larger number is worse."""

    OK = 0, "Done."
    METAL_INSIDE = (
        1,
        (
            "Somewhere inside the leg the composition passed the metal boundary of its temperature: metal "
            "would precipitate there, which is not counted; deposits at the ends are upper bounds."
        ),
    )
    ANION_LIMIT = (
        2,
        (
            "The anode left the homogeneity range, where anions leave the compound: a simulation ends there, "
            "at the last time given. Lower the current or put barriers in."
        ),
    )
    NOT_CONVERGED = 3, "The steps in time became too small: the simulation ends at the last time given."
