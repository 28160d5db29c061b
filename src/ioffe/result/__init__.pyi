"""Public names of what a solve returns, and where they live."""

from ioffe.result.array import ArrayResult as ArrayResult
from ioffe.result.batch import BatchResult as BatchResult
from ioffe.result.gradient import Derivatives as Derivatives
from ioffe.result.gradient import Gradient as Gradient
from ioffe.result.profile import Profile as Profile
from ioffe.result.steady import Result as Result
from ioffe.result.transient import TransientResult as TransientResult
