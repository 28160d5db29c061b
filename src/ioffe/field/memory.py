"""How much memory there is."""

from pathlib import Path


def free_memory() -> float:
    """Free memory in bytes, caches of files among it; where it is not known that of a small machine."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        return 1024.0 * next(float(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        return 4e9
