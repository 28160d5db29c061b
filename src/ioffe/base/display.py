"""Objects that show themselves: one list of facts, printed as text and, in a notebook, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, ClassVar

import numpy as np

from ioffe.base.errors import did_you_mean

__all__ = ["Described", "NamedValues"]


class Described:
    """An object that tells what it is: a title, and facts with a label each.

    A subclass gives `_title` and `_facts`; printing shows them on lines, a notebook as a table.
    """

    def _title(self) -> str:
        """One line: what it is."""
        return type(self).__name__

    def _facts(self) -> Iterable[tuple[str, str]]:
        """Labels and texts, in the order in which they are shown; the label of a plain sentence is empty."""
        return ()

    def summary(self) -> str:
        """The text that printing shows.

        Returns
        -------
        str
            The title, and an indented line for every fact.
        """
        lines = [f"  {label}: {text}" if label else f"  {text}" for label, text in self._facts()]
        return "\n".join([self._title(), *lines])

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        """The same as a table, which notebooks show."""
        left = ' style="text-align: left"'
        rows = [
            f"<tr><th{left}>{escape(label)}</th><td{left}>{escape(text)}</td></tr>"
            if label
            else f'<tr><td{left} colspan="2">{escape(text)}</td></tr>'
            for label, text in self._facts()
        ]
        caption = f"<caption{left}><strong>{escape(self._title())}</strong></caption>"
        return f"<table>{caption}<tbody>{''.join(rows)}</tbody></table>"


class NamedValues:
    """An object whose numbers are attributes by their names in the quantity table.

    A subclass says in `_named` what they are; an array without axes is given as a float. `absent` says of
    attributes that are there only sometimes how one comes by them.
    """

    absent: ClassVar[Mapping[str, str]] = {}

    def _named(self) -> Mapping[str, Any]:
        """The numbers by name; by default the field ``values``."""
        return self.__dict__.get("values", {})

    def _noun(self) -> str:
        """What messages call it, with an article."""
        return "this result"

    def __getattr__(self, name: str) -> Any:
        # pickle and copy ask an object for special methods before it has any content
        if name.startswith("__") or not self.__dict__:
            raise AttributeError(name)
        named = self._named()
        if name in named:
            found = named[name]
            return found.item() if isinstance(found, np.ndarray) and found.ndim == 0 else found
        if name in self.absent:
            raise AttributeError(self.absent[name])
        advice = did_you_mean(name, [*named, *(key for key in dir(type(self)) if key[:1] != "_")])
        raise AttributeError("; ".join(filter(None, [f"{self._noun()} has no {name!r}", advice])))

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._named()]
