"""Say in which state a KMS key is, who put it there, and how its owner restores it.

AWS KMS Developer Guide, "Key states of AWS KMS keys"
(https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html) and "Cancel key deletion"
(https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys-cancelling-key-deletion.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.text.read.printed_values import outputs
from diagnostics.words import LAUNCHED_BY_SCALING
from iam.lazy_pattern import regex

_KEY = r"(?:--key-id +)?(?P<key>arn:[\w-]+:kms:[\w-]+:\d{12}:key/[\w-]+)"
_WITH_KEY = regex(rf"{_KEY}['\"]?\s+is\s+(?P<state>disabled|pending\s+\w+)")
_NAMED = regex(_KEY)
_STATES = (
    (
        regex(r"\bis\s+disabled\b|\bDisabledException\b|\bKMSDisabled|\bKeyState\W{1,5}Disabled\b"),
        "disabled",
        "DisableKey",
        "aws kms enable-key --key-id {key}",
    ),
    (
        regex(r"\bis\s+pending\s+deletion\b|\bKeyState\W{1,5}PendingDeletion\b"),
        "pending deletion",
        "ScheduleKeyDeletion",
        "aws kms cancel-key-deletion --key-id {key} && aws kms enable-key --key-id {key}",
    ),
)
_ARN = r"arn:[\w-]+:(?:sts|iam)::\d{12}:(?:assumed-role|user|role)/[\w+=,.@/-]*[\w+=@-]"
_WHO = rf"(?:{_ARN}|[\w+=,.@-]*[\w+=@-]/[\w+=,.@-]*[\w+=@-]|[\w.+-]+@[\w.-]+\w)"


@dataclass(frozen=True, slots=True)
class KeyState:
    """What the text says about a key: ``sentence`` for the verdict, ``step`` for its owner, with a ``title``.

    ``undo`` is a sentence with the command that makes the key usable; "" if its state is not at fault.
    """

    sentence: str
    step: str
    undo: str = ""
    title: str = "Find out who made the key unusable, then ask the key's administrator to restore it"


def key_state(text: str) -> KeyState | None:
    """Return the state of the KMS key; None if the text does not state it.

    If the text contains the event that changed the state, the result also says who made that call.
    """
    shown = _printed(text)
    for pattern, state, call, command in _STATES:
        if shown.state != state.replace(" ", "") if shown is not None else not pattern.search(text):
            continue
        with_key = _WITH_KEY.search(text) or _NAMED.search(text)
        key = (shown.key if shown is not None else "") or (with_key["key"] if with_key else "")
        until = f" before {shown.deleted}, when KMS deletes the key" if shown is not None and shown.deleted else ""
        who = _author(text, call)
        by = f" The text has the event: {call} by {who}." if who else ""
        asked = (
            f"ask {who} whether that was meant" if who else f"find out in CloudTrail who made the call {call}, and why"
        )
        return KeyState(
            f"The KMS key {f'{key} ' if key else ''}is {state}, so nobody can use it.{by} No permission is missing, "
            "and no policy can help.",
            f"First {asked}. Then an administrator of the key runs{until}: {command.format(key=key or 'KEY')}. Make "
            "the call again afterwards.",
            f"The key is {state} now: first undo this ({command.format(key=key or 'KEY')}).",
        )
    return None


@dataclass(frozen=True, slots=True)
class _Shown:
    """The output of ``aws kms describe-key``: the state in lower case, the key, and the day of its deletion or ""."""

    state: str
    key: str
    deleted: str


def _printed(text: str) -> _Shown | None:
    """Return the last printed state of a key; None if no command printed one, or if several keys have one.

    AWS KMS API Reference, "KeyMetadata": KeyState and DeletionDate
    (https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html).
    """
    found = [each for each in outputs(text) if each.operation == "describe-key" and each.values("KeyState")]
    if len({each.options.get("key-id") for each in found}) != 1:
        return None
    last = found[-1]
    asked = last.options.get("key-id", "")
    keys = (*last.values("Arn"), *last.values("KeyId"), "" if asked.startswith("alias/") else asked)
    deleted = next(iter(last.values("DeletionDate")), "").partition("T")[0]
    return _Shown(last.values("KeyState")[0].lower(), keys[0], deleted)


_ENABLED = regex(
    r"\bKeyState\b[\s\S]{0,80}?[\"':\s]Enabled\b|\bkey\b[^\n.]{0,40}\b(?:is|shows) enabled\b", re.IGNORECASE
)
_NOT_ENABLED = regex(r"\b(?:PendingDeletion|KeyState\W{1,5}Disabled|(?:is|not) (?:disabled|enabled\?))", re.IGNORECASE)
_BY_SCALING = regex(rf"{LAUNCHED_BY_SCALING}|Launching a new EC2 instance", re.IGNORECASE)
_OF_SCALING = "AWSServiceRoleForAutoScaling"
"""The service-linked role with which Auto Scaling launches instances."""
KEY_POLICY_OF_SCALING = (
    f"Let the key policy allow {_OF_SCALING} (or the group's own service-linked role) to perform kms:Encrypt, "
    "kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey* and kms:DescribeKey. Also allow kms:CreateGrant, with the "
    "condition that kms:GrantIsForAWSResource is true. For a key in another account, also create a grant for the role."
)
"""What Auto Scaling needs on a volume's key.

Amazon EC2 Auto Scaling User Guide, "Required AWS KMS key policy for use with encrypted volumes"
(https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html).
"""


def enabled_key_of_scaling(text: str) -> KeyState | None:
    """Return advice if the key is enabled but Auto Scaling's service-linked role may lack permission to use it.

    None for other texts.
    """
    shown = _printed(text)
    enabled = shown.state == "enabled" if shown else _ENABLED.search(text) and not _NOT_ENABLED.search(text)
    if not enabled or not _BY_SCALING.search(text):
        return None
    return KeyState(
        f"The text shows that the key is enabled. Auto Scaling launches with its service-linked role {_OF_SCALING}, "
        "not with the caller's permissions: most likely neither the key's policy nor a grant lets that role use the "
        "key.",
        f"{KEY_POLICY_OF_SCALING} The role's own policies cannot change.",
        title=f"Let {_OF_SCALING} use the key",
    )


def _author(text: str, call: str) -> str:
    """Return who made the call, according to an event or a line of the text; "" if that is unknown or ambiguous."""
    found = {
        each[1] or each[2]
        for each in re.finditer(
            rf"\b{call}\b[^\n{{}}]{{0,60}}?\bby\s+[\"']?({_WHO})|\b{call}\b[^{{}}]{{0,40}}?[ \t|,]({_ARN})", text
        )
    }
    found |= set(_recorded(text, call))
    return found.pop() if len(found) == 1 else ""


def _recorded(text: str, call: str) -> list[str]:
    """The callers in CloudTrail's events for this call. In an event, the identity precedes the event's name."""
    out = []
    for event in re.finditer(rf"\"eventName\"\s*:\s*\"{call}\"", text):
        arns = re.findall(rf"\"arn\"\s*:\s*\"({_ARN})\"", text[max(0, event.start() - 2_000) : event.start()])
        sessions = [each for each in arns if ":role/" not in each]
        out += sessions[-1:] or arns[-1:]
    return out
