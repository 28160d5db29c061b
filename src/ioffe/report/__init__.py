"""Pictures and self-contained pages: of results, analyses, service lives, ion migration, measurements.

Each `write_...` function writes a page `report.html` and its pictures into a folder. What is on a page is
said with the classes of `ioffe.report.page`.

>>> from pathlib import Path
>>> from ioffe.device import Generator, Leg
>>> leg = Leg("Bi2Te3", length="2 mm", area="1 mm x 1 mm")
>>> files = write_report(leg.solve(Generator(T_hot=400, T_cold=310)), Path("out"), formats=("svg",))
>>> [path.name for path in files]
['curves.svg', 'profiles.svg', 'device.svg', 'report.html']
"""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
