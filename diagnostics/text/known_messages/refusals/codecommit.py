"""Messages of AWS CodeCommit."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

_DOCS = "https://docs.aws.amazon.com"

CODECOMMIT_KEYS: tuple[ServiceSentence, ...] = (
    row(
        ("encryptionkeyaccessdenied", "master key for codecommit"),
        r"\bEncryptionKeyAccessDeniedException\b"
        r"|User is not authorized for the KMS default (?:master )?key for CodeCommit",
        "the caller, at the repository's KMS key",
        "the repository's KMS key could not be used",
        "CodeCommit could not use the repository's KMS key for this caller: allow the caller to use the key through "
        "CodeCommit, or remove the Deny.",
        UsualCause("An SCP, permissions boundary or policy denies kms:* to the caller: CodeCommit needs kms:Encrypt, "
                   "kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey* and kms:DescribeKey, with kms:ViaService = "
                   "codecommit.REGION.amazonaws.com. The key policy of aws/codecommit cannot be changed.",
                   "aws kms describe-key --key-id alias/aws/codecommit"),
        UsualCause("The account was not signed up for AWS KMS: open the KMS console in this Region once.", None,
                   Who.ACCOUNT_ADMIN),
        page=f"{_DOCS}/codecommit/latest/userguide/troubleshooting-cs.html",
    ),
)  # fmt: skip
