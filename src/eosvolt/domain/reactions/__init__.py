"""What an event of one aggregate means for others: pure functions from events and states to commands."""
