"""The data of the demo's two other accounts: the shared tools of its organization, and a partner outside it."""
