"""The statement of a text's policies that comes closest to allowing the request, and what it lacks."""
