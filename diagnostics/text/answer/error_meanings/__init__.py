"""What the error codes of AWS's APIs mean and what to do about them, one module for each topic.

Each row rests on the list of errors of the service's API reference, or on its page about troubleshooting.
"""
