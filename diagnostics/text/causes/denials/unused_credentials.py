"""The cause for a caller that is the role of a machine, although the text says that other credentials are configured.

AWS SDKs and Tools Reference Guide, "Standardized credential providers": an SDK that finds no other credentials uses
the role of the instance
(https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import WHO_AM_I, contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from iam.lazy_pattern import regex

_MACHINES = (
    (regex(r"i-[0-9a-f]{8,17}"), "instance"),
    (regex(r"SageMaker"), "notebook or job"),
    (regex(r"[0-9a-f]{32}"), "ECS task"),
)
"""Session names of platforms that run programs with a role of their own, and the name of each platform."""
# EC2 calls with such a session, too, when it sets up the instance itself: its agents have no other credentials.
_OF_THE_HOST = regex(r"ssm:u|ssmmessages:|ec2messages:|ecs:(?:register|poll|discover|submit|starttelemetry)")
_SET_PROFILE = regex(
    r"\bAWS_(?:DEFAULT_)?PROFILE[\"']?\]?[ \t]*[=:][ \t]*[\"']?(?P<name>[\w.@+-]{1,64})(?![\w.@+-])"
    r"(?![\"']?[ \t]+(?:\w|\./))"
)
"""A profile for the environment. One set for a single command says nothing about other commands."""
_KEYS = r"(?:\baccess keys?(?: ids?)?\b|\bAWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|PROFILE)\b|\baws_access_key_id\b)"
_WHERE = r"(?:\.env\b|~?/?\.aws/|\bbashrc\b|\benviron(?:ment)?\b|\bconfig\w*|\bsettings\b|\bcredentials file\b)"
_SET_IN_PROSE = regex(
    rf"[^\n]{{0,60}}(?:{_KEYS}[^\n.]{{0,80}}\b(?:set|configured|added|put|stored|exported|defined|in)\b[^\n]{{0,40}}{_WHERE}"
    rf"|\b(?:set|configured|added|put|stored|exported|defined)\b[^\n]{{0,60}}{_KEYS}"
    rf"|{_KEYS}[^\n.]{{0,30}}\b(?:is|are|already|have been)\b[^\n.]{{0,20}}\b(?:set|configured|exported|defined)\b)"
    r"[^\n]{0,40}",
    re.IGNORECASE,
)
_NOT_SET = regex(
    r"\b(?:no|not|never|none|without|unset|removed?|nor)\b|n['\u2019]t\b|\bshould (?:I|we)\b",
    re.IGNORECASE,
)
_MEANT = regex(r"\brole_arn\b|\bcredential_source\b", re.IGNORECASE)


def machine_instead_of_settings(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the role of an instance, a task or a notebook made the call, but the text sets credentials."""
    machine = next((name for session, name in _MACHINES if session.fullmatch(signs.session)), "")
    if not machine or signs.layer not in ("", "identity") or _OF_THE_HOST.match(signs.action):
        return
    if not (said := _configured(signs.denial.text)):
        return
    yield FirstLook(
        f"The call came with the role of the {machine} ({signs.role}), although the text sets credentials. Unless "
        "these credentials lead to this role (credential_source), the program most likely runs where it does not see "
        "them (as another user or a service, in a container, or started before they were set), or its own "
        "configuration names others. Set the credentials where the program runs, and restart the program. Grant "
        f"{signs.role} nothing, unless it is meant to make the call.",
        contains(said, signs.session),
        WHO_AM_I,
        Who.CALLER,
        ruled_out_by=("identity",),
    )


def _configured(text: str) -> str:
    """Return the words that set a profile or keys; "" if there are none, or if a profile uses a role."""
    if _MEANT.search(text):
        return ""
    for line in text.splitlines():
        if _NOT_SET.search(line):
            continue
        if found := _SET_PROFILE.search(line) or _SET_IN_PROSE.search(line):
            return " ".join(found[0].split())
    return ""
