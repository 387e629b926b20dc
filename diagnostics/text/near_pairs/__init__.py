"""Two values of a text that may have been meant to be one: a request has a name, and a policy or list a near one."""
