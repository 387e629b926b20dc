"""The simulated AWS of the demo account: moto, and additions to moto."""
