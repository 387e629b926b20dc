"""Programs whose denials are common: how each is recognized, whose permissions it uses, where its policy is."""
