"""What a text shows about the resource of a call: its owner, its Region, and whether it exists."""
