"""The HTTP API, the web pages, and the framework under both."""
