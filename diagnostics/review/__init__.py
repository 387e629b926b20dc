"""The least-privilege review: which permissions in an account are wider than necessary, each finding with its proof."""
