"""Compare a replication role's policy with the KMS keys of the objects that S3 does not replicate.

Amazon S3 User Guide, "Replicating encrypted objects"
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from diagnostics.text.causes.build_causes import quoted
from diagnostics.text.causes.not_denied.replicas import AGAIN, REPLICATION
from diagnostics.text.policy_questions.mistakes import PolicyFault
from diagnostics.text.templates.policies import written_policies
from diagnostics.text.templates.rows import row_policies
from diagnostics.text.templates.shorthand import shorthand_policies
from iam.lazy_pattern import regex
from iam.policy.match import names_action, overlap
from iam.words import listing

_KEY = r"[\"']?\W{1,4}(?P<arn>arn:aws[\w-]*:kms:[\w-]+:\d{12}:(?:key|alias)/[\w/-]+)"
_REPLICA_KEY = regex(rf"\bReplicaKmsKeyI[Dd]{_KEY}|\breplica_kms_key_id{_KEY.replace('arn>', 'other>')}")
_SOURCE_KEY = regex(
    r"\bSSEKMSKeyId\b[^\n]*\n(?:[^\n]*\n){0,5}?[^\n]*?(?P<arn>arn:aws[\w-]*:kms:[\w-]+:\d{12}:key/[\w-]+)"
    r"|\bSSEKMSKeyId\W{1,4}(?P<other>arn:aws[\w-]*:kms:[\w-]+:\d{12}:key/[\w-]+)"
)


def replica_fault(text: str) -> PolicyFault | None:
    """Return which action on which key the role's policy in the text lacks, if S3 did not replicate an object.

    None if it lacks none, or the text shows no policy of the role.
    """
    if not quoted(text, REPLICATION):
        return None
    statements = list(_statements(text))
    if not any(names_action(_listed(each, "Action"), "s3:ReplicateObject") for each in statements):
        return None
    replica, source = (_arn(pattern, text) for pattern in (_REPLICA_KEY, _SOURCE_KEY))
    lacking = [
        (action, key, which)
        for action, key, which in (
            ("kms:Encrypt", replica, "the replica's key"),
            ("kms:Decrypt", source, "the source's key"),
        )
        if key and not _allows(statements, action, key)
    ]
    if not lacking:
        return None
    wanted = listing([f"{action} on {which} ({key})" for action, key, which in lacking])
    none = not any(each.lower().startswith("kms:") for one in statements for each in _listed(one, "Action"))
    also = ": it has no KMS action" if none else ""
    return PolicyFault(
        f"The replication role's policy in the text does not allow {wanted}{also}. {AGAIN}",
        f"Allow {listing([f'{action} on {key}' for action, key, _ in lacking])} in the role's policy. The key "
        "policy must also let the role use the key; if the key is in another account, the key policy must name the "
        "role or its account.",
    )


def _statements(text: str) -> Iterator[dict[str, Any]]:
    """Yield the Allow statements of the policies in the text: documents, rows and lists of actions."""
    documents = list(written_policies(text))
    spans = [(each.start, each.end) for each in documents]
    rows = [each for each in row_policies(text, spans) if each.statements]
    spans += [(each.start, each.end) for each in rows]
    for policy in (*documents, *rows, *shorthand_policies(text, tuple(spans))):
        for statement in policy.statements:
            if statement.get("Effect", "Allow") == "Allow" and not statement.get("Principal"):
                yield statement


def _listed(statement: dict[str, Any], element: str) -> tuple[str, ...]:
    value = statement.get(element) or ()
    return (value,) if isinstance(value, str) else tuple(each for each in value if isinstance(each, str))


def _allows(statements: Sequence[dict[str, Any]], action: str, key: str) -> bool:
    """Whether a statement may allow the action on the key.

    A resource that is not an ARN, or is truncated, may match the key.
    """
    for each in statements:
        named = _listed(each, "Action")
        if "NotAction" not in each and not names_action(named, action):
            continue
        resources = _listed(each, "Resource")
        if not resources or any(not one.startswith("arn:") or overlap(one, key) for one in resources):
            return True
    return False


def _arn(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return (found["arn"] or found["other"]) if found is not None else ""
