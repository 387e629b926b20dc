"""Find the ways to become administrator. The engine evaluates each step with every layer that applies."""
