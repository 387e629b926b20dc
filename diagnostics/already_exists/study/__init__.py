"""What is known about the entity that has the name: owner, use, differences from what was wanted, deletion."""
