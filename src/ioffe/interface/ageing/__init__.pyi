"""Public names of the package and where they live; read by type checkers and by `base.lazy`."""

from ioffe.interface.ageing.acceleration import Arrhenius as Arrhenius
from ioffe.interface.ageing.acceleration import reduced_time as reduced_time
from ioffe.interface.ageing.carriers import CarrierChange as CarrierChange
from ioffe.interface.ageing.carriers import plot_carrier_change as plot_carrier_change
from ioffe.interface.ageing.fit import fit_ageing as fit_ageing
from ioffe.interface.ageing.junctions import AgedJunctions as AgedJunctions
from ioffe.interface.ageing.junctions import age_junctions as age_junctions
from ioffe.interface.ageing.junctions import read_ageing as read_ageing
from ioffe.interface.ageing.law import Law as Law
from ioffe.interface.ageing.laws import LinearGrowth as LinearGrowth
from ioffe.interface.ageing.laws import ParabolicGrowth as ParabolicGrowth
from ioffe.interface.ageing.laws import PowerLaw as PowerLaw
from ioffe.interface.ageing.laws import Relaxation as Relaxation
from ioffe.interface.ageing.laws import Tabulated as Tabulated
from ioffe.interface.ageing.result import AgeingFit as AgeingFit
from ioffe.interface.ageing.result import AgeingSeries as AgeingSeries
from ioffe.interface.ageing.result import ConfidenceBand as ConfidenceBand
from ioffe.interface.ageing.result import compare_ageing as compare_ageing
