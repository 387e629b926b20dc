"""Rows for programs that find no credentials, by where the credentials are looked for."""
