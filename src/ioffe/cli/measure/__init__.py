"""The commands of `ioffe measure`."""
