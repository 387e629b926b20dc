"""Advice for a name that is taken: adopt, rename, reuse, new version, delete, wait, request a quota, leave."""
