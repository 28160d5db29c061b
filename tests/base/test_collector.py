"""The collector of garbage is left as it was found."""

import gc

import pytest

from ioffe.base.collector import collector_paused


def fails():
    with collector_paused():
        assert not gc.isenabled()
        raise ValueError("inside")


@pytest.mark.parametrize("enabled", [True, False])
def test_it_is_left_as_it_was(enabled):
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        with pytest.raises(ValueError, match="inside"):
            fails()
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()
