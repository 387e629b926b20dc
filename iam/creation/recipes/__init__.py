"""Recipes: questions, and the trust or permissions policy that is made from the answers."""
