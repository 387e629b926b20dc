"""Recipes: questions, and the trust or permissions policy that follows from the answers."""
