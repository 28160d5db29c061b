"""Random devices by NumPy (tolerance 1e-9) and by compiled code (1e-6): statuses, errors, energy balance.

python -m benchmarks.both_engines --count 50000 [--seed 1]

Legs with and without contacts, reservoirs, segments and side losses, couples between plates, coolers and
cascades, of random materials and sizes, most at random currents, voltages and loads, some at the current of
an aim. A device of another status is solved again by NumPy with every number changed by 1e-5: where the other
status comes out then, the device lies at a limit. Some of the others are printed.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

import ioffe as te
from benchmarks.compiled_devices import cooler, generator
from benchmarks.timing import note
from ioffe.engine.state import RUNAWAY

P = ("Bi0.42Sb1.58Te3", "Pb0.99Na0.01Te", "Ce1.25Fe3CoSb12", "MgAgSb0.99In0.01", "Cu2Se", "Yb14MnSb11")
BOTH = ("Bi0.42Sb1.58Te3", "Sr0.21Yb0.03Co4Sb12.12", "Bi2Te2.7Se0.3", "Mg3.5SbBi0.96Te0.04", "Cu2Se")
CHUNK = 500
NEAR = 1e-5
"""Relative change of a number that leads across a limit."""
ROUNDING = 1e-12
SHOWN = 3
Ranges = dict[str, tuple[float, float]]
WIDE = {"T_hot": (310.0, 1000.0), "T_cold": (250.0, 309.0)}
COLD = {"T_hot": (295.0, 320.0), "T_cold": (240.0, 294.0)}
LEG = {"length": (2e-4, 1e-2), "contact.electrical": (1e-11, 1e-8), "contact.thermal": (1e-7, 1e-4)}
RESERVOIRS = {"hot_resistance": (0.1, 20.0), "cold_resistance": (0.1, 20.0)}


@dataclass(frozen=True)
class Family:
    """Devices of one kind, and their share of all."""

    title: str
    share: float
    device: te.Leg | te.Module | te.Cascade
    conditions: te.Generator | te.Cooler
    ranges: Ranges
    choices: dict[str, tuple[str | int, ...]] = field(default_factory=dict)
    """Materials and numbers of couples by their paths."""

    def draw(self, rng: np.random.Generator, count: int) -> dict[str, np.ndarray]:
        """Numbers over a factor of ten and more by their logarithm."""
        found = {}
        for path, (low, high) in self.ranges.items():
            wide = low > 0.0 and high >= 10.0 * low
            found[path] = (
                np.exp(rng.uniform(*np.log([low, high]), count)) if wide else rng.uniform(low, high, count)
            )
        return found | {path: rng.choice(np.array(m, object), count) for path, m in self.choices.items()}


def families() -> Iterator[Family]:
    plain = te.Leg(P[0], "4 mm", "4 mm2")
    touched = te.Leg(P[0], "4 mm", "4 mm2", contact=te.Contact("10 uohm cm2", "5 mm2 K/W"))
    parts = [te.Segment(P[1], "3 mm"), te.Segment(P[2], "2 mm"), te.Segment(P[0], "2 mm")]
    joint = te.Contact("10 uohm cm2", "5 mm2 K/W")
    segmented = te.Leg(segments=parts, area="9 mm2", contact=joint, between=joint)
    losing = touched.replace(side=te.SideLoss("10 W/(m2 K)", 0.7))
    sizes = {"segments[0].length": (3e-4, 1e-2), "segments[2].length": (3e-4, 1e-2)}
    couple = {"p.area": (5e-7, 1e-5), "n.length": (1e-3, 8e-3), "T_hot": (320.0, 900.0)}
    cold = {"legs.length": (5e-4, 5e-3), "legs.contact.electrical": (1e-11, 1e-8)}

    def at(**given: object) -> te.Generator:
        return te.Generator(T_hot=600.0, T_cold=300.0, T_ambient=300.0, **given)

    def cooling(**given: object) -> te.Cooler:
        return te.Cooler(T_hot=300.0, T_ambient=300.0, **given)

    current, both = {"current": (-5.0, 15.0)}, {"material": BOTH}
    yield Family(
        "plain leg, current", 0.13, plain, at(current=1.0), WIDE | {"length": LEG["length"]} | current, both
    )
    yield Family(
        "leg, contacts, reservoirs, current",
        0.15,
        touched,
        at(current=1.0),
        WIDE | LEG | RESERVOIRS | current,
        both,
    )
    yield Family(
        "the same, largest efficiency",
        0.1,
        touched,
        at(current="max_efficiency"),
        WIDE | LEG | RESERVOIRS,
        {"material": P},
    )
    yield Family(
        "leg, contacts, largest power", 0.1, touched, at(current="max_power"), WIDE | LEG, {"material": P}
    )
    yield Family(
        "leg with side losses, current",
        0.08,
        losing,
        at(current=1.0),
        WIDE | LEG | {"current": (0.0, 5.0), "side.convection": (1.0, 100.0)},
        both,
    )
    yield Family("three segments, load", 0.15, segmented, at(load=0.01), WIDE | sizes | {"load": (1e-4, 1.0)})
    yield Family(
        "couple between plates, voltage", 0.1, generator(), at(voltage=0.02), couple | {"voltage": (0.0, 0.2)}
    )
    yield Family("the same, largest power", 0.05, generator(), at(current="max_power"), couple)
    yield Family(
        "cooler couple, current",
        0.04,
        cooler(),
        cooling(T_cold=280.0, current=1.0),
        COLD | cold | {"current": (0.0, 9.0)},
    )
    yield Family(
        "the same, largest COP", 0.01, cooler(), cooling(T_cold=280.0, current="max_COP"), COLD | cold
    )
    yield Family(
        "the same, largest heat", 0.01, cooler(), cooling(T_cold=280.0, current="max_heat"), COLD | cold
    )
    yield Family(
        "the same, temperature difference",
        0.01,
        cooler(),
        cooling(heat=0.0, aim="delta_T"),
        cold | {"T_hot": COLD["T_hot"]},
    )
    yield from cascades(cooling)


def cascades(cooling: Callable[..., te.Cooler]) -> Iterator[Family]:
    """Coolers of two and three stages, from far below the current of the largest heat to far beyond it."""
    stage = te.Module(*(te.Leg(f"generic {k} cooler leg", "1.6 mm", "2 mm2") for k in "pn"), fill_factor=0.3)
    two, three = (te.Cascade([stage.replace(couples=n) for n in c]) for c in ((40, 12), (60, 20, 6)))
    sizes = {"stages.legs.length": (5e-4, 5e-3), "stages.legs.contact.electrical": (1e-11, 1e-8)}
    couples = {"stages[0].couples": (10, 20, 40, 80)}
    deep = COLD | {"T_cold": (200.0, 290.0)}
    for device, title, current in ((two, "two", (0.0, 6.0)), (three, "three", (0.0, 4.0))):
        at = deep | sizes | {"current": current}
        conditions = cooling(T_cold=250.0, current=1.0)
        yield Family(f"cascade of {title} stages, current", 0.02, device, conditions, at, couples)
    loaded = cooling(heat=0.05, current=1.0)
    free = sizes | {"T_hot": COLD["T_hot"], "heat": (1e-3, 2.0), "current": (0.0, 4.0)}
    yield Family("the same of two, heat", 0.02, two, loaded, free, couples)
    for aim in ("max_COP", "max_heat"):
        title = "largest COP" if aim == "max_COP" else "largest heat"
        conditions = cooling(T_cold=250.0, current=aim)
        yield Family(f"the same of two, {title}", 0.005, two, conditions, deep | sizes, couples)


@dataclass
class Tally:
    """What was found of one family, device by device."""

    error: list[np.ndarray] = field(default_factory=list)
    estimate: list[np.ndarray] = field(default_factory=list)
    balance: float = 0.0
    at_limit: int = 0
    differ: list[str] = field(default_factory=list)


def compare(family: Family, vary: dict[str, np.ndarray]) -> Tally:
    """Both engines, chunk by chunk."""
    tally, start = Tally(), 0
    options = {"chunk": CHUNK, "keep": ("heat_hot", "heat_cold"), "force": True}
    given = family.device, family.conditions, vary
    exact = te.solve_chunks(*given, engine="numpy", tolerance=1e-9, **options)
    fast = te.solve_chunks(*given, engine="compiled", tolerance=1e-6, threads=1, **options)
    for a, b in zip(exact, fast, strict=True):
        both = (a.point_status < RUNAWAY) & (b.point_status < RUNAWAY)
        size = np.maximum(*(np.abs(a.values[k]) for k in options["keep"]))
        gaps = [np.abs(b.values[k] - a.values[k]) / size for k in options["keep"]]
        tally.error.append(np.maximum(*gaps)[both])
        tally.estimate.append((a.point_error_estimate + b.point_error_estimate)[both])
        solved = [x.point_energy_balance[x.point_status < RUNAWAY] for x in (a, b)]
        tally.balance = max(tally.balance, *(float(x.max(initial=0.0)) for x in solved))
        for k in np.flatnonzero(a.point_status != b.point_status):
            row = {path: values[start + k] for path, values in vary.items()}
            if b.point_status[k] in neighbours(family, row):
                tally.at_limit += 1
            else:
                tally.differ.append(f"{a.point_status[k]} and {b.point_status[k]}: {row}")
        start += len(a)
    return tally


def neighbours(family: Family, row: dict[str, object]) -> set[int]:
    """Statuses by NumPy with one number at a time changed by a little."""
    moved = [
        row | {path: row[path] * factor} for path in family.ranges for factor in (1.0 - NEAR, 1.0 + NEAR)
    ]
    vary = {path: [one[path] for one in moved] for path in row}
    options = {"engine": "numpy", "tolerance": 1e-9, "force": True}
    return set(te.solve_batch(family.device, family.conditions, vary, **options).point_status.tolist())


def main(count: int = 2_000, seed: int = 1) -> None:
    rng = np.random.default_rng(seed)
    print(f"\n{count} random devices: compiled (1e-6) beside NumPy (1e-9), relative errors of the heats")
    head = f"{'devices':>9}{'solved':>8}{'median':>10}{'99 %':>10}{'largest':>10}{'within estimate':>17}"
    print(f"  {'':36}{head}{'balance':>10}{'other status':>14}{'at a limit':>12}")
    errors, within, others = [], [], 0
    for family in families():
        n = max(1, round(family.share * count))
        tally = compare(family, family.draw(rng, n))
        error, estimate = np.concatenate(tally.error), np.concatenate(tally.estimate)
        good = error <= estimate + ROUNDING
        middle, most = np.quantile(error, [0.5, 0.99]) if len(error) else (np.nan, np.nan)
        row = f"{n:>9}{len(error):>8}{middle:>10.1e}{most:>10.1e}{error.max(initial=0.0):>10.1e}"
        row += f"{good.mean() if len(good) else np.nan:>17.4f}"
        print(
            f"  {family.title:36}{row}{tally.balance:>10.1e}{len(tally.differ):>14}{tally.at_limit:>12}",
            flush=True,
        )
        for line in tally.differ[:SHOWN]:
            print(f"      {line}")
        errors.append(error)
        within.append(good)
        others += len(tally.differ)
    share, middle = float(np.concatenate(within).mean()), float(np.median(np.concatenate(errors)))
    print(f"  within the estimates {share:.4f}, median error {middle:.1e}, other statuses {others}")
    note("Both engines on random devices", 0.0, error=middle, within=share, other_statuses=others)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.both_engines")
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    main(chosen.count, chosen.seed)
