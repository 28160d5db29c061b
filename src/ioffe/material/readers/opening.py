"""Opening a file: what it is packed in, its encoding, and the bounds of what is read."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from pathlib import Path

from ioffe.base._files import check_regular, missing
from ioffe.base.errors import ABSENT, Fault, InputError

ROW_LIMIT = 100_000
"""Rows of one table of measured curves; a longer file is refused before it is parsed."""
DUMP_LIMIT = 1_000_000
"""Rows of a database dump (Starrydata, teMatDb), of which a few samples are taken."""
TABLE_LIMIT = 500
"""Tables below one another in a file or sheet; each is a sample of its own."""
LINE_LIMIT = 1_000_000
"""Letters of one of the first lines of a text; a longer one is no row of a table."""
SIZE_LIMIT = 500_000_000
"""Bytes of any file; a larger one is refused before it is opened."""
EXCEL_ENDINGS = (".xlsx", ".xlsm", ".xls")
STORE_ENDING = ".duckdb"


def refuse(path: Path | str, expected: str, advice: str = "", value: object = ABSENT) -> InputError:
    """Error with one fault about a whole file.

    `expected`: what was expected.
    `advice`: what helps.
    `value`: what was found.
    Returns: to be raised.
    """
    return InputError(Fault("", value, expected, advice, str(path)))


def open_checked(path: Path) -> Path:
    """Path of a file that exists, is not empty and is not absurdly large.

    Returns: the same path.
    Raises `InputError` for a missing file, a folder, an empty or an oversized file.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        raise InputError(missing(path, "there is no such file")) from None
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or str(error)
        raise refuse(path, f"the file cannot be opened ({words})") from None
    if stat.S_ISDIR(found.st_mode):
        raise refuse(path, "a file is expected, this is a folder")
    check_regular(path, SIZE_LIMIT)
    if found.st_size == 0:
        raise refuse(path, "the file is empty")
    return path


def check_length(path: Path, lines: int, limit: int = ROW_LIMIT) -> None:
    """Refuse a file with more lines than the limit.

    `lines`: lines of the file.
    `limit`: how many are read.
    Raises `InputError` with the number of lines and the limit.
    """
    if lines > limit:
        expected = f"the file has {lines} lines; at most {ROW_LIMIT} are read of a table"
        advice = f"cut it down to the samples you need; of a database file at most {DUMP_LIMIT} are read"
        raise refuse(path, expected, advice)


def is_workbook(path: Path) -> bool:
    """Whether a file is an Excel workbook: by its ending, unless it is a text named so.

    `path`: a file that exists.
    """
    if path.suffix.casefold() not in EXCEL_ENDINGS:
        return False
    with path.open("rb") as stream:
        start = stream.read(2000)
    return start[:2] in (b"PK", b"\xd0\xcf") or decoded(start) is None


def read_text(path: Path, row_limit: int = ROW_LIMIT) -> str:
    """Text of a table file in any encoding that instruments write, perhaps packed as gz or zip.

    `path`: file to read.
    `row_limit`: lines above which the file is refused, before it is decoded.
    Raises `InputError` for a file that cannot be read, is binary, or has too many lines.
    """
    try:
        data = unpacked(path, open_checked(path).read_bytes())
    except OSError as error:
        raise refuse(path, f"the file cannot be read ({error.strerror or error})") from None
    check_length(path, data.count(b"\n") or data.count(b"\r"), row_limit)
    text = decoded(data)
    if text is None or any(c < " " and c not in "\t\n\r\f\v\x1a" for c in text[:20_000]):
        raise refuse(path, "a text table is expected, this is a binary file", "export it as CSV in UTF-8")
    text = text.replace("\x1a", "")
    if not text.strip():
        raise refuse(path, "the file is empty")
    longest = max(map(len, text[: 2 * LINE_LIMIT].splitlines()))
    if longest > LINE_LIMIT:
        raise refuse(path, f"one of its first lines has more than {LINE_LIMIT} letters, as no table has")
    return text


