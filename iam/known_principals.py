"""The service principals that are known to assume roles, used to recognize mistyped ones."""

from __future__ import annotations

import re
from functools import lru_cache

from iam.facts.service_principals import TAKING_ROLES, short_principal
from iam.facts.service_roles.table import SERVICE_ROLES
from iam.regions import REGION_NAME

_KNOWN = TAKING_ROLES | {short_principal(each) for row in SERVICE_ROLES for each in row.principals}
SERVICE_PRINCIPALS: tuple[str, ...] = tuple(f"{name}.amazonaws.com" for name in sorted(_KNOWN))

_LEAST_BEGINNING = 3
"""The number of letters from which the beginning of a name is enough to suggest a principal."""


def is_known_principal(principal: str) -> bool:
    """Whether this service principal is known to assume roles.

    A Regional one (``states.eu-west-1…``) is recognized too.
    """
    short = short_principal(principal.lower())
    return short in _KNOWN or re.sub(rf"\.{REGION_NAME}$", "", short) in _KNOWN


@lru_cache(maxsize=64)  # a form calls this several times for each key press
def nearest_principal(principal: str) -> str | None:
    """Return the known service principal that is most similar to ``principal`` or that begins with it, or None."""
    import difflib

    typed = short_principal(principal.lower())
    near = difflib.get_close_matches(typed, sorted(_KNOWN), 1, 0.75)
    if not near and len(typed) >= _LEAST_BEGINNING:
        near = sorted((name for name in _KNOWN if name.startswith(typed)), key=lambda name: (len(name), name))
    return f"{near[0]}.amazonaws.com" if near else None
