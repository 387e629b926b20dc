"""Read a text that is one message of IAM and nothing else, as a command prints it.

Such a text has nothing around the message: no policy, command, log or sentence of a person. Other modules, which look
for these, need not be run or loaded.
"""

from __future__ import annotations

from functools import lru_cache

from diagnostics.failure import Denial, Failure
from diagnostics.words import POLICY_TYPES
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME
from iam.service_reference import action_names

_LAYERS = {name: word for word, name in POLICY_TYPES.items()}
_POLICY = "|".join(_LAYERS)
# IAM User Guide, "Troubleshoot access denied error messages", its examples
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html), and their beginning in boto3.
_MESSAGE = regex(
    r"(?:An error occurred \((?P<code>AccessDenied|AccessDeniedException)\) when calling the (?P<operation>[A-Z]\w+)"
    r" operation: )?"
    r"User: (?P<principal>arn:aws[\w-]*:(?:iam|sts)::(?P<account>(?!0{12})\d{12}):"
    r"(?:user/(?:[\w+=,.@-]+/)*|assumed-role/[\w+=,.@-]+/)[\w+=,.@-]+)"
    r" is not authorized to perform: (?P<action>(?P<service>[a-z0-9-]+):(?P<name>[A-Za-z0-9]+))"
    r"(?: on resource: (?P<quote>\"?)"
    rf"(?P<resource>arn:aws[\w-]*:[a-z0-9-]+:(?:{REGION_NAME})?:(?:(?P=account))?:[\w+=,.@/:-]*\w)"
    r"(?P=quote))?"
    rf" (?:because no (?P<implicit>{_POLICY}) allows the (?P=action) action"
    rf"|with an explicit deny in an? (?P<explicit>{_POLICY}))\s*",
)


@lru_cache(8)
def message_alone(text: str) -> Denial | None:
    """Return the denial if the text is one message of IAM and nothing else; otherwise None.

    Also None if the message needs further analysis: it names two accounts, or an action that AWS does not list.
    """
    found = _MESSAGE.fullmatch(text)
    if found is None or action_names(found["service"]).get(found["name"].lower()) != found["name"]:
        return None
    reason = f"implicit:{_LAYERS[found['implicit']]}" if found["implicit"] else f"explicit:{_LAYERS[found['explicit']]}"
    return Denial(
        text,
        code=found["code"],
        principal=found["principal"],
        action=found["action"],
        resource=found["resource"],
        operation=found["operation"],
        stated_reason=reason,
    )


def is_alone(failure: Failure) -> bool:
    """Return whether the failure's text is one message of IAM and nothing else."""
    return isinstance(failure, Denial) and not failure.pasted and message_alone(failure.text) is not None
