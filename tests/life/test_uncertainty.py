"""Random draws of uncertain laws have the stated mean and covariance."""

import numpy as np
import pytest

from ioffe.interface.ageing import Relaxation
from ioffe.life import Degradation
from ioffe.life.uncertainty import Scatter

COUNT = 20000


def test_draws_have_the_stated_mean_and_standard_deviation():
    """Log-normal of 50 %: a step down in place of up would give a mean that is larger by 25 %."""
    law = Relaxation(6e-10, 400e-10, 20 * 86400.0)
    one = Degradation("contact.electrical", law, std={"final": 200e-10, "time": 2 * 86400.0})
    drawn = Scatter([one]).draws(COUNT, 1)[1:]
    for name, mean, std in (("final", 400e-10, 200e-10), ("time", 20 * 86400.0, 2 * 86400.0)):
        values = np.array([variant[0].law.parameters[name] for variant in drawn])
        assert np.mean(values) == pytest.approx(mean, abs=4.0 * std / np.sqrt(COUNT))
        assert np.std(values) == pytest.approx(std, rel=0.05)


def test_correlated_parameters_keep_their_covariance_and_their_signs():
    law = Relaxation(6e-10, 400e-10, 20 * 86400.0)
    size = np.array([0.0, 100e-10, 5 * 86400.0, 0.0])
    matrix = np.outer(size, size) * (0.6 + 0.4 * np.eye(4))
    drawn = Scatter([Degradation("contact.electrical", law, covariance=matrix)]).draws(COUNT, 2)[1:]
    rows = np.array([[v[0].law.parameters[name] for name in ("final", "time")] for v in drawn])
    assert np.all(rows > 0.0)
    found = np.cov(rows.T) / np.outer(size[1:3], size[1:3])
    assert found == pytest.approx(np.array([[1.0, 0.6], [0.6, 1.0]]), abs=0.06)
