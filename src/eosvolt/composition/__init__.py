"""The only place where adapters meet. It knows everybody and decides nothing."""
