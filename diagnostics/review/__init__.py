"""The least-privilege review: what in an account is wider than it needs to be, each finding with its proof."""
