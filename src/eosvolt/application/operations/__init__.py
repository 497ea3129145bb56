"""The operations that users and programs can run, one function each.

The API, the pages and the command line call these and nothing else.
"""
