"""Transport of charge and heat: pure functions of SI floats and arrays."""
