"""Compare a file operation of AWS Transfer Family with the session policy of its user."""

from __future__ import annotations

import re

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.causes.build_causes import written_values
from diagnostics.text.near_pairs.similarity import slip
from diagnostics.text.read.forms.sftp import refused_paths
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.match import names_action
from iam.service_reference import keys_on
from iam.words import listing

# These variables have a value only in a session policy.
_VARIABLE = regex(r"\$\{transfer:(?:HomeBucket|HomeDirectory|HomeFolder|UserName)\}")


def of_a_transfer_user(denial: Denial) -> Finding | None:
    """Return a finding if the user's session policy lacks the action, even if the role allows the action; else None.

    AWS Transfer Family User Guide, "Creating a session policy for an Amazon S3 bucket"
    (https://docs.aws.amazon.com/transfer/latest/userguide/users-policies-session.html).
    """
    text, action = denial.pasted or denial.text, denial.action or ""
    if not action.startswith("s3:") or denial.stated_reason:
        return None
    if (elsewhere := _of_a_target(text) or _of_a_path_outside(text)) is not None:
        return elsewhere
    if not _VARIABLE.search(text):
        return None
    if _IN_THE_ROLE.search(text) and not _OF_A_SESSION.search(text):
        return _VARIABLES_OF_THE_ROLE
    statements = text[max(0, text.rfind("Statement", 0, _first(text))) :]
    allowed = tuple(written_values(statements, "Action"))
    if not allowed or names_action(allowed, action):
        return None
    said = f"the session policy of the Transfer Family user has {listing(allowed)}, but not {action}"
    change = (
        f"Add {action} on {_resource(action)} to the Policy of the user (aws transfer update-user), and connect "
        "again. Leave the role as it is."
    )
    fix = Fix(f"Allow {action} in the user's session policy", Who.RESOURCE_OWNER, Note("the session policy", change))
    return Finding(
        f"session.{Fault.NO_ACTION.value}",
        said,
        f"In the text, {said}. A session has only the permissions that both this policy and the role allow, so more "
        "permissions for the role do not help.",
        fix=fix,
    )


_IN_THE_FOLDER = " with a condition that limits s3:prefix to ${transfer:HomeFolder} and ${transfer:HomeFolder}/*"


def _resource(action: str) -> str:
    """Return where the session policy must allow the action: on the bucket, or on the objects of the home directory.

    See the example on the page in `of_a_transfer_user`. The ARN of an object never matches a request for its bucket.
    """
    if not keys_on(action).keys() & {"bucket"}:
        return "arn:aws:s3:::${transfer:HomeDirectory}*"
    return f"arn:aws:s3:::${{transfer:HomeBucket}}{_IN_THE_FOLDER if action == 's3:ListBucket' else ''}"


_IN_THE_ROLE = regex(
    r"\brole\b[^\n:$]{0,60}\b(?:polic(?:y|ies)|permissions)\b[^\n:$]{0,20}:[^$]{0,800}?\$\{transfer:", re.IGNORECASE
)
_OF_A_SESSION = regex(r"\b(?:session|scope[- ]?down)[- ]polic|--policy\b|\bUser\W{1,4}Policy\W{1,6}\{", re.IGNORECASE)
_ONLY_THERE = "the role's own policy has variables ${transfer:…}, which only a user's session policy can contain"
_VARIABLES_OF_THE_ROLE = Finding(
    f"identity.{Fault.RESOURCE_MISMATCH.value}",
    _ONLY_THERE,
    f"In the text, {_ONLY_THERE}. In the role, the variables have no value, so the policy allows nothing. Write "
    "the bucket's name in the role's policy, and set the policy with the variables as the user's session policy.",
    fix=Fix(
        "Name the bucket in the role's policy, and set the variables in the user's session policy",
        Who.RESOURCE_OWNER,
        Note(
            "the role of the Transfer Family user, and the user",
            "In the role, allow s3:ListBucket on the bucket's ARN and the object actions on BUCKET-ARN/*. Set the "
            "policy with the variables as the user's session policy (aws transfer update-user --policy), which "
            "limits each user to the home directory. Then connect again.",
        ),
    ),
)
"""AWS Transfer Family User Guide, "Creating a session policy for an Amazon S3 bucket": the variables cannot be used in
the definition of a role (https://docs.aws.amazon.com/transfer/latest/userguide/users-policies-session.html).
"""


