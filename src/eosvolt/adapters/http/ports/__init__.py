"""What the HTTP adapter asks of read models and accounts, one module a capability."""
