"""The recorded changes of a role, a policy or the account: the log, who added each statement, and undoing a change."""
