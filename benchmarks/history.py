"""The history of what was measured: one line of JSON a run, in `benchmarks/history.jsonl`.

A time alone says little on another machine. What is compared over the years are the ratios (the time of
another program, or the limit of the arithmetic, over ioffe's), measured in the same run; the times are kept
for runs on the same machine.
"""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

FILE = Path(__file__).with_name("history.jsonl")
NOTABLE = 0.1
"""A relative change beyond this is marked: a tenth is the scatter of a quiet machine."""


def commit() -> str:
    """The commit that is checked out, with a plus sign if files have changed since; empty without git."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--abbrev=12", "--dirty=+"],
            cwd=FILE.parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return found.stdout.strip()


def processor() -> str:
    """What the system calls its processor."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def machine() -> dict[str, str | int]:
    """What a time depends on besides the code: processor, system, Python and the libraries that compute."""
    import numpy
    import scipy

    found: dict[str, str | int] = {
        "processor": processor(),
        "cores": os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
    }
    try:
        import numba
    except ImportError:
        return found
    return found | {"numba": numba.__version__}


def entry(measured: dict[str, dict[str, float]]) -> dict:
    """What is kept of one run."""
    import ioffe

    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": ioffe.__version__,
        "commit": commit(),
        "machine": machine(),
        "measured": measured,
    }


def save(new: dict, file: Path = FILE) -> None:
    """Append one run."""
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(new, ensure_ascii=False) + "\n")


def last(measured: dict[str, dict[str, float]], file: Path = FILE) -> dict | None:
    """The latest saved run that has any of these rows."""
    if not file.exists():
        return None
    lines = file.read_text(encoding="utf-8").splitlines()
    runs = (json.loads(line) for line in reversed(lines) if line.strip())
    return next((run for run in runs if run["measured"].keys() & measured.keys()), None)


def comparison(new: dict, old: dict) -> str:
    """Rows of what was measured now, beside the same rows of a saved run.

    Speed is old time over new time; the ratio stands for both runs, as it means the same on every machine.
    """
    lines = [f"\nAgainst {old['date']}, version {old['version']}, commit {old['commit'] or 'unknown'}"]
    if other := {k: v for k, v in old["machine"].items() if new["machine"].get(k) != v}:
        lines.append("  measured elsewhere: " + ", ".join(f"{k} {v}" for k, v in other.items()))
    lines.append(f"  {'':76}{'speed':>8}{'ratio then':>12}{'now':>8}")
    for name, now in new["measured"].items():
        then = old["measured"].get(name)
        if then is None:
            lines.append(f"  {name:76}{'new':>8}")
            continue
        speed = then["seconds"] / now["seconds"]
        mark = " slower" if speed < 1 - NOTABLE else " faster" if speed > 1 + NOTABLE else ""
        ratios = (
            f"{then['ratio']:>12.2f}{now['ratio']:>8.2f}"
            if "ratio" in then and "ratio" in now
            else f"{'':20}"
        )
        lines.append(f"  {name:76}{speed:>8.2f}{ratios}{mark}".rstrip())
    missing = [name for name in old["measured"] if name not in new["measured"]]
    return "\n".join([*lines, *([f"  not measured now: {len(missing)} rows"] if missing else [])])
