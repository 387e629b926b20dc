"""A program whose AWS SDK sends no token to the metadata service of an instance that requires one."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import NO_CREDENTIALS, CredentialFault, fault
from diagnostics.text.answer.credentials.missing_credentials.metadata_service import NO_INSTANCE_KEYS
from iam.claims import Ground
from iam.facts.sdk_versions import METADATA_TOKENS

SDK_WITHOUT_TOKENS: tuple[CredentialFault, ...] = (
    # EC2 User Guide, "Use a supported AWS SDK"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/use-a-supported-sdk-version-for-imdsv2.html).
    fault(
        rf"{NO_CREDENTIALS}|{NO_INSTANCE_KEYS}",
        "Update the AWS SDK: most likely {old_imds_sdk} is too old for IMDSv2, which the instance requires "
        "(HttpTokens). No permission is missing.",
        "Update the program's SDK, and keep HttpTokens=required",
        "aws ec2 describe-instances --query 'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpTokens]'",
        f"An SDK that does not request a token gets no credentials there. The oldest that do: {METADATA_TOKENS}.",
        check="aws ec2 describe-instances --query 'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpTokens]'",
        needs="old_imds_sdk",
        ground=Ground.LIKENESS,
    ),
)
