"""Background work: followers of the log, deadlines, delivery of commands and notifications.

It depends on the application and on no adapter; the composition passes adapters in.
"""
