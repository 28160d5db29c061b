"""Commands of `ioffe measure`, each a thin face over `ioffe.measure`."""
