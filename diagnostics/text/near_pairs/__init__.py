"""Find two similar values in a text that may be meant to be the same.

One of the two is in the request, the other is in a policy or a list.
"""
