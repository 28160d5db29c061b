"""The command line: `ioffe run`, `ioffe analyse`, `ioffe materials`, `ioffe schema`."""
