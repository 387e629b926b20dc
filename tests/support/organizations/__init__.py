"""Organizations that are generated, with planted denials across their accounts."""
