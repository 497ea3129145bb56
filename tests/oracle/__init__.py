"""An independent opinion of what sessions cost, written from the specification (§3 to §5) alone.

Nothing in here comes from the program: an architecture test holds that no module is imported from it,
directly or through others. What the specification leaves open is decided in the docstring of the function
that decides it, as a "reading".
"""
