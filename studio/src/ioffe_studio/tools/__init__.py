"""The pages beside that of the device: lists of tools; a tool is a form, a function and its sections.

A new tool is one `Tool` in the list of its page; the page of the browser needs no change.
"""

from ioffe_studio.tools.pages import PAGES
from ioffe_studio.tools.tool import Page, Tool

__all__ = ["PAGES", "Page", "Tool"]
