"""Payouts (on screen: withdrawals): what a company asks to be paid of its available revenue."""
