"""Print the lowest versions of the dependencies that pyproject.toml admits, as constraints for pip.

    python tools/lowest_versions.py [EXTRA ...] > lowest.txt
    pip install --editable '.[test]' --constraint lowest.txt

An extra that is made of others, `ioffe[data,fast]`, brings those along.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(?:\[(?P<extras>[\w,-]+)\])?(?:(?:>=|==)(?P<lowest>[\w.]+))?")


def lowest(project: dict, extras: list[str]) -> dict[str, str]:
    """The lowest version of each dependency of the package and of some of its extras.

    >>> project = {"dependencies": ["numpy>=2.0"], "optional-dependencies": {"fast": ["numba>=0.61"]}}
    >>> project["name"], project["optional-dependencies"]["test"] = "house", ["house[fast]", "pytest>=8.3"]
    >>> lowest(project, ["test"])
    {'numpy': '2.0', 'numba': '0.61', 'pytest': '8.3'}
    """
    found: dict[str, str] = {}
    known = project["optional-dependencies"]
    for text in [*project["dependencies"], *(line for extra in extras for line in known[extra])]:
        match = REQUIREMENT.fullmatch(text)
        if match is None:
            raise ValueError(f'"{text}": a requirement such as numpy>=2.0 is expected')
        if match["name"] == project["name"]:
            found |= lowest({**project, "dependencies": []}, match["extras"].split(","))
        elif match["lowest"] is None:
            raise ValueError(f'"{text}": a lowest version is expected')
        else:
            found[match["name"]] = match["lowest"]
    return found


if __name__ == "__main__":
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    for name, version in lowest(project, sys.argv[1:]).items():
        print(f"{name}=={version}")
