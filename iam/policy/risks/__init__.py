"""What both the gate and the review judge in a policy: forms that nobody can use, and forms that open a role."""
