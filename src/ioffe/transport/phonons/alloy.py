"""Lattice thermal conductivity of alloys by Klemens and Abeles, with disorder counted site by site.

>>> sites = {"Mg1": {"Mg": 0.38, "Cu": 0.02, "Yb": 0.6}, "Mg2": {"Mg": 0.8, "Zn": 1.2}, "Sb": ["Sb"]}
>>> crystal = assign_sites("Mg1.18Cu0.02Yb0.6Zn1.2Sb2", sites)
>>> [round(site.share, 3) for site in crystal]
[0.2, 0.4, 0.4]
>>> round(mass_parameter(crystal), 4)
0.1447
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isclose
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import h
from ioffe.base.errors import Faults, did_you_mean
from ioffe.base.units import floats
from ioffe.transport.formula import Formula, atomic_mass, parse_formula

_SLACK: Final = 1e-6
"""Relative difference up to which amounts on sites add up to those of the formula."""


@dataclass(frozen=True)
class Site:
    """A sublattice and what sits on it.

    Parameters
    ----------
    name : str
        Label, such as "Mg1".
    share : float
        Its sites over all sites of the crystal.
    occupancy : mapping of str to float
        Share of each element on the site; the shares add up to 1.

    Examples
    --------
    >>> site = Site("Te", 0.6, {"Te": 0.9, "Se": 0.1})
    >>> masses = {"Te": 127.60, "Se": 78.971}
    >>> round(site.mean(masses), 4), round(site.variance(masses), 6)  # 0.9 x 0.1 x 48.629^2 over the mean^2
    (122.7371, 0.014128)
    """

    name: str
    share: float
    occupancy: Mapping[str, float]

    def mean(self, values: Mapping[str, float]) -> float:
        """Mean over the occupants of a value by element.

        Parameters
        ----------
        values : mapping of str to float
            Value by element.

        Returns
        -------
        float
            In the unit of the values.
        """
        return sum(f * values[element] for element, f in self.occupancy.items())

    def variance(self, values: Mapping[str, float]) -> float:
        """Mean square of the deviation from the mean, over the square of the mean.

        Parameters
        ----------
        values : mapping of str to float
            Value by element.

        Returns
        -------
        float
            A dimensionless number.
        """
        mean = self.mean(values)
        return sum(f * (1.0 - values[element] / mean) ** 2 for element, f in self.occupancy.items())


def assign_sites(
    formula: str | Formula, sites: Mapping[str, Mapping[str, float] | Sequence[str]]
) -> tuple[Site, ...]:
    """Distribute the atoms of a formula over the sites of a crystal.

    Parameters
    ----------
    formula : str or Formula
        Such as ``Mg1.18Cu0.02Yb0.6Zn1.2Sb2``.
    sites : mapping
        By the name of the site: the elements on it with their amounts, or a list of elements that sit on this
        site alone.

    Returns
    -------
    tuple of Site

    Raises
    ------
    InputError
        For an element that is not in the formula, or on no site, or in several lists; for amounts that do not
        add up to those of the formula.

    Examples
    --------
    >>> for site in assign_sites("Bi0.5Sb1.5Te3", {"metal": ["Bi", "Sb"], "Te": ["Te"]}):
    ...     print(site.name, site.share, dict(site.occupancy))
    metal 0.4 {'Bi': 0.25, 'Sb': 0.75}
    Te 0.6 {'Te': 1.0}
    >>> assign_sites("Mg3Sb2", {"cation": ["Mg"], "anion": {"Sb": 1.5}})
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: sites, Sb = 1.5: the formula has 2; the amounts on the sites must add up to
    it
    """
    amounts = (formula if isinstance(formula, Formula) else parse_formula(formula)).amounts
    faults = Faults()
    placed = {name: _amounts(f"sites.{name}", given, amounts, faults) for name, given in sites.items()}
    faults.raise_if_any()
    for element, whole in amounts.items():
        _check_sum(element, whole, [site[element] for site in placed.values() if element in site], faults)
    faults.raise_if_any()
    total = sum(amounts.values())
    return tuple(_site(name, site, total) for name, site in placed.items())


def _amounts(location: str, given: Any, amounts: Mapping[str, float], faults: Faults) -> dict[str, float]:
    """Amounts on one site; a list takes all of an element."""
    if isinstance(given, str) or not isinstance(given, Mapping | Sequence) or not given:
        expected = 'elements with amounts, such as {"Mg": 0.4, "Yb": 0.6}, or a list are expected'
        faults.add(location, given, expected)
        return {}
    found = {}
    for element in given:
        if element not in amounts:
            faults.add(location, element, "the formula has no such element", did_you_mean(element, amounts))
            continue
        amount = given[element] if isinstance(given, Mapping) else amounts[element]
        if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 < amount < np.inf:
            faults.add(f"{location}.{element}", amount, "an amount above 0 is expected")
        else:
            found[element] = float(amount)
    return found


def _check_sum(element: str, whole: float, parts: list[float], faults: Faults) -> None:
    if not parts:
        faults.add(f"sites, {element}", expected="this element of the formula is on no site")
    elif not isclose(sum(parts), whole, rel_tol=_SLACK):
        advice = "the amounts on the sites must add up to it"
        faults.add(f"sites, {element}", sum(parts), f"the formula has {whole:g}", advice)


def _site(name: str, amounts: Mapping[str, float], total: float) -> Site:
    sum_here = sum(amounts.values())
    occupancy = {element: amount / sum_here for element, amount in amounts.items()}
    return Site(name, sum_here / total, MappingProxyType(occupancy))


def mass_parameter(sites: Sequence[Site], masses: Mapping[str, float] | None = None) -> float:
    r"""Scattering parameter of mass disorder.

    .. math:: \Gamma_M = \sum_i c_i \left( \frac{\langle M_i \rangle}{\langle M \rangle} \right)^2
              \sum_k f_{ik} \left( 1 - \frac{M_k}{\langle M_i \rangle} \right)^2

    Parameters
    ----------
    sites : sequence of Site
        All sites of the crystal, the ordered ones too.
    masses : mapping of str to float, optional
        Mass by element, in any unit; by default the standard atomic weights.

    Returns
    -------
    float

    Notes
    -----
    J. Yang, G. P. Meisner, L. Chen, Appl. Phys. Lett. 85 (2004) 1140, doi 10.1063/1.1783022.

    Examples
    --------
    >>> round(mass_parameter(assign_sites("Bi0.5Sb1.5Te3", {"metal": ["Bi", "Sb"], "Te": ["Te"]})), 5)
    0.03178
    """
    return _weighted(sites, _masses(sites, masses), _masses(sites, masses), 1.0)


def strain_parameter(
    sites: Sequence[Site],
    radii: Mapping[str, float],
    strain: float | Mapping[str, float],
    masses: Mapping[str, float] | None = None,
) -> float:
    r"""Scattering parameter of size disorder.

    .. math:: \Gamma_S = \sum_i c_i \left( \frac{\langle M_i \rangle}{\langle M \rangle} \right)^2 \epsilon_i
              \sum_k f_{ik} \left( 1 - \frac{r_k}{\langle r_i \rangle} \right)^2

    Parameters
    ----------
    sites : sequence of Site
        All sites of the crystal.
    radii : mapping of str to float
        Radius by element, in any unit, of one scale throughout (metallic, covalent or ionic of one
        coordination); elements that are alone on their sites need none.
    strain : float or mapping
        epsilon, from `ioffe.transport.phonons.scattering_rates.strain_factor` or fitted; by the name of the
        site where it differs.
    masses : mapping of str to float, optional
        As for `mass_parameter`.

    Returns
    -------
    float

    Raises
    ------
    InputError
        For radii and strain factors that are missing, all at once.

    Notes
    -----
    J. Yang, G. P. Meisner, L. Chen, Appl. Phys. Lett. 85 (2004) 1140, doi 10.1063/1.1783022.

    Examples
    --------
    >>> sites = {"Mg1": {"Mg": 0.4, "Yb": 0.6}, "Mg2": {"Mg": 2.0}, "Sb": ["Sb"]}
    >>> alloy = assign_sites("Mg2.4Yb0.6Sb2", sites)
    >>> round(strain_parameter(alloy, {"Mg": 160.2, "Yb": 193.9}, strain=50.0), 4)
    0.164
    """
    mixed = [site for site in sites if len(site.occupancy) > 1]
    faults = Faults()
    _check_positive("radii", radii, _elements(mixed), "radius", faults)
    for site in mixed:
        if isinstance(strain, Mapping) and site.name not in strain:
            faults.add(f"strain.{site.name}", expected="the strain factor of this site is missing")
    faults.raise_if_any()
    sizes = {element: radii.get(element, 1.0) for site in sites for element in site.occupancy}
    return _weighted(sites, _masses(sites, masses), sizes, strain)


def _masses(sites: Sequence[Site], given: Mapping[str, float] | None) -> Mapping[str, float]:
    if given is None:
        return {element: atomic_mass(element) for element in _elements(sites)}
    faults = Faults()
    _check_positive("masses", given, _elements(sites), "mass", faults)
    faults.raise_if_any()
    return given


def _elements(sites: Sequence[Site]) -> Iterable[str]:
    return dict.fromkeys(element for site in sites for element in site.occupancy)


def _check_positive(
    location: str, given: Mapping[str, float], elements: Iterable[str], what: str, faults: Faults
) -> None:
    for element in elements:
        if not given.get(element, 0.0) > 0.0:
            faults.add(f"{location}.{element}", given.get(element), f"a {what} above 0 is expected")


def _weighted(
    sites: Sequence[Site],
    masses: Mapping[str, float],
    values: Mapping[str, float],
    strain: float | Mapping[str, float],
) -> float:
    whole = sum(site.share * site.mean(masses) for site in sites)
    found = 0.0
    for site in sites:
        if len(site.occupancy) > 1:
            factor = strain[site.name] if isinstance(strain, Mapping) else strain
            found += site.share * (site.mean(masses) / whole) ** 2 * factor * site.variance(values)
    return found


def disorder_size(
    *,
    pure_conductivity: ArrayLike,
    scattering_parameter: ArrayLike,
    debye_temperature: ArrayLike,
    atomic_volume: ArrayLike,
    sound_velocity: ArrayLike,
) -> Array:
    r"""Disorder u: point defects over Umklapp processes at the Debye frequency.

    .. math:: u^2 = \frac{\pi^2 \theta_D \Omega \kappa_{pure} \Gamma}{h v^2}

    Parameters
    ----------
    pure_conductivity : array_like
        Lattice conductivity of the ordered crystal in W/(m K), at the temperature in question.
    scattering_parameter : array_like
        Gamma, mass and size disorder together.
    debye_temperature, atomic_volume, sound_velocity : array_like
        theta_D in K, Omega in m3, v in m/s.

    Returns
    -------
    ndarray

    Notes
    -----
    J. Callaway, H. C. von Baeyer, Phys. Rev. 120 (1960) 1149, doi 10.1103/PhysRev.120.1149.

    Examples
    --------
    >>> crystal = dict(debye_temperature=200.0, atomic_volume=26e-30, sound_velocity=2300.0)
    >>> float(disorder_size(pure_conductivity=1.2, scattering_parameter=0.1, **crystal))
    1.3255
    """
    v = floats(sound_velocity)
    scale = np.pi**2 * floats(debye_temperature) * floats(atomic_volume) / (h * v**2)
    return np.sqrt(scale * floats(pure_conductivity) * floats(scattering_parameter))


def disorder_scaling(size: ArrayLike) -> Array:
    r"""Conductivity of the alloy over that of the ordered crystal, above the Debye temperature.

    .. math:: \kappa/\kappa_{pure} = \arctan(u)/u

    Parameters
    ----------
    size : array_like
        u, from `disorder_size`.

    Returns
    -------
    ndarray
        1 for u = 0.

    Notes
    -----
    P. G. Klemens, Phys. Rev. 119 (1960) 507, doi 10.1103/PhysRev.119.507; B. Abeles, Phys. Rev. 131 (1963)
    1906, doi 10.1103/PhysRev.131.1906. Umklapp and point-defect scattering alone, high temperature.

    Examples
    --------
    >>> disorder_scaling([0.0, 1.0])
    array([1.        , 0.78539816])
    """
    u = np.abs(floats(size))
    safe = np.where(u > 0.0, u, 1.0)
    return np.where(u > 1e-8, np.arctan(safe) / safe, 1.0)
