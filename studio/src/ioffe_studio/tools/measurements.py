"""The commands of `ioffe measure` as tools."""

from __future__ import annotations

from typing import Final

from ioffe_studio.labels import title
from ioffe_studio.tools.tool import Tool

SAMPLES: Final = {
    "ageing": "synthetic-ageing.csv",
    "hall": "first-sample/hall.csv",
    "line-scan": "line-scan.csv",
    "transfer-length": "synthetic-transfer-length.csv",
    "zem": "first-sample/zem.txt",
    "flash": "first-sample/lfa.csv",
}
"""Examples for commands of `ioffe measure`."""
SAMPLE_REQUESTS: Final = {
    "line-scan": (("area", "3 mm x 3 mm"),),
    "transfer-length": (("width", "100 um"),),
    "flash": (("density", "4.95 g/cm3"), ("heat-capacity", "0.262 J/(g K)")),
}
"""What these do not state themselves."""
INTERFACES: Final = ("line-scan", "transfer-length", "ageing", "aged-scans")
TABLES: Final = ".csv,.txt,.xlsx,.json,.dat,.tsv,.xls,.toml,.gz,.zip,.duckdb,.hdf5,.h5,.trace,.condtens"


def measurements(*, of_interfaces: bool) -> tuple[Tool, ...]:
    """The commands of `ioffe measure`: those about interfaces, or all others."""
    from ioffe.cli.main import _MEASURE_HELP as texts

    return tuple(
        Tool(
            f"measure.{word}",
            title(word),
            text,
            ("measure", word),
            accepts="" if word == "sound" else TABLES,
            sample=SAMPLES.get(word, ""),
            sample_request=SAMPLE_REQUESTS.get(word, ()),
            many=word != "sound",
        )
        for word, text in texts.items()
        if word != "lfa" and (word in INTERFACES) == of_interfaces
    )
