"""Rows for EC2 instances whose programs find no credentials: no instance profile, hop limit, no provider."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CONFIGURED, NO_CREDENTIALS, CredentialFault, fault
from iam.claims import Ground

WITHOUT_INSTANCE_PROFILE: tuple[CredentialFault, ...] = (
    # EC2 User Guide, "IAM roles for Amazon EC2": an instance profile hands the role to the instance
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html).
    fault(
        NO_CREDENTIALS,
        "Attach an instance profile to the instance, because the text shows that the instance has none. Without "
        "credentials, no call to AWS was made, and no permission is known to be missing.",
        "Attach an instance profile with the role",
        "aws ec2 associate-iam-instance-profile --instance-id INSTANCE --iam-instance-profile Name=PROFILE",
        "The instance has no instance profile. A 401 without a token only shows that IMDSv2 is required, and is not "
        "the cause.",
        also=(
            "If the program runs in a container, the instance's http-put-response-hop-limit must also be 2: with "
            "1, the response of IMDSv2 does not reach a container.",
        ),
        check="aws ec2 describe-iam-instance-profile-associations",
        needs="profile_null",
        ground=Ground.LIKENESS,
    ),
)

NOTHING_ON_INSTANCE: tuple[CredentialFault, ...] = (
    # EC2 User Guide, "Configure the Instance Metadata Service options": the token's answer travels as many hops as the
    # limit says (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html).
    fault(
        NO_CREDENTIALS,
        "{host_gets} gets none. No permission is missing. Most likely the instance's hop limit is 1, so containers "
        "cannot reach the metadata service.",
        "Raise the hop limit to 2, or give the container credentials of its own",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-put-response-hop-limit 2",
        "With a hop limit of 1, the response with the IMDSv2 token does not reach a container, which is two hops away: "
        "http-put-response-hop-limit must be 2. A newer image, module or account setting may require IMDSv2 with a "
        "limit of 1.",
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        needs="host_gets",
        ground=Ground.LIKENESS,
    ),
    # AWS SDK for Java 2.x Developer Guide, "Default credentials provider chain": the chain prints its providers
    # (https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/credentials-chain.html).
    fault(
        NO_CREDENTIALS,
        "The chain that the program prints has no provider for an instance's role, so the program never asks the "
        "metadata service. No permission is missing.",
        "Use a version of the library whose chain has InstanceProfileCredentialsProvider, or configure that provider",
        f"{CONFIGURED}  # on the instance: if its type is iam-role, the instance has credentials to give",
        "The library's version decides which providers its chain has: compare this version with a version that "
        "works, and read the release notes. Or give the program credentials through a provider of its chain.",
        check=None,
        speaker=r"\A(?=[\s\S]*\b(?:EC2|instance)\b)[\s\S]*?CredentialsProviderChain\(credentialsProviders=\["
        r"(?=[^\n]{0,2000}CredentialsProvider\([^\n]{0,200}?\)\])(?![^\n]{0,2000}InstanceProfile)",
        ground=Ground.LIKENESS,
    ),
    # EC2 User Guide, "IAM roles for Amazon EC2" and "Use IMDSv2"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html).
    fault(
        NO_CREDENTIALS,
        "The program found no credentials on the instance, so no permission is missing.{no_need} Check that an "
        "instance profile is attached to the instance, and that the program reaches the metadata service "
        "(169.254.169.254).",
        "Attach an instance profile with the role, or let the program reach the metadata service",
        "aws ec2 describe-iam-instance-profile-associations  # is an instance profile associated with this "
        f"instance?\n{CONFIGURED}  # on the instance: its type must be iam-role",
        "A role alone has no effect on an instance: an instance profile that contains the role must be attached.",
        also=(
            (
                "The metadata service is off or cannot be reached, for example because of a proxy without "
                "NO_PROXY=169.254.169.254."
            ),
        ),
        check="aws ec2 describe-iam-instance-profile-associations",
        speaker=r"\binstance (?:role|profile)\b(?! metadata)|\bon EC2\b|\bec2 instance\b(?! metadata)"
        r"|@ip-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}\b",
        ground=Ground.LIKENESS,
    ),
)
