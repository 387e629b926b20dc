"""Actions that never appear in last accessed information.

For them, a missing record does not mean that they are unused.
"""

from __future__ import annotations

from collections.abc import Mapping

_PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html"

UNTRACKED: Mapping[str, str] = {"iam:PassRole": _PAGE}
"""AWS's page for each action. IAM checks iam:PassRole as part of a call to another service, and does not record it."""
