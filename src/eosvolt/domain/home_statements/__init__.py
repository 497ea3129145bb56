"""What owners of home chargers are reimbursed for."""
