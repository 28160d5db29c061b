"""`ioffe schema`: JSON Schema of device files, material cards and results."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ioffe.device_file.schema import card_schema, device_schema, result_schema

FILE = click.Path(dir_okay=False, path_type=Path)
SCHEMAS = {"device": device_schema, "card": card_schema, "result": result_schema}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("what", type=click.Choice(tuple(SCHEMAS)), default="device")
@click.option("--out", type=FILE, help="File to write, in place of stdout.")
def schema(what: str, out: Path | None) -> None:
    """Print the JSON Schema of the files you write.

    WHAT is `device` (the default), `card` for material cards, or `result` for what `ioffe run --json` prints.
    Editors use it to complete keys and to mark faults while you type.
    """
    text = json.dumps(SCHEMAS[what](), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    click.echo(f"wrote {out}")
