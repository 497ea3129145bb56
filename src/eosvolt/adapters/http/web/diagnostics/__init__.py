"""The pages of diagnostics entries."""
