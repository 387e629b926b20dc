"""Advice for a name that is taken.

The advice is to adopt, rename or reuse the entity, create a new version, delete the entity, wait, request a quota
increase, or leave everything as it is.
"""
