"""The checks that need the account and the policies alone. `iam.gate.checks.run.CHECKS` lists them."""
