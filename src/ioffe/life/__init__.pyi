"""Public names of the package and where they live; read by type checkers and by `base.lazy`."""

from ioffe.life.cycling import CoffinManson as CoffinManson
from ioffe.life.cycling import CyclingStatistics as CyclingStatistics
from ioffe.life.cycling import cycling_statistics as cycling_statistics
from ioffe.life.degradation import Degradation as Degradation
from ioffe.life.degradation import GrowingLayer as GrowingLayer
from ioffe.life.file import Aged as Aged
from ioffe.life.file import LifeTask as LifeTask
from ioffe.life.file import life_of as life_of
from ioffe.life.fitting import LifeFit as LifeFit
from ioffe.life.fitting import fit_life as fit_life
from ioffe.life.performance import PerformanceLoss as PerformanceLoss
from ioffe.life.result import LifeResult as LifeResult
from ioffe.life.service import Service as Service
from ioffe.life.service import ServicePhase as ServicePhase
from ioffe.life.solve import solve_life as solve_life
from ioffe.life.survival import SeriesSystem as SeriesSystem
from ioffe.life.survival import Weibull as Weibull
from ioffe.life.survival import WeibullFit as WeibullFit
from ioffe.life.survival import fit_weibull as fit_weibull
from ioffe.life.survival import kaplan_meier as kaplan_meier
from ioffe.life.survival import series as series
