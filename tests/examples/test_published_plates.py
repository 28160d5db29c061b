"""The published modules with plates: three dimensions beside one, and what the documentation says of them."""

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_has_the_numbers_that_come_out(capsys):
    runpy.run_path(str(ROOT / "examples" / "published-plates.py"), run_name="__main__")
    lines = [line for line in capsys.readouterr().out.splitlines() if "measured" not in line]
    page = (ROOT / "docs" / "tasks" / "modules-3d.md").read_text(encoding="utf-8")
    assert len(lines) == 4
    for line in lines:
        numbers = re.search(r": ([\d.]+ mV), ([\d.]+ mW), ([\d.]+ %),", line).groups()
        assert f"| {' | '.join(numbers)} |" in page
    powers = [float(re.search(r"([\d.]+) mW", line)[1]) for line in lines]
    assert 0.002 < 1.0 - powers[1] / powers[0] < 0.01
    assert abs(powers[3] / powers[2] - 1.0) < 0.001
