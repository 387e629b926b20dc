"""What is sent to others without what is nobody else's."""
