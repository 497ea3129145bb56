"""A person's own account: password, second factor, passkeys, web sessions."""
