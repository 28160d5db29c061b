"""Changes of an input such as people and programs make, and worse ones."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

NUMBERS = (
    "0", "-1", "1e11", "-1e11", "1e-300", "1e308", "1e999", "nan", "inf", "-inf", "1" * 400, "1,5", "1e",
    "0x10",
)  # fmt: skip
VALUES = (
    '""', "true", "[]", "{}", "[1, 2]", '"x"', "{ value = 1 }", '{ value = "5 %", unit = "K" }', "1979-05-27",
    "[[]]",
    '"' + "a" * 5000 + '"', '"=1+1"', '"$\\\\frac$"', '"\\u001b[2J"', '"inf K"', '"1e11 K"',
    '"-5 degC"', '"5 %"',
)  # fmt: skip
UNITS = (
    "K",
    "degC",
    "C",
    "mm",
    "m",
    "um",
    "mm2",
    "uohm cm2",
    "ohm m2",
    "S/m",
    "S/cm",
    "W/K",
    "mV",
    "",
    "%",
    "xyz",
    "°",
    "Ω",
)
LETTERS = ("\x00", "\x1b[31m", "\ufeff", "\u202e", "µ", "·", "\r", "\t", ";", '"', "[", "$", "=", "‐")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_ASSIGNED = re.compile(r"=\s*([^\n]+)")
_WORD = re.compile(r"[A-Za-z_]{2,}")


def _replaced(text: str, pattern: re.Pattern[str], random: Random, with_one_of: tuple[str, ...]) -> str:
    found = list(pattern.finditer(text))
    if not found:
        return text
    one = random.choice(found)
    group = one.lastindex or 0
    return text[: one.start(group)] + random.choice(with_one_of) + text[one.end(group) :]


def _lines(text: str, change: Callable[[list[str]], object]) -> str:
    lines = text.splitlines(keepends=True)
    if lines:
        change(lines)
    return "".join(lines)


def _insert(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(LETTERS) + text[at:]


def _doubled(text: str, random: Random) -> str:
    def change(lines: list[str]) -> None:
        k = random.randrange(len(lines))
        lines.insert(k, lines[k])

    return _lines(text, change)


def _without_line(text: str, random: Random) -> str:
    return _lines(text, lambda lines: lines.pop(random.randrange(len(lines))))


def _shuffled(text: str, random: Random) -> str:
    return _lines(text, random.shuffle)


def _misspelt(text: str, random: Random) -> str:
    found = list(_WORD.finditer(text))
    if not found:
        return text
    one = random.choice(found)
    word = list(one[0])
    k = random.randrange(len(word) - 1)
    word[k], word[k + 1] = word[k + 1], word[k]
    return text[: one.start()] + "".join(word) + text[one.end() :]


def _cut(text: str, random: Random) -> str:
    return text[: random.randrange(len(text) + 1)]


def _keys(text: str, random: Random) -> str:
    count = random.choice((1, 50, 3000))
    return text + "".join(f"key{k} = {k}\n" for k in range(count))


def _columns(text: str, random: Random) -> str:
    """A column of a table left out, or every line twice as wide."""
    if random.random() < 0.3:
        return "".join(f"{line},{line}\n" for line in text.splitlines())
    k = random.randrange(4)
    rows = [line.split(",") for line in text.splitlines()]
    return "".join(",".join(row[:k] + row[k + 1 :]) + "\n" for row in rows)


TEXTS: tuple[Callable[[str, Random], str], ...] = (
    lambda text, random: _replaced(text, _NUMBER, random, NUMBERS),
    lambda text, random: _replaced(text, _NUMBER, random, NUMBERS),
    lambda text, random: _replaced(text, _ASSIGNED, random, VALUES),
    lambda text, random: _replaced(text, _ASSIGNED, random, VALUES),
    lambda text, random: _replaced(text, re.compile(r"\b(?:K|mm2?|uV/K|S/cm|uohm cm2|W)\b"), random, UNITS),
    _insert,
    _doubled,
    _without_line,
    _shuffled,
    _misspelt,
    _cut,
    _keys,
    _columns,
    lambda text, _: text.replace(",", ";"),
    lambda text, _: text.replace(".", ","),
    lambda _, __: "",
    lambda text, random: text * random.choice((2, 40)),
)
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252")


def mutated(text: str, random: Random) -> bytes:
    """A text after one to four changes, in some encoding, perhaps with wrong bytes."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 4))):
        text = random.choice(TEXTS)(text, random)
    data = bytearray(text.encode(random.choice(ENCODINGS), errors="replace"))
    if data and random.random() < 0.08:
        for _ in range(random.choice((1, 5, 50))):
            data[random.randrange(len(data))] = random.randrange(256)
    return bytes(data)


def option(text: str, random: Random) -> str:
    """An option after a change; the names of options stay."""
    if text.startswith("--"):
        return text
    return random.choice(
        (_replaced(text, _NUMBER, random, NUMBERS), _insert(text, random), _cut(text, random))
    )


def damaged(content: bytes, random: Random) -> bytes:
    """A packed file after changes of one of its parts, or of its bytes."""
    if random.random() < 0.3:
        data = bytearray(content[: random.randrange(len(content) + 1)] if random.random() < 0.3 else content)
        for _ in range(random.choice((0, 1, 5, 50)) if data else 0):
            data[random.randrange(len(data))] = random.randrange(256)
        return bytes(data)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(stream, "w") as changed:
        names = archive.namelist()
        sheets = [name for name in names if "worksheets" in name or "sharedStrings" in name]
        victim = random.choice(sheets if sheets and random.random() < 0.8 else names)
        for name in names:
            part = archive.read(name)
            if name != victim:
                changed.writestr(name, part)
            elif random.random() < 0.95:  # else the part is missing
                changed.writestr(name, mutated(part.decode("utf-8", errors="replace"), random))
    return stream.getvalue()


def _huge(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(3_000_000_000)


ODD: tuple[Callable[[Path], object], ...] = (
    lambda path: path.mkdir(),
    os.mkfifo,
    lambda path: path.symlink_to("/dev/zero"),
    lambda path: path.symlink_to("/nowhere/at/all"),
    _huge,
)
"""What may stand where a file is expected."""
