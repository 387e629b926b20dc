"""What has the name."""
