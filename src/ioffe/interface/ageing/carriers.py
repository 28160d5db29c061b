r"""Carriers that change their type with time: acceptors that come into a material of two bands.

A material that loses a volatile element, such as Mg3(Sb,Bi)2 its Mg, gains acceptors. While their density
follows a law, the Fermi level of charge neutrality falls through the gap, and

.. math:: S = \frac{\sigma_e S_e + \sigma_h S_h}{\sigma_e + \sigma_h}, \qquad
          p - n = N_\mathrm{A}(t) - N_\mathrm{D}

goes from the negative values of electrons through zero to the positive ones of holes, with a minimum of the
conductivity between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import ConvergenceError, Fault, InputError
from ioffe.base.least_squares import LeastSquares
from ioffe.base.plotting import COLOURS, drawing
from ioffe.base.units import QuantityLike, convert
from ioffe.interface._checks import FROM_ZERO, Checks
from ioffe.interface.ageing.law import Law
from ioffe.interface.ageing.laws import Tabulated
from ioffe.transport.bands import Band
from ioffe.transport.many_bands import BandTransport, doped_transport

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDEST: Final = np.log(1e4)
"""How far a fitted parameter may go from its start, as a logarithm."""
LEAST: Final = 1e-12
"""Relative accuracy of the doping at which S passes zero."""
POINTS: Final = 200


@dataclass(frozen=True)
class CarrierChange:
    """A material whose acceptors grow in service.

    Parameters
    ----------
    bands : sequence of Band
        At least one of electrons and one of holes.
    donors : float
        Density of ionised donors in 1/m3, which stays.
    acceptors : Law
        Density of ionised acceptors in 1/m3 over the reduced time.
    kept : float, optional
        Temperature of the service in K; by default the reference temperature of the law.

    Raises
    ------
    InputError
        Without a band of either kind, and for a negative density.

    Examples
    --------
    >>> from ioffe.base.constants import e
    >>> from ioffe.interface.ageing import LinearGrowth
    >>> from ioffe.transport.bands import TemperaturePower, mechanism
    >>> phonons = (mechanism("acoustic", TemperaturePower(60e-4, -1.5)),)
    >>> bands = Band("p", phonons), Band("n", phonons, edge=0.3 * e)
    >>> leg = CarrierChange(bands, 2e25, LinearGrowth(0.0, 2e25 / (100 * 3600.0)))  # as many after 100 h
    >>> (leg.at(["0 h", "100 h", "150 h"], 500.0).seebeck * 1e6).round(0) + 0.0
    array([-256.,    0.,  294.])
    >>> round(leg.sign_change(500.0) / 3600.0, 3)  # equal bands: where acceptors equal donors
    100.0
    """

    bands: Sequence[Band]
    donors: float
    acceptors: Law
    kept: float | None = None

    def __post_init__(self) -> None:
        with Checks() as checks:
            for carrier, words in (("n", "electrons"), ("p", "holes")):
                if not any(band.carrier == carrier for band in self.bands):
                    checks.add("bands", expected=f"a band of {words} is expected")
            checks.number("donors", self.donors, FROM_ZERO)
        object.__setattr__(self, "bands", tuple(self.bands))

    def at(self, times: QuantityLike, temperature: float) -> BandTransport:
        """Transport after times of service.

        Parameters
        ----------
        times : array_like
            In s, or text with units.
        temperature : float
            Of the measurement in K.

        Returns
        -------
        BandTransport
            Of the shape of the times.
        """
        return doped_transport(self.bands, self.acceptors.at(times, self.kept) - self.donors, temperature)

    def sign_change(self, temperature: float) -> float:
        """Time after which S passes zero.

        Parameters
        ----------
        temperature : float
            Of the measurement in K.

        Returns
        -------
        float
            In s; infinite if it never does.
        """
        from scipy.optimize import brentq

        def seebeck(doping: float) -> float:
            return float(doped_transport(self.bands, doping, temperature).seebeck)

        most = max(self.donors, float(self.acceptors.at(0.0)), 1e20)
        while seebeck(-most) > 0.0 or seebeck(most) < 0.0:
            most *= 10.0
            if most > 1e30:
                return np.inf
        root: Any = brentq(seebeck, -most, most, xtol=LEAST * most)
        net = float(root)
        wanted = self.donors + net
        return self.acceptors.time_to(wanted, self.kept) if wanted > 0.0 else np.inf

    def factors(self, duration: QuantityLike, temperature: float) -> dict[str, Tabulated]:
        """Laws of S and sigma over their fresh values, as a service life takes them for a material.

        A `Degradation` of ``"n.material.seebeck"`` with such a law multiplies the curve by its value at all
        temperatures, though the change is computed at one; the thermal conductivity stays. The laws run with
        the acceleration of the acceptors.

        Parameters
        ----------
        duration : float
            Reduced time in s up to which they are tabulated.
        temperature : float
            In K, at which S and sigma change as here.

        Returns
        -------
        dict of str to Tabulated
            ``"seebeck"`` and ``"electrical_conductivity"``, dimensionless over s.

        Raises
        ------
        InputError
            For a duration in which S passes zero: a leg has carriers of one type.

        Examples
        --------
        >>> from ioffe.base.constants import e
        >>> from ioffe.interface.ageing import LinearGrowth
        >>> from ioffe.transport.bands import mechanism
        >>> bands = [Band(k, (mechanism("acoustic", 60e-4),), edge=x * e) for k, x in (("p", 0), ("n", 0.3))]
        >>> change = CarrierChange(bands, 2e25, LinearGrowth(0.0, 2e25 / (100 * 3600.0)))
        >>> laws = change.factors("50 h", 500.0)
        >>> {name: round(float(law.value("50 h")), 2) for name, law in laws.items()}
        {'seebeck': 1.15, 'electrical_conductivity': 0.53}
        """
        with Checks() as checks:
            last = float(checks.times("duration", duration)[-1])
        theta = last * np.linspace(0.0, 1.0, POINTS)
        net = self.acceptors.value(theta) - self.donors
        solved = doped_transport(self.bands, net, temperature)
        shares = solved.seebeck / solved.seebeck[0]
        if np.any(shares <= 0.0):
            zero = float(theta[np.argmax(shares <= 0.0)])
            expected = f"a duration is expected that ends before S passes zero, which is before {zero:.4g} s"
            raise InputError(Fault("duration", last, expected))
        sigma = solved.electrical_conductivity / solved.electrical_conductivity[0]
        acceleration, times = self.acceptors.acceleration, tuple(theta.tolist())
        return {
            name: Tabulated(times, tuple(values.tolist()), acceleration=acceleration)
            for name, values in (("seebeck", shares), ("electrical_conductivity", sigma))
        }

    def fitted(
        self,
        times: QuantityLike,
        seebeck: QuantityLike,
        temperature: float,
        parameters: Sequence[str],
        std: float | None = None,
    ) -> tuple[CarrierChange, dict[str, tuple[float, float]]]:
        """Parameters fitted to a Seebeck coefficient that was measured over time.

        Parameters
        ----------
        times, seebeck : array_like
            In s and V/K.
        temperature : float
            Of the measurements in K.
        parameters : sequence of str
            Of the law of the acceptors, and ``"donors"``; they keep their sign.
        std : float, optional
            Standard deviation of the values in V/K; by default their scatter.

        Returns
        -------
        CarrierChange
            With the fitted parameters.
        dict of str to (float, float)
            Value and standard error by parameter; NaN for what the values do not determine.

        Raises
        ------
        InputError
            For other names and series of different lengths.
        ConvergenceError
            If none are found.
        """
        known = {**self.acceptors.parameters, "donors": self.donors}
        with Checks() as checks:
            t = checks.times("times", times)
            S = checks.series("seebeck", seebeck, "seebeck")
            for name in parameters:
                checks.one_of("parameters", name, known)
            if len(S) != len(t) or len(t) < len(parameters):
                checks.add("seebeck", len(S), f"{len(t)} values, {len(parameters)} or more, are expected")
        start = np.array([known[name] for name in parameters])
        if np.any(start == 0.0):
            raise InputError(
                Fault("parameters", list(parameters), "starting values unequal to 0 are expected")
            )

        def changed(u: Array) -> CarrierChange:
            new = dict(zip(parameters, (start * np.exp(u)).tolist(), strict=True))
            donors = new.pop("donors", self.donors)
            return replace(
                self, donors=donors, acceptors=self.acceptors.changed(**new) if new else self.acceptors
            )

        def residuals(u: Array) -> Array:
            return (changed(u).at(t, temperature).seebeck - S) / (1e-6 if std is None else std)

        bounds = np.full(len(start), WIDEST)
        ones = np.ones(len(start))
        problem = LeastSquares(residuals, -bounds, bounds, stated=std is not None, size=ones)
        fit = problem.solve(np.zeros(len(start)))
        if not fit.converged:
            raise ConvergenceError("no carrier change was found: other starting values are needed")
        found = start * np.exp(fit.parameters)
        errors = np.abs(found) * fit.standard_errors
        pairs = zip(parameters, zip(found.tolist(), errors.tolist(), strict=True), strict=True)
        return changed(fit.parameters), dict(pairs)


def plot_carrier_change(
    change: CarrierChange,
    temperature: float,
    duration: float,
    path: str | Path | None = None,
    *,
    measured: tuple[Any, Any] | None = None,
    time_unit: str = "h",
) -> Figure:
    """Seebeck coefficient and conductivity over time, with the time at which S passes zero.

    Parameters
    ----------
    change : CarrierChange
    temperature : float
        Of the measurement in K.
    duration : float
        In s.
    path : path, optional
        PNG, SVG or PDF file to write.
    measured : pair of array_like, optional
        Times in s and Seebeck coefficients in V/K.
    time_unit : str
        Of the axis.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from ioffe.base.constants import e
    >>> from ioffe.interface.ageing import LinearGrowth
    >>> from ioffe.transport.bands import mechanism
    >>> bands = [Band(k, (mechanism("acoustic", 60e-4),), edge=x * e) for k, x in (("p", 0.0), ("n", 0.3))]
    >>> leg = CarrierChange(bands, 2e25, LinearGrowth(1e22, 2e25 / (100 * 3600.0)))
    >>> len(plot_carrier_change(leg, 500.0, 200 * 3600.0).axes)
    2
    """
    t = np.linspace(0.0, duration, POINTS)
    solved, zero = change.at(t, temperature), change.sign_change(temperature)
    hours = np.asarray(convert(t, "s", time_unit))
    with drawing(path, 2, 1, width=95.0, height=95.0, sharex=True) as (figure, (above, below)):
        above.plot(hours, 1e6 * solved.seebeck, color=COLOURS[0])
        above.axhline(0.0, color="0.6", linewidth=0.6)
        if measured is not None:
            at = np.asarray(convert(np.asarray(measured[0], float), "s", time_unit))
            above.plot(at, 1e6 * np.asarray(measured[1], float), "o", color="black", label="measured")
            above.legend()
        below.plot(hours, 1e-2 * solved.electrical_conductivity, color=COLOURS[1])
        if zero <= duration:
            for panel in (above, below):
                panel.axvline(float(convert(zero, "s", time_unit)), color="0.4", linestyle=":", linewidth=0.8)
        above.set_ylabel(r"Seebeck coefficient $S$ (µV/K)")
        below.set(xlabel=f"Time $t$ ({time_unit})", ylabel=r"conductivity $\sigma$ (S/cm)", yscale="log")
    return figure
