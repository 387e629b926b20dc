"""The first look at a text that is neither a denial nor a name conflict: a topic a module."""
