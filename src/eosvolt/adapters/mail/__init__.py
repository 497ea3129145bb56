"""Mail: plain text by SMTP."""
