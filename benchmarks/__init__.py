"""Benchmarks: ioffe and its peers on the same cases, in the same run, on one thread."""
