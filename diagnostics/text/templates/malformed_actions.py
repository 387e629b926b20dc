"""Read actions that a policy spells with another separator than a colon: ``kms=Decrypt``, ``s3.GetObject``."""

from __future__ import annotations

from iam.lazy_pattern import regex
from iam.policy.match import compile_glob
from iam.service_reference import action_names, services

_MALFORMED = regex(
    r"[ \t]*(?P<service>[a-z][a-z0-9-]*)(?P<between>[ \t]*(?:[=;.,/|]|::|:)[ \t]*)(?P<name>[A-Za-z][\w*?]*)[ \t]*"
)


def meant_action(word: str) -> str:
    """Return the action or pattern that a word is without the mistake in its separator; "" if it has none.

    IAM User Guide, "IAM JSON policy elements: Action": the service's prefix, a colon and the action's name
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html).
    """
    found = _MALFORMED.fullmatch(word)
    if found is None or (found["between"] == ":" and word == word.strip()) or found["service"] not in services():
        return ""
    matches = compile_glob(found["name"].lower())
    return f"{found['service']}:{found['name']}" if any(map(matches, action_names(found["service"]))) else ""
