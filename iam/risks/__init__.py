"""What is risky in an account: rules asked of the engine, with the account, for the gate and the review."""
