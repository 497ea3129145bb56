"""A thin layer on Starlette: endpoints, response types, problems, paging. It knows no capability."""
