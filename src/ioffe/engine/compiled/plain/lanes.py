"""How devices stand side by side, so that loops over them become vector instructions.

`LANES` devices that go through the same cells of the same table advance together. Their numbers are rows of
`LANES` in one flat array, and the material at the nodes of their elements is a second flat array: with two
arrays and constant distances the compiler sees that nothing overlaps.
"""

from __future__ import annotations

from typing import Any

from numba import types
from numba.extending import intrinsic

from ioffe.engine.compiled.cache import kernel

LANES = 16

PELTIER, JOULE, CONDUCTION, SHAPE, BORDER, DEFECT, ELEMENT = (LANES * k for k in (0, 4, 8, 12, 16, 17, 18))
"""Places in an element of `ELEMENT` numbers; the first four have four rows, one for each node.

PELTIER is A, JOULE |h| rho kappa and CONDUCTION |h| kappa times the weight of the node, with h the width of
the element in K; SHAPE is int rho kappa (p_start/p) |dT| from the start of the element to the node, BORDER is
A at the end of the element, DEFECT the relative error of the cubic through the nodes of rho kappa.
"""

# a device: T0, T1, the sign of T1 - T0, A at T0; where the cell that is being filled is entered and left
BEGIN, END, SIGN, START, ENTER, LEAVE = (LANES * k for k in range(6))
# the current, its square with the sign, the unknown, and what it is to reach
J, SQUARE, C, R, POSITION = (LANES * k for k in range(6, 11))
# slopes of r and of the position at T1
R_C, R_J, POSITION_C, POSITION_J = (LANES * k for k in range(11, 15))
# averages for the first guess
TOTAL, MEAN, HEATING = (LANES * k for k in range(15, 18))
# the march: p and 1/p where it stands, the least p, extreme ratios of p in an element, growth, errors
P, INVERSE, LEAST, FALL, RISE, GROWTH, POSITION_ERROR, R_ERROR = (LANES * k for k in range(18, 26))
# Newton's method: whether the lane changes, the last change of the current, and what was found
MOVING, BEFORE, FOUND_R, ERROR = (LANES * k for k in range(26, 30))
# for a search over the current: int S dT between the ends and at the hot end, and the hot end's part in r
VOLTAGE, HOT, HOT_R, ROWS = (LANES * k for k in range(30, 34))


def _wide_vectors(_context: Any) -> Any:
    def generate(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.void(), generate


wide_vectors: Any = intrinsic(_wide_vectors)
"""Ask for the widest vectors of the processor in the function that calls this.

On processors with AVX-512 the compiler otherwise uses half their width.
"""


@kernel(fast=True, inline=True)
def four(a: Any, i: int) -> Any:
    """Four rows of one lane."""
    return a[i], a[i + LANES], a[i + 2 * LANES], a[i + 3 * LANES]


@kernel(fast=True, inline=True)
def put_four(a: Any, i: int, first: float, second: float, third: float, fourth: float) -> None:
    """Write four rows of one lane."""
    a[i], a[i + LANES], a[i + 2 * LANES], a[i + 3 * LANES] = first, second, third, fourth
