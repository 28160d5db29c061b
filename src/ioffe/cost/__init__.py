"""What devices cost: prices of compositions, bills of devices, cost by power, derivatives of it.

`formulas` are the equations; `costing` holds prices and yields with their sources; `bill` applies them to a
device; `quantities` makes aims and limits of them, with derivatives; `solve` prices what was solved.

>>> from ioffe.cost import composition_price
>>> round(composition_price("Bi2Te3", {"Bi": 6.36, "Te": 63.5}), 2)
33.68
"""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
