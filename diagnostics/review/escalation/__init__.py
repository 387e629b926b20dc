"""Find the ways to become administrator. Each step is evaluated by the engine, with every layer that applies."""
