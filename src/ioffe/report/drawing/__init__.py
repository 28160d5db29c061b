"""The device drawn to scale as SVG text.

>>> from ioffe.device import Leg
>>> drawing(Leg("Bi2Te3", length="2 mm", area="1 mm x 1 mm")).startswith("<svg xmlns")
True
"""

from ioffe.report.drawing.couple import drawing as drawing
