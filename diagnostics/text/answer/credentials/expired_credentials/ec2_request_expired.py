"""Rows for EC2's RequestExpired."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import FORGET, WHO, CredentialFault, fault
from iam.claims import Ground
from iam.facts.request_windows import REQUEST_EXPIRED

REQUEST_EXPIRED_ROWS: tuple[CredentialFault, ...] = (
    # EC2 API reference, "Error codes": said of requests, and of sessions, whose time is over.
    fault(
        r"\bRequestExpired\b|\bRequest has expired\b",
        "The session has expired{token_expired}: other calls in the text fail with ExpiredToken. Get new credentials; "
        "in a long run, get them again before its late steps, or request a longer session. No permission is missing.",
        "Get new credentials during the run, or request a longer session",
        f"aws iam get-role --role-name ROLE --query Role.MaxSessionDuration\n{WHO}",
        "The run takes longer than its session. Assume the role again before the late steps, or request a longer "
        "session: at most the role's MaxSessionDuration, and one hour if a role's session assumes the role.",
        check=None,
        ground=Ground.LIKENESS,
        needs="token_expired",
    ),
    fault(
        r"\bRequestExpired\b|\bRequest has expired\b",
        "EC2 says this if the temporary credentials have expired, or if a request arrives more than "
        f"{REQUEST_EXPIRED.minutes} minutes away from its signing time. Often the session has expired.",
        "Get new temporary credentials, and compare the machine's clock",
        f"{FORGET}\n{WHO}\ndate -u",
        "The session has expired: get new credentials from the same source.",
        ground=Ground.PARTLY,
    ),
)
