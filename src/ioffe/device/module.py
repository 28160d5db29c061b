"""A module: couples of p and n legs between two stacks of layers."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ioffe.base.errors import Faults
from ioffe.base.units import QuantityLike, parse_area, to_si
from ioffe.device.display import Shown
from ioffe.device.fields import Number, declared, number
from ioffe.device.layout import Layout, LegPlan, plan_of
from ioffe.device.leg import Leg
from ioffe.device.parts import GapFiller, Layer
from ioffe.device.solving import Solvable


@dataclass(frozen=True, init=False, repr=False)
class Module(Shown, Solvable):
    """Couples electrically in series and thermally in parallel.

    Parameters
    ----------
    p, n
        The two `Leg` objects of a couple.
    couples
        Number of couples.
    fill_factor, footprint
        Cross-section of all legs over the footprint (0 to 1), or the footprint of the module in m2
        (``"40 mm x 40 mm"``); give one of them, or a `layout` with a gap.
    hot, cold
        `Layer` objects from the legs outwards. Heat spreads through them over the whole footprint;
        constriction in the plates is left out in one dimension.
    filler
        `GapFiller` between the legs, or None for an ideal vacuum.
    series_resistance
        Electrical resistance of joints and leads of the whole module in ohm. Its heat is released at the
        cold junctions, where leads are attached.
    layout
        `Layout` of legs, electrodes and plates; by default a grid near to a square, in which the gaps follow
        from the fill factor. In one dimension only its gap counts, which decides the fill factor.
    name : str
        What the device is called in results and reports.

    Examples
    --------
    >>> p = Leg("generic p cooler leg", "1.6 mm", "1.4 mm x 1.4 mm")
    >>> n = Leg("generic n cooler leg", "1.6 mm", "1.4 mm x 1.4 mm")
    >>> round(Module(p=p, n=n, couples=127, fill_factor=0.28).footprint * 1e4, 2)
    17.78
    """

    p: Leg
    n: Leg
    couples: int
    fill_factor: Number = number(
        "fill_factor", "Cross-section of all legs over the footprint.", label="Fill factor"
    )
    hot: tuple[Layer, ...]
    cold: tuple[Layer, ...]
    filler: GapFiller | None
    series_resistance: Number = number(
        "electrical_resistance",
        "Electrical resistance of joints and leads of the whole module.",
        0.0,
        plausible=(0.0, 100.0),
        label="Leads and joints",
    )
    layout: Layout | None
    name: str

    def __init__(
        self,
        p: Leg,
        n: Leg,
        couples: int = 1,
        *,
        fill_factor: QuantityLike | None = None,
        footprint: QuantityLike | None = None,
        hot: Iterable[Layer] = (),
        cold: Iterable[Layer] = (),
        filler: GapFiller | None = None,
        series_resistance: QuantityLike = 0.0,
        layout: Layout | None = None,
        name: str = "",
    ) -> None:
        faults = Faults()
        put: dict[str, Any] = {
            "p": p,
            "n": n,
            "hot": tuple(hot),
            "cold": tuple(cold),
            "filler": filler,
            "layout": layout,
            "name": name,
        }
        for kind, leg in (("p", p), ("n", n)):
            if not isinstance(leg, Leg):
                faults.add(kind, leg, "a Leg is expected")
            elif leg.carrier != kind:
                expected = f"a leg of {kind}-type material is expected"
                where = "material" if len(leg.segments) == 1 else "segments[0].material"
                faults.add(f"{kind}.{where}", leg.segments[0].material.name, expected, "exchange p and n?")
        if isinstance(couples, bool) or not isinstance(couples, int) or couples < 1:
            faults.add("couples", couples, "a whole number from 1 is expected")
        with faults.collect("series_resistance"):
            put["series_resistance"] = declared(Module)["series_resistance"].read(series_resistance)
        put["couples"] = couples
        if layout is not None and layout.gap is not None:
            put["fill_factor"] = _by_gap(faults, p, n, couples, layout, fill_factor, footprint)
        else:
            put["fill_factor"] = _fill_factor(faults, p, n, couples, fill_factor, footprint)
        faults.raise_if_any()
        for key, value in put.items():
            object.__setattr__(self, key, value)
        if layout is not None:
            plan_of(self)

    @property
    def footprint(self) -> float:
        """Footprint of the module in m2."""
        return self.couples * (self.p.area + self.n.area) / self.fill_factor

    @property
    def gap_decides(self) -> bool:
        """Whether a stated gap between the legs decides the fill factor."""
        return self.layout is not None and self.layout.gap is not None

    def by_gap(self) -> float:
        """The fill factor of the stated gap; numbers of the legs and of the layout may be arrays.

        Returns
        -------
        float or ndarray
            Area of the legs over that of the plates, dimensionless.
        """
        assert self.layout is not None
        return (
            self.couples * (self.p.area + self.n.area) / self.layout.footprint(self.p, self.n, self.couples)
        )

    @property
    def plan(self) -> LegPlan:
        """Every rectangle of its `Layout`: legs, electrodes, plates.

        Raises
        ------
        InputError
            If legs overlap or electrodes touch.
        """
        return plan_of(self)

    def replace(self, **changes: Any) -> Module:
        """A copy with other fields, given as the constructor takes them.

        Parameters
        ----------
        **changes
            New values of fields, as the constructor takes them: in SI, or texts with units.

        Returns
        -------
        Module
        """
        now = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        layout = changes.get("layout", self.layout)
        if "footprint" in changes or (layout is not None and layout.gap is not None):
            del now["fill_factor"]
        return Module(**{**now, **changes})


def _by_gap(
    faults: Faults,
    p: Leg,
    n: Leg,
    couples: int,
    layout: Layout,
    fill_factor: QuantityLike | None,
    footprint: QuantityLike | None,
) -> float:
    """Fill factor of legs with a stated gap."""
    for name, given in (("fill_factor", fill_factor), ("footprint", footprint)):
        if given is not None:
            faults.add(name, given, "nothing is expected here", "layout.gap decides it")
    if faults:
        return 1.0
    return couples * (p.area + n.area) / layout.footprint(p, n, couples)


def _fill_factor(
    faults: Faults,
    p: Leg,
    n: Leg,
    couples: int,
    fill_factor: QuantityLike | None,
    footprint: QuantityLike | None,
) -> float:
    if not faults.only_one(fill_factor=fill_factor, footprint=footprint):
        expected = 'either fill_factor (such as 0.3) or footprint ("40 mm x 40 mm") is expected'
        faults.add("fill_factor", expected=expected)
        return 1.0
    if fill_factor is not None:
        with faults.collect("fill_factor"):
            return to_si(fill_factor, "fill_factor")
        return 1.0
    with faults.collect("footprint"):
        size = parse_area(footprint)[0]
        legs = couples * (p.area + n.area)
        if legs > size * (1 + 1e-12):
            expected = f"at least {legs * 1e6:.4g} mm2 is expected, the legs' cross-section"
            faults.add("footprint", footprint, expected)
        return min(legs / size, 1.0)
    return 1.0
