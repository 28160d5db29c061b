"""Ion migration in mixed conductors: critical voltage and current, profiles, deposition, barriers.

The sign convention of the whole package: x runs along the leg, and a current density J is positive towards
larger x. Current enters at the anode (x = 0 for J > 0) and leaves at the cathode, where metal appears first.
Every function works on SI floats and arrays and knows no material and no device.

The chemical potential of the metal and the critical voltage of a composition are in
:mod:`ioffe.migration.defect`, fitted in :mod:`ioffe.migration.fit`; critical voltages and currents with a
temperature difference in :mod:`ioffe.migration.limits`, of a whole leg in :mod:`ioffe.migration.leg`, with
barriers in :mod:`ioffe.migration.barriers`; profiles of the composition in :mod:`ioffe.migration.steady` and,
over time, in :mod:`ioffe.migration.transient`.

>>> import ioffe as te
>>> print(f"{te.migration.CU2S.critical_voltage(0.03, 750.0) * 1e3:.1f} mV")
74.8 mV
"""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
