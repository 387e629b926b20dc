"""Rows for objects of S3 that Object Lock protects."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

_LOCKED = r"(?:object\s+protected\s+by\s+object\s+lock|\bWORM[- ]protected\b)"
_LOCKED_SIGNALS = ("protected by object lock", "worm protected", "worm-protected")
_COMPLIANCE = r"(?-i:\bCOMPLIANCE\b)|\bcompliance\s+mode\b|\bMode[\"']?\s*[:=]?\s*[\"']?compliance\b"
# The answer of GetObjectRetention, or the words that say which mode the lock has.
_GOVERNANCE = r"\bMode[\"']?\s*[:=]?\s*[\"']?governance\b|\b(?:in|under) governance\s+(?:mode|retention)\b"
_LEGALLY_HELD = r"\bLegalHold[\"']?\s*:\s*\{\s*[\"']?Status[\"']?\s*:\s*[\"']?ON\b|\blegal hold is on\b"
_NO_BYPASS_LEFT = rf"(?i:{_LEGALLY_HELD}|bypass-?governance-?retention)"

OBJECT_LOCK: tuple[System, ...] = (
    # Amazon S3 User Guide, "Locking objects with Object Lock"
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html): retention modes, legal holds.
    made_system(
        "the object's lock in compliance mode",
        "Wait until the lock's date (aws s3api get-object-retention, with --version-id): before that date, nobody can "
        "delete the version or shorten its retention, not even the root user, and s3:BypassGovernanceRetention has no "
        "effect.",
        rf"{_LOCKED}[\s\S]*?(?:{_COMPLIANCE})|(?:{_COMPLIANCE})[\s\S]*?{_LOCKED}",
        *_LOCKED_SIGNALS,
        flags=re.IGNORECASE,
        verdict="Object Lock in compliance mode protects this version of the object: no permission is missing, and no "
        "permission allows deleting it before the lock's date.",
        title="Wait until the lock's date",
    ),
    made_system(
        "the object's lock in governance mode",
        "Repeat the call with the version's id and --bypass-governance-retention, as a caller with "
        "s3:BypassGovernanceRetention (AdministratorAccess has it). If that is refused too, look for a Deny of it in "
        "the bucket policy or an SCP. If the version must be kept, leave it: the lock ends on its date.",
        rf"{_LOCKED}[\s\S]*?(?:{_GOVERNANCE})|(?:{_GOVERNANCE})[\s\S]*?{_LOCKED}",
        *_LOCKED_SIGNALS,
        flags=re.IGNORECASE,
        unless=rf"{_COMPLIANCE}|{_NO_BYPASS_LEFT}",
        verdict="Object Lock in governance mode refuses to delete this version of the object, not an SCP: the request "
        "must ask to bypass the retention, even for an administrator.",
        title="Ask to bypass the governance retention",
    ),
    made_system(
        "the object's lock",
        "Read the lock: aws s3api get-object-retention and get-object-legal-hold, with --version-id. COMPLIANCE: "
        "nobody can delete the version before its date, not even the root user. GOVERNANCE: a caller with "
        "s3:BypassGovernanceRetention can, with --bypass-governance-retention. A legal hold must be removed first.",
        _LOCKED,
        *_LOCKED_SIGNALS,
        flags=re.IGNORECASE,
        unless=rf"{_COMPLIANCE}|\A(?=[\s\S]*(?i:{_GOVERNANCE}))(?![\s\S]*{_NO_BYPASS_LEFT})",
        verdict="Object Lock refuses to delete or overwrite this version of the object: s3:DeleteObject and "
        "s3:DeleteObjectVersion do not change that.",
        title="Read the version's retention and legal hold",
    ),
)
