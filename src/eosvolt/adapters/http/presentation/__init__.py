"""What the API and the pages both show of a capability, made in one place."""
