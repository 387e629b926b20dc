"""Every fault on every call, and AWS's errors in the middle of a plan."""
