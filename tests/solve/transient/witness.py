"""An independent solution of one leg: Chebyshev collocation in space, Radau IIA in time.

It solves c dT/dt = kappa d2T/dx2 + kappa' (dT/dx)^2 + rho J^2 - J T S' dT/dx for curves that are polynomials,
which shares no formula with the conservative form of the package.
"""

import numpy as np
from scipy.integrate import solve_ivp


def chebyshev(n, length):
    """Points from 0 to length and the matrix of the first derivative."""
    k = np.arange(n + 1)
    x = np.cos(np.pi * k / n)
    weight = np.where((k == 0) | (k == n), 2.0, 1.0) * (-1.0) ** k
    gap = x[:, None] - x[None, :] + np.eye(n + 1)
    D = np.outer(weight, 1.0 / weight) / gap
    D -= np.diag(D.sum(axis=1))
    return 0.5 * length * (1.0 - x), -2.0 / length * D


def polynomial(coefficients):
    """Ascending coefficients as a function, and as that of the derivative."""
    c = np.asarray(coefficients, float)
    value, slope = c[::-1], (c[1:] * np.arange(1, len(c)))[::-1]
    return (lambda T: np.polyval(value, T)), (lambda T: np.polyval(slope, T))


class Leg:
    """A leg with its hot end at T_hot; curves are polynomials in T, current density J from hot to cold."""

    def __init__(self, S, rho, kappa, capacity, length, n=48):
        (self.S, self.dS), (self.kappa, self.dk) = polynomial(S), polynomial(kappa)
        (self.rho, _), (self.c, _) = polynomial(rho), polynomial(capacity)
        self.x, self.D = chebyshev(n, length)

    def cold(self, inner, T_hot, J, q):
        """Temperature of the cold end, from which the heat flux q leaves."""
        row = self.D[-1]
        rest = row[0] * T_hot + row[1:-1] @ inner

        T = inner[-1]
        for _ in range(20):
            slope = rest + row[-1] * T
            miss = self.S(T) * T * J - self.kappa(T) * slope - q
            step = miss / ((self.S(T) + T * self.dS(T)) * J - self.dk(T) * slope - self.kappa(T) * row[-1])
            T -= step
            if abs(step) < 1e-11:
                return T
        raise ArithmeticError

    def whole(self, inner, T_hot, J, q):
        """All temperatures from those inside."""
        return np.concatenate([[T_hot], inner, [self.cold(inner, T_hot, J, q)]])

    def rate(self, inner, T_hot, J, q):
        """dT/dt inside."""
        T = self.whole(inner, T_hot, J, q)
        slope = self.D @ T
        source = self.rho(T) * J**2 - J * T * self.dS(T) * slope
        heat = self.kappa(T) * (self.D @ slope) + self.dk(T) * slope**2 + source
        return (heat / self.c(T))[1:-1]

    def follow(self, inner, T_hot, J, q, times, tolerance=1e-8):
        """Temperatures inside at the times (s), which begin at the start; shape (points, times)."""
        found = solve_ivp(
            lambda _, y: self.rate(y, T_hot, J, q),
            (times[0], times[-1]),
            inner,
            method="Radau",
            t_eval=times,
            rtol=tolerance,
            atol=tolerance * 300.0,
            first_step=1e-9,
        )
        assert found.success
        return found.y

    def steady(self, T_hot, J, q):
        """Temperatures inside after a long time."""
        start = np.full(len(self.x) - 2, T_hot)
        return self.follow(start, T_hot, J, q, np.array([0.0, 2000.0]))[:, -1]
