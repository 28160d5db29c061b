"""The one-dimensional engine: arrays in, arrays out, every operating point a case.

`table` packs a material into polynomial cells. `temperature_form`, `turning_form` (both on `quadrature`)
and `position_form` (on `series`) solve one segment, and `segment` chooses between them. `elements` join
the nodes of a `network`, whose heat `balance` `newton` solves; `optimum` searches over the current.
Nothing here knows a material, a leg or a unit.
"""
