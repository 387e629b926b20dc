"""Rows for keys and signatures that AWS does not accept, by what is wrong with them."""
