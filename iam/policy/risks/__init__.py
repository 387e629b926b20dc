"""Risks that both the gate and the review check: for example, a role that its service cannot use, or exposed trust."""
