"""From a device and its conditions to a result: steady states, batches, derivatives, courses in time."""
