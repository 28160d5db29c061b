"""Median time of a call, rows of a table, and what a run has measured so far."""

import statistics
import time
from collections.abc import Callable
from typing import Any

MEASURED: dict[str, dict[str, float]] = {}
"""Everything measured in this process: seconds, the ratio that is printed beside them, relative error."""


def median_time(call: Callable[[], Any], seconds: float = 1.5, most: int = 200) -> tuple[float, Any]:
    """Median processor time in s of repeated calls (after one that is not counted), and the last value."""
    value = call()
    times: list[float] = []
    while (sum(times) < seconds and len(times) < most) or len(times) < 3:
        start = time.process_time()
        value = call()
        times.append(time.process_time() - start)
    return statistics.median(times), value


def note(name: str, seconds: float, **numbers: float) -> None:
    """Keep a time in s, and what else was found, for the history."""
    MEASURED[name] = {
        "seconds": float(f"{seconds:.4g}"),
        **{key: float(f"{number:.4g}") for key, number in numbers.items()},
    }


def show(title: str, rows: list[tuple[str, float, float, str]]) -> None:
    """Rows of (who, seconds, relative error, remark); ratios are to the first row, which is ioffe's."""
    print(f"\n{title}")
    print(f"  {'':34}{'time':>12}{'x ioffe':>10}{'error':>12}")
    for who, seconds, error, remark in rows:
        ratio = seconds / rows[0][1]
        print(f"  {who:34}{_time(seconds):>12}{ratio:>10.2f}{error:>12.1e}  {remark}".rstrip())
        note(f"{title}: {who}", seconds, ratio=ratio, error=error)


def _time(seconds: float) -> str:
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} us"
