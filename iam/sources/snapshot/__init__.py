"""Read an account from a snapshot file, and write one."""
