"""The script on pulsed supercooling runs, and prints what is known of it."""

import re
import runpy
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "examples" / "pulsed-cooling.py"


def test_what_it_prints(capsys):
    example = runpy.run_path(str(SCRIPT))
    names = example["main"].__globals__
    names["FACTORS"], names["CHIPS"] = (1.5, 3.0), ("0 J/K", "2 mJ/K")
    example["main"]()
    steady, _, *rows = capsys.readouterr().out.splitlines()
    # the generic leg reaches 67.84 K without contact resistance
    assert 66.5 < float(re.search(r"steady: ([\d.]+) K", steady)[1]) < 67.84
    below, after, above, balance = (
        [float(re.findall(r"[\d.e-]+", row)[k]) for row in rows] for k in range(-4, 0)
    )
    assert len(rows) == 4
    assert below[0] < below[1] < 20.0
    assert below[2] < 0.5 * below[0]
    assert below[3] < 0.3 * below[1]
    assert after[0] > 2.0 * after[1]
    assert all(a > 0.5 for a in above)
    assert max(balance) < 1e-11
