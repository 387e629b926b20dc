"""Questions about an entire account: who may do something, what a role may do, what a change allows and denies."""
