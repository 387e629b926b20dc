"""Sentences on misspelled words in a denial, and on an action that AWS does not list."""

from __future__ import annotations

from diagnostics.failure import Denial
from iam.api_operations import actions_behind
from iam.service_reference import action_names, is_unlisted
from iam.words import listing


def repair_words(denial: Denial) -> str:
    """Return a sentence about misspelled words in the text and how they were read; "" if there are none."""
    read = [f"{each.read} (the text says {each.said})" for each in denial.repairs if " " not in each.said]
    if len(read) < len(denial.repairs):
        read.append("the ARNs without their blanks" if read else "ARNs without the blanks of the text")
    return f"rolescope read the text as {listing(read)}: compare names and numbers with the original." if read else ""


def unlisted_words(action: str) -> str:
    """Return a sentence about an action that AWS does not list, with IAM's action of that name.

    Return "" for other actions.
    """
    if not is_unlisted(action) or actions_behind(action):
        return ""
    service, _, name = action.partition(":")
    own = action_names("iam").get(name.lower())
    instead = f" IAM's action of that name is iam:{own}." if own else ""
    known = action_names(service.lower())
    alike = next((known[each] for each in (f"{name.lower()}s", name.lower().removesuffix("s")) if each in known), None)
    but = f", but has {service.lower()}:{alike}, which may be the right action" if alike else ""
    return f"AWS's list of actions has no {action}{but}: a statement that names it may have no effect.{instead}"
