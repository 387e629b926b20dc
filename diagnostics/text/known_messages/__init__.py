"""What AWS services and programs write when something fails, and what it means: a row for each message."""
