"""Which phases are stable, which coexist, and what an interface pair reacts to.

At fixed temperature and pressure the phases with the lowest sum of energies that hold the given atoms are in
equilibrium: a linear program in their amounts, whose solution lies on the convex hull of the energies (S. P.
Ong et al., Chem. Mater. 20 (2008) 1798, doi 10.1021/cm702327g). The reaction of an interface pair is the same
program with the mixing ratio of the pair as one more unknown (W. D. Richards et al., Chem. Mater. 28 (2016)
266, doi 10.1021/acs.chemmater.5b04082).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from math import lcm
from typing import Any, Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import e
from ioffe.base.errors import Fault, InputError, check_one_of
from ioffe.interface._checks import FROM_ZERO, SHARE, Checks
from ioffe.interface.compatibility.phases import Phase
from ioffe.transport.formula import parse_formula

Side = tuple[tuple[Phase, float], ...]
LARGEST: Final = 24
"""Denominators up to which the numbers of an equation are written as whole numbers."""
LARGEST_NUMBER: Final = 200
NEGLIGIBLE: Final = 1e-9
"""Formula units below which a phase is left out of an equation."""
TINY: Final = 1e-9
"""Amount by atom below which a phase is absent."""
EQUAL: Final = 1e-7
"""Energy in eV by atom below which two energies are the same: what the solver of the program keeps to."""


@dataclass(frozen=True)
class Equilibrium:
    """Phases in equilibrium for a composition.

    Attributes
    ----------
    composition : dict of str to float
        Atomic fractions.
    amounts : dict of str to float
        Share of the atoms in each phase, by its name.
    energy : float
        In J by atom, from the elements.
    potentials : dict of str to float
        Chemical potentials in J by atom, from the elements; one of several choices where fewer phases than
        elements coexist.

    Examples
    --------
    >>> from ioffe.interface.compatibility import example_phases
    >>> found = PhaseSet(example_phases()).equilibrium("MgSb")
    >>> {name: round(part, 3) for name, part in found.amounts.items()}
    {'Sb': 0.167, 'Mg3Sb2': 0.833}
    """

    composition: Mapping[str, float]
    amounts: Mapping[str, float]
    energy: float
    potentials: Mapping[str, float]


@dataclass(frozen=True)
class Reaction:
    """Two phases, what becomes of them, and the energy.

    Parameters
    ----------
    reactants, products : tuple of (Phase, float)
        With the share of the atoms in each; no products if nothing happens.
    energy : float
        In J by atom of the mixture, negative if it is given off.

    Examples
    --------
    >>> sides = ((Phase("Mg", 0.0), 0.6), (Phase("Sb", 0.0), 0.4)), ((Phase("Mg3Sb2", -0.62 * e), 1.0),)
    >>> Reaction(*sides, -0.62 * e).equation
    '3 Mg + 2 Sb -> Mg3Sb2'
    """

    reactants: Side
    products: Side
    energy: float

    @property
    def reacts(self) -> bool:
        """Whether anything happens."""
        return bool(self.products)

    @property
    def share(self) -> float:
        """Share of the atoms that come from the first reactant."""
        return self.reactants[0][1]

    @property
    def uncertainty(self) -> float:
        """Standard deviation of the energy in J by atom, with independent errors of the phases."""
        weights: dict[str, tuple[float, float]] = {}
        for sign, side in ((-1.0, self.reactants), (1.0, self.products)):
            for phase, share in side:
                known = weights.get(phase.name, (0.0, phase.uncertainty))[0]
                weights[phase.name] = known + sign * share, phase.uncertainty
        return sum((weight * std) ** 2 for weight, std in weights.values()) ** 0.5

    @property
    def coefficients(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Formula units of the reactants and products, whole numbers where such are found."""
        flat = [share / phase.composition.atoms for phase, share in (*self.reactants, *self.products)]
        smallest = min((value for value in flat if value > NEGLIGIBLE), default=1.0)
        scaled = [value / smallest for value in flat]
        parts = [Fraction(value).limit_denominator(LARGEST) for value in scaled]
        whole = lcm(*(part.denominator for part in parts)) if parts else 1
        near = all(abs(float(part) - value) < 1e-6 for part, value in zip(parts, scaled, strict=True))
        if near and max(float(part) for part in parts) * whole <= LARGEST_NUMBER:
            scaled = [float(part * whole) for part in parts]
        count = len(self.reactants)
        return tuple(scaled[:count]), tuple(scaled[count:])

    @property
    def equation(self) -> str:
        """Balanced equation in formula units."""
        left, right = self.coefficients
        return f"{_side(self.reactants, left)} -> {_side(self.products, right)}"

    def __str__(self) -> str:
        if not self.reacts:
            return f"{' and '.join(phase.name for phase, _ in self.reactants)} do not react"
        return f"{self.equation}, {self.energy / e:.3g} eV by atom"


