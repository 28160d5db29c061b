"""Names that have changed: the old one works for a while, says so, and goes at a stated version.

Every use of a helper of this file is kept in `DEPRECATIONS`, and a test fails as soon as the version of the
package has reached a stated removal, so that nothing is forgotten. CONTRIBUTING.md states the policy.

>>> from ioffe.base.deprecation import renamed_arguments
>>> @renamed_arguments(since="0.2", removal="0.4", T_hot_side="T_hot")
... def carnot_efficiency(T_hot, T_cold):
...     return 1.0 - T_cold / T_hot
>>> import warnings
>>> with warnings.catch_warnings(record=True) as caught:
...     warnings.simplefilter("always")
...     carnot_efficiency(T_hot_side=600.0, T_cold=300.0)
0.5
>>> print(caught[0].message)
carnot_efficiency: the argument "T_hot_side" is called "T_hot" since version 0.2; the old name will be removed
in version 0.4
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

__all__ = [
    "DEPRECATIONS",
    "Deprecation",
    "RenamedWarning",
    "renamed_arguments",
    "renamed_attribute",
    "renamed_function",
]

P = ParamSpec("P")
R = TypeVar("R")


class RenamedWarning(FutureWarning):
    """An old name was used; the message says the new one and when the old one goes."""


@dataclass(frozen=True)
class Deprecation:
    """One old name with its successor.

    `old`, `new`: what is called how, as clauses of a sentence: ``'the argument "T_hot_side"'``,
        ``'"T_hot"'``.
    `since`: version of the package that brought the new name, such as ``"0.2"``.
    `removal`: version that no longer has the old name.
    """

    old: str
    new: str
    since: str
    removal: str

    def __post_init__(self) -> None:
        """Refuse a removal that comes before the new name has been there for a release."""
        if _release(self.removal) <= _release(self.since):
            raise ValueError(f"{self.old}: removal {self.removal} must come after version {self.since}")
        DEPRECATIONS.append(self)

    def __str__(self) -> str:
        """The whole message."""
        return (
            f"{self.old} is called {self.new} since version {self.since}; "
            f"the old name will be removed in version {self.removal}"
        )

    def warn(self) -> None:
        """Warn at the line that called the function which calls this one."""
        warnings.warn(str(self), RenamedWarning, stacklevel=3)

    def is_overdue(self, version: str) -> bool:
        """Whether that version of the package must no longer have the old name.

        `version`: version of the package; a development version of a release counts as that release.
        Returns: True from the version of the removal on.

        >>> one = Deprecation('"load"', '"load_material"', since="0.2", removal="0.4")
        >>> one.is_overdue("0.3.1"), one.is_overdue("0.4.0.dev1"), DEPRECATIONS.remove(one)
        (False, True, None)
        """
        return _release(version) >= _release(self.removal)


DEPRECATIONS: list[Deprecation] = []
"""Every old name of the modules that have been imported."""


def renamed_function(new: Callable[P, R], old: str, *, since: str, removal: str) -> Callable[P, R]:
    """The function under its old name: ``load = renamed_function(load_material, "load", ...)``.

    `new`: the function (or class) under its new name.
    `old`: the old name.
    `since`, `removal`: version that brought the new name, and version that no longer has the old one.
    Returns: calls the new function after a `RenamedWarning`.
    """
    deprecation = Deprecation(f'"{old}"', f'"{new.__name__}"', since, removal)

    @wraps(new)
    def renamed(*args: P.args, **kwargs: P.kwargs) -> R:
        deprecation.warn()
        return new(*args, **kwargs)

    renamed.__name__ = renamed.__qualname__ = old
    renamed.__doc__ = f"{deprecation}."
    return renamed


def renamed_arguments(
    *, since: str, removal: str, **new_names: str
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorator that takes arguments under their old names too, ``old="new"``.

    `since`, `removal`: version that brought the new names, and version that no longer has the old ones.
    `**new_names`: the new name of each old one.
    Returns: the decorator. An old name gives a `RenamedWarning`; both names in one call are a TypeError.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        deprecations = {
            old: Deprecation(f'{function.__qualname__}: the argument "{old}"', f'"{new}"', since, removal)
            for old, new in new_names.items()
        }

        @wraps(function)
        def renamed(*args: P.args, **kwargs: P.kwargs) -> R:
            for old in deprecations.keys() & kwargs.keys():
                new = new_names[old]
                if new in kwargs:
                    raise TypeError(f'{function.__qualname__}: "{old}" and "{new}" are the same argument')
                deprecations[old].warn()
                kwargs[new] = kwargs.pop(old)
            return function(*args, **kwargs)

        return renamed

    return decorate


class renamed_attribute:
    """An attribute under its old name: ``height = renamed_attribute("length", ...)``, as `property` would be.

    `new`: the new name.
    `since`, `removal`: version that brought the new name, and version that no longer has the old one.
    """

    def __init__(self, new: str, *, since: str, removal: str) -> None:
        self.new, self.since, self.removal = new, since, removal

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn the old name from the class."""
        self.deprecation = Deprecation(
            f'{owner.__name__}: the attribute "{name}"', f'"{self.new}"', self.since, self.removal
        )

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        """The value under the new name, after a `RenamedWarning`."""
        if instance is None:
            return self
        self.deprecation.warn()
        return getattr(instance, self.new)


def _release(version: str) -> tuple[int, ...]:
    """Major and minor number of a version, so that a development version counts as its release."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])
