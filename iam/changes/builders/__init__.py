"""Builders of plans for roles, policies, instance profiles, users and groups. Builders only read."""
