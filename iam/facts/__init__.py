"""Facts about AWS. Each is in one table, with the documentation page that states it."""
