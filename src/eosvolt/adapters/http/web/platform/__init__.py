"""Pages of platform staff: their sign-in, and the companies of the installation."""
