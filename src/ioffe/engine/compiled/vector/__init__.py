"""Networks whose segments have monotonic profiles, many at once in vector registers.

`CASES` devices of one topology advance together through Newton's method on their node temperatures, their
current and the c of every segment, one march of `plain` a pass; tables, temperatures and numbers may differ
from case to case. What this form cannot take (side losses, a temperature that turns inside a segment, a case
that does not converge) is refused, and `ioffe.engine.compiled.network` solves it one device after the other:
that path follows every profile, but one scalar step after the other.
"""
