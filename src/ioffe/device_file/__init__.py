"""Devices and their operation in TOML files: models, building, repair, JSON schema."""
