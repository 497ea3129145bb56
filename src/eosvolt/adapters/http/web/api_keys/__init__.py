"""The pages of API keys: the programs that speak for the company."""
