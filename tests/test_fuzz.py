"""A few mutated inputs in every run; many more with `python -m tests.fuzz`."""

import sys

import pytest

from tests.fuzz.run import Campaign


@pytest.mark.skipif(sys.platform == "win32", reason="the harness measures memory with `resource`")
def test_mutated_inputs_end_in_words():
    found = Campaign(count=84, fresh=0, jobs=1).run()
    assert not found, "\n".join(map(str, found))
