"""The manual, the pictures and the tables, made by the program itself."""
