"""The AWS of the demo account: moto, and what moto lacks."""
