"""Risks in an account: rules that query the policy engine, for the gate and the review."""
