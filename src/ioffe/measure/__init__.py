"""From raw measurements to curves: laser flash, Hall, sound, texture, Seebeck maps, instrument files."""
