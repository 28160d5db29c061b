"""Studies that are solved in a moment."""

import ioffe as te
from ioffe.engine import compiled
from ioffe.study import Span, Study

LEG = te.Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2", contact="5 uohm cm2")
AT = te.Generator(T_hot=450, T_cold=330, current=0.5)
ENGINE = "compiled" if compiled.is_ready() else "numpy"
"""What answers sooner; nobody waits for a compiler."""


def lengths(points=2600, **more):
    """Legs at one current, in chunks of 500."""
    given = {"outputs": ["power", "T_hot"], "chunk": 500} | more
    return Study(LEG, AT, {"T_hot": [430.0, 450.0], "length": Span(1e-3, 4e-3, points // 2)}, **given)
