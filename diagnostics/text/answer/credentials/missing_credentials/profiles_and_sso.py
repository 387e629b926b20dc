"""Rows for profiles, IAM Identity Center and credential_process that give a program no credentials."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CONFIGURED, NO_CREDENTIALS, WHO, CredentialFault, fault
from diagnostics.text.answer.credentials.missing_credentials.metadata_service import NO_INSTANCE_KEYS
from iam.claims import Ground

PROFILE_SECTIONS: tuple[CredentialFault, ...] = (
    # AWS SDKs and Tools Reference Guide, "AWS access keys"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html).
    fault(
        rf"{NO_CREDENTIALS}|{NO_INSTANCE_KEYS}"
        r"|credentials from (?:the instance profile metadata|EC2 Instance Metadata)",
        "{empty_half} is empty, so the program has no complete key pair, and looks for other credentials (at last in "
        "the metadata service of an EC2 instance): give it a value. No permission is missing.",
        "Set {empty_half}, or remove both variables",
        f"env | grep ^AWS_ | cut -d= -f1; {CONFIGURED}  # where the program runs",
        check=CONFIGURED,
        ground=Ground.LIKENESS,
        needs="empty_half",
    ),
    # AWS CLI User Guide, "Configuration and credential file settings"
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
    fault(
        rf"config profile .{{1,80}} could not be found|ProfileNotFound|shared config profile|{NO_CREDENTIALS}",
        "The configuration file in the text has the section [{plain_section}]: in ~/.aws/config the section must be "
        "[profile {plain_section}]. Only ~/.aws/credentials uses the name without the word profile.",
        "Rename the section",
        f"aws configure list-profiles\n{CONFIGURED}",
        check="aws configure list-profiles",
        ground=Ground.LIKENESS,
        needs="plain_section",
    ),
    # AWS CLI User Guide, "Configuring IAM Identity Center authentication with the AWS CLI": sso_region
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html).
    fault(
        r"(?i:sso)|session token not found|UnauthorizedException",
        "{sso_region_said}",
        "Set sso_region to the Region of IAM Identity Center, and sign in again",
        "aws configure get sso_region{profile_option}; grep -n sso_region ~/.aws/config\naws sso logout; aws sso login",
        check=None,
        needs="sso_region_said",
        ground=Ground.LIKENESS,
    ),
)

PROFILE_SETTINGS: tuple[CredentialFault, ...] = (
    # AWS SDKs and Tools Reference Guide, "Login credentials provider"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-login-credentials.html); AWS CLI User Guide, "Login for
    # AWS local development using console credentials", for SDKs that do not support it
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html).
    fault(
        rf"{NO_CREDENTIALS}|{NO_INSTANCE_KEYS}",
        "aws login made the profile (login_session), and most likely the program's AWS SDK is too old to read such "
        "a profile. Update the program, or give it the credentials through credential_process. No permission is "
        "missing.",
        "Pass the credentials of aws login to the program, or update the program",
        "aws configure set credential_process 'aws configure export-credentials --profile LOGIN-PROFILE --format "
        "process' --profile NEW-PROFILE\n"
        'eval "$(aws configure export-credentials --profile LOGIN-PROFILE --format env)"  # or: for this shell, until '
        "they expire",
        "SDKs read login_session only since November 2025. An older SDK ignores login_session, finds no keys in "
        "the profile, and asks the metadata service (IMDS) last. No EC2 instance or instance role is needed.",
        also=(
            "The program does not use this profile: set AWS_PROFILE. If the sign-in has expired, run aws login again.",
        ),
        speaker=r"\blogin_session\s*=",
        ground=Ground.LIKENESS,
    ),
    # Terraform AWS Provider, "Version 4 Upgrade Guide": a profile now comes before the keys of the environment; the
    # message is that of aws-sdk-go-base, credentials.go
    # (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-4-upgrade).
    fault(
        r"A Profile was specified along with the environment variables",
        "Terraform uses the set profile (profile, AWS_PROFILE), not the keys in the environment, but that profile "
        "provides no credentials. If you unset the profile, Terraform uses the keys.",
        "Unset the profile, or remove the keys from the environment and give the profile credentials",
        'unset AWS_PROFILE  # and profile in provider "aws" and in backend "s3"\n' + CONFIGURED,
        "Since version 4 of the AWS provider a profile comes before AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. The "
        "error below “AWS Error” is the profile's.",
    ),
    # AWS SDK for JavaScript v3, @aws-sdk/credential-provider-ini, resolveAssumeRoleCredentials.ts
    # (https://github.com/aws/aws-sdk-js-v3/tree/main/packages/credential-provider-ini).
    fault(
        r"requires multi-factor authentication, but no MFA code callback was provided",
        "The profile requires an MFA code (mfa_serial), but this program does not ask for a code. The profile was "
        "found, and no permission is missing.",
        "Sign in with the AWS CLI, and give the program those credentials",
        'eval "$(aws configure export-credentials --profile PROFILE --format env)"  # asks for the code',
        "The program's own code can ask for the MFA code: mfaCodeProvider in fromIni or fromNodeProviderChain.",
    ),
    fault(
        r"Detected a cycle attempting to resolve credentials for profile|Circular source_profile reference found",
        "The profiles form a circle, because source_profile leads back to a profile that was already read. AWS was "
        "not called, and no permission is missing.",
        "Let the last profile of the chain have its own credentials",
        "aws configure list-profiles; grep -n -A4 source_profile ~/.aws/config",
        "Each source_profile must lead to a profile with keys, sso_… values, credential_process or credential_source.",
    ),
)

CREDENTIAL_PROCESS: tuple[CredentialFault, ...] = (
    # AWS SDKs and Tools Reference Guide, "Process credential provider"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html).
    fault(
        r"retrieving credentials from custom-process",
        "The profile's credential_process failed with this reason: “{process_reason}”. The call itself was not "
        "made, so permissions for the call are not the cause.",
        "Do what the process asks for, then run the process alone",
        "aws configure get credential_process{profile_option}  # run this command: it must print the keys as JSON",
        "The program that the profile names as credential_process needs its own sign-in, or cannot be found.",
        check=None,
        needs="process_reason",
    ),
)

PROFILES_NOT_FOUND: tuple[CredentialFault, ...] = (
    # AWS CLI User Guide, "Configuration and credential file settings": in the file config a named profile's section
    # begins with the word profile (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
    # AWS CLI User Guide, "Configuring environment variables": AWS_PROFILE names the profile
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html).
    fault(
        r"config profile \(\s*\) could not be found|shared config profile, ?(?:\n|$)"
        r"|\bprofile (?:''|\"\"|``)[^\n]{0,40}(?:could not be found|not found|does not exist|no credentials)",
        "The name of the profile is empty: AWS_PROFILE, AWS_DEFAULT_PROFILE or --profile is set, but has no value.",
        "Unset the variable where it has no value, or give it the name of a profile",
        "env | grep -E '^AWS_(DEFAULT_)?PROFILE='  # where the program runs\naws configure list-profiles",
        "A script or a manifest sets the variable from a value that is missing: do not set the variable in that case.",
        check="env | grep -E '^AWS_(DEFAULT_)?PROFILE='",
    ),
    fault(
        r"could not be found or parsed in shared credentials|Could not resolve credentials using profile"
        r"|Cannot read credentials from \S+",
        "The profile or file that the program reads has no usable credentials: the profile or file does not exist "
        "where the program runs, is empty, or belongs to another user. No permission is missing.",
        "Find out which file and profile the program reads, and what it finds there",
        f"aws configure list-profiles\n{CONFIGURED}{{profile_option}}",
        "The program runs as another user or with another home folder (a web server, sudo, a container), a variable "
        "names another profile (AWS_PROFILE) or file, or the profile has settings but no credentials.",
        check=f"{CONFIGURED}{{profile_option}}",
        ground=Ground.PARTLY,
    ),
    fault(
        r"config profile .{1,80} could not be found|ProfileNotFound|failed to get shared config profile",
        "The variable {profile_variable} names the profile {missing_profile}, which the AWS configuration does not "
        "have: correct or unset the variable. SDKs look for the profile even if the program gives its own keys.",
        "Unset {profile_variable}, or name an existing profile",
        "unset {profile_variable}\naws configure list-profiles",
        check="aws configure list-profiles",
        needs="profile_variable",
    ),
    fault(
        r"config profile .{1,80} could not be found|ProfileNotFound|failed to get shared config profile",
        "The profile is not in the AWS configuration that the program reads.",
        "List the existing profiles",
        f"aws configure list-profiles\n{CONFIGURED}",
        "The profile is not in this machine's configuration, or the program reads another file or runs as another "
        "user.",
    ),
    fault(
        r"Partial credentials",
        "The program found only half of a key pair: one of its two keys is not set.",
        "Give both, or neither",
        f"env | grep ^AWS_ | cut -d= -f1; {CONFIGURED}",
        "Only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set.",
    ),
)

PROFILE_WITH_MFA: tuple[CredentialFault, ...] = (
    # AWS SDK for Go, packages stscreds and config: a profile with mfa_serial needs a token provider
    # (https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/credentials/stscreds).
    fault(
        r"assume role with MFA enabled[^\n]{0,40}(?:TokenProvider|token provider)|AssumeRoleTokenProvider",
        "The profile requires an MFA code, but this program does not ask for a code, because it gives its AWS SDK "
        "for Go no token provider. The profile was found, and no permission is missing.",
        "Give the program credentials that already include MFA, or let it ask for the code",
        'eval "$(aws configure export-credentials --profile PROFILE --format env)"  # the CLI asks for the code',
        "The program does not set AssumeRoleTokenProvider (v1), or TokenProvider of AssumeRoleOptions (v2, "
        "stscreds.StdinTokenProvider), which a profile with mfa_serial needs.",
        also=(
            (
                "Until the program does so, sign in with the CLI, and give the program those credentials in its "
                "environment."
            ),
        ),
        check=None,
    ),
)

PROFILES_WITHOUT_KEYS: tuple[CredentialFault, ...] = (
    # AWS SDK for JavaScript 2.x API Reference, classes AWS.SharedIniFileCredentials and AWS.ProcessCredentials
    # (https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/ProcessCredentials.html); AWS_SDK_LOAD_CONFIG:
    # https://docs.aws.amazon.com/sdk-for-javascript/v2/developer-guide/setting-region.html.
    fault(
        NO_CREDENTIALS,
        "SharedIniFileCredentials of the AWS SDK for JavaScript 2 reads keys from the files, but does not run the "
        "profile's credential_process, which AWS.ProcessCredentials runs. No permission is missing.",
        "Use ProcessCredentials, with AWS_SDK_LOAD_CONFIG=1, or version 3 of the SDK",
        "AWS.config.credentials = new AWS.ProcessCredentials({profile: '{profile_name}'})  // in the code\n"
        "export AWS_SDK_LOAD_CONFIG=1  # so that the SDK also reads ~/.aws/config",
        "The AWS CLI and version 3 of the SDK support credential_process in every profile. If the program sets no "
        "credentials, the default chain of version 2 tries the process, too.",
        check=None,
        speaker=r"\A(?=[\s\S]*\bSharedIniFileCredentials\b)(?=[\s\S]*\n\s*credential_process\s*=)"
        r"(?![\s\S]*new (?:AWS\.)?ProcessCredentials)",
        ground=Ground.LIKENESS,
    ),
    # AWS SDKs and Tools Reference Guide, "Process credential provider"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html).
    fault(
        NO_CREDENTIALS,
        "The command that the profile names in credential_process gave the program no credentials. Most likely the "
        "command's own sign-in has expired, or the command failed. Run the command by hand to see its error.",
        "Run the profile's credential_process by hand, and sign in again",
        f"grep -n credential_process ~/.aws/config ~/.aws/credentials\n{WHO}{{profile_option}}",
        "The command must print JSON with Version, AccessKeyId, SecretAccessKey and, for a session, SessionToken and "
        "Expiration. If it uses an IAM Identity Center sign-in, run aws sso login first.",
        check="grep -n credential_process ~/.aws/config ~/.aws/credentials",
        speaker=r"\bProcessCredentials\b|\bprocess_credentials\.js\b|\bcredential_process\b",
        ground=Ground.LIKENESS,
    ),
    # AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html).
    fault(
        NO_CREDENTIALS,
        "The profile takes its credentials from IAM Identity Center, but the program got none. Most likely the "
        "sign-in has expired, or this version of the program cannot renew the sign-in or does not know "
        "sso_session. Permissions are a less likely cause.",
        "Sign in again, then update the program or give it exported credentials",
        "aws sso login{profile_option}\n"
        'eval "$(aws configure export-credentials{profile_option} --format env)"  # for a program that cannot use SSO',
        "The AWS CLI renews a token of an sso-session by itself. A program with an older SDK does not, and fails "
        "after about an hour until the next aws sso login. Also check that the program uses this profile "
        "(AWS_PROFILE).",
        check=f"{WHO}{{profile_option}}",
        speaker=r"\bsso_session\s*=|\[sso-session\b|\bsso_start_url\s*=",
        ground=Ground.LIKENESS,
    ),
)
