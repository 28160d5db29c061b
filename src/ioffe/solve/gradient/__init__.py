"""Exact derivatives of results to every number and table of a device and of its conditions.

`names` are the paths of what may be varied; `sensitivity` chains the engine's adjoint to them for any solved
operating points; `operation` adds what moves with an aim, such as the current of the largest power;
`of_result` does so for a solved device and for a batch, and `ioffe.result.gradient` is what users see.
"""
