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
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ioffe.base.constants import e
from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.interface.compatibility.phases import Phase
from ioffe.interface.compatibility.reaction import Reaction
from ioffe.transport.formula import parse_formula

__all__ = ["Equilibrium", "PhaseSet"]

Array = NDArray[np.float64]
TINY = 1e-9
"""Amount by atom below which a phase is absent."""
EQUAL = 1e-7
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
    """

    composition: Mapping[str, float]
    amounts: Mapping[str, float]
    energy: float
    potentials: Mapping[str, float]


class PhaseSet:
    """Phases with their energies, and what follows from them.

    The answer is as good as the table: a phase that is missing is not seen, energies at room temperature
    stand for free energies, and how fast a reaction is nobody says.

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
        faults = Faults()
        names = [phase.name for phase in phases]
        for index, name in enumerate(names):
            if name in names[:index]:
                faults.add(f"phases[{index}]", name, "a name of its own is expected")
        if not phases:
            faults.add("phases", expected="at least one phase is expected")
        faults.raise_if_any()
        elements = list(dict.fromkeys(element for phase in phases for element in phase.composition.amounts))
        pure = {next(iter(p.fractions)) for p in phases if len(p.fractions) == 1}
        added = [Phase(element, 0.0, source="element, added") for element in elements if element not in pure]
        self.phases: tuple[Phase, ...] = (*phases, *added)
        self.elements: tuple[str, ...] = tuple(elements)
        self.energies: Array = np.array([phase.formation_energy for phase in self.phases]) / e
        self.matrix: Array = np.array(
            [[phase.fractions.get(element, 0.0) for phase in self.phases] for element in elements]
        )

    def phase(self, name: str) -> Phase:
        """A phase by its name; raises `InputError` for another."""
        for phase in self.phases:
            if phase.name == name:
                return phase
        names = [phase.name for phase in self.phases]
        expected = f"one of {', '.join(names)} is expected"
        raise InputError(Fault("phase", name, expected, did_you_mean(name, names)))

    def equilibrium(self, composition: str | Mapping[str, float]) -> Equilibrium:
        """Phases that hold the atoms of a composition with the lowest energy.

        Parameters
        ----------
        composition : str or mapping of str to float
            Formula, or amounts by element.

        Raises
        ------
        InputError
            For an element that no phase has.
        """
        amounts = parse_formula(composition).amounts if isinstance(composition, str) else composition
        faults = Faults()
        for element, amount in amounts.items():
            if element not in self.elements:
                expected = f"one of {', '.join(self.elements)} is expected"
                faults.add("composition", element, expected, did_you_mean(element, self.elements))
            elif not amount >= 0.0:
                faults.add(f"composition.{element}", amount, "an amount from 0 on is expected")
        faults.raise_if_any()
        total = sum(amounts.values())
        b = np.array([amounts.get(element, 0.0) for element in self.elements]) / total
        parts, energy = self._lowest(b)
        potentials = self._potentials(b)
        shares = {self.phases[k].name: float(parts[k]) for k in np.flatnonzero(parts > 0.0)}
        fractions = {element: float(part) for element, part in zip(self.elements, b, strict=True) if part}
        its = dict(zip(self.elements, (potentials * e).tolist(), strict=True))
        return Equilibrium(fractions, shares, energy * e, its)

    def energy_above_hull(self, name: str) -> float:
        """Energy in J by atom that a phase gives off when it decomposes; 0 for a stable one."""
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
        """
        a, b = self.phase(first), self.phase(second)
        if not 0.0 <= share <= 1.0:
            raise InputError(Fault("share", share, "a number from 0 to 1 is expected"))
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
        """
        a, b = self.phase(first), self.phase(second)
        ends = [(share, self.mixture(first, second, share).energy / e) for share in (0.0, 1.0)]
        kinks = [0.0, *self._kinks(a, b, ends[0], ends[1]), 1.0]
        return tuple(self.mixture(first, second, share) for share in kinks)

    def _kinks(self, a: Phase, b: Phase, low: tuple[float, float], high: tuple[float, float]) -> list[float]:
        """Mixing ratios between two others, given with their energies, where the slope changes.

        The place that lies furthest below the chord is one of them, unless none lies below it.
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
        found = linprog(
            -composition, A_ub=self.matrix.T, b_ub=self.energies, bounds=(None, None), method="highs"
        )
        if found.status == 0:
            return np.asarray(found.x)
        return np.full(len(composition), np.nan)

    def _solve(
        self, columns: Array, cost: Array, balance: Array, last: tuple[float, float] | None = None
    ) -> Array:
        from scipy.optimize import linprog

        bounds: list[tuple[float, float | None]] = [(0.0, None)] * columns.shape[1]
        if last is not None:
            bounds[-1] = last
        found = linprog(cost, A_eq=columns, b_eq=balance, bounds=bounds, method="highs")
        if found.status != 0:
            raise InputError(
                Fault(
                    "composition",
                    balance.tolist(),
                    "atoms that the phases can hold are expected",
                    found.message,
                )
            )
        return np.asarray(found.x)