class PhaseSet:
    """Phases with their energies, and what follows from them.

    The equilibrium is the lowest point of the convex hull of the energies (S. P. Ong et al., Chem. Mater. 20
    (2008) 1798, doi 10.1021/cm702327g), the reaction of a pair the lowest over its mixing ratio (W. D.
    Richards et al., Chem. Mater. 28 (2016) 266, doi 10.1021/acs.chemmater.5b04082). The answer is as good as
    the table: a phase that is missing is not seen, energies at room temperature are taken for free energies,
    and the rate of a reaction does not follow from it.

    Parameters
    ----------
    phases : sequence of Phase
        Every element of the phases must be there too, or is added with the energy 0.

    Raises
    ------
    InputError
        For two phases of one name.

    Examples
    --------
    >>> from ioffe.interface.compatibility import example_phases
    >>> known = PhaseSet(example_phases())
    >>> print(known.reaction("Mg", "Sb"))
    3 Mg + 2 Sb -> Mg3Sb2, -0.62 eV by atom
    >>> print(known.reaction("Mg2Cu", "Mg3Sb2"))
    Mg2Cu and Mg3Sb2 do not react
    >>> {name: round(part, 3) for name, part in known.equilibrium("Mg2CuSb").amounts.items()}
    {'Mg3Sb2': 0.625, 'MgCu2': 0.375}
    """

    def __init__(self, phases: Sequence[Phase]) -> None:
        with Checks() as checks:
            checks.names("phases[{}]", [phase.name for phase in phases])
            if not phases:
                checks.add("phases", expected="at least one phase is expected")
        elements = list(dict.fromkeys(element for phase in phases for element in phase.composition.amounts))
        pure = {next(iter(p.fractions)) for p in phases if len(p.fractions) == 1}
        added = [Phase(element, 0.0, source="element, added") for element in elements if element not in pure]
        self.phases: tuple[Phase, ...] = (*phases, *added)
        self.elements: tuple[str, ...] = tuple(elements)
        self.energies: Array = np.array([phase.formation_energy for phase in self.phases]) / e
        self.matrix: Array = np.stack([self._column(phase) for phase in self.phases], axis=1)

    def phase(self, name: str) -> Phase:
        """A phase by its name.

        Parameters
        ----------
        name : str

        Returns
        -------
        Phase

        Raises
        ------
        InputError
            For another name.
        """
        known = {phase.name: phase for phase in self.phases}
        check_one_of("phase", name, known)
        return known[name]

    def without(self, *names: str) -> PhaseSet:
        """The same phases without some, such as one that does not form or has passed its stability.

        Parameters
        ----------
        *names : str
            Of phases; an element stays.

        Returns
        -------
        PhaseSet

        Raises
        ------
        InputError
            For another name.
        """
        left_out = {self.phase(name).name for name in names}
        return PhaseSet([one for one in self.phases if one.name not in left_out or len(one.fractions) == 1])

    def decomposition(self, name: str) -> Reaction:
        """What a phase would become if it did not exist, and the energy: above 0 for a stable phase.

        Parameters
        ----------
        name : str
            Of a compound.

        Returns
        -------
        Reaction
            To the other phases. The energy is the distance from the hull of them (C. J. Bartel et al., npj
            Comput. Mater. 6 (2020) 97, doi 10.1038/s41524-020-00362-y).

        Raises
        ------
        InputError
            For another name, and for an element.

        Examples
        --------
        >>> from ioffe.interface.compatibility import example_phases
        >>> print(PhaseSet(example_phases("Mg-Ag-Sb")).decomposition("MgAgSb"))
        3 MgAgSb -> Mg3Sb2 + Ag3Sb, 0.016 eV by atom
        """
        phase = self.phase(name)
        if len(phase.fractions) == 1:
            raise InputError(Fault("phase", name, "a compound is expected, not an element"))
        others = self.without(name)
        found = others.equilibrium(phase.fractions)
        products = tuple((others.phase(product), share) for product, share in found.amounts.items())
        return Reaction(((phase, 1.0),), products, found.energy - phase.formation_energy)

    def equilibrium(self, composition: str | Mapping[str, float]) -> Equilibrium:
        """Phases that hold the atoms of a composition with the lowest energy.

        Parameters
        ----------
        composition : str or mapping of str to float
            Formula, or relative amounts by element.

        Returns
        -------
        Equilibrium

        Raises
        ------
        InputError
            For an element that no phase has.
        """
        amounts = parse_formula(composition).amounts if isinstance(composition, str) else composition
        with Checks() as checks:
            for element, amount in amounts.items():
                checks.one_of("composition", element, self.elements)
                checks.number(f"composition.{element}", amount, FROM_ZERO)
        total = sum(amounts.values())
        b = np.array([amounts.get(element, 0.0) for element in self.elements]) / total
        parts, energy = self._lowest(b)
        potentials = self._potentials(b)
        shares = {self.phases[k].name: float(parts[k]) for k in np.flatnonzero(parts > 0.0)}
        fractions = {element: float(part) for element, part in zip(self.elements, b, strict=True) if part}
        its = dict(zip(self.elements, (potentials * e).tolist(), strict=True))
        return Equilibrium(fractions, shares, energy * e, its)

    def energy_above_hull(self, name: str) -> float:
        """Energy that a phase gives off when it decomposes.

        Parameters
        ----------
        name : str
            Of a phase.

        Returns
        -------
        float
            In J by atom; 0 for a stable phase.

        Raises
        ------
        InputError
            For another name.
        """
        phase = self.phase(name)
        above = phase.formation_energy - self.equilibrium(phase.fractions).energy
        return above if above > EQUAL * e else 0.0

    @cached_property
    def stable(self) -> tuple[str, ...]:
        """Names of the stable phases."""
        return tuple(p.name for p in self.phases if self.energy_above_hull(p.name) == 0.0)

    @cached_property
    def tie_lines(self) -> tuple[tuple[str, str], ...]:
        """Pairs of stable phases that coexist without a reaction."""
        return tuple(pair for pair in combinations(self.stable, 2) if self.coexist(*pair))

    def coexist(self, first: str, second: str) -> bool:
        """Whether two phases stay as they are beside each other.

        The lowest energy is convex along the mixing ratio: where it is that of the mixture at one ratio it
        is so at all.

        Parameters
        ----------
        first, second : str
            Names of phases.

        Returns
        -------
        bool

        Raises
        ------
        InputError
            For another name.
        """
        pair = self.phase(first), self.phase(second)
        middle = 0.5 * (self._column(pair[0]) + self._column(pair[1]))
        mixture = 0.5 * (pair[0].formation_energy + pair[1].formation_energy) / e
        return mixture - self._lowest(middle)[1] <= EQUAL

    def reaction(self, first: str, second: str) -> Reaction:
        """The reaction of two phases that gives off most energy by atom, over all mixing ratios.

        Parameters
        ----------
        first, second : str
            Names of phases, stable or not.

        Returns
        -------
        Reaction
            Without products if the phases do not react.

        Raises
        ------
        InputError
            For another name.
        """
        share = self._lowest_mixture(self.phase(first), self.phase(second), 0.0, (0.0, 1.0))
        return self.mixture(first, second, share)

    def mixture(self, first: str, second: str, share: float) -> Reaction:
        """The reaction of two phases that are mixed in a given ratio.

        Parameters
        ----------
        first, second : str
            Names of phases.
        share : float
            Share of the atoms that come from the first, from 0 to 1.

        Returns
        -------
        Reaction
            Without products if the phases do not react.

        Raises
        ------
        InputError
            For another name, or a share outside its range.
        """
        a, b = self.phase(first), self.phase(second)
        with Checks() as checks:
            checks.number("share", share, SHARE)
        parts, energy = self._lowest(share * self._column(a) + (1.0 - share) * self._column(b))
        before = (share * a.formation_energy + (1.0 - share) * b.formation_energy) / e
        gained = energy - before
        products = tuple((self.phases[k], float(parts[k])) for k in np.flatnonzero(parts > 0.0))
        if gained >= -EQUAL:
            gained, products = 0.0, ()
        return Reaction(((a, share), (b, 1.0 - share)), products, gained * e)

    def path(self, first: str, second: str) -> tuple[Reaction, ...]:
        """The reactions at all mixing ratios where the products change, from the second phase to the first.

        Between two of them the energy is straight over the mixing ratio.

        Parameters
        ----------
        first, second : str
            Names of phases.

        Returns
        -------
        tuple of Reaction
            The pure phases at both ends included.

        Raises
        ------
        InputError
            For another name.
        """
        a, b = self.phase(first), self.phase(second)
        ends = [(share, self.mixture(first, second, share).energy / e) for share in (0.0, 1.0)]
        kinks = [0.0, *self._kinks(a, b, ends[0], ends[1]), 1.0]
        return tuple(self.mixture(first, second, share) for share in kinks)

    def _kinks(self, a: Phase, b: Phase, low: tuple[float, float], high: tuple[float, float]) -> list[float]:
        """Mixing ratios between two others, given with their energies, where the slope changes.

        The ratio whose energy lies furthest below the chord is one of them, unless none lies below it.
        """
        slope = (high[1] - low[1]) / (high[0] - low[0])
        share = self._lowest_mixture(a, b, slope, (low[0], high[0]))
        energy = self.mixture(a.name, b.name, share).energy / e
        if low[1] + slope * (share - low[0]) - energy <= EQUAL or not low[0] < share < high[0]:
            return []
        here = share, energy
        return [*self._kinks(a, b, low, here), share, *self._kinks(a, b, here, high)]

    def _lowest_mixture(self, a: Phase, b: Phase, slope: float, within: tuple[float, float]) -> float:
        """Mixing ratio with the lowest energy of the reaction less slope times ratio."""
        left, right = self._column(a), self._column(b)
        before = (b.formation_energy - a.formation_energy) / e
        columns = np.concatenate([self.matrix, (right - left)[:, None]], axis=1)
        found = self._solve(columns, np.append(self.energies, before - slope), right, within)
        return float(np.clip(found[-1], *within))

    def _column(self, phase: Phase) -> Array:
        fractions = phase.fractions
        return np.array([fractions.get(element, 0.0) for element in self.elements])

    def _lowest(self, composition: Array) -> tuple[Array, float]:
        """Shares of the phases and energy in eV by atom."""
        parts = self._solve(self.matrix, self.energies, composition)
        used = parts > TINY
        # the program keeps to 1e-7; on the phases it chose the balance of atoms is solved to rounding
        exact = np.linalg.lstsq(self.matrix[:, used], composition, rcond=None)[0]
        parts = np.zeros_like(parts)
        parts[used] = np.maximum(exact, 0.0)
        return parts, float(parts @ self.energies)

    def _potentials(self, composition: Array) -> Array:
        from scipy.optimize import linprog

        # the dual program: the highest energy of the composition that stays below every phase
        limits: dict[str, Any] = {"A_ub": self.matrix.T, "b_ub": self.energies, "bounds": (None, None)}
        found = linprog(-composition, **limits, method="highs")
        return np.asarray(found.x) if found.status == 0 else np.full(len(composition), np.nan)

    def _solve(
        self, columns: Array, cost: Array, balance: Array, last: tuple[float, float] | None = None
    ) -> Array:
        from scipy.optimize import linprog

        bounds: list[tuple[float, float | None]] = [(0.0, None)] * columns.shape[1]
        if last is not None:
            bounds[-1] = last
        found = linprog(cost, A_eq=columns, b_eq=balance, bounds=bounds, method="highs")
        if found.status != 0:
            expected = "atoms that the phases can hold are expected"
            raise InputError(Fault("composition", balance.tolist(), expected, found.message))
        return np.asarray(found.x)


def _side(side: Side, numbers: tuple[float, ...]) -> str:
    pairs = [(phase.name, n) for (phase, _), n in zip(side, numbers, strict=True) if n > NEGLIGIBLE]
    return " + ".join(name if abs(n - 1.0) < NEGLIGIBLE else f"{n:.4g} {name}" for name, n in pairs)
