"""Results as JSON and as tables, and numbers that both can hold.

>>> import numpy as np
>>> plain(np.array([[1.0, np.nan]])), largest(np.array([np.nan, 2.0]))
([[1.0, None]], 2.0)
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["Saved", "Tabular", "largest", "plain"]


class Saved(ABC):
    """A result that can be written as JSON."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Everything in SI units with the keys of the quantity table, ready for JSON (NaN becomes None)."""

    def save(self, path: str | Path) -> Path:
        """Write `to_dict` as JSON."""
        path = Path(path)
        path.write_text(json.dumps(self.to_dict(), indent=1, allow_nan=False) + "\n", encoding="utf-8")
        return path


class Tabular(Saved):
    """A result that is a table too."""

    @abstractmethod
    def rows(self) -> tuple[list[str], list[list[Any]]]:
        """Header and rows of the table, SI units in the header."""

    def to_frame(self) -> Any:
        """The rows as a pandas DataFrame (needs pandas)."""
        import pandas as pd

        header, rows = self.rows()
        return pd.DataFrame(rows, columns=pd.Index(header))


def plain(values: ArrayLike) -> Any:
    """Number or nested lists of numbers for JSON, with None for what is not finite."""
    array = np.asarray(values)
    if array.ndim == 0:
        value = array.item()
        return None if isinstance(value, float) and not np.isfinite(value) else value
    return [plain(part) for part in array]


def largest(values: ArrayLike) -> float:
    """Largest finite value; NaN if there is none."""
    array = np.asarray(values, float)
    good = array[np.isfinite(array)]
    return float(good.max()) if good.size else float("nan")
