"""The data of the demo's two other accounts: the organization's shared tools, and a partner outside it."""
