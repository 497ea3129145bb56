"""The pages that prove the history and its bills."""
