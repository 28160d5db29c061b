"""Models that can be fitted: bands of carriers, and the lattice."""
