"""What goes on by itself: following the log, carrying out deadlines, bringing commands to chargers.

It knows the application and no adapter: the composition hands it what it needs.
"""
