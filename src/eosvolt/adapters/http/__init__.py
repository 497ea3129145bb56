"""The web as a counterpart: the HTTP API for programs, and what the pages for people are built on."""
