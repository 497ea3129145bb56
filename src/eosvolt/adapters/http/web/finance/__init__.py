"""Pages of Finance: balances, the transaction history and the VAT report."""
