"""Documents as text and files: TOML both ways, tables of measured points, what is taken home."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ioffe.base.errors import Fault, InputError
from ioffe_studio.archive import project_in
from ioffe_studio.limits import RefusedError
from ioffe_studio.tasks.job import Download, Job
from ioffe_studio.toml_text import parsed, written

KINDS = {
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "toml": "application/toml; charset=utf-8",
    "svg": "image/svg+xml",
    "pictures": "application/zip",
    "zip": "application/zip",
}


def toml(job: Job) -> dict[str, Any]:
    """The TOML of a document, the document of a TOML, or the project that an archive holds."""
    text = job.request.get("text") or ""
    if job.request.get("document") is None and job.files and not text:
        name, text, inside = project_in(job.files[0])
        files = {file: base64.b64encode(content).decode() for file, content in inside.items()}
        return {"document": _as_json(parsed(text, name), ""), "text": text, "name": name, "files": files}
    if job.request.get("document") is None:
        return {"document": _as_json(parsed(text, job.name), "")}
    return {"text": written(job.document, text)}


def _as_json(value: Any, path: str) -> Any:
    """What JSON cannot hold is refused: dates, infinities."""
    if isinstance(value, dict):
        return {key: _as_json(item, f"{path}.{key}".lstrip(".")) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_json(item, f"{path}[{k}]") for k, item in enumerate(value)]
    finite = not isinstance(value, float) or value - value == 0.0
    if isinstance(value, str | int | float | bool) and finite:
        return value
    raise InputError(Fault(path, value, "a finite number, a text or a list is expected"))


def table(job: Job) -> dict[str, Any]:
    """Measured points, dropped in as a file or pasted, as marks of the plots."""
    from ioffe.measured.readings import read_measurement
    from ioffe_studio.measured import points_of

    files = job.files
    text = job.request.get("text") or ""
    if text:
        pasted = job.folder / "pasted.csv"
        pasted.write_text(text, encoding="utf-8")
        files = [pasted]  # those beside the device are cards and other tables
    if not files:
        raise RefusedError("a file or a pasted table is expected", 422)
    operate = job.document.get("operate") if job.request.get("document") is not None else None
    operate = operate if isinstance(operate, dict) else {}
    listed = {key: operate[key] for key in ("T_hot", "T_cold") if operate.get(key)}
    listed = {key: value if isinstance(value, list) else [value] for key, value in listed.items()}
    sides = {key: values[0] for key, values in listed.items()}
    found, stated = [], ()
    for path in files:
        try:
            found.append(read_measurement(path))
        except InputError as error:
            stated = tuple(key for key in sides if any(key == fault.location for fault in error.faults))
            if not stated:
                raise
            found.append(read_measurement(path, **{key: sides[key] for key in stated}))
    return points_of(found, stated, listed)


def report(job: Job) -> Download:
    """The report, the numbers or the drawing of a device, or all of them."""
    wanted = str(job.request.get("format") or "html")
    if wanted not in KINDS:
        raise RefusedError(f"the format is one of {', '.join(KINDS)}", 422)
    stem = Path(job.name).stem
    name = f"{stem}-pictures.zip" if wanted == "pictures" else f"{stem}.{wanted}"
    if wanted == "toml":
        content = written(job.document, job.request.get("text") or "").encode()
        return Download(name, KINDS[wanted], content)
    file = job.device_file
    if wanted == "svg":
        from ioffe.report.drawing import drawing

        return Download(name, KINDS[wanted], drawing(file.device, file.conditions).encode())
    result = file.solve(maxima=True)
    out = job.folder / "out"
    out.mkdir()
    if wanted in ("csv", "xlsx", "json"):
        return Download(name, KINDS[wanted], result.save(out / name).read_bytes())
    from ioffe.report import write_report

    write_report(result, out, device_file=file)
    if wanted == "pictures":
        return Download(name, KINDS[wanted], _packed(sorted(out.glob("*.svg")), out, stem))
    if wanted == "html":
        page = (out / "report.html").read_text(encoding="utf-8")
        return Download(name, KINDS[wanted], job.private(page).encode())
    result.save(out / "result.json")
    result.save(out / "curves.csv")
    text = written(job.document, job.request.get("text") or "")
    (out / f"{stem}.toml").write_text(text, encoding="utf-8")
    made = (path for path in sorted(out.rglob("*")) if path.is_file())
    return Download(name, KINDS[wanted], _packed([*made, *job.files], out, stem))


def _packed(paths: Iterable[Path], folder: Path, stem: str) -> bytes:
    """Files as one archive; those of the folder keep their places in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            place = path.relative_to(folder) if path.is_relative_to(folder) else path.name
            archive.writestr(f"{stem}/{place}", path.read_bytes())
    return buffer.getvalue()
