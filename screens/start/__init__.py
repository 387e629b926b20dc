"""Start: what needs attention now."""
