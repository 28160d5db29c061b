"""What options of commands are called in the page, and texts of the command line in the words of the page.

>>> label("heat-capacity"), label("at", "measure.line-scan")
('Heat capacity', 'Positions of interfaces')
>>> in_page("With --sigma and --length also V_c = J_c L/sigma; see `ioffe measure onset`.")
'With "Conductivity" and "Length" also V_c = J_c L/sigma; see "Critical current".'
>>> in_page("extend its data, or refuse with strict=True (--strict).")
'extend its data.'
"""

from __future__ import annotations

import re
from typing import Final

from ioffe_studio.words import spelled

LABELS: Final = {
    "T-cold": "Temperature to hold",
    "a": "Lattice parameter a",
    "ageing": "Table of aged contacts",
    "assume": "Changed assumptions",
    "at": "Place",
    "before": "Shape below the onset",
    "c": "Lattice parameter c",
    "coldest": "Lowest temperature",
    "columns": "Headers of the columns",
    "contact": "Contact resistivity",
    "distance": "Width of the rims",
    "doi": "DOI",
    "elastic": "Elastic data",
    "every": "Search every material",
    "faces": "Pins at the outer faces",
    "force": "Use data that cannot be right",
    "fit": "What is fitted",
    "format": "Format of the file",
    "free": "Free of stress at",
    "hall": "Hall measurements",
    "heights": "Heights in place of areas",
    "hottest": "Highest temperature",
    "keep": "Part of the run",
    "known": "Known besides",
    "list-samples": "Only list the samples",
    "map": "Meaning of columns",
    "measured": "Measured over time",
    "min-zT": "Smallest zT",
    "monte-carlo": "Errors by random draws",
    "onset": "Onset of bipolar conduction",
    "operate": "Other conditions",
    "picture-format": "Formats of the pictures",
    "relative": "Over the first value",
    "separate": "Join no files",
    "sigma": "Conductivity",
    "std": "Error of the angles",
    "strict": "Refuse doubtful data",
    "system": "Crystal system",
    "systematic": "Systematic share",
    "t-cold": "Averages from",
    "t-hot": "Averages to",
    "vtu": "Fields for ParaView",
    "window": "Points taken as one",
    "x": "Quantity along x",
    "xray-density": "X-ray density",
    "y": "Quantity along y",
}
"""Labels of options whose name alone says too little."""
OF_TOOLS: Final = {
    ("design.calibrate", "parameter"): "What is fitted",
    ("design.contacts", "loss"): "Loss that is allowed",
    ("design.heat-sink", "more"): "Power that a sink may add",
    ("design.stages", "most"): "Largest number of stages",
    ("life.solve", "at"): "What ages",
    ("measure.ageing", "path"): "Number that ages",
    ("measure.flash", "error"): "Error of the diffusivity",
    ("measure.line-scan", "at"): "Positions of interfaces",
    ("measure.line-scan", "at-error"): "Error of the positions",
    ("measure.line-scan", "contact"): "Current contact",
    ("measure.line-scan", "metal"): "Resistivity of the metal",
    ("measure.line-scan", "probe"): "Width of the probe",
    ("measure.onset", "before"): "Shape below the onset",
    ("measure.zem", "error"): "Error of S and resistivity",
    ("migration.region", "at"): "Temperatures of the measurement",
    ("migration.region", "barriers"): "Barriers to propose",
    ("migration.region", "onset"): "Measured critical currents",
}
"""Labels of options that mean another thing elsewhere."""
TITLES: Final = {
    "aged-scans": "Line scans at several ages",
    "ageing": "Ageing of contacts",
    "cell": "Unit cell",
    "flash": "Laser flash",
    "hall": "Hall effect",
    "onset": "Critical current",
    "overlay": "Beside the literature",
    "seebeck-line": "Seebeck along a leg",
    "sound": "Velocities of sound",
    "zem": "ZEM-3",
}
"""Titles of commands whose word is that of a specialist."""
_CODE: Final = re.compile(r"[_`\[]|--|\w\.\w|\b(?:FILE|LIST|ioffe|repeated|several times|Curve)\b")
"""What only texts hold that are changed."""
_OPTION: Final = re.compile(r"`?--([A-Za-z][\w-]*)(?: (?:FILE|NAME|N)\b)?`?")
_FORCE: Final = re.compile(r"force=True \((--force)\)")
_STRICT: Final = re.compile(r", or refuse with strict=True \(--strict\)")
_COMMAND: Final = re.compile(r"`ioffe ((?:[a-z-]+ ?)+)`|\"?\bioffe ((?:materials|measure) [a-z-]+)\"?")
_TABLES: Final = {
    "calibrate": "Calibration",
    "cost": "Cost",
    "life": "Service life",
    "life.degradation": "Degradation",
    "life.measured": "Measured value",
    "measured": "Measured value",
    "migration": "migration",
    "operate": "Operation",
}
_LACKING: Final = re.compile(rf"a table \[({'|'.join(map(re.escape, _TABLES))})\] is expected")
_TABLE: Final = re.compile(rf"`?\[\[?({'|'.join(map(re.escape, _TABLES))})\]\]?`?")
_QUOTED: Final = re.compile(r"`([\w.]+)`")
_SIDES: Final = {"T_hot": "Hot side", "T_cold": "Cold side", "T_ambient": "Surroundings"}
_SIDE: Final = re.compile(rf"(?<!\w)(?:{'|'.join(_SIDES)})(?!\w)")
_CHOICE: Final = re.compile(r"(?:only one of|either) [^:;]+? is expected|^\w+ is given too$")
"""What names keys that exclude each other."""
_NAME: Final = re.compile(r"(?<![\"\w])[a-z]\w*(?!\w)", re.IGNORECASE)
_KEY: Final = re.compile(r"(?<![\w.\"'-])[a-z]+(?:_[a-z]+)+(?![\w\"'(-]|\.\w)")
_WORDS: Final = (
    (re.compile(r"(?<![\w./])(FILE|LIST\.csv)\b(?= (?:is|has|holds))"), "The file"),
    (re.compile(r"(?<![\w./])FILE\b"), "the file"),
    (re.compile(r"[;,] may be repeated|(?<=[.?]) (?:May be repeated|May be given several times)\."), ""),
    (re.compile(r"\b(?:elements|materials)\.(?=[A-Z])"), ""),
    (re.compile(r" \[[a-z]+(?:-[a-zA-Z]+)*\](?=$|; )"), ""),
    (re.compile(r"a number, a Curve or a model is needed"), "a number with its unit is expected"),
)
"""What only a line of commands or a program means."""


