"""What the system does with the domain: load, decide, append, and the ports this needs."""
