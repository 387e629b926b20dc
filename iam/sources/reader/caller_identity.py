"""The identity that makes the calls to an account."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CallerIdentity:
    """The identity that makes the calls, and where its credentials come from.

    ``method`` is botocore's name for the provider of the credentials (``env``, ``shared-credentials-file``, ``sso``,
    ``assume-role``, ``iam-role`` …). ``key_kind`` is ``long-term`` (AKIA…), ``temporary`` (ASIA…) or None. ``profile``
    is the profile that the user selected, ``source_profile`` the one that provided the credentials (it may be
    ``default``); None if they come from elsewhere. ``key_id`` is the access key ID, which CloudTrail records too and
    which is not secret.
    """

    arn: str
    account: str
    user_id: str = ""
    method: str | None = None
    profile: str | None = None
    key_kind: str | None = None
    expires: datetime | None = None
    source_profile: str | None = None
    key_id: str | None = field(default=None, repr=False)
