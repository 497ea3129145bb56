"""Commands to chargers: asked for, sent, answered, or never delivered late."""
