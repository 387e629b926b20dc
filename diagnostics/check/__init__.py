"""A role that is to be, looked at before it is there: what would fail, be useless, or be wider than meant."""
