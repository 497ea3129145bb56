"""What one aggregate's news means for another: pure functions from state and events to commands."""
