"""What the demo answers in moto's place, or beside it, a service a file."""
