"""Public names of the package and where they live; read by type checkers and by `base.lazy`."""

from ioffe.measured.calibration import Calibration as Calibration
from ioffe.measured.comparison import MeasuredBesideComputed as MeasuredBesideComputed
from ioffe.measured.comparison import compare as compare
from ioffe.measured.data_sheets import DataSheet as DataSheet
from ioffe.measured.data_sheets import EquivalentModule as EquivalentModule
from ioffe.measured.data_sheets import equivalent_module as equivalent_module
from ioffe.measured.data_sheets import read_data_sheets as read_data_sheets
from ioffe.measured.data_sheets import sheet_of_module as sheet_of_module
from ioffe.measured.figures import MeasuredFigures as MeasuredFigures
from ioffe.measured.figures import evaluate as evaluate
from ioffe.measured.fitting import calibrate as calibrate
from ioffe.measured.model import DeviceModel as DeviceModel
from ioffe.measured.model import uniform_resistance as uniform_resistance
from ioffe.measured.parameters import CORRECTIONS as CORRECTIONS
from ioffe.measured.readings import DeviceMeasurement as DeviceMeasurement
from ioffe.measured.readings import measurement_of as measurement_of
from ioffe.measured.readings import read_measurement as read_measurement
from ioffe.measured.robust import runs_test as runs_test
from ioffe.measured.selection import Shortlist as Shortlist
from ioffe.measured.selection import select as select
