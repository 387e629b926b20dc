"""What to do about a taken name: adopt, rename, reuse, new version, delete, wait, ask for a quota, leave."""
