"""What several tests use, by what it is for; some of it is a program of its own (``python -m``)."""
