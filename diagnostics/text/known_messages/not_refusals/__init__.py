"""Messages that are no denial by IAM: what failed instead, and where to look, by service or program."""
