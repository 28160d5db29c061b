"""Public names of the package and where they live; read by type checkers and by `base.lazy`."""

from ioffe.export.compact import CompactModel as CompactModel
from ioffe.export.compact import compact_model as compact_model