def unpacked(path: Path, data: bytes) -> bytes:
    """Content of a gz file, or of a zip file that holds one file; any other data as they are.

    `path`: the file, for messages.
    `data`: its content.
    Raises `InputError` for a damaged archive, one of several files, and one that unpacks to more than
        `SIZE_LIMIT` bytes.
    """
    if data[:2] == b"\x1f\x8b":
        stream = zlib.decompressobj(31)
        try:
            data = stream.decompress(data, SIZE_LIMIT)
        except zlib.error as error:
            raise refuse(path, f"the gz file is damaged ({error})") from None
        if stream.unconsumed_tail:
            raise refuse(path, f"unpacked it has more than {SIZE_LIMIT / 1e6:.0f} MB")
        if not stream.eof:
            raise refuse(path, "the gz file is damaged: its end is missing")
        return data
    if data[:4] != b"PK\x03\x04":
        return data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = [
                found
                for found in archive.infolist()
                if not found.is_dir() and "__MACOSX" not in found.filename
            ]
            if any(found.filename == "[Content_Types].xml" for found in inside):
                raise refuse(path, "a text table is expected, this is a workbook", "give it the ending .xlsx")
            if len(inside) != 1:
                listed = ", ".join(found.filename for found in inside[:6])
                raise refuse(path, f"one file is expected in the archive, it holds {len(inside)}: {listed}")
            if inside[0].file_size > SIZE_LIMIT:
                raise refuse(path, f"unpacked it has more than {SIZE_LIMIT / 1e6:.0f} MB")
            with archive.open(inside[0]) as member:
                return member.read(SIZE_LIMIT)
    except InputError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        RuntimeError,  # a password, or a method of compression that Python does not know
        ValueError,
        OSError,
    ) as error:
        raise refuse(path, f"this is a binary file, or a damaged archive ({error})") from None


def decoded(data: bytes) -> str | None:
    r"""Text of bytes whose encoding is not known; None for what is no text.

    After UTF-8 those encodings are tried in which instruments write degree signs of one letter and names in
    Japanese and Chinese; then that one of Windows-1252, Mac Roman and the code page 437 of DOS in which most
    signs of units come out.

    `data`: of a file.

    >>> decoded("T/℃".encode("gbk")), decoded("T (°C), µV/K".encode("cp1252")), decoded(b"a\0b") is None
    ('T/℃', 'T (°C), µV/K', True)
    >>> decoded("T (°C), W/m·K".encode("mac_roman")), decoded("T (°C), µV/K".encode("cp437"))
    ('T (°C), W/m·K', 'T (°C), µV/K')
    """
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\0" in data[:200]:  # UTF-16 without a mark: every other byte of plain letters is zero
        odd, even = data[1:400:2].count(0), data[0:400:2].count(0)
        if min(odd, even) or max(odd, even) < 0.4 * len(data[:400]) / 2:
            return None
        return _decoded(data, "utf-16-le" if odd else "utf-16-be")
    if b"\0" in data or data[:4] == b"%PDF":
        return None
    text = _decoded(data, "utf-8")
    if text is not None:
        return text
    # GB2312 is the common part of GBK, which in turn takes most bytes of Shift-JIS for rare letters
    for name in ("gb2312", "cp932", "gbk"):
        text = _decoded(data, name)
        if text is not None and _is_eastern(text):
            return text
    western = (_decoded(data, name) for name in ("cp1252", "latin-1", "mac_roman", "cp437"))
    return max(filter(None, western), key=lambda text: len(_SIGNS.findall(text[:HEAD])))


HEAD = 20_000
"""Letters at the beginning of a text in which signs of units and letters of words tell its encoding."""
_SIGNS = re.compile("°[ ]?[CK]|[µμ][VWmSOΩ]|Ω|[m)]·|²|³|[A-Za-z )]±|(?<=[a-zA-Z])[àâäáçèéêëíìîñóòöôúùüß]")

EASTERN_SIGNS = "℃Ωμ°±×σρκα·・（），、：／Δ"


def _is_eastern(text: str) -> bool:
    """Whether a text in an eastern encoding makes sense: its letters stand in runs, or are signs of units.

    In a western file a lone letter such as the degree sign would take the ASCII letter behind it along.
    """
    runs = re.findall(r"[^\x00-\x7f]+", text)
    narrow = sum("\uff61" <= letter <= "\uff9f" or "\ue000" <= letter <= "\uf8ff" for letter in "".join(runs))
    if 2 * narrow > sum(map(len, runs)):  # what GBK looks like as Shift-JIS
        return False
    lone = {run for run in runs if len(run) == 1 and run not in EASTERN_SIGNS}
    return bool(runs) and 4 * len(lone) <= sum(len(run) for run in set(runs) if len(run) > 1)


SLASHES = {0x2044: "/", 0x2215: "/", 0x29F8: "/"}
"""Signs of division that stand in headers for the letter."""


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding).translate(SLASHES).lstrip("\ufeff")
    except UnicodeDecodeError:
        return None
