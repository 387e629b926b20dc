"""Build plans for roles, policies, instance profiles, users and groups. Building a plan only reads."""
