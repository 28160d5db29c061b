"""What a line scan gives: contact resistivities, conductivity of the leg, and what is doubtful about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.result import BaseResult
from ioffe.base.status import EvidenceStatus, StatusCode
from ioffe.base.table import ResultTable, table
from ioffe.base.units import format_si
from ioffe.material.checks import Finding
from ioffe.material.uncertainty import Estimate, with_error
from ioffe.measure.estimates import finding_numbers, in_words
from ioffe.measure.line_scans.scan import Scan

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CONTACT_RESISTIVITY: Final = "electrical_contact_resistivity"


@dataclass(frozen=True)
class Interface:
    """One interface.

    Parameters
    ----------
    name : str
        Its sides, such as "metal | leg".
    position, position_std : float
        In m, mean over its probable positions, and their standard deviation.
    width : float
        In m, over which the probe smears the jump; 0 for a sharp one.
    resistance : Estimate
        Jump extrapolated to the interface, in ohm.
    resistivity : Estimate
        rho_c in ohm m2; its `shares` of the variance are noise, position, scans (scatter between them), area.
    of_scans : tuple of (float, float)
        rho_c of every scan and its standard deviation, without the error of the area.
    """

    name: str
    position: float
    position_std: float
    width: float
    resistance: Estimate
    resistivity: Estimate
    of_scans: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class FittedScan:
    """Lines fitted to one scan.

    Parameters
    ----------
    scan : Scan
        By rising position.
    positions, widths : tuple of float
        Of the interfaces, in m.
    lines : tuple of (float, float)
        Resistance at x = 0 in ohm and slope in ohm/m of every part, at the mean time.
    fitted : ndarray of shape (n,)
        Resistance of the model at the points, in ohm.
    weights : ndarray of shape (n,)
        Of the points; 0 for those that do not count.
    noise : float
        Standard deviation of the points about the lines, in ohm.
    drift : float or None
        In ohm/s; None if it was not fitted.
    """

    scan: Scan
    positions: tuple[float, ...]
    widths: tuple[float, ...]
    lines: tuple[tuple[float, float], ...]
    fitted: Array
    weights: Array
    noise: float
    drift: float | None

    @property
    def outliers(self) -> NDArray[np.bool_]:
        """Points that do not count."""
        return self.weights == 0.0

    @property
    def steady(self) -> Array:
        """Resistance without the drift."""
        if self.drift is None or self.scan.time is None:
            return self.scan.resistance
        return self.scan.resistance - self.drift * (self.scan.time - self.scan.time.mean())


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LineScan(BaseResult):
    """Result of `ioffe.measure.line_scans.line_scan`.

    Attributes
    ----------
    area : float
        Cross-section in m2.
    parts : tuple of str
        "metal" and "leg", by rising position.
    interfaces : tuple of Interface
        By rising position.
    mean : Estimate
        Mean rho_c of the interfaces in ohm m2.
    conductivity : Estimate
        Of the leg, in S/m.
    resistivity_of_metals : tuple of Estimate
        Slope of each metal times the area, in ohm m: with a drift or a tilt in it.
    scans : tuple of FittedScan
    findings : tuple of Finding
        Doubts, the worst first.
    point_status, point_energy_balance, point_error_estimate, interpolation, warnings, conditions
        As of every result, see `ioffe.base.result.BaseResult`.
    """

    kind: ClassVar[str] = "line_scan"
    status_type: ClassVar[type[StatusCode]] = EvidenceStatus

    area: float
    parts: tuple[str, ...]
    interfaces: tuple[Interface, ...]
    mean: Estimate
    conductivity: Estimate
    resistivity_of_metals: tuple[Estimate, ...]
    scans: tuple[FittedScan, ...]
    findings: tuple[Finding, ...]

    def __post_init__(self) -> None:
        doubts = tuple(str(finding) for finding in self.findings if finding.severity != "note")
        object.__setattr__(self, "warnings", doubts)
        object.__setattr__(self, "point_status", np.array(int(bool(doubts))))

    def tables(self) -> dict[str, ResultTable]:
        """The points of all scans with the fitted values, and the contacts.

        Returns
        -------
        dict of str to ResultTable
            ``points`` and ``contacts``, in SI.
        """
        R = np.concatenate([s.scan.resistance for s in self.scans])
        model = np.concatenate([s.fitted for s in self.scans])
        names = np.repeat([s.scan.name for s in self.scans], [s.fitted.size for s in self.scans])
        columns = {"resistance": R, "fitted": model, "residual": R - model}
        points = {**columns, "weight": np.concatenate([s.weights for s in self.scans])}
        position = np.concatenate([s.scan.position for s in self.scans])
        contacts: dict[str, Any] = {
            "position": [found.position for found in self.interfaces],
            "position_std": [found.position_std for found in self.interfaces],
        }
        for name, attribute in (("contact_resistance", "resistance"), (CONTACT_RESISTIVITY, "resistivity")):
            for ending, part in (("", "value"), ("_std", "std"), ("_low", "low"), ("_high", "high")):
                contacts[name + ending] = [
                    float(getattr(getattr(found, attribute), part)) for found in self.interfaces
                ]
        return {
            "points": table(
                {"scan": (("point",), names), "position": (("point",), position)},
                {name: (("point",), values) for name, values in points.items()},
                dict.fromkeys(columns, "ohm"),
            ),
            "contacts": table(
                {"interface": [found.name for found in self.interfaces]},
                {name: (("interface",), values) for name, values in contacts.items()},
            ),
        }

    def _header(self) -> dict[str, Any]:
        return {
            "area": self.area,
            "parts": self.parts,
            "interfaces": [
                {
                    "name": found.name,
                    "position": found.position,
                    "position_std": found.position_std,
                    "width": found.width,
                    "resistance": found.resistance,
                    "electrical_contact_resistivity": found.resistivity,
                    "scans": [{"value": v, "std": s} for v, s in found.of_scans],
                }
                for found in self.interfaces
            ],
            "mean_electrical_contact_resistivity": self.mean,
            "electrical_conductivity": self.conductivity,
            "resistivity_of_metals": self.resistivity_of_metals,
            "scans": [
                {
                    "name": found.scan.name,
                    "points": found.scan.position.size,
                    "outliers": found.outliers.sum(),
                    "noise": found.noise,
                    "drift": found.drift,
                    "slopes": [slope for _, slope in found.lines],
                }
                for found in self.scans
            ],
            "findings": finding_numbers(self.findings),
        }

    def figure(self, path: str | Path | None = None) -> Figure:
        """Figure of the scans with the jumps enlarged.

        Parameters
        ----------
        path : path, optional
            PNG, SVG or PDF file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from ioffe.measure.line_scans.plot import plot

        return plot(self, path)

    def _title(self) -> str:
        scans = "1 scan" if len(self.scans) == 1 else f"{len(self.scans)} scans"
        return f"line scan {' | '.join(self.parts)}, {scans}, area {format_si(self.area, 'area')}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for found in self.interfaces:
            where = with_error(found.position, found.position_std, "position")
            yield f"{found.name} at {where}", f"rho_c = {in_words(found.resistivity, CONTACT_RESISTIVITY)}"
        if len(self.interfaces) > 1:
            yield "", f"mean rho_c = {in_words(self.mean, CONTACT_RESISTIVITY)}"
        yield "leg", f"sigma = {in_words(self.conductivity, 'electrical_conductivity')}"
        yield from (("", str(finding)) for finding in self.findings)
