"""Arrays of modules: currents of the strings, mismatch, diodes."""
