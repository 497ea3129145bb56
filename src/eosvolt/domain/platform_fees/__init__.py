"""The platform fee: what platform staff charge a company for each session, and from when on."""
