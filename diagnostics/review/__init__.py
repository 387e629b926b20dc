"""The least-privilege review. It finds permissions that are wider than necessary, each with its proof."""
