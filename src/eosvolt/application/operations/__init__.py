"""What people and programs can do, one function an operation.

The API, the pages and the command line call these and nothing else.
"""
