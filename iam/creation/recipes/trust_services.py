"""Find the service principal that an answer means."""

from __future__ import annotations

import re

from iam.creation.recipes.recipe import RecipeError
from iam.facts.service_roles.lookup import service_role
from iam.known_principals import is_known_principal, nearest_principal

_PRINCIPAL = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?")


def service_principal(name: str) -> str:
    """Return the service principal for an answer such as ``lambda`` or ``lambda.amazonaws.com``.

    Raises `RecipeError`.
    """
    text = name.strip().lower()
    if (known := service_role(text)) is not None:
        return known.principal
    if re.fullmatch(r"[a-z0-9-]+", text):
        text = f"{text}.amazonaws.com"
        if not is_known_principal(text):
            # A service may be newer than the list, so a full principal is accepted even if it is unknown.
            meant = nearest_principal(text)
            way = f"Did you mean {meant}?" if meant else f"If the service is new, write {text}."
            raise RecipeError("service", f"{name[:60]} is not a known service principal. {way}")
    if not _PRINCIPAL.fullmatch(text):
        raise RecipeError("service", f"{name[:60]} is not a service principal. An example is lambda.amazonaws.com.")
    return text
