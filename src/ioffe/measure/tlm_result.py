"""What a transfer-length measurement gives: numbers, words and a picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.saved import Saved
from ioffe.material.checks import Finding
from ioffe.material.uncertainty import Estimate
from ioffe.measure.estimates import estimate_numbers, finding_numbers, in_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CONTACT_RESISTIVITY: Final = "electrical_contact_resistivity"


@dataclass(frozen=True)
class TransferLength(Saved):
    """Result of a transfer-length measurement.

    Parameters
    ----------
    gap, resistance, fitted : ndarray of shape (n,)
        Gaps in m (outer less inner radius of rings), measured and fitted resistances in ohm.
    kind : {"linear", "circular"}
    contact_resistance : Estimate or None
        R_c of one contact in ohm; None for rings, where it depends on the radius.
    sheet_resistance : Estimate
        R_sh of the film in ohm (per square).
    length : Estimate
        Transfer length L_T in m.
    resistivity : Estimate
        rho_c = R_sh L_T^2 in ohm m2; `shares` of its variance are noise, width and gap.
    findings : tuple of Finding

    Examples
    --------
    >>> from ioffe.measure.tlm import transfer_length
    >>> gap = np.array([5, 10, 20, 40, 80]) * 1e-6
    >>> found = transfer_length(gap, 2 * 1.5 + 50.0 * gap / 100e-6, "100 um")
    >>> round(float(found.length.value) * 1e6, 4)  # R_c w/R_sh = 1.5 ohm x 100 um/50 ohm
    3.0
    """

    gap: Array
    resistance: Array
    fitted: Array
    kind: Literal["linear", "circular"]
    contact_resistance: Estimate | None
    sheet_resistance: Estimate
    length: Estimate
    resistivity: Estimate
    findings: tuple[Finding, ...]

    def named(self) -> list[tuple[str, Estimate, str]]:
        """Symbol, estimate and quantity of every result that there is.

        Returns
        -------
        list of (str, Estimate, str)
            Estimates in SI: ohm, m and ohm m2.
        """
        every = (
            ("R_c", self.contact_resistance, "contact_resistance"),
            ("R_sheet", self.sheet_resistance, "sheet_resistance"),
            ("L_T", self.length, "transfer_length"),
            ("rho_c", self.resistivity, CONTACT_RESISTIVITY),
        )
        return [(symbol, found, quantity) for symbol, found, quantity in every if found is not None]

    def to_dict(self) -> dict[str, Any]:
        """Everything in SI units, for JSON.

        Returns
        -------
        dict of str to object
        """
        return {
            "format": "ioffe-transfer-length/1",
            "kind": self.kind,
            **{quantity: estimate_numbers(found) for _, found, quantity in self.named()},
            "points": [
                {"gap": float(d), "resistance": float(R), "fitted": float(f)}
                for d, R, f in zip(self.gap, self.resistance, self.fitted, strict=True)
            ],
            "findings": finding_numbers(self.findings),
        }

    def plot(self, path: str | Path | None = None) -> Figure:
        """Figure of the resistances against the gap with the fit.

        Parameters
        ----------
        path : path, optional
            PNG, SVG or PDF file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from ioffe.base.plotting import COLOURS, look, new_figure, save_figure

        with look():
            figure, (axes,) = new_figure(shown=True)
            order = np.argsort(self.gap, kind="stable")
            d, fitted = self.gap[order] * 1e6, self.fitted[order]
            if self.kind == "linear":
                start = 0.0 if self.contact_resistance is None else 2.0 * float(self.contact_resistance.value)
                d, fitted = np.append(0.0, d), np.append(start, fitted)
            axes.plot(d, fitted, color=COLOURS[0], label="fit")
            axes.plot(self.gap * 1e6, self.resistance, "o", color=COLOURS[1], label="measured")
            axes.set_xlim(left=0.0)
            axes.set_ylim(bottom=min(0.0, float(np.min(self.resistance))))
            axes.set(xlabel="Gap $d$ (µm)", ylabel="Resistance $R$ (Ω)")
            axes.legend(loc="upper left")
            lines = [
                r"$\rho_\mathrm{c}$ = " + _words(self.resistivity, CONTACT_RESISTIVITY),
                r"$R_\mathrm{sh}$ = " + _words(self.sheet_resistance, "sheet_resistance"),
                r"$L_\mathrm{T}$ = " + _words(self.length, "transfer_length"),
            ]
            axes.text(0.97, 0.05, "\n".join(lines), transform=axes.transAxes, ha="right", fontsize=7.0)
            if path is not None:
                save_figure(figure, path)
        return figure

    def __repr__(self) -> str:
        lines = [f"transfer length, {self.kind}, {self.gap.size} resistances"]
        lines += [f"  {symbol} = {in_words(found, unit)}" for symbol, found, unit in self.named()]
        return "\n".join([*lines, *(f"  {finding}" for finding in self.findings)])


def _words(estimate: Estimate, quantity: str) -> str:
    from ioffe.base.plotting import unit_label

    return unit_label(in_words(estimate, quantity).replace("um", "µm"))
