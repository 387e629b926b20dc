"""The ways to administrator: each step asked of the engine, under every layer that has a say."""
