"""The gate: the checks that every change must pass, their rules, and the token that is required to run a plan.

A rule is a row of `iam.gate.table.RULES`: its code, its outcome, its sentence, and the AWS page that it is based on. A
check (`iam.gate.checks`, `diagnostics.check`) examines a planned change and returns findings with these codes; the row
determines the outcome, so that it is the same for every command that makes the change. `diagnostics.check.run.judged`
runs all checks; only its verdict returns the token that `iam.changes.apply` requires.
"""
