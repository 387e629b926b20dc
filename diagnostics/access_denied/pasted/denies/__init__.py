"""The Deny statements in a text's policies: which one denies the request, and how it no longer does."""
