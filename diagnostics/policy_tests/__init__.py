"""Policy tests: what principals must be allowed or denied, written in files and evaluated against an account."""
