"""The form of a device document, made from the models that validate device files and nothing else."""
