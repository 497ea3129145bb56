"""Keys and certificates: the authority for chargers, the server's own, and the TLS contexts made of them."""
