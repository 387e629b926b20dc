"""What several tests use: accounts, failures, drivers."""