def _first(text: str) -> int:
    found = _VARIABLE.search(text)
    return found.start() if found else 0


_HOME = regex(r"\bHomeDirectory\W{1,6}(?P<path>/[\w.-]+(?:/[\w.-]+)*)")
_MAPPED = regex(r"\bLOGICAL\b|\bHomeDirectoryMappings\b[\"': ]*\[[^\]]*\w")


def _of_a_path_outside(text: str) -> Finding | None:
    """Return a finding if all paths that were refused are outside the user's home directory; None otherwise.

    AWS Transfer Family User Guide, "CreateUser", HomeDirectoryType: with PATH, users see and use the bucket's absolute
    paths (https://docs.aws.amazon.com/transfer/latest/userguide/API_CreateUser.html).
    """
    home, paths = _HOME.search(text), refused_paths(text)
    if home is None or not paths or _MAPPED.search(text):
        return None
    if any(f"{path}/".startswith(f"{home['path']}/") for path in paths):
        return None
    said = (
        f"the user's home directory is {home['path']}, but the server denied access to {listing(list(paths))}, "
        "outside that directory"
    )
    change = (
        f"Work in {home['path']}: do not change to /, and use absolute paths below it. Or set HomeDirectoryType to "
        f"LOGICAL and map / to {home['path']}. If the same call fails in {home['path']}, compare the session policy, "
        "the role and the bucket's policies with the call."
    )
    fix = Fix("Use paths in the home directory", Who.CALLER, Note("the client", change))
    sentence = f"In the text, {said}: a session policy for the home directory does not allow this."
    return Finding(f"session.{Fault.RESOURCE_MISMATCH.value}", said, sentence, fix=fix)


_TARGET = regex(r"\bTarget\b[\\\"']*\s*[:=]\s*[\\\"']*(?P<path>/(?:\$\{[^}\s]*\}|[^\s\"'\\,}\]])*)")
_BUCKET = regex(r"(?:\barn:[\w-]+:s3:::|\bs3://)(?P<name>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?![\w*?$.{-])")


def _of_a_target(text: str) -> Finding | None:
    """Return a finding if the target of a logical directory is in none of the text's buckets; None otherwise.

    AWS Transfer Family User Guide, "HomeDirectoryMapEntry": the target is /bucket_name/path
    (https://docs.aws.amazon.com/transfer/latest/userguide/API_HomeDirectoryMapEntry.html).
    """
    buckets = list(dict.fromkeys(found["name"] for found in _BUCKET.finditer(text)))
    targets = [found["path"] for found in _TARGET.finditer(text)] if _MAPPED.search(text) else []
    firsts = {each: each.split("/")[1] for each in targets}
    wrong = [each for each, first in firsts.items() if first not in buckets and not first.startswith(("$", "fs-"))]
    if not buckets or not wrong or len(wrong) < len(firsts):
        return None
    target = wrong[0].rstrip("/")
    bucket = buckets[0] if len(buckets) == 1 else "BUCKET"
    misspelled = bool(slip(firsts[wrong[0]], bucket))
    meant = f"/{bucket}{target.removeprefix(f'/{firsts[wrong[0]]}') if misspelled else target}"
    begins = f"the bucket {firsts[wrong[0]]}" if firsts[wrong[0]] else "no bucket"
    said = f"the Target {wrong[0]} means {begins}, but the text names {listing(buckets)}"
    note = Note(
        "the user's logical directories",
        f"A Target is /BUCKET/PATH. Most likely {meant} is meant. The role needs no further permission for this.",
    )
    return Finding(
        f"identity.{Fault.RESOURCE_MISMATCH.value}",
        said,
        f"Begin the Target of the logical directory with the bucket, most likely {meant}: {said}.",
        fix=Fix("Write the bucket at the beginning of Target", Who.RESOURCE_OWNER, note),
    )
