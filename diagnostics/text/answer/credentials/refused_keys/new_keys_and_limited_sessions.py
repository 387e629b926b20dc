"""Rows for keys and roles that are new, and for sessions that cannot call IAM."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import (
    CONFIGURED,
    FORGET,
    UNKNOWN_KEY,
    WHO,
    CredentialFault,
    fault,
)
from iam.claims import Ground

NEW_ROLE_OR_KEY: tuple[CredentialFault, ...] = (
    # IAM User Guide, "Troubleshoot IAM": a new role is not visible everywhere at once
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    fault(
        r"security token included in the request is invalid[.:;]?\s+[^\n]{0,30}\bprovided (?:IAM )?role\b",
        "The service cannot use the role that the call passes to it; the message is not about the caller's own "
        "keys. A role that was created seconds ago is not usable everywhere yet: make the call again.",
        "Wait a few seconds and try again; then check that the role exists",
        "aws iam get-role --role-name ROLE",
        "If one run creates both the role and the resource, make the resource wait for the role and its policies. If "
        "the call fails every time, the role was deleted, or deleted and created again.",
        check=None,
        ground=Ground.PARTLY,
    ),
    # IAM User Guide, "Changes that I make are not always immediately visible"
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    fault(
        UNKNOWN_KEY,
        "The call fails only now and then (“{rarely}”): most likely the key is valid but new, and does not yet work in "
        "every service. Retry after a few seconds. No permission is missing.{no_need}",
        "Let the program retry with a growing delay",
        f"{WHO}{{profile_option}}  # if this also fails now and then, compare the keys of the processes",
        "A new key or session works in some services before it works in others, so a successful call elsewhere proves "
        "nothing yet. If no key is new, some of the processes or machines have another key, or an old session token.",
        check=None,
        ground=Ground.LIKENESS,
        needs="rarely",
    ),
)

CALL_TO_IAM: tuple[CredentialFault, ...] = (
    # STS API reference, "GetSessionToken" and "GetFederationToken": what their credentials may not call
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).
    fault(
        r"InvalidClientTokenId|security token included in the request is invalid",
        "AWS does not accept these credentials for a call to IAM. Either AWS does not accept the access key at "
        "all, or the credentials belong to a session that cannot call IAM (GetSessionToken without MFA, "
        "GetFederationToken).",
        "Find out which credentials are used, and use credentials that are allowed to call IAM",
        f"env | grep ^AWS_ | cut -d= -f1; {CONFIGURED}\n{FORGET}\n{WHO}",
        "If other services accept the same credentials, they are most likely a session of GetSessionToken without MFA "
        "(aws-vault, a script) or of GetFederationToken. Assume a role instead, or sign in with MFA.",
        also=("If {who_am_i} also fails, AWS does not accept the key itself: {key_faults}.",),
        ground=Ground.PARTLY,
        needs="iam_call",
    ),
)
