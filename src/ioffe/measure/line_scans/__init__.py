r"""Resistance scanned along metal, leg and metal: contact resistivities and conductivity of the leg.

>>> from pathlib import Path
>>> rows = [f"{x / 20},{0.1 + (x > 20) * (0.3 + 0.125 * (x - 20.5)):.6f}" for x in range(80)]
>>> _ = Path("scan.csv").write_text("\n".join(["x (mm),R (mohm)", *rows]))
>>> found = line_scan(read_scans("scan.csv"), "3 mm x 3 mm")
>>> found.parts, round(float(found.mean.value) * 1e10, 1)  # uohm cm2
(('metal', 'leg'), 27.0)
"""

from ioffe.measure.line_scans.evaluate import line_scan
from ioffe.measure.line_scans.result import FittedScan, Interface, LineScan
from ioffe.measure.line_scans.scan import Scan, read_scans

__all__ = ["FittedScan", "Interface", "LineScan", "Scan", "line_scan", "read_scans"]
