"""The simulated AWS in which the demo account exists: moto, with additions."""