def label(option: str, tool: str = "") -> str:
    """The words of an option, perhaps of one tool."""
    words = option.replace("-", " ")
    known = OF_TOOLS.get((tool, option)) or LABELS.get(option)
    return known or words[:1].upper() + words[1:]


def title(word: str) -> str:
    """The title of a command of that word."""
    return TITLES.get(word) or word.replace("-", " ").capitalize()


def in_page(text: str, tool: str = "") -> str:
    """A text of the command line with the labels and titles of the page."""
    if not _CODE.search(text):
        return text
    text = _FORCE.sub(r"\1", _STRICT.sub("", text))
    text = _OPTION.sub(lambda found: f'"{label(found[1], tool)}"', text)
    text = _COMMAND.sub(lambda found: f'"{_of_command((found[1] or found[2]).strip())}"', text)
    text = _LACKING.sub(lambda found: _lacking(_TABLES[found[1]]), text)
    text = _TABLE.sub(lambda found: f'"{_TABLES[found[1]]}"', text)
    for pattern, words in _WORDS:
        text = pattern.sub(words, text)
    return spelled(text)


def in_form(text: str) -> str:
    """A text about a device file with the words that its form has for keys.

    >>> in_form("a temperature below T_hot = 300 K is expected; fill_factor or footprint is needed")
    'a temperature below "Hot side" = 300 K is expected; fill factor or footprint is needed'
    >>> in_form("only one of T_hot and heat is expected"), in_form("T_hot is given too")
    ('only one of "Hot side" and "Heat entering" is expected', '"Hot side" is given too')
    """
    text = _CHOICE.sub(lambda found: _NAME.sub(_labelled, found[0]), text)
    text = _SIDE.sub(lambda found: f'"{_SIDES[found[0]]}"', text)
    text = _QUOTED.sub(r"\1", in_page(text)).replace("this key is missing", "a value is missing here")
    return _KEY.sub(lambda found: found[0].replace("_", " "), text)


def _lacking(part: str) -> str:
    """What is said of a part that the device does not have yet."""
    return f'the device has none yet; its page adds one: "Add: {part.lower()}"'


def _labelled(found: re.Match[str]) -> str:
    """A key of a device file as the label of its field; any other word as it is."""
    from ioffe.device_file.models import CoolTable, GenerateTable, ModuleTable
    from ioffe_studio.form.fields import label_of

    models = (one for one in (GenerateTable, CoolTable, ModuleTable) if found[0] in one.model_fields)
    return next((f'"{label_of(one, found[0])}"' for one in models), found[0])


def _of_command(words: str) -> str:
    from ioffe_studio.tools.pages import PAGES

    command = tuple(words.split())
    if command == ("materials", "list"):
        return "Choose …"
    tools = (one for page in PAGES for one in page.tools if one.command)
    own = [one for one in tools if command[: len(one.command)] == one.command]
    return max(own, key=lambda one: len(one.command)).title if own else f"ioffe {words}"
