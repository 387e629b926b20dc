"""Actions that last accessed information never shows: that nothing was recorded of them is no sign of disuse."""

from __future__ import annotations

from collections.abc import Mapping

_PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html"

UNTRACKED: Mapping[str, str] = {"iam:PassRole": _PAGE}
"""Action → AWS's page that says so: IAM checks iam:PassRole within the call of another service."""
