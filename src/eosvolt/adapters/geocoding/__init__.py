"""Where addresses are, asked of a service that the operator of this installation names."""
