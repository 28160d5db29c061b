"""What commands print on terminals that are narrow or have few letters."""

import io
import sys

import pytest
from rich.console import Console

from ioffe.cli import terminal

ROWS = [("x = 0.5 %", "0.531 ± 0.017 at 350 K", "2.521"), ("x = 1 %", "0.820 ± 0.026 at 450 K", "9.485")]
HEADS = ("sample", "largest zT", "eta_max (%)")


@pytest.mark.parametrize("width", [28, 40, 50, 60, 120])
def test_no_number_of_a_table_is_cut(monkeypatch, width):
    printed = io.StringIO()
    console = Console(file=printed, width=width, force_terminal=True, no_color=True, highlight=False)
    monkeypatch.setattr(terminal, "_console", lambda: console)
    terminal.print_table("figures", HEADS, ROWS, (2,))
    lines = printed.getvalue().splitlines()
    for cell in (cell for row in ROWS for cell in row[::2]):
        assert any(cell in line for line in lines)
    assert width < 40 or any(ROWS[0][1] in line for line in lines)
    assert "…" not in printed.getvalue()


def test_letters_that_a_terminal_does_not_have_are_spelled_in_columns(monkeypatch):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", errors=terminal.SPELLED_OUT)
    monkeypatch.setattr(sys, "stdout", stream)
    terminal.print_table("figures", HEADS, ROWS)
    terminal.print_text("1 m² of Δ at 20 °C\u00a0…")
    stream.flush()
    text = raw.getvalue().decode("ascii")
    assert "0.531 +- 0.017 at 350 K" in text
    assert "1 m2 of delta  at 20 deg C ..." in text
    table = [line for line in text.splitlines() if line.startswith(("|", "+"))]
    assert len({len(line) for line in table}) == 1


def test_a_long_table_keeps_every_row_in_columns(capsys):
    rows = [(f"S{k}", "µ" * (k % 3), str(k)) for k in range(terminal.LONG + 1)]
    terminal.print_table("figures", ("sample", "mark", "n"), rows, (2,))
    title, heads, *lines = capsys.readouterr().out.splitlines()
    assert title == "figures"
    assert [tuple(line.split()) for line in lines] == [tuple(filter(None, row)) for row in rows]
    assert {len(line) for line in (heads, *lines)} == {len("sample  mark  500")}
