"""Check a role before it is created: what would fail, be useless, or be wider than intended."""
