"""The demo's two other accounts, as data: the shared tools of its organization, and a partner outside of it."""
