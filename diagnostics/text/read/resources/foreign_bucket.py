"""Detect a bucket of another account. That account's bucket policy must allow the call, too."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.failure import Denial
from diagnostics.text.read.author.granted import granted_in
from diagnostics.text.read.identities.own_account import NUMBER
from iam.arn import account_of, identity_of
from iam.lazy_pattern import regex

_LONGEST = 20_000
_OTHERS = r"(?:partner|customer|vendor|client|supplier|publisher|provider)"
_SAID = (
    regex(
        rf"\bbucket\b(?:(?!\b(?:not|our|my|polic(?:y|ies))\b|n['’]t)[^\n.;]){{0,80}}?\b(?:is|lives|sits|belongs|owned)\b"
        rf"(?:(?!\b(?:not|our|my)\b|n['’]t)[^\n.;]){{0,40}}?{NUMBER}",
        re.IGNORECASE,
    ),
    regex(
        rf"\bbucket(?:['’]s)?[ -](?:owner|account|acct)(?!s)\b(?:(?!\b(?:not|our|my|unknown)\b)[^\n.;,]){{0,30}}?"
        rf"{NUMBER}",
        re.IGNORECASE,
    ),
    regex(
        rf"\b(?:their|{_OTHERS}(?:['’]s)?) (?:s3 )?bucket\b(?!['’]?s? polic)(?:[^\n]{{0,80}}?{NUMBER})?", re.IGNORECASE
    ),
    regex(
        rf"\bbucket (?:is|lives|sits|belongs|is owned)\b(?! not)[^.\n]{{0,20}}\b(?:in|to|by) (?:the |our |a |an )?"
        rf"(?:{_OTHERS}|other|another|different)\b(?:['’]s)?(?: (?:account|team|company|org\w*))?"
        rf"(?:[^\n]{{0,40}}?{NUMBER})?",
        re.IGNORECASE,
    ),
)
_OURS = regex(
    rf"\b(?:we(?: are|['’]re)?|ours?(?: side| account| acct)?|us|me|mine|my account)\b[^\n;]{{0,30}}?{NUMBER}",
    re.IGNORECASE,
)
_SHOWS_POLICY = regex(
    r"\bPrincipal\b|\b(?:bucket|resource)(?:['’]s)?(?: own)? policy\b[^\n]{0,40}"
    r"(?:allows?|names?|has|lists?|grants?|is fine|ok\b|->|:)",
    re.IGNORECASE,
)
_OWN_BUCKET = regex(r"\b(?:our|my)(?: own)?(?: s3)? bucket\b", re.IGNORECASE)
_ENCRYPTED = regex(r"\b(?:aws:kms|SSE-KMS|KMS|CMK|customer[- ]managed key)\b(?![^\n.]{0,20}\b(?:no|not|off)\b)")
_ROLE = regex(r"\brole[ :=]{1,2}[\"'`]?(?P<name>(?=[a-z]*[A-Z\d_-])[\w+=,.@-]{2,64})(?<![.,])")


@dataclass(frozen=True, slots=True)
class ForeignBucket:
    """A denied call on a bucket of another account. ``owner`` and ``caller`` are empty if the text does not name them.

    ``ours``: the text shows that the caller's own policies allow the call. ``stated``: AWS says which policy lacks an
    Allow. In that case the object exists: for a missing object, AWS states a reason for s3:ListBucket instead
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html). ``encrypted``: the text names a KMS key.
    """

    action: str
    owner: str
    caller: str
    ours: bool
    stated: bool = False
    encrypted: bool = False

    @property
    def sentence(self) -> str:
        owner = f"account {self.owner}" if self.owner else "another account"
        who = self.caller or "the caller's role or user"
        mine = "The text shows that the caller's own side allows it, so " if self.ours else ""
        so = f"{mine}the owner has to check the bucket's policy there"
        key = " For a KMS key, both sides must also allow kms:Decrypt." if self.encrypted else ""
        return (
            f"The bucket belongs to {owner}, and across accounts both sides must allow {self.action}. "
            f"{so[0].upper()}{so[1:]}: it must allow {who} {self.action}.{key}"
        )

    @property
    def also(self) -> str:
        """Return what else the bucket's owner has to check."""
        where = " on the bucket itself" if self.action == "s3:ListBucket" else " on the objects (BUCKET/*)"
        own = "" if self.ours else " The caller's own policies must allow the same."
        reads = self.action in ("s3:GetObject", "s3:GetObjectVersion")
        missing = "S3 gives the same answer for an object that does not exist. " if reads and not self.stated else ""
        return (
            f"Ask the owner for a statement for {self.caller or 'the role or user'} with {self.action}{where}.{own} A "
            "KMS key of that account also needs permissions on both sides: kms:Decrypt, and kms:GenerateDataKey for "
            f"uploads. {missing}A role that was deleted and created again must be named in the policy again."
        )


# Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket"
# (https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html).
_OWNED_BY_THE_WRITER = regex(r"\bObject ?Writer\b")


def foreign_bucket(denial: Denial) -> ForeignBucket | None:
    """Return the bucket of another account whose owner must allow the call; None without such words in the text.

    None also if AWS says who denied, or if the text shows the bucket's policy. Amazon S3 User Guide, "Bucket owner
    granting cross-account bucket permissions"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html).
    """
    action = denial.action or ""
    if not action.startswith("s3:") or denial.stated_reason not in (None, "", "implicit:resource"):
        return None
    text = (denial.pasted or denial.text)[:_LONGEST]
    if _SHOWS_POLICY.search(text) or _OWN_BUCKET.search(text) or _OWNED_BY_THE_WRITER.search(text):
        return None
    home = account_of(denial.principal or "") or _ours(text)
    said = _SAID if home else _SAID[2:]  # a number is another account's only beside the caller's own
    found = [each for pattern in said for each in pattern.finditer(text) if each["account"] != home or not home]
    named = {each["account"] for each in found if each["account"]}
    if not found or len(named) > 1:
        return None
    granted = granted_in(text)
    ours = action.lower() in granted or "s3:*" in granted
    owner, caller = named.pop() if named else "", _caller(denial, text, home)
    return ForeignBucket(action, owner, caller, ours, bool(denial.stated_reason), _ENCRYPTED.search(text) is not None)


def _ours(text: str) -> str:
    """Return the only account that the text calls its author's own; "" if there is none."""
    named = {each["account"] for each in _OURS.finditer(text)}
    return named.pop() if len(named) == 1 else ""


def _caller(denial: Denial, text: str, home: str) -> str:
    """Return the ARN or name of the caller's role or user; "" if the text does not name one."""
    _, kind, name = identity_of(denial.principal or "")
    if not name:
        names = {each["name"] for each in _ROLE.finditer(text)}
        kind, name = "role", names.pop() if len(names) == 1 else ""
    if not name:
        return ""
    return f"arn:aws:iam::{home}:{kind}/{name}" if home else f"the {kind} {name}"
