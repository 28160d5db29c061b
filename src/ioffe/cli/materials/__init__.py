"""The commands of `ioffe materials`, and how samples are selected."""
