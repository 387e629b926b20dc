"""What the demo account's failures, roles and changes must come to."""
