"""Two states of an account compared: what was changed, and who gained or lost which access by it."""
