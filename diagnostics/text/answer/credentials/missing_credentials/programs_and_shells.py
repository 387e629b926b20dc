"""Rows for programs that find nothing although credentials work in a shell or the AWS CLI."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CONFIGURED, NO_CREDENTIALS, WHO, CredentialFault, fault
from diagnostics.text.answer.own_machine import STARTED_BEFORE
from iam.claims import Ground

STARTED_BEFORE_OR_APART: tuple[CredentialFault, ...] = (
    fault(
        NO_CREDENTIALS,
        STARTED_BEFORE,
        "Restart the program",
        f"{CONFIGURED}; {WHO}  # where the program runs, as its user",
        "The program was started before the instance profile was attached, and does not look for credentials again.",
        check=None,
        needs="profile_attached",
        ground=Ground.LIKENESS,
    ),
    # SDKs and Tools Reference Guide, "AWS SDKs and Tools standardized credential providers"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
    fault(
        NO_CREDENTIALS,
        "The program found no credentials, although the AWS CLI finds some in the same place. So the cause is in "
        "the program's own credential chain. No role and no permission is missing.",
        "Compare how the program and the CLI find their credentials",
        f"env | grep ^AWS_ | cut -d= -f1; {CONFIGURED}",
        "The program builds its own credential chain and leaves something out: the Region (a web identity token needs "
        "one for STS), a provider, or a module of its SDK. Let it use the SDK's default chain and configuration.",
        also=("The program's SDK is older than the method by which the CLI gets its credentials (SSO, Pod Identity).",),
        check=None,
        needs="cli_works",
        ground=Ground.LIKENESS,
    ),
)

OTHER_USER_OR_KEY: tuple[CredentialFault, ...] = (
    # AWS CLI User Guide, "Configuration and credential file settings": the files are in the home folder of whoever runs
    # the program (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
    fault(
        NO_CREDENTIALS,
        "The program does not find your credentials, because it does not run as your user or in your shell: sudo "
        "uses root's home folder, and cron and services lack your variables. No permission is missing.",
        "Give the program credentials where it runs",
        f"{CONFIGURED}  # with the same sudo, or from the same job",
        "Run the program without sudo, or set AWS_PROFILE and AWS_SHARED_CREDENTIALS_FILE (AWS_CONFIG_FILE) for "
        "it. On EC2, an instance profile serves every user.",
        speaker=r"\bsudo (?:-\w+ )*(?:aws|python3?|node|terraform|\./)\b|\bwithout sudo\b|\bcron(?:tab)?\b|\bsystemd\b",
        ground=Ground.LIKENESS,
    ),
    # Amazon Bedrock User Guide, "Use an Amazon Bedrock API key"
    # (https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-use.html).
    fault(
        NO_CREDENTIALS,
        "The program looked for AWS credentials and found none, so it did not use the Bedrock API key. No "
        "permission is missing.",
        "Give the program the key in AWS_BEARER_TOKEN_BEDROCK, or use a version that reads this variable",
        "env | grep -c ^AWS_BEARER_TOKEN_BEDROCK=  # where the program runs: must print 1",
        speaker=r"\A(?=[\s\S]*\bbedrock\b)[\s\S]*?\b(?:bearer token|API key)\b",
        check=None,
    ),
)
