"""Rows for keys and signatures that AWS does not accept, in the order in which they are tried."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CONFIGURED, UNKNOWN_KEY, WHO, CredentialFault, fault
from diagnostics.text.answer.credentials.refused_keys.clocks import TIME_DIFFERS, TWO_CLOCKS
from diagnostics.text.answer.credentials.refused_keys.new_keys_and_limited_sessions import CALL_TO_IAM, NEW_ROLE_OR_KEY
from diagnostics.text.answer.credentials.refused_keys.other_keys_than_meant import (
    EMPTY_KEYS,
    KEYS_BESIDE_A_ROLE,
    SESSION_OVER_OR_OLD_KEYS,
    STORED_TWICE,
)
from diagnostics.text.answer.credentials.refused_keys.regions_and_partitions import (
    OTHER_REGIONS_AND_PARTITIONS,
    STS_TURNED_OFF,
)
from diagnostics.text.answer.credentials.refused_keys.session_tokens import (
    TOKEN_LEFT_OVER_OR_OUT,
    TOKEN_MISSING,
    TOKEN_NOT_HANDED_ON,
    TOKEN_OF_OTHER_KEY,
)
from diagnostics.text.answer.credentials.refused_keys.signatures import SCOPE_AND_VERSION, SIGNATURE_WRONG
from diagnostics.text.answer.credentials.refused_keys.tell_key_faults_apart import APART
from diagnostics.text.answer.credentials.refused_keys.unsigned_requests import WITHOUT_SIGNATURE
from diagnostics.text.answer.credentials.sessions_without_mfa import SESSION_WITHOUT_MFA
from iam.claims import Ground

REFUSED_KEYS: tuple[CredentialFault, ...] = (
    *STORED_TWICE,
    *STS_TURNED_OFF,
    *TWO_CLOCKS,
    *OTHER_REGIONS_AND_PARTITIONS,
    *TOKEN_LEFT_OVER_OR_OUT,
    *KEYS_BESIDE_A_ROLE,
    *TOKEN_MISSING,
    *SCOPE_AND_VERSION,
    *EMPTY_KEYS,
    *TOKEN_OF_OTHER_KEY,
    *NEW_ROLE_OR_KEY,
    SESSION_WITHOUT_MFA,
    *CALL_TO_IAM,
    *TIME_DIFFERS,
    *SIGNATURE_WRONG,
)
OTHER_KEYS: tuple[CredentialFault, ...] = (
    *SESSION_OVER_OR_OLD_KEYS,
    *TOKEN_NOT_HANDED_ON,
    fault(
        UNKNOWN_KEY,
        "AWS does not accept the access key as it was sent: {key_faults}.{no_need}",
        "Find out whether the key is valid at all, where the program runs",
        f"{APART}\n{CONFIGURED}  # where the key comes from",
        ground=Ground.PARTLY,
    ),
    *WITHOUT_SIGNATURE,
    # EC2 API reference, "Error codes": AuthFailure is said of credentials and of what is not the account's own.
    fault(
        r"\bAuthFailure\b",
        "EC2's AuthFailure has two meanings, and the text does not say which one applies here. Either the credentials "
        "could not be validated, or the account is not allowed to use a resource in the call, such as another "
        "account's address or image.",
        "Check whether the credentials work, and whether the account owns the resources in the call",
        f"{WHO}\n{CONFIGURED}",
        "The resource in the call belongs to another account, or is not shared with this account.",
        check=WHO,
        cause="unreadable",
        ground=Ground.NOTHING,
    ),
)
