"""The one-dimensional engine: arrays in, arrays out.

A case is an operating point, or a device, that is solved beside others: the last axis of every array. `table`
packs a material into polynomial cells. `temperature_form`, `turning_form` (both on `quadrature`) and
`position_form` solve one segment, and `segment` chooses between them. `elements` join the nodes of a
`network`, whose heat `balance` `newton` solves; `optimum` searches over the current. `adjoint` gives the
derivatives of the results to every number; `compiled` does the same work in machine code for very many cases.
Nothing here knows a material, a leg or a unit.
"""
