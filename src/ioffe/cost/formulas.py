r"""Equations of cost.

.. math:: C = \frac{1}{y} \left[\sum_i \frac{m_i (c_i + c_\mathrm{p})}{1 - s} + \sum_j m_j c_j
          + c_\mathrm{m} A + C_\mathrm{a}\right] + c_\mathrm{HX} (K_h + K_c)

with legs i, layers j, scrap s, yield y, metallised area A, and exchangers of conductance K: cost by volume,
by area and by conductance after S. K. Yee, S. LeBlanc, K. E. Goodson, C. Dames, Energy Environ. Sci. 6
(2013) 2561, doi 10.1039/c3ee41504j, and S. LeBlanc, S. K. Yee, M. L. Scullin, C. Dames, K. E. Goodson,
Renew. Sust. Energ. Rev. 32 (2014) 313, doi 10.1016/j.rser.2013.12.030.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ioffe.base.errors import Faults, did_you_mean
from ioffe.transport.formula import parse_formula


def composition_price(formula: str, prices: Mapping[str, Any]) -> Any:
    r"""Price of the elements of a composition.

    .. math:: c = \frac{\sum_i \nu_i M_i c_i}{\sum_i \nu_i M_i}

    Parameters
    ----------
    formula : str
        Composition, such as ``"(Sb0.75Bi0.25)2(Te0.97Se0.03)3"``.
    prices : mapping of str to float or ndarray
        Price in USD/kg by element.

    Returns
    -------
    float or ndarray
        In USD/kg.

    Raises
    ------
    InputError
        With every element that has no price, and every fault of the formula.

    Examples
    --------
    >>> round(composition_price("Bi2Te3", {"Bi": 6.36, "Te": 63.5}), 2)
    33.68
    """
    shares = parse_formula(formula).mass_fractions
    faults = Faults()
    for element in shares:
        if element not in prices:
            faults.add(formula, element, "an element with a price is expected", did_you_mean(element, prices))
    faults.raise_if_any()
    return sum(share * prices[element] for element, share in shares.items())


def material_cost(mass: Any, price: Any, scrap: Any = 0.0, processing: Any = 0.0) -> Any:
    r"""Cost of a part of some mass, with what is lost on the way to it.

    .. math:: C = \frac{m (c + c_\mathrm{p})}{1 - s}

    Parameters
    ----------
    mass : float or ndarray
        Of the finished part in kg.
    price, processing : float or ndarray
        Of what it is made from, and of making the material from that, in USD/kg of material.
    scrap : float or ndarray
        Share of the material that is cut away or breaks, from 0 to below 1.

    Returns
    -------
    float or ndarray
        In USD.

    Examples
    --------
    >>> round(material_cost(0.010, 33.7, scrap=0.5, processing=20.0), 3)
    1.074
    """
    return mass * (price + processing) / (1.0 - scrap)


def performance_cost_ratio(performance: Any, cost: Any) -> Any:
    """Power of a generator, or heat that a cooler takes up, by cost.

    Parameters
    ----------
    performance : float or ndarray
        In W.
    cost : float or ndarray
        In USD.

    Returns
    -------
    float or ndarray
        In W/USD; NaN where there is neither performance nor cost.

    Examples
    --------
    S5 states a module 32 % cheaper, and 23 % more heat by cost: it takes up 16.4 % less.

    >>> round(float(performance_cost_ratio(0.836, 0.68)), 3)  # doi 10.1016/j.joule.2021.11.008
    1.229
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.divide(performance, cost)


def cost_per_watt(cost: Any, performance: Any) -> Any:
    """Cost by power, or by heat taken up.

    Parameters
    ----------
    cost : float or ndarray
        In USD.
    performance : float or ndarray
        Power of a generator, or heat that a cooler takes up, in W.

    Returns
    -------
    float or ndarray
        In USD/W; NaN of a device that delivers nothing.

    Examples
    --------
    >>> float(cost_per_watt(12.0, 4.0))
    3.0
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(performance) > 0.0, np.divide(cost, performance), np.nan)
