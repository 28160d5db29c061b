"""A project that was taken home as one archive: its device file and the files that it names."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

from ioffe_studio.limits import FILES, RefusedError, check_file

DEVICE: Final = re.compile(r"^\s*\[(?:module|leg|cascade|operate)\b", re.MULTILINE)
ENTRIES: Final = 10 * FILES
"""Files of an archive among which a device is looked for."""


def project_in(path: Path) -> tuple[str, str, dict[str, bytes]]:
    """Name and text of the device file of an archive, and what it names; pictures and reports stay behind."""
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [one for one in archive.infolist() if not one.is_dir()]
            if len(inside) > ENTRIES:
                raise RefusedError(f"{path.name} holds {len(inside)} files; at most {ENTRIES} are read", 413)
            names = {PurePosixPath(one.filename.replace("\\", "/")).name: one for one in inside}
            texts = {name: archive.read(one) for name, one in names.items() if name.endswith(".toml")}
            device = next((name for name, text in texts.items() if DEVICE.search(_decoded(text))), None)
            if device is None:
                raise RefusedError(f"{path.name} holds no device file", 422)
            found, said = {}, [texts.pop(device)]
            while said:  # a card names tables too
                told = said.pop()
                for name in [name for name in names if name != device and name not in found]:
                    if name.encode() in told:
                        found[name] = texts[name] if name in texts else archive.read(names[name])
                        check_file(name, found[name])
                        said += [found[name]] if name in texts else []
            return device, _decoded(archive.read(names[device])), found
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, EOFError):
        raise RefusedError(f"{path.name} is damaged or locked", 422) from None


def _decoded(content: bytes) -> str:
    return content.decode("utf-8-sig", "replace")
