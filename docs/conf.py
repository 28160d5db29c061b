"""Settings of the documentation."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
os.environ.pop("MPLBACKEND", None)  # a notebook shows its figures in the page

import pages

from ioffe import __version__

project = "ioffe"
author = "ioffe contributors"
copyright = "2026, ioffe contributors"
release = version = __version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "force"  # notebooks are kept without output, and run at every build
nb_execution_raise_on_error = True
nb_execution_timeout = 300
exclude_patterns = ["_build", "made"]

default_role = "py:obj"
suppress_warnings = ["ref.python"]  # a word in the type of an argument may be the name of several attributes
add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings state types, units and shapes
autodoc_preserve_defaults = True
napoleon_google_docstring = False
napoleon_use_rtype = False
maximum_signature_line_length = 90
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = f"ioffe {__version__}"
html_show_sourcelink = False


def skip_member(app: object, what: str, name: str, value: object, skip: bool, options: object) -> bool | None:
    """Leave out the fields of named tuples, about which Python says only their place."""
    del app, what, name, skip, options
    return True if str(getattr(value, "__doc__", "")).startswith("Alias for field number") else None


def escape_docstring(
    app: object, what: str, name: str, value: object, options: object, lines: list[str]
) -> None:
    """Let |x| in a docstring be an absolute value."""
    del app, what, name, value, options
    lines[:] = pages.escaped("\n".join(lines)).split("\n")


def write_pages(app: object) -> None:
    """Write what is made from the package."""
    del app
    pages.write_reference()
    pages.write_glossary()
    pages.write_questions()
    for page in sorted(pages.TASKS.glob("*.md")):
        pages.write_pictures(page)


def setup(app) -> None:
    """Hang the pages that are made into the build."""
    app.connect("builder-inited", write_pages)
    app.connect("autodoc-skip-member", skip_member)
    app.connect("autodoc-process-docstring", escape_docstring, priority=400)  # before napoleon
