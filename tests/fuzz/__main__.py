"""The command line of the harness."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tests.fuzz.run import Campaign


@click.command()
@click.option("--count", default=500, show_default=True, help="Cases.")
@click.option("--seed", default=0, show_default=True, help="The same seed gives the same cases.")
@click.option("--first", default=0, show_default=True, help="Number of the first case, to repeat one alone.")
@click.option("--fresh", default=200, show_default=True, help="Every how many cases a new process is taken.")
@click.option("--jobs", default=2, show_default=True, help="Processes at once.")
@click.option("--keep", type=click.Path(path_type=Path), help="Folder for the inputs that failed.")
def main(count: int, seed: int, first: int, fresh: int, jobs: int, keep: Path | None) -> None:
    """Mutate the inputs of all commands; look for tracebacks, exit codes, costs, half-written files."""
    failures = Campaign(count, seed, first, fresh, jobs, keep).run()
    for failure in failures:
        click.echo(str(failure))
    click.echo(f"{count} cases, {len(failures)} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
