"""Documents to print, set by Typst."""
