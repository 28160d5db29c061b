"""Thermoelectric tool: from measured material curves to generators and coolers one can build and trust.

The public names are imported when they are first used, so that `import ioffe` loads numpy at most.

>>> import ioffe as te
>>> contact = te.Contact(electrical="7.9 uohm cm2")
>>> contact.electrical
7.9e-10
"""

from ioffe._version import __version__ as __version__
from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
