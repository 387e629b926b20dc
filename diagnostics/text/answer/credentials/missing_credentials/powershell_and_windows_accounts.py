"""Rows for PowerShell and for tasks that run as another Windows account."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CredentialFault, fault
from iam.claims import Ground

# A PowerShell transcript names its user (Username, RunAs User); $ is the computer's own account, which SYSTEM is.
_OTHER_WINDOWS_ACCOUNT = (
    r"\A(?=[\s\S]*(?:NetSDKCredentialsFile|-StoreAs\b))[\s\S]*?"
    r"(?:\b(?:Username|Benutzername|RunAs User)\s*:\s*(?:[\w.-]+\\)?(?:SYSTEM|[\w.-]+\$)"
    r"|\b(?:account|konto|user|as)\b[\s:=]{1,3}(?:the )?(?:[\w.-]+\\)?(?:Local ?System|SYSTEM|NETWORK SERVICE"
    r"|LOCAL SERVICE)\b"
    r"|\b(?:scheduled task|Task Scheduler|geplante Aufgabe|Windows service|SQL Server Agent)\b)"
)

POWERSHELL: tuple[CredentialFault, ...] = (
    # AWS Tools for PowerShell User Guide, "Using AWS credentials in the AWS Tools for PowerShell"
    # (https://docs.aws.amazon.com/powershell/v5/userguide/specifying-your-aws-credentials.html).
    fault(
        r"persisted/shell defaults",
        "The task runs as another Windows account, which has none of your profiles, because the AWS SDK store "
        "(NetSDKCredentialsFile) is encrypted for the user who saved it. AWS was not called, and no policy is the "
        "cause.",
        "Give the account of the task credentials of its own",
        "Set-AWSCredential -StoreAs PROFILE  # as the account that runs the task, or give the server an instance "
        "profile",
        "Run the task as the user who has the profile, or let it read a shared file (-ProfileLocation).",
        speaker=r"NT AUTHORITY\\|\bRun as:",
        check=None,
    ),
    fault(
        r"persisted/shell defaults",
        "Most likely PowerShell runs as a Windows account other than the one that saved the profile: the AWS SDK store "
        "(NetSDKCredentialsFile) is encrypted for that user. AWS was not called, and no policy is the cause.",
        "Run PowerShell as the account that saved the profile, or give its own account credentials",
        "Set-AWSCredential -StoreAs PROFILE  # as the account that runs the task, or give that account a shared "
        "credentials file (-ProfileLocation)",
        "A scheduled task or service (SYSTEM, a service account) does not see the profiles of the user who ran "
        "Set-AWSCredential -StoreAs. Temporary credentials, such as those of IAM Roles Anywhere, are better than keys.",
        speaker=_OTHER_WINDOWS_ACCOUNT,
        check=None,
        ground=Ground.LIKENESS,
    ),
    fault(
        r"persisted/shell defaults",
        "This PowerShell session has no credentials: the AWS CLI's --profile and AWS's sign-in in another window do "
        "not apply to it. AWS was not called.",
        "Name the profile in PowerShell",
        "Set-AWSCredential -ProfileName {profile_name}; Get-STSCallerIdentity",
        "The session has no profile set: pass -ProfileName {profile_name} to the cmdlet, or set the profile "
        "for the session.",
        check=None,
    ),
)
