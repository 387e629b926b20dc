"""What every write passes before it is made: the rules, their outcomes, and the token without which no plan runs.

A rule is a row of `iam.gate.table.RULES`: its code, its outcome, what it says, and the AWS page that it follows. A
check (`iam.gate.checks`, `diagnostics.check`) looks at a planned change and returns findings by their codes; the row
decides the outcome, so that it is the same whichever command makes the change. `diagnostics.check.run.judged` runs all
checks; only its verdict gives the token that `iam.changes.apply` asks for.
"""
