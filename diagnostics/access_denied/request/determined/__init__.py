"""Condition keys of a denied request that are known although its text does not show them."""
