"""What the policy documents in a text say about its denied request: the findings, in the order of their weight."""
