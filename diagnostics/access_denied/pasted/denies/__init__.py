"""The Deny statements in a text's policies: which one denies the request, and what keeps it from doing so."""
