"""What keeps a charger in order: settings, firmware, uploads, lists, certificates, and what it told oddly."""
