"""Facts of AWS, each in one table that names its page."""
