"""`ioffe cost`: what a device costs, item by item, and by what it delivers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from ioffe.base.units import format_si
from ioffe.cli import terminal
from ioffe.cli.measuring import page_writer
from ioffe.cli.output import RESULT, Output, judging_options, output_options
from ioffe.cli.run import print_quantities, read_file
from ioffe.cost.costing import VINTAGES
from ioffe.cost.quantities import COST_QUANTITIES
from ioffe.cost.result import CostResult, price_device
from ioffe.device.conditions import Generator
from ioffe.report.text import symbol_text

VINTAGE_HELP = "Prices of the elements of the library that count; by default what the file says, else recent."
ITEMS = ("item", "material", "amount", "cost", "range of prices", "share")
PRICES = ("price of", "price", "range", "cost of the device", "year", "quality", "source")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("device", type=click.Path(path_type=Path), metavar="DEVICE.toml")
@click.option("--vintage", type=click.Choice(VINTAGES), help=VINTAGE_HELP)
@judging_options
@output_options("cost", report="report")
def cost(device: Path, vintage: str | None, strict: bool, force: bool, output: Output) -> None:
    """What a device costs (USD), and what a watt of its power or cooling costs (USD/W).

    Prices are those of the table [cost] of the device file and, of elements, of the library, with year,
    source and range. What has no price is named, and the cost is then a lower bound; with --strict it is
    refused.

    Prints the bill, the prices with what their ranges make of it, cost per watt and performance-cost ratio
    (W/USD) at the operating points. Writes result.json, items.csv, performance.csv, prices.csv and
    report.html. With --json the result alone is printed, and files are written only into --out.
    """
    file = read_file(device)
    costing = file.costing if vintage is None else file.costing.replace(vintage=vintage)
    with terminal.working("solving"), file.naming_faults():
        solved = file.solve(strict=strict or None, force=force)
        found = price_device(file.device, file.conditions, costing, solved=solved, strict=strict)
    found = replace(found, name=file.name)
    output.show(found.to_dict(), lambda: print_cost(found), found.warnings)
    tables = {f"{name}.csv": one for name, one in found.tables().items()}
    output.write({RESULT: found.to_dict(), **tables}, page_writer(found), book=found)


def print_cost(found: CostResult) -> None:
    """Print the bill, the prices, and cost by what is delivered."""
    items = found.tables()["items"].values
    rows = [
        (
            item.name,
            item.material,
            f"{float(item.amount):.4g} {item.unit.removesuffix('1')}".rstrip(),
            _usd(items["cost"][k]),
            _between(items["cost_low"][k], items["cost_high"][k]),
            f"{100.0 * items['share'][k]:.1f} %",
        )
        for k, item in enumerate(found.items)
    ]
    terminal.print_remarks(found.warnings)
    terminal.print_table(f"{found.name}: {found.shown('cost')}", ITEMS, rows, range(2, 6))
    rows = [
        (
            path.removeprefix("cost.").partition(".")[2],
            f"{one.value:.4g} USD/{'kg' if one.price is not None else 'm2'}",
            "-" if one.range[0] == one.range[1] else "{:.4g} to {:.4g}".format(*one.range),
            _between(*found.effects[k]),
            "" if one.year is None else str(one.year),
            one.quality,
            one.source,
        )
        for k, (path, one) in enumerate(found.prices.items())
    ]
    if rows:
        terminal.print_table("prices", PRICES, rows, (1, 2, 3), wrapped={6: 60})
    generates = isinstance(found.conditions, Generator)
    delivered = next(iter(found.values))
    shown = (delivered, *COST_QUANTITIES[generates][1:])
    ends = {"": "", "at least": "_low", "at most": "_high"}
    values = {**found.grid(), **{key: found.values[key + ends[found.bound(key)]] for key in shown}}
    names = {key: f"{found.bound(key)} {symbol_text(key)}".lstrip() for key in values}
    print_quantities("by what it delivers", names, values)
    terminal.print_remarks((), found.notes)


def _usd(value: float) -> str:
    return format_si(float(value), "cost", 4)


def _between(low: float, high: float) -> str:
    return "-" if low == high else f"{_usd(low)} to {_usd(high)}"
