"""The position of an account relative to the organization that was read."""

from __future__ import annotations

from enum import Enum


class Place(Enum):
    """What is known about an account.

    It was read, it is an unread member, it is outside the organization, or unknown.
    """

    READ = "read"
    UNREAD = "unread"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"
