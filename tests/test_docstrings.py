"""What the docstrings of the public interface leave out may only become less."""

import pytest

from tools import docstring_coverage

LIMITS = {
    "functions and classes": {"parameters": 0, "returns": 0, "units": 0, "example": 46},
    "methods": {"parameters": 0, "returns": 0, "units": 0},
}
"""Lower a number when fewer are left; `python tools/docstring_coverage.py` lists them."""


def test_docstrings_leave_out_less_and_less():
    found = docstring_coverage.counts([])
    for title, limits in LIMITS.items():
        assert found[title]["all"] > 100
        more = {kind: found[title][kind] for kind in limits if found[title][kind] > limits[kind]}
        assert not more, f"{title}: {more}, at most {limits}"


def complete(T_hot: float, *more: float, share: float = 1.0) -> float:
    """One line.

    Parameters
    ----------
    T_hot
        Temperature in K.
    *more
        Further temperatures.
    share : float, optional
        Dimensionless.

    Returns
    -------
    float

    Examples
    --------
    >>> 1 + 1
    2
    """
    return T_hot + sum(more) * share


def empty(T_hot: float) -> float:
    """One line."""
    return T_hot


def nothing_to_say() -> None:
    """Do it: ``>>> nothing_to_say()``."""


@pytest.mark.parametrize(
    ("value", "kinds"),
    [(complete, []), (empty, ["parameters", "returns", "units", "example"]), (nothing_to_say, [])],
)
def test_what_is_left_out(value, kinds):
    one = docstring_coverage.Public(value.__name__, value, False)
    assert [finding.kind for finding in docstring_coverage.missing(one)] == kinds


def test_methods_leave_examples_to_their_class():
    one = docstring_coverage.Public("empty", empty, True)
    assert [finding.kind for finding in docstring_coverage.missing(one)] == ["parameters", "returns", "units"]
    assert str(next(docstring_coverage.missing(one))) == "empty: parameters (T_hot)"
