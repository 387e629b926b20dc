"""The gate's checks that need only the account and the policies. `iam.gate.checks.run.CHECKS` lists them."""
