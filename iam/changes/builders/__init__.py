"""Plans by what they change: roles, policies, instance profiles, users and groups. Builders only read."""
