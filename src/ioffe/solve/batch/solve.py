"""Solve a batch: at once, or in chunks that need little memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ioffe.base.errors import Fault, InputError
from ioffe.device.cascade import Device
from ioffe.device.conditions import Conditions, Cooler, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import SideLoss
from ioffe.engine import compiled
from ioffe.material.soundness import Remarks
from ioffe.result.batch import BatchResult
from ioffe.solve.batch.cases import VariedInput
from ioffe.solve.batch.choice import Engine
from ioffe.solve.batch.plan import BatchPlan, planned
from ioffe.solve.doubts import judge
from ioffe.solve.transient import solve as transient


def solve_batch(
    device: Device,
    conditions: Conditions,
    vary: Mapping[str, Any],
    *,
    tolerance: float = 1e-6,
    strict: bool = False,
    gradient: str | Iterable[str] = (),
    engine: Engine = "auto",
    threads: int | None = None,
    interfaces: bool = False,
    keep: Iterable[str] = (),
    force: bool = False,
) -> BatchResult:
    """Solve many devices that differ from one another in some of their numbers, materials and conditions.

    Parameters
    ----------
    device
        `Leg`, `Module` or `Cascade` with one current; what is not varied is the same in all devices.
    conditions
        `Generator` or `Cooler` for one operating point: numbers, or an aim such as ``"max_efficiency"``,
        ``"max_COP"``; ``"sweep"`` adds a last axis of 61 currents.
    vary
        Arrays by the path of a number of the device or of its conditions: ``"length"``, ``"p.area"``,
        ``"legs.contact.electrical"``, ``"segments[0].length"``, ``"T_hot"``, ``"current"``; for the path
        of a material (``"p.material"``) a list of materials or of their names. SI, or text with units. In a
        cascade behind the stage, ``"stages[0].couples"``, ``"stages.legs.length"`` of all of them, or the
        interface, ``"between[0][0].thickness"``.
        The arrays broadcast against one another.
    tolerance
        Relative error of the heat flows that is aimed at, 1e-11 to 1e-3.
    gradient
        Paths of numbers, or of tables such as ``"p.material.seebeck"``, to differentiate every quantity by:
        ``batch.gradient["efficiency"]["length"]``.
    engine
        ``"compiled"`` (needs numba: ``pip install "ioffe[fast]"``; the first use ever compiles for about a
        minute), ``"numpy"``, or ``"auto"``: compiled where that code is in memory, or where the work takes
        NumPy longer than loading it; a batch never waits for the compiler (see ``ioffe warm-up``).
    threads
        Number of threads of the compiled engine; by default all processors.
    interfaces
        Whether the temperature of every interface of the legs is wanted, in
        ``batch.interface_temperatures["p.contact_hot"]``.
    keep
        Quantities that the result holds, such as ``["efficiency", "power"]``, by default all: with a few
        of them very many devices take little memory.
    strict
        Refuse doubtful materials, numbers that no device has, and materials beyond their measured ranges.
    force
        Take materials whose data cannot be right (`Material.check`) too.

    Returns
    -------
    BatchResult
        Arrays of the broadcast shape, a status, the energy balance and an error estimate for each device.

    Raises
    ------
    InputError
        With every fault of the varied values and its location.

    Examples
    --------
    >>> import numpy as np
    >>> from ioffe import Generator, Leg
    >>> leg = Leg("Bi0.42Sb1.58Te3", length="2 mm", area="2 mm2")
    >>> batch = solve_batch(
    ...     leg,
    ...     Generator(T_hot=450, T_cold=300, current="max_power"),
    ...     {"length": [1e-3, 2e-3, 4e-3], "contact.electrical": "5 uohm cm2"},
    ... )
    >>> bool(np.all(np.diff(batch.efficiency) > 0))
    True
    """
    options: dict[str, Any] = {"tolerance": tolerance, "gradient": gradient, "engine": engine}
    options |= {"threads": threads, "interfaces": interfaces, "keep": keep}
    return judged_plan(device, conditions, vary, strict=strict, force=force, **options).solve()


def solve_chunks(
    device: Device,
    conditions: Conditions,
    vary: Mapping[str, Any],
    *,
    chunk: int = 100_000,
    tolerance: float = 1e-6,
    strict: bool = False,
    gradient: str | Iterable[str] = (),
    engine: Engine = "auto",
    threads: int | None = None,
    interfaces: bool = False,
    keep: Iterable[str] = (),
    force: bool = False,
) -> Iterator[BatchResult]:
    """Solve the devices of a batch one chunk after the other, so that any number of them takes little memory.

    Everything is checked before the first chunk. The results are those of `solve_batch` to the last bit,
    whatever the chunk; error estimates of dense tables agree to six digits. Arrays that broadcast are never
    written out.

    Parameters
    ----------
    device, conditions, vary
        As for `solve_batch`.
    chunk
        Devices of one result; without compiled code they are rounded up to a multiple of 500.
    tolerance, strict, gradient, engine, threads, interfaces, keep, force
        As for `solve_batch`; a strict solve ends with the first chunk that uses a material beyond its range.

    Yields
    ------
    BatchResult
        Of the next devices, in the order of ``solve_batch(...).power.ravel()``; its arrays are one row.

    Raises
    ------
    InputError
        With every fault of the varied values and its location, before anything is solved.

    Examples
    --------
    >>> import numpy as np
    >>> from ioffe import Generator, Leg
    >>> leg = Leg("Bi0.42Sb1.58Te3", length="2 mm", area="2 mm2")
    >>> conditions = Generator(T_hot=450, T_cold=300, current="max_power")
    >>> vary = {"length": np.geomspace(1e-3, 4e-3, 6)[:, None], "contact.electrical": [1e-10, 1e-9]}
    >>> chunks = solve_chunks(leg, conditions, vary, chunk=5, keep=["power_density"], engine="numpy")
    >>> float(max(part.power_density.max() for part in chunks).round(-2))
    11600.0
    """
    if isinstance(chunk, bool) or not isinstance(chunk, int) or chunk < 1:
        raise InputError(Fault("chunk", chunk, "a whole number from 1 is expected"))
    options: dict[str, Any] = {"tolerance": tolerance, "gradient": gradient, "engine": engine}
    options |= {"threads": threads, "interfaces": interfaces, "keep": keep}
    plan = judged_plan(device, conditions, vary, strict=strict, force=force, **options)
    return (part.solve() for part in plan.parts(chunk))


def judged_plan(
    device: Device,
    conditions: Conditions,
    vary: Mapping[str, Any],
    *,
    strict: bool,
    force: bool,
    **options: Any,
) -> BatchPlan:
    """The plan of a batch, with what is doubtful about its input."""

    def judged(given: VariedInput) -> Remarks:
        every = given.materials.items()
        kinds = {f"{path}[{i}]": m for path, (found, _) in every for i, m in enumerate(found)}
        return judge(device, conditions, force=force, strict=strict, varied=given.numbers, kinds=kinds)

    return planned(device, conditions, vary, strict=strict, judged=judged, **options)


def solve_cases(
    device: Device, conditions: Conditions, vary: Mapping[str, Any], **options: Any
) -> BatchResult:
    """Solve a batch whose input was judged before; the options are those of `planned`."""
    return planned(device, conditions, vary, **options).solve()


def warm_up() -> bool:
    """Compile all kernels of the compiled engine, which takes about a minute, and keep them on disk.

    Returns
    -------
    bool
        False if there was nothing to do.

    Raises
    ------
    InputError
        If numba is not installed.

    Examples
    --------
    >>> from ioffe.engine import compiled
    >>> if compiled.is_ready():  # then nothing is left to do
    ...     assert not warm_up()
    """
    if compiled.is_ready():
        return False
    leg, other = (Leg(f"generic {k} cooler leg", length="1.6 mm", area="2 mm2") for k in ("p", "n"))
    couple = Module(leg, other, fill_factor=0.3)
    # solved one after the other: no vectors. First at a current, so that march and search are two jobs
    losing = leg.replace(side=SideLoss(convection="10 W/(m2 K)"))
    tasks: list[tuple[Device, Conditions, tuple[str, ...]]] = [
        (leg, Generator(T_hot=330.0, T_cold=300.0, current=0.1), ()),
        (leg, Generator(T_hot=330.0, T_cold=300.0, current="max_power"), ()),
        (leg, Generator(T_hot=330.0, T_cold=300.0, current="max_efficiency"), ("length",)),
        (losing, Generator(T_hot=330.0, T_cold=300.0, T_ambient=300.0, current=0.1), ()),
        (losing, Generator(T_hot=330.0, T_cold=300.0, T_ambient=300.0, current="max_power"), ()),
        (couple, Generator(T_hot=330.0, T_cold=300.0, load=0.1), ()),
        (leg, Generator(T_hot=330.0, T_cold=300.0, current="sweep"), ()),
        (couple, Generator(T_hot=330.0, T_cold=300.0, current="sweep"), ()),
        (couple, Cooler(T_hot=300.0, T_cold=290.0, current="max_COP"), ()),
        (couple, Cooler(T_hot=300.0, T_cold=290.0, heat=0.01), ()),
        (couple, Cooler(T_hot=300.0, heat=0.01, aim="delta_T"), ()),
    ]
    for device, conditions, paths in tasks:
        vary = {"T_hot": [conditions.T_hot]}
        solve_batch(device, conditions, vary, engine="compiled", gradient=paths, threads=1)
    transient.warm_up()
    compiled.mark_ready()
    return True
