"""The actions that a text names outside IAM's own sentence, and which of these may have been refused."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from diagnostics.failure import Denial
from diagnostics.text.read.messages.additions_to_message import granted_in, prose_in
from diagnostics.text.read.not_the_failure.lines_without_failure import stated_part
from diagnostics.text.read.not_the_failure.questions_removed import without_questions
from diagnostics.words import ACTION_NAME
from iam.lazy_pattern import regex
from iam.service_reference import action_names, condition_keys, services


def is_of(action: str, service: str) -> bool:
    """Whether the action's prefix is part of the name that the AWS SDK for Java gives the service."""
    return action.partition(":")[0].lower() in service.lower()


def is_had(action: str, had: frozenset[str]) -> bool:
    """Whether one of the actions and patterns in ``had``, all in lower case, matches the action."""
    return any(fnmatchcase(action.lower(), each) for each in had)


def named_as_refused(denial: Denial) -> tuple[str, ...]:
    """The actions that may have been refused; if a service's own sentence reports a refusal, those in its line."""
    named = not_had(denial)
    prose = prose_in(denial.text) if named else None
    if prose is None or not prose.in_table:
        return named
    line = next((each for each in denial.text.splitlines() if prose.words in each), prose.words)
    return tuple(each for each in named if each in line)


def not_had(denial: Denial) -> tuple[str, ...]:
    """The actions that the text names, except those that, as it says, a policy allows."""
    had = granted_in(denial.text)
    return tuple(each for each in actions_in_prose(denial) if not is_had(each, had))


def actions_in_prose(denial: Denial) -> tuple[str, ...]:
    """Return the actions that the text names outside IAM's own message, in the text's order."""
    said = _OF_DOCUMENTS.sub("", stated_part(without_questions(denial.text)))
    found = dict.fromkeys(ACTION_NAME.findall(_OF_OTHER_REFUSALS.sub("", said) if denial.action else said))
    own = (denial.action or "").lower()
    named = (each for each in found if each.partition(":")[0].lower() in services())
    return tuple(each for each in named if not _begins(each, own) and not _is_key(each))


def _begins(name: str, action: str) -> bool:
    """Whether a name is the action, or an incomplete name with which the action begins."""
    low = name.lower()
    service, _, rest = low.partition(":")
    return low == action or (bool(action) and action.startswith(low) and rest not in action_names(service))


def _is_key(name: str) -> bool:
    """Whether AWS lists the name as a condition key, or as a type of S3's events, and not as an action."""
    service, low = name.partition(":")[0].lower(), name.lower()
    if service == "aws" or _S3_EVENT.match(low):
        return True
    return low in condition_keys(service) and low.partition(":")[2] not in action_names(service)


# Amazon S3 User Guide, "Supported event types for SQS, SNS, and Lambda".
_S3_EVENT = regex(
    r"s3:(?:object(?:created|removed|restore|tagging|acl)|reducedredundancylostobject|replication|lifecycle)(?![a-z])"
)


# IAM's own sentence about another call, which is a separate failure.
_OF_OTHER_REFUSALS = regex(r"authori[sz]ed\s+to\s+perform:?\s+[a-z0-9-]+:\w+", re.IGNORECASE)


_OF_DOCUMENTS = regex(
    r"\\?\"(?:Not)?Action\\?\"\s*:\s*(?:\[[^\]]{0,4000}\]|\\?\"[^\"]{0,200}\")"
    r"|\b(?:[Nn]ot_?)?[Aa]ctions?[ \t]*[:=][ \t]*\[[^\]]{0,4000}\]"
    r"|\b(?:Not)?Action:[ \t]*\n(?:[ \t]*-[ \t][^\n]{1,200}\n?){1,60}"
)
"""The actions in a policy in the text, which need not be the denied ones."""


def names_action(denial: Denial) -> bool:
    """Whether the text itself names the action.

    If not, the action was derived from the operation, which can need several actions.
    """
    action = (denial.action or "").lower()
    called = _CALLED.search(denial.text)
    if called and called["operation"].lower() == action.rpartition(":")[2]:
        return True
    # An action other than the operation's own was read from the text's prose.
    return action in denial.text.lower() or action.rpartition(":")[2] != (denial.operation or "").lower()


_CALLED = regex(r"permissions?\s+to\s+call\s+(?:the\s+)?(?P<operation>[A-Z]\w+)\s+on\b", re.IGNORECASE)
