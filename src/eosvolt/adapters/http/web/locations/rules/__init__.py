"""Who may charge at a location when, and its photo: pages of their own beside the form of a location."""
