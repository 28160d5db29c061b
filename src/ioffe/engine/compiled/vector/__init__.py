"""Networks of segments without losses, many at once in vector registers.

`CASES` devices of one topology advance together through Newton's method on their node temperatures, their
current and one unknown of every segment; tables, temperatures and numbers may differ from case to case. The
unknown is c, with one march of `plain` a pass, while the temperature is monotonic, and the largest
temperature where it turns inside the segment or close to its hotter end (`turning`). What vectors cannot
take (side losses, several steady states, a case that does not converge) is refused, and
`ioffe.engine.compiled.network` solves it one device after the other: that path follows every profile, but
one scalar step after the other.
"""
