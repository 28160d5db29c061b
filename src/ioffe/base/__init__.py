"""The ground floor: errors, constants, units, the quantity table, curves, results and the reading of files.

Nothing here knows of a material or a device. Only numpy is loaded, and pydantic with
:mod:`ioffe.base.schema`.
"""

import copyreg
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


def _read_only(content: Mapping[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(dict(content))


# Objects that hold a read-only mapping can be pickled and copied like all others.
copyreg.pickle(MappingProxyType, lambda proxy: (_read_only, (dict(proxy),)))
