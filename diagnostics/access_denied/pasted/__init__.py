"""Compare the policy documents in a pasted text with the request that was denied."""
