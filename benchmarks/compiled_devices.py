"""CPU time a device of the compiled engine, side by side in vectors and one after the other, and of NumPy.

Real devices whose lengths, areas and resistances differ from device to device: legs with contacts between
thermal resistances, legs of three segments with electrical and thermal contacts, generator couples between
plates, and cooler couples. What the vectors refuse is solved one after the other, as in a batch. Errors are
those of the efficiency, power, COP or temperature difference against NumPy at a tolerance of 1e-11.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np

import ioffe as te
from benchmarks.timing import note
from ioffe.engine import newton, optimum
from ioffe.engine.compiled import network, search
from ioffe.engine.compiled.vector import entry as vector
from ioffe.engine.network import Drive, Network, Solution
from ioffe.solve.assemble import assemble

COUNT, FEW, SAMPLE = 20_000, 2_000, 64
KEPT = ("sign", "count", "a", "b", "node", "squares")
PASSES = 3
Find = Callable[[Network, Drive], np.ndarray]


@dataclass
class Case:
    """What is solved, and what of it is compared; `aim` is None at a fixed current."""

    title: str
    network: Network
    drive: Drive
    value: Callable[[Solution], np.ndarray]
    aim: str | None = None
    numpy: Find | None = None
    """The search of the NumPy engine."""
    states: bool = False


def spread(network: Network, rng: np.random.Generator, n: int) -> Network:
    """Every length, area and resistance times a random factor between 0.7 and 1.4 for each device."""

    def vary(element):
        changes = {
            f.name: getattr(element, f.name) * rng.uniform(0.7, 1.4, n)
            for f in fields(element)
            if f.name not in KEPT and isinstance(getattr(element, f.name), float) and getattr(element, f.name)
        }
        return replace(element, **changes)

    groups = {k: tuple(vary(e) for e in getattr(network, k)) for k in ("legs", "passive", "joule")}
    return replace(network, **groups)


def leg(side: bool) -> te.Leg:
    joint = te.Contact("10 uohm cm2", "5 mm2 K/W")
    return te.Leg(
        segments=[
            te.Segment("Pb0.99Na0.01Te", "3 mm"),
            te.Segment("Ce1.25Fe3CoSb12", "2 mm"),
            te.Segment("(Bi0.23Sb0.77)2Te3", "2 mm"),
        ],
        area="3 mm x 3 mm",
        contact=joint,
        between=[joint, joint],
        side=te.SideLoss(convection="10 W/(m2 K)", emissivity=0.7) if side else None,
    )


def cases(n: int) -> list[Case]:
    rng = np.random.default_rng(1)
    T_hot, T_cold, around = rng.uniform(650, 750, n), rng.uniform(300, 320, n), np.full(n, 300.0)
    given = {"T_hot": 700.0, "T_cold": 300.0, "hot_resistance": "2 K/W", "cold_resistance": "2 K/W"}
    at = {"ambient": around, "T_hot": T_hot, "T_cold": T_cold}

    def efficiency(s: Solution) -> np.ndarray:
        return s.power / s.heat_hot

    found = []
    for side, name in ((False, "three-segment legs, fixed current"), (True, "the same with side losses")):
        conditions = te.Generator(**given, T_ambient=300.0, current=1.0)
        net = spread(assemble(leg(side), conditions).network, rng, n)
        short = search.find([(net, Drive(**at))], "short_circuit", tolerance=1e-3)["short_circuit"]
        drive = Drive(**at, current=rng.uniform(0.2, 0.8, n) * short)
        found.append(Case(name, net, drive, efficiency, states=True))
    single = te.Leg("Pb0.99Na0.01Te", "4 mm", "2 mm x 2 mm", contact="10 uohm cm2")
    net = spread(assemble(single, te.Generator(**given, current="max_efficiency")).network, rng, n)
    found.append(
        Case(
            "legs with contacts between reservoirs, max_efficiency",
            net,
            Drive(**at),
            efficiency,
            "max_efficiency",
            best_efficiency,
        )
    )
    couple = spread(assemble(generator(), te.Generator(T_hot=700.0, T_cold=300.0)).network, rng, n)
    found.append(
        Case(
            "generator couples at max_power", couple, Drive(**at), lambda s: s.power, "max_power", best_power
        )
    )
    cold = spread(assemble(cooler(), te.Cooler(T_hot=300.0, T_cold=280.0, current="max_COP")).network, rng, n)
    at = {"ambient": around, "T_hot": rng.uniform(298, 308, n)}
    between = Drive(**at, T_cold=rng.uniform(270, 285, n))
    floating = Drive(**at, heat_cold=np.zeros(n))
    found.append(
        Case("cooler couples at max_COP", cold, between, lambda s: s.heat_cold / s.power, "max_COP", best_COP)
    )
    found.append(
        Case("cooler couples at max_heat", cold, between, lambda s: s.heat_cold, "max_heat", most_heat)
    )
    found.append(
        Case(
            "cooler couples at delta_T_max",
            cold,
            floating,
            lambda s: s.T[cold.hot] - s.T[cold.cold],
            "delta_T_max",
            coldest,
        )
    )
    return found


def generator() -> te.Module:
    stack = [te.Layer("Cu", "0.3 mm", "electrodes"), te.Layer("Al2O3 96%", "0.7 mm")]
    p, n = (
        te.Leg(material, "4 mm", "2 mm x 2 mm", contact=te.Contact("10 uohm cm2", "2 mm2 K/W"))
        for material in ("Ce1.25Fe3CoSb12", "Sr0.21Yb0.03Co4Sb12.12")
    )
    return te.Module(p=p, n=n, couples=1, fill_factor=0.3, hot=stack, cold=stack)


def cooler() -> te.Module:
    stack = [te.Layer("Cu", "0.3 mm", "electrodes"), te.Layer("Al2O3 96%", "0.7 mm")]
    p, n = (
        te.Leg(material, "1.6 mm", "1.4 mm x 1.4 mm", contact=te.Contact("5 uohm cm2", "1 mm2 K/W"))
        for material in ("generic p cooler leg", "generic n cooler leg")
    )
    return te.Module(p=p, n=n, couples=1, fill_factor=0.3, hot=stack, cold=stack)


def best_power(net: Network, drive: Drive) -> np.ndarray:
    return _generating(net, drive, optimum.power_slope)


def best_efficiency(net: Network, drive: Drive) -> np.ndarray:
    return _generating(net, drive, optimum.efficiency_slope)


def _generating(net: Network, drive: Drive, slope: optimum.Slope) -> np.ndarray:
    zero = np.zeros(len(drive))
    idle = newton.solve(net, drive.at(zero))
    most = -1.1 * idle.voltage / idle.voltage_I
    return optimum.find(net, drive, {"x": slope}, zero, most)["x"]


def most_heat(net: Network, drive: Drive) -> np.ndarray:
    zero = np.zeros(len(drive))
    idle = newton.solve(net, drive.at(zero))
    top = 1.6 * idle.heat_cold_I / idle.voltage_I
    return optimum.find(net, drive, {"x": optimum.cooling_slope}, zero, top)["x"]


def best_COP(net: Network, drive: Drive) -> np.ndarray:
    zero, heat = np.zeros(len(drive)), most_heat(net, drive)
    least = optimum.find(net, drive, {"x": optimum.heat_gap(zero)}, zero, heat)["x"]
    return optimum.find(net, drive, {"x": optimum.cop_slope}, least, heat)["x"]


def coldest(net: Network, drive: Drive) -> np.ndarray:
    zero = np.zeros(len(drive))
    fixed = replace(drive, heat_cold=None, T_cold=drive.T_hot)
    idle = newton.solve(net, fixed.at(zero))
    top = 1.6 * idle.heat_cold_I / idle.voltage_I
    return optimum.find(net, drive, {"x": optimum.cold_node_slope(net)}, zero, top)["x"]


def side_by_side(case: Case) -> Solution:
    """In vectors, and what they refuse one after the other."""
    if not vector.takes(case.network):
        return one_by_one(case)
    options = {"states": case.states, "threads": 1}
    found, refused = vector.solve([(case.network, case.drive)], case.aim, **options)
    rest = np.flatnonzero(refused)
    if len(rest):
        part = replace(case, network=case.network.take(rest), drive=case.drive.take(rest))
        again = one_by_one(part)
        for name in ("T", "current", "voltage", "heat_hot", "heat_cold", "code"):
            getattr(found, name)[..., rest] = getattr(again, name)
    return found


def one_by_one(case: Case) -> Solution:
    drive = case.drive
    if case.aim is not None:
        found = search.find([(case.network, drive)], case.aim, threads=1)
        drive = drive.at(found[case.aim])
    return network.solve([(case.network, drive)], states=case.states, threads=1)


def by_numpy(case: Case, some: np.ndarray, tolerance: float) -> Solution:
    net, drive = case.network.take(some), case.drive.take(some)
    if case.numpy is not None:
        drive = drive.at(case.numpy(net, drive))
    return newton.solve(net, drive, tolerance=tolerance)


def best_time(call: Callable[[], object], passes: int) -> float:
    """CPU time in s."""
    times = []
    for _ in range(passes):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)


def main(count: int = COUNT) -> None:
    print(f"\nCPU time a device in us, {count} devices, tolerance 1e-6 (NumPy: {SAMPLE} of them, 1e-9)")
    print(
        f"  {'':54}{'vectors':>9}{'one by one':>12}{'ratio':>7}{'NumPy':>9}{'median error':>14}{'largest':>9}"
    )
    for case in cases(count):
        few = np.arange(min(count, FEW))
        part = replace(case, network=case.network.take(few), drive=case.drive.take(few))
        s = side_by_side(case)
        one_by_one(part)
        fast = best_time(lambda c=case: side_by_side(c), PASSES) / count
        each = best_time(lambda c=part: one_by_one(c), PASSES) / len(few)
        some = np.linspace(0, count - 1, SAMPLE).astype(int)
        slow = best_time(lambda c=case, k=some: by_numpy(c, k, 1e-9), 1) / SAMPLE
        exact = case.value(by_numpy(case, some, 1e-11))
        error = np.abs(case.value(s)[some] / exact - 1.0)
        note(f"A device, compiled: {case.title}", fast, ratio=each / fast, error=float(np.nanmedian(error)))
        print(
            f"  {case.title:54}{1e6 * fast:>9.2f}{1e6 * each:>12.1f}{each / fast:>7.1f}{1e6 * slow:>9.0f}"
            f"{np.nanmedian(error):>14.1e}{np.nanmax(error):>9.1e}"
        )


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
