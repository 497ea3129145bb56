"""Our thin layer on Starlette: endpoints, forms of answers, problems, paging. It knows no capability."""
