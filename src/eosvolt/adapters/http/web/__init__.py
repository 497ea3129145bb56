"""The pages for people: rendered here, live through one event stream for each tab."""

from eosvolt.adapters.http.web.api_reference.page import api_reference
from eosvolt.adapters.http.web.shell.errors import error_page
from eosvolt.adapters.http.web.shell.rendering import compile_templates

__all__ = ["api_reference", "compile_templates", "error_page"]
