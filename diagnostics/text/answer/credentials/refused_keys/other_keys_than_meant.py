"""Rows for a program that sends other keys than the meant ones: old, stored, empty or overriding."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import (
    CONFIGURED,
    FORGET,
    UNKNOWN_KEY,
    WHO,
    WRONG_SIGNATURE,
    CredentialFault,
    fault,
)
from diagnostics.text.answer.credentials.refused_keys.tell_key_faults_apart import APART
from iam.claims import Ground

STORED_TWICE: tuple[CredentialFault, ...] = (
    # AWS Tools for PowerShell User Guide, "Credential and profile resolution": the AWS SDK store comes first
    # (https://docs.aws.amazon.com/powershell/latest/userguide/creds-assign.html).
    fault(
        UNKNOWN_KEY,
        "The profile {stored_profile} exists in the AWS SDK store and in the file credentials: PowerShell and the SDK "
        "for .NET use the store's keys first, while the AWS CLI reads only the file. Most likely the store has old "
        "keys.",
        "Remove the profile from the SDK store, or save the current keys there",
        "Get-AWSCredential -ListProfileDetail\nRemove-AWSCredentialProfile -ProfileName {stored_profile}  # from the "
        "store: NetSDKCredentialsFile\nGet-STSCallerIdentity",
        "aws configure changes the file only. Set-AWSCredential -StoreAs without -ProfileLocation writes to the store.",
        check=None,
        needs="stored_profile",
        ground=Ground.LIKENESS,
    ),
)

KEYS_BESIDE_A_ROLE: tuple[CredentialFault, ...] = (
    # AWS SDKs and Tools Reference Guide, "AWS SDKs and Tools standardized credential providers": keys in the code, in
    # variables and in files come before a container's or an instance's role
    # (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
    fault(
        UNKNOWN_KEY,
        "The program has a role where it runs, but the text also names access keys. Most likely the program sends "
        "those keys, or the role's keys without their session token. Remove the access keys, so that the SDK uses "
        "the role's credentials.{no_need}",
        "Remove the access keys from variables, files and code",
        f"env | grep ^AWS_ | cut -d= -f1  # where the program runs\n{WHO}  # must then show the role",
        "Keys in the code, in variables and in files take precedence over the role. If the code itself passes the "
        "role's keys on, it must also pass AWS_SESSION_TOKEN.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="keys_beside_role",
    ),
    # The same page: variables with keys come before a web identity token.
    fault(
        UNKNOWN_KEY,
        "The job signs in with a token (OIDC), but its environment also has access keys. Most likely the job sent "
        "those keys, and they are old or incomplete. Remove the keys from the job, its variables and the "
        "runner.{no_need}",
        "Remove the access keys from the job, the project's variables or secrets, and the runner",
        f"env | grep ^AWS_ | cut -d= -f1  # in the job, before it signs in: no keys here\n{WHO}  # then: the role",
        "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY take precedence over a token. They may be set in the "
        "workflow, in the variables of the project or the organization, or on a self-hosted runner.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="keys_beside_token",
    ),
)

EMPTY_KEYS: tuple[CredentialFault, ...] = (
    # AWS SDKs and Tools Reference Guide, "Standardized credential providers"; Dify, "Environment variables"; GitLab,
    # "IAM roles for AWS when using the GitLab chart"
    # (https://docs.gitlab.com/charts/advanced/external-object-storage/aws-iam-roles.html).
    fault(
        f"{UNKNOWN_KEY}|{WRONG_SIGNATURE}",
        "The program signs with keys from its own settings, but these settings are empty: “{no_keys}”. The program "
        "does not use its available role. The role's policies are not the cause.",
        "Let the program use its role: its SDK's default credentials",
        f"{WHO}  # where the program runs: shows the role that it could use",
        "The program uses empty settings as keys, or needs an option before it uses a role. An update may have "
        "changed this: read the program's release notes. Do not create static keys.",
        check=None,
        ground=Ground.LIKENESS,
        needs="no_keys",
    ),
)

SESSION_OVER_OR_OLD_KEYS: tuple[CredentialFault, ...] = (
    # STS API reference, "AssumeRole", DurationSeconds; IAM User Guide, "Methods to assume a role": role chaining
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage-assume.html).
    fault(
        UNKNOWN_KEY,
        "Most likely the session has expired{session_length}, because the program got its keys only once, and the "
        "earlier steps still worked. No permission is missing.",
        "Get new keys during the run, or request a longer session",
        f"aws iam get-role --role-name ROLE --query Role.MaxSessionDuration\n{WHO}",
        "Ask for a longer session (--duration-seconds), or let each step assume the role again. If a role's "
        "session assumes the role (CodeBuild, Lambda, ECS, a pod), the maximum is one hour, whatever the assumed "
        "role's MaxSessionDuration is. For longer runs, get new keys, or let the SDK get new keys with a profile "
        "(role_arn, credential_source).",
        check=None,
        ground=Ground.LIKENESS,
        needs="session_over",
    ),
    # IAM User Guide, "Changes that I make are not always immediately visible"
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    fault(
        UNKNOWN_KEY,
        "If this call uses the access key that the text creates, wait a few seconds and try again, because a new "
        "key does not work everywhere immediately.{no_need}",
        "Wait until the new key works, and do not create a key for each run",
        f"until {WHO}{{profile_option}}; do sleep 5; done",
        "A new key takes a few seconds to work everywhere. Make the script wait until the key works, or assume a role "
        "instead of creating a key each time.",
        check=f"{WHO}{{profile_option}}",
        ground=Ground.LIKENESS,
        needs="new_key",
    ),
    fault(
        UNKNOWN_KEY,
        "The program still uses a key that is no longer valid: the text shows “{retired}”. Give the program the "
        "current key. No permission is missing.",
        "Give this program the current key, or reactivate the old key until you can",
        f"{CONFIGURED}  # where the program that fails runs",
        "The old key was deactivated or deleted, but this program still has it in its environment, a file, a "
        "secret or a cache.",
        ground=Ground.LIKENESS,
        needs="retired",
    ),
    fault(
        UNKNOWN_KEY,
        "The program does not use the working credentials: it succeeds with credentials that are exported from the "
        "profile. Most likely the program finds older keys first, or its IAM Identity Center sign-in is for "
        "another profile.",
        "Sign in with the profile, and see which credentials the program finds",
        f"aws sso login{{profile_option}}\n{CONFIGURED}{{profile_option}}\nenv | grep ^AWS_ | cut -d= -f1",
        "Older keys take precedence (in the environment, or in ~/.aws/credentials for this profile or the default "
        "profile), or aws sso login was run for another profile. Until you find the cause, use exported "
        "credentials.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="exported_work",
    ),
    # IAM User Guide, "Troubleshoot Signature Version 4 signing": a request's timestamp must be near AWS's time
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
    fault(
        r"not able to validate the provided access credentials",
        "First correct the clock, which is not synchronized according to the text (“{clock_off}”). AWS does not "
        "validate a request whose time is wrong. No permission is missing.",
        "Synchronize the clock of the machine that made the call, then try again",
        "w32tm /resync  # Windows; on Linux: sudo chronyc makestep, or sudo systemctl restart systemd-timesyncd",
        "If the machine's time differs from UTC by minutes, correct the time. Check the keys only if the call "
        "still fails then.",
        check=None,
        ground=Ground.LIKENESS,
        needs="clock_off",
    ),
    # AWS CLI User Guide, "Configuration and credential file settings": for a profile that is in both files, the keys in
    # the credentials file take precedence (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
    fault(
        UNKNOWN_KEY,
        "AWS does not accept the keys that were sent, although the SSO sign-in works. Most likely the program uses old "
        "keys of the same profile in ~/.aws/credentials, or keys in the environment, instead of SSO. No permission is "
        "missing.",
        "Remove the old keys of this profile",
        f"{CONFIGURED}{{profile_option}}  # the type must be sso: shared-credentials-file or env shows the old keys\n"
        f"{WHO}{{profile_option}}",
        "Delete the profile's keys and token in ~/.aws/credentials, and unset AWS_ACCESS_KEY_ID. If the type is sso, "
        "check the Region: an opt-in Region may not be enabled, and each partition has its own keys.",
        check=f"{CONFIGURED}{{profile_option}}",
        ground=Ground.LIKENESS,
        speaker=r"\bsso login\b[`\"']?[^.\n]{0,30}\b(?:ok|okay|works|worked|succeed\w*|success\w*|fine)\b"
        r"|Successfully logged into Start URL"
        r"|\bSSO (?:log-?in|sign-?in)\b[^.\n]{0,20}\b(?:ok|work(?:s|ed)|succeed\w*)\b",
    ),
    # AWS CLI User Guide, "Configuration and credential file settings", as above.
    fault(
        UNKNOWN_KEY,
        "The same workflow works on a hosted runner. So most likely keys that stay on the self-hosted runner (AWS_ "
        "variables, ~/.aws/credentials) override the keys of the sign-in step, or mix with them. The role and its "
        "trust policy are not the cause.",
        "Remove the runner's own keys, or unset them for this job",
        f"env | grep ^AWS_ | cut -d= -f1\n{CONFIGURED}  # in a step of this job, on that runner",
        "The list shows where the key, the secret and the token come from: all three must be of type env and come "
        "from the sign-in. Check the runner's service environment, its .env file and the home folder of its user.",
        check=f"{CONFIGURED}",
        ground=Ground.LIKENESS,
        speaker=r"\A(?=[\s\S]*\bself-hosted\b)[\s\S]*?(?:"
        r"\b(?:passe[sd]|works?|worked|succeed\w*|fine|ok)\b[^.\n]{0,40}\b(?:ubuntu-\w+|(?:GitHub-)?hosted runners?)"
        r"|\b(?:ubuntu-\w+|(?:GitHub-|GitLab-)hosted runners?)\b[^.\n]{0,40}\b(?:passe[sd]|works?|worked|fine))",
    ),
    # AWS CLI User Guide, "Configuration and credential file settings": keys in the environment precede AWS_PROFILE.
    fault(
        UNKNOWN_KEY,
        "The text sets {exported} and {keys_over_profile}: the keys override the profile, and AWS does not accept "
        "them. Remove the keys, so that the profile is used.",
        "Remove the keys from the environment or the .env file",
        f"{FORGET}  # and their lines in .env; then {{keys_over_profile}} is used\n{WHO}",
        "The keys are deleted, inactive or mistyped. The profile and its credentials were not used.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="keys_over_profile",
    ),
    # AWS CLI User Guide, "Command line options": --profile takes precedence over the environment.
    fault(
        UNKNOWN_KEY,
        "AWS does not accept the access key of profile {profile_name}: {key_faults}.{no_need}",
        "Find out whether the profile's key is valid at all",
        f"{APART}\n{CONFIGURED}{{profile_option}}",
        check=f"{CONFIGURED}{{profile_option}}",
        needs="named_profile",
        ground=Ground.PARTLY,
    ),
    fault(
        UNKNOWN_KEY,
        "The program called Amazon Bedrock with AWS keys that it found, although the text says that it is signed in to "
        "another provider. The request should not go to AWS, so neither a permission nor a new AWS key is needed.",
        "Choose the other provider in the program's settings, and remove the old AWS keys from its environment",
        f"env | grep ^AWS_ | cut -d= -f1\n{CONFIGURED}",
        "The program uses Bedrock for this command because of the provider or model in its settings, an environment "
        "variable, or a fault of this version. Update the program.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        speaker=r"\A(?=[\s\S]*\bBedrock\b)[\s\S]*?"
        r"(?:\b(?:logged|signed) in (?:to|with|at|as) [^\n,.;]{0,15}|\bprovider\b\W{1,4})"
        r"(?:\bAnthropic\b|\bClaude (?:Pro|Max|Code account)|\bOpenAI\b|\bChatGPT\b|\bOpenRouter\b)",
    ),
)
