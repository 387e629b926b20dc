"""Find two similar values in a text that may be meant to be the same: a name in the request, another in a policy or
list.
"""
