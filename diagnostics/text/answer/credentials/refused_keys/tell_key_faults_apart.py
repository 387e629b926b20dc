"""The command that tells the possible faults of a key apart."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import WHO

APART = (
    f"{WHO}{{profile_option}} --region us-east-1  # works: the key is good, and the Region or the endpoint is wrong; "
    "“Signature expired”: the clock; else the key or its token"
)
"""The command that tells the possible faults of a key apart.

STS's answer shows a wrong time, because it says that a signature has expired (IAM User Guide, "Troubleshoot signed
requests for AWS APIs").
"""
