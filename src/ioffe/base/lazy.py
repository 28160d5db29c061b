"""Public names that are imported when they are first used.

A package states its public interface once, in the stub file `__init__.pyi` that type checkers and editors
read, one line a name: ``from ioffe.device.leg import Leg as Leg``. At run time the same lines say where a
name is found, so that `import ioffe` loads no heavy library.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable
from pathlib import Path

__all__ = ["lazy_exports"]

_LINE = re.compile(r"^from (\S+) import (\w+) as \2$", re.MULTILINE)


def lazy_exports(
    package: str, file: str
) -> tuple[Callable[[str], object], Callable[[], list[str]], list[str]]:
    """`__getattr__`, `__dir__` and `__all__` of a package from the stub beside its `__init__.py`.

    `package`: name of the package, its `__name__`.
    `file`: path of its `__init__.py`, its `__file__`.
    Returns: the three names to assign in the package: ``__getattr__, __dir__, __all__ = lazy_exports(...)``.

    >>> import ioffe
    >>> "Leg" in ioffe.__all__, ioffe.Leg.__name__
    (True, 'Leg')
    """
    stub = Path(file).with_suffix(".pyi").read_text(encoding="utf-8")
    home = {name: module for module, name in _LINE.findall(stub)}

    def find(name: str) -> object:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = home[name]
        if module == package:  # a sub-package, public as an attribute
            return importlib.import_module(f"{package}.{name}")
        value = getattr(importlib.import_module(module), name)
        setattr(sys.modules[package], name, value)
        return value

    return find, lambda: sorted(home), sorted(home)
