"""The policy documents that a paste contains, held against the request that was refused."""
