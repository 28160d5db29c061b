"""`ioffe measure texture`: Lotgering's factor."""

from __future__ import annotations

from pathlib import Path

import click

from ioffe.base.errors import Faults
from ioffe.base.units import to_si
from ioffe.cli.measuring.common import finish, print_table
from ioffe.measure.diffraction import CU_K_ALPHA, Pattern, read_pattern
from ioffe.measure.texture import Indices, Lotgering, lotgering, lotgering_of_pattern
from ioffe.measure.texture_file import read_intensities


@click.command(name="texture", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("sample", metavar="SAMPLE")
@click.argument("random", metavar="RANDOM")
@click.option("--a", "a_text", metavar="A", help='Lattice parameter, such as "4.38 A"; with a pattern.')
@click.option("--c", "c_text", metavar="C", help="Lattice parameter along the hexagonal axis.")
@click.option("--wavelength", metavar="L", help="Of the X-rays; by default copper K alpha, 1.5418 A.")
@click.option("--heights", is_flag=True, help="Heights of the peaks in place of their areas.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for result.json.")
@click.option("--json", "as_json", is_flag=True, help="Print the result alone as JSON.")
def command(
    sample: str,
    random: str,
    a_text: str | None,
    c_text: str | None,
    wavelength: str | None,
    heights: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Share of the grains whose c axis lies along the normal, after Lotgering.

    SAMPLE is a pattern (two columns, 2 theta in degrees and counts; needs --a and --c) or, like RANDOM, a
    table of intensities with the headers hkl and I. RANDOM holds those of random grains, from a powder card.
    """
    if a_text is not None or c_text is not None:
        found = _of_pattern(sample, random, {"a": a_text, "c": c_text, "wavelength": wavelength}, heights)
    else:
        faults = Faults()
        tables: list[dict[Indices, float]] = []
        for name in (sample, random):
            with faults.collect():
                tables.append(dict(read_intensities(name).items()))
        faults.raise_if_any()
        found = lotgering(tables[0], tables[1])
    numbers = {
        "format": "ioffe-texture/1",
        "factor": found.factor,
        "share": found.share,
        "random_share": found.random_share,
        "reflections": [list(indices) for indices in found.reflections],
    }
    finish(numbers, as_json=as_json, show=lambda: _show(found), folder=out)


def _of_pattern(sample: str, random: str, given: dict[str, str | None], heights: bool) -> Lotgering:
    """Factor of a diffraction pattern, with the faults of both files and of the lengths."""
    faults = Faults()
    patterns: list[Pattern] = []
    reference: dict[Indices, float] = {}
    lengths = {"a": 0.0, "c": 0.0, "wavelength": CU_K_ALPHA}
    with faults.collect():
        patterns.append(read_pattern(sample))
    with faults.collect():
        reference = dict(read_intensities(random).items())
    for name, text in given.items():
        with faults.collect():
            if text is not None:
                lengths[name] = to_si(text, "length", f"--{name}")
            elif name != "wavelength":
                faults.add(f"--{name}", expected="both lattice parameters are needed with a pattern")
    faults.raise_if_any()
    return lotgering_of_pattern(
        patterns[0],
        reference,
        a=lengths["a"],
        c=lengths["c"],
        wavelength=lengths["wavelength"],
        areas=not heights,
    )


def _show(found: Lotgering) -> None:
    rows = [
        ("factor F", f"{found.factor:.4f}"),
        ("share of (00l) in the sample", f"{found.share:.4f}"),
        ("share in random grains", f"{found.random_share:.4f}"),
        ("reflections compared", str(len(found.reflections))),
    ]
    print_table("Lotgering", ("quantity", "value"), rows)
