"""What past sessions would have cost: under a draft tariff, or by today's rules."""
