"""The row for MongoDB."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

MONGODB: tuple[System, ...] = (
    made_system(
        "MongoDB",
        "Check the database's own users and roles (db.getUsers(), db.getRoles()), not IAM.",
        r"not\s+authorized\s+on\s+\S+\s+to\s+execute\s+command"
        r"|\bMongo\w*Error\b[^\n]{0,300}(?:not\s+authori[sz]ed|not\s+allowed\s+to\s+do\s+action|already\s+exists"
        # Amazon DocumentDB Developer Guide, "Database access using Role-Based Access Control"
        # (https://docs.aws.amazon.com/documentdb/latest/developerguide/role_based_access_control.html).
        r"|[Aa]uthorization\s+failure)"
        r"|\b(?:User"
        r"|Role)\s+\"[^\"@\s]{1,100}@[^\"\s]{1,100}\"\s+already\s+exists",
        "not authorized",
        "not authorised",
        "not allowed to do action",
        "authorization failure",
        "already exists",
    ),
)
