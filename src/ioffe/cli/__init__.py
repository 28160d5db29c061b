"""The command line: `ioffe run`, `ioffe materials`, `ioffe schema`."""
