"""Name the endpoint of an S3-compatible store that a setting in the text makes the calls go to.

AWS SDKs and Tools Reference Guide, "Service-specific endpoints"
(https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
"""

from __future__ import annotations

import re

from diagnostics.text.read.forms.systems import LOOKALIKE, endpoint_setting
from iam.lazy_pattern import regex

_OF_MINIO = regex(r"minio|\bmc (?:admin|alias|ls|cp)\b", re.IGNORECASE)
_SIMULATED = regex(r"\bsimulate-(?:principal|custom)-policy\b|\bEvalDecision\b")
_ATTACH = "In MinIO: mc admin policy attach ALIAS POLICY --user USER."


def refused_by_store(detail: str | None, text: str) -> str:
    """Return the sentence that names the store's host and the setting; "" if the text shows none."""
    found = endpoint_setting(text) if detail == LOOKALIKE else None
    if found is None:
        return ""
    simulated = " AWS's simulation says nothing about that store." if _SIMULATED.search(text) else ""
    return (
        f"The call went to {found[0]} ({found[1]}), not to Amazon S3: that store refused the call, and AWS "
        f"policies have no effect there.{simulated}"
    )


def where_to_look_in_store(detail: str | None, text: str) -> str:
    """Return what to do about the setting and the store; "" if the failure is not the store's."""
    if detail != LOOKALIKE:
        return ""
    found = endpoint_setting(text)
    attach = f" {_ATTACH}" if _OF_MINIO.search(text) else ""
    unset = f"If you meant Amazon S3, remove {found[1]} from this call's settings. " if found is not None else ""
    return (
        f"{unset}{'Otherwise check' if unset else 'Check'} the store's own keys and policies, because AWS's IAM "
        f"never saw the request.{attach}"
    )
