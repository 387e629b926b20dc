"""Why something failed: reading pasted errors, reasoning step by step, verdicts and fixes. Knows no user interface."""
