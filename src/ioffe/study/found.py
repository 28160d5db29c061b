"""What the best devices of a study have in common: their sources, and their values as people read them."""

from __future__ import annotations

from typing import Any

from ioffe.base.result import BaseResult, sources_of
from ioffe.base.units import format_si
from ioffe.study.study import Study


class FoundDevices(BaseResult):
    """A result of devices that a study looked for.

    Attributes
    ----------
    study : Study
        What was asked.
    """

    study: Study

    def citations(self) -> list[str]:
        """What to cite.

        Returns
        -------
        list of str
            This program, and the sources of the materials.
        """
        return sources_of(self.study.materials().values())

    def shown(self, name: str, value: Any) -> str:
        """A value as people read it.

        Parameters
        ----------
        name : str
            A variable or a quantity.
        value : float or str
            In SI, or the name of a material.

        Returns
        -------
        str
            With its unit.
        """
        return value if isinstance(value, str) else format_si(float(value), self.study.kinds()[name])
