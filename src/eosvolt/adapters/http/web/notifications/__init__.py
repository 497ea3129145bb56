"""The pages of notification rules."""
