"""The common interface to every kind of account: a Protocol for each part, joined in `AccountReader`."""
