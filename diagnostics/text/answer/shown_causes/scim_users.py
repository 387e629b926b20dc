"""Name the empty attribute for which IAM Identity Center refuses a user from SCIM."""

from __future__ import annotations

import re

from diagnostics.text.answer.shown_causes.shown_cause import ShownCause
from iam.lazy_pattern import regex

_EMPTY_ATTRIBUTE = regex(
    r"\b(?P<name>surname|sn|family_?name|last ?name|given_?name|first ?name|display_?name|user_?name)\b[\"']?"
    r"[ \t]*[=:][ \t]*"
    r"(?:\(?(?:empty|blank|none|null|unset|not set|leer)\)?|\"\"|''|-(?![\w-])|(?=[,;\n]|$))",
    re.IGNORECASE,
)


def of_scim_user(text: str) -> ShownCause | None:
    """Return the required attribute that the text shows as empty for a user from SCIM; None if it shows none.

    IAM Identity Center SCIM Developer Guide, "CreateUser": required attributes
    (https://docs.aws.amazon.com/singlesignon/latest/developerguide/createuser.html).
    """
    found = _EMPTY_ATTRIBUTE.search(text)
    if found is None:
        return None
    name = found["name"]
    return ShownCause(
        f"The user's {name} is empty, and IAM Identity Center requires first name, last name, display name and user "
        "name: fill it in at the identity provider, then provision the user again. No permission is missing.",
        f"Fill in {name} at the identity provider",
        "If the person has only one name, repeat it, or map another attribute to the empty one. Then provision the "
        "user on demand. Other users are not affected.",
    )
