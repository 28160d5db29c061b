"""The one-dimensional engine: arrays in, arrays out, every operating point a lane.

`table` packs a material into polynomial cells, `series` multiplies power series, `temperature_form`
and `position_form` march one segment, `segment` chooses between them, `network` joins segments,
contacts and plates into a device. Nothing here knows a material, a leg or a unit.
"""
