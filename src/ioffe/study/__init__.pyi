"""Public names of the package and where they live; read by type checkers and by `base.lazy`."""

from ioffe.study.designing.answer import DesignAnswer as DesignAnswer
from ioffe.study.designing.questions import QUESTIONS as QUESTIONS
from ioffe.study.designing.questions import design as design
from ioffe.study.evolution import evolved_front as evolved_front
from ioffe.study.front import ParetoFront as ParetoFront
from ioffe.study.front import pareto_front as pareto_front
from ioffe.study.optimising import Optimum as Optimum
from ioffe.study.optimising import optimise as optimise
from ioffe.study.rank import rank_materials as rank_materials
from ioffe.study.study import SamplePlan as SamplePlan
from ioffe.study.study import Span as Span
from ioffe.study.study import Study as Study
from ioffe.study.study_file import read_study as read_study
from ioffe.study.sweep_result import SweepResult as SweepResult
from ioffe.study.sweep_result import read_sweep as read_sweep
from ioffe.study.sweeping import sweep as sweep
from ioffe.study.uncertain import Spread as Spread
from ioffe.study.uncertainty import propagate_study as propagate_study
from ioffe.study.uncertainty import samples_for as samples_for
from ioffe.study.uncertainty import sobol_indices as sobol_indices
from ioffe.study.uncertainty_result import UncertaintyResult as UncertaintyResult
