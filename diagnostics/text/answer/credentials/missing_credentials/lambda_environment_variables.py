"""The row for a Lambda function that cannot decrypt its environment variables."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CredentialFault, fault
from iam.claims import Ground

ENVIRONMENT_NOT_DECRYPTED: tuple[CredentialFault, ...] = (
    # re:Post, "How do I resolve Lambda KMS access denied errors": the grant on the key of a role that was made anew
    # (https://repost.aws/knowledge-center/lambda-kmsaccessdeniedexception-errors).
    fault(
        r"Lambda was unable to decrypt the environment variables[\s\S]{0,300}(?:UnrecognizedClient|security token)",
        "Set the function's execution role to another role, and then back to the current role. Usually Lambda's "
        "grant on the KMS key belongs to an earlier role of this name, which was deleted and created again. "
        "Neither credentials nor policies have to change.",
        "Set the function's execution role to another role and back",
        "aws lambda update-function-configuration --function-name FUNCTION --role OTHER_ROLE_ARN\n"
        "aws lambda wait function-updated --function-name FUNCTION\n"
        "aws lambda update-function-configuration --function-name FUNCTION --role ROLE_ARN",
        "The execution role was deleted and created again, but the grant belongs to the old role.",
        check="aws lambda get-function-configuration --function-name FUNCTION --query '[Role,KMSKeyArn,LastModified]'",
        speaker=r"Lambda was unable to decrypt",
        cause="unreadable",
        ground=Ground.LIKENESS,
    ),
)
