"""The studio: a local server whose page holds one device document and shows what follows from it.

`server` answers requests, `api` says which; the work is done by processes of `workers`, one function for
each kind of request (`tasks`). Everything that knows a quantity or a device is in Python: `form` describes
the form, `draw` the drawing, `plots` the curves, `tools` the other pages. The page renders descriptions.
"""

__version__ = "0.1.0"
