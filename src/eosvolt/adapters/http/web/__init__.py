"""The pages for people: rendered here, live through one event stream for each tab."""

from eosvolt.adapters.http.web.api_reference import api_reference
from eosvolt.adapters.http.web.errors import error_page
from eosvolt.adapters.http.web.rendering import compile_templates
from eosvolt.adapters.http.web.site import web_routes

__all__ = ["api_reference", "compile_templates", "error_page", "web_routes"]
