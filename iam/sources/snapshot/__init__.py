"""Reading an account from a snapshot file, and writing one."""
