"""Policy tests: what principals must be allowed or denied, kept in files and evaluated against an account."""
