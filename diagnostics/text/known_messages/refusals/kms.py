"""Messages of AWS KMS."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, no_permission, of_codes
from diagnostics.who import Who

_API = "https://docs.aws.amazon.com"

KMS_KEYS_AND_CIPHERTEXTS: tuple[ServiceSentence, ...] = (
    of_codes(
        "IncorrectKeyException InvalidCiphertextException",
        "KMS",
        "the key or the encryption context is not the one that encrypted the data",
        "KMS cannot decrypt the data: the key or the encryption context is not the one that encrypted it, or the data "
        "is damaged. No permission is missing.",
        "Leave out the key's ID (unless the key is asymmetric), or name the key that encrypted the data. Pass the same "
        "encryption context, in the same letter case, and pass the data in its binary form (not as base64 text).",
        f"{_API}/kms/latest/APIReference/API_Decrypt.html",
        who=Who.CALLER,
        refuses=False,
    ),
)  # fmt: skip
KMS_GRANTS: tuple[ServiceSentence, ...] = (
    no_permission(
        "exceeded its grant limit",
        r"encryption key has exceeded its grant limit",
        "The KMS key has reached its quota of grants: retire grants that nobody uses, or encrypt with another key. No "
        "permission is missing.",
        "List the grants (aws kms list-grants --key-id KEY) and retire or revoke those of clusters and volumes that no "
        "longer exist; the quota is “Grants per KMS key” in Service Quotas.",
        "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html",
    ),
)
