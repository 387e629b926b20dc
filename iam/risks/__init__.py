"""Risks in an account: rules that query the policy engine. The gate and the review share them."""
