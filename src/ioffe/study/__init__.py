"""Many devices for one question: sweeps of any size, and which of thousands of materials is the best one.

>>> from ioffe.study.rank import rank_materials
>>> rank_materials(["Bi2Te3", "(CuI)0.003Bi2Te3"], T_hot=450, T_cold=320).material.tolist()
['Bi2Te3', '(CuI)0.003Bi2Te3']
"""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
