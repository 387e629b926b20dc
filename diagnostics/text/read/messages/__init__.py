"""The wording of an error message: its code, action, caller, resource and reason."""
