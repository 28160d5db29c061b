"""`ioffe measure seebeck-map`: statistics and picture of a map."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from ioffe.base.saved import plain
from ioffe.cli.measuring.common import default_folder, finish, print_table
from ioffe.cli.terminal import check_folder
from ioffe.material.uncertainty import with_error
from ioffe.measure.seebeck_map import read_seebeck_map


@click.command(name="seebeck-map", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", metavar="FILE")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="By default FILE-seebeck-map.")
@click.option("--json", "as_json", is_flag=True, help="Print the result alone as JSON in SI units.")
def command(file: str, out: Path | None, as_json: bool) -> None:
    """Mean and uniformity of the Seebeck coefficient over a pellet, and a picture of it.

    FILE is a table with the headers "x (mm)", "y (mm)", "S (uV/K)". Writes result.json and the picture (SVG,
    PNG). With --json files are written only into --out.
    """
    folder = None if as_json and out is None else out or default_folder([file], "seebeck-map")
    check_folder(folder)
    found = read_seebeck_map(file)
    stats = found.statistics()

    def write(made: Path) -> None:
        from ioffe.report.measure import write_seebeck_map

        write_seebeck_map(found, made)

    def show() -> None:
        rows = [
            ("points", str(stats.points)),
            ("mean", with_error(stats.mean, stats.standard_error, "seebeck")),
            ("standard deviation of the points", with_error(stats.std, 0.0, "seebeck")),
            ("uniformity 1 - std/|mean|", f"{100 * stats.uniformity:.1f} %"),
            ("lowest", with_error(stats.lowest, 0.0, "seebeck")),
            ("median", with_error(stats.median, 0.0, "seebeck")),
            ("highest", with_error(stats.highest, 0.0, "seebeck")),
        ]
        print_table("Seebeck map", ("quantity", "value"), rows)

    numbers = {"format": "ioffe-seebeck-map/1", **{k: plain(v) for k, v in asdict(stats).items()}}
    finish(numbers, as_json=as_json, show=show, folder=folder, write=write)
