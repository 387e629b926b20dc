"""The screen that explains the IAM terms used on the current screen."""
