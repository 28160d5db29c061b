"""Public names of the package and where they live; read by type checkers and by `base.lazy`."""

from ioffe.study.rank import rank_materials as rank_materials
from ioffe.study.study import SamplePlan as SamplePlan
from ioffe.study.study import Span as Span
from ioffe.study.study import Study as Study
from ioffe.study.study_file import read_study as read_study
from ioffe.study.sweep_result import SweepResult as SweepResult
from ioffe.study.sweep_result import read_sweep as read_sweep
from ioffe.study.sweeping import sweep as sweep
