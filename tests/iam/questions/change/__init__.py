"""The questions of changes: who gains and loses."""
