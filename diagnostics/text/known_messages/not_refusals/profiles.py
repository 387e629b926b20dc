"""Rows for profiles and the configuration file: source_profile, sections, SSO sessions, credential processes."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented, made_system

NOT_CALLED = "AWS was not called, and no permission is missing."

PROFILES: tuple[System, ...] = (
    # botocore, credentials.py and exceptions.py (https://github.com/boto/botocore).
    made_system(
        "the profile's source_profile",
        "Give the profile {name} credentials of its own (keys, sso_…, credential_process), or name a different "
        f"profile in source_profile. To check, run aws configure list --profile {{name}}. {NOT_CALLED}",
        r"The\s+source\s+profile\s+\"[^\"\n]+\"\s+must\s+have\s+credentials",
        "must have credentials",
        subject=r"source\s+profile\s+\"([^\"\n]+)\"",
        verdict="The profile assumes its role with the credentials of the profile {name}, but that profile has no "
        "credentials in the files that the program reads.",
        title="Give the source profile credentials",
    ),
    made_system(
        "the loop of source_profile",
        "In source_profile, name a profile that has its own credentials, not one that leads back to this profile. A "
        "profile that names itself must also have keys in it. In a program with threads the message may be spurious: "
        f"resolve the credentials once before the threads start. {NOT_CALLED}",
        r"Infinite\s+loop\s+in\s+credential\s+configuration\s+detected",
        "infinite loop in credential configuration",
        subject=r"Attempting\s+to\s+load\s+from\s+profile\s+([\w.@+-]+)",
        verdict="The program met the same profile twice while it followed source_profile: most likely the profiles "
        "lead back to each other, or one names itself and has no keys.",
        title="Break the loop of source_profile",
        sure=False,
    ),
    # AWS SDKs and Tools Reference Guide, "Shared config and credentials files": the files' format
    # (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html). The messages are those of botocore
    # (exceptions.py) and of the AWS SDKs for Go and Rust.
    made_system(
        "the form of the configuration file",
        "Correct the file: [sections] with both brackets, key = value, no continuation line without a line before it, "
        "no other text, no key twice in a section, UTF-8 without a byte order mark. If the file is moved away, the "
        f"error goes away, too. {NOT_CALLED}",
        r"Unable\s+to\s+parse\s+config\s+file:?\s+\S*aws\S*"
        r"|failed\s+to\s+load\s+(?:shared\s+)?config\s+file,\s+[^\x1e]{0,300}?INIParseError"
        r"|invalid\s+state\s+with\s+ASTKind|Expected\s+an\s+'='\s+sign\s+defining\s+a\s+property",
        "unable to parse config file",
        "iniparseerror",
        "invalid state with astkind",
        "sign defining a property",
        subject=r"Unable\s+to\s+parse\s+config\s+file:?\s+(\S+)"
        r"|failed\s+to\s+load\s+(?:shared\s+)?config\s+file,\s+([^\s,]+)|error\s+parsing\s+(\S+)\s+on\s+line",
        verdict="The program cannot read {name}: it is not in the form of an INI file.",
        title="Correct the configuration file",
    ),
    # AWS SDK for JavaScript 3, credential-provider-sso: the four values that it must find in the profile
    # (https://github.com/aws/aws-sdk-js-v3/tree/main/packages/credential-provider-sso); of Go's
    # https://github.com/hashicorp/terraform-provider-aws/issues/28263.
    made_system(
        "the profile's values for IAM Identity Center",
        "The SDK asks for four values: sso_account_id and sso_role_name in the profile, and sso_start_url and "
        "sso_region in the profile or in its [sso-session NAME]. A version that does not read [sso-session] needs all "
        f"four in the profile: update the SDK, or write them in the profile. {NOT_CALLED}",
        r"is\s+configured\s+with\s+invalid\s+SSO\s+credentials"
        r"|configured\s+to\s+use\s+SSO\s+but\s+is\s+missing\s+required\s+configuration",
        "configured with invalid sso credentials",
        "configured to use sso but is missing",
        verdict="The program's AWS SDK lacks values for IAM Identity Center in the profile: the message lists what it "
        "asks for. If the profile has sso_session, the SDK is too old to read it.",
        title="Complete the profile, or update the SDK",
    ),
)

PROFILE_OF_THE_PROGRAM: tuple[System, ...] = (
    # AWS SDKs and Tools Reference Guide, "Shared config and credentials files"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
    made_system(
        "the profile that the program reads",
        "Check whether the AWS CLI can use the profile, as the same user: aws sts get-caller-identity --profile "
        "{name}. If it can, give the program exported credentials (aws configure export-credentials), or use "
        "variables instead of the profile (AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE for a web identity). If it "
        "cannot, the file is in a different home directory, or the section has a different name ([profile {name}] in "
        f"config). {NOT_CALLED}",
        r"\bprofile\s+[\"'`“]?[\w.@-]+[\"'`”]?\s+(?:does\s+not|doesn['’]t)\s+(?:seem\s+to\s+be|appear\s+to\s+be)\s+(?:configured|set\s+up|valid)"
        r"|\bAWS\s+profile\s+[\"'`“]?[\w.@-]+[\"'`”]?\s+(?:is\s+not|isn['’]t|was\s+not)\s+(?:configured|defined|found)",
        "to be configured",
        "to be set up",
        "to be valid",
        "not configured",
        "isn't configured",
        "isn’t configured",
        "not defined",
        "isn't defined",
        "isn’t defined",
        "not found",
        "isn't found",
        "isn’t found",
        subject=r"\bprofile\s+[\"'`“]?([\w.@-]+)[\"'`”]?\s+(?:does|is|was)",
        verdict="The program does not find the profile {name}, or does not support its kind (a role, a web identity, "
        "IAM Identity Center): it has its own code to read profiles. AWS was not called, and no policy was read.",
        title="Check whether the AWS CLI can use the profile, then give the program its credentials in another way",
        sure=False,
    ),
)
_CONFIGURE_SSO = "aws configure sso --profile PROFILE writes both sections."

PROFILE_SETTINGS: tuple[System, ...] = (
    # AWS CLI User Guide, "Using an IAM role in the AWS CLI"
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html); the messages are botocore's,
    # credentials.py (https://github.com/boto/botocore/blob/develop/botocore/credentials.py).
    documented(
        "the source of the profile's credentials",
        "The profile {name} has both source_profile and credential_source: remove one of them. AWS was not called.",
        "A profile with role_arn takes the credentials to assume the role either from another profile "
        "(source_profile) or from where the program runs (credential_source).",
        'The profile "{name}" contains both source_profile and credential_source',
        title="Remove source_profile or credential_source from the profile",
    ),
    documented(
        "the profile's credential_source",
        "credential_source has the value {name}, which is not a valid value: write Environment, EcsContainer or "
        "Ec2InstanceMetadata, in exactly this spelling. AWS was not called.",
        "Correct credential_source in the profile. To use another profile's credentials, write source_profile instead.",
        'The credential_source "{name}" is specified in profile "{}", but no source provider was configured',
        'The credential source "{name}" referenced in profile "{}" is not valid',
        'The credential_source "{name}" referenced in profile "{}" is not valid',
        title="Correct credential_source in the profile",
    ),
    documented(
        "the profile that source_profile names",
        "source_profile names the profile {name}, which does not exist in the files that the program reads. AWS was "
        "not called.",
        "Correct the name, or add the profile: [profile NAME] in the config file, [NAME] in the credentials file. Run "
        "aws configure list-profiles as the same user, and check AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE.",
        'The source_profile "{name}" referenced in the profile "{}" does not exist',
        title="Correct source_profile, or add the profile that it names",
    ),
    documented(
        "the role of the web identity",
        "The program has a web identity token file but no role for it: set AWS_ROLE_ARN, or role_arn in the profile. "
        "AWS was not called.",
        "AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN belong together. In a pod of EKS both come from the annotation "
        "eks.amazonaws.com/role-arn of its service account: check what overrides the pod's environment.",
        "configured to assume role with web identity but has no role ARN configured",
        title="Give the program the role's ARN",
    ),
    # AWS SDK for Java 2.x, ProfileCredentialsProvider; AWS SDK for Ruby, Aws::SharedConfig
    # (https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/credentials-profiles.html).
    documented(
        "the profile in the program's files",
        "The files that the program reads have no credentials for the profile {name}: sign in to it, or correct its "
        "name. AWS was not called.",
        "aws configure list-profiles as the same user shows the names; AWS_CONFIG_FILE and "
        "AWS_SHARED_CREDENTIALS_FILE name other files. Some programs read only keys, and no profile of IAM Identity "
        "Center: aws configure export-credentials gives those.",
        "Profile file contained no credentials for profile '{name}'",
        "NoSuchProfileError: {}`{name}'",
        unless=r"service\s+module\s+must\s+be\s+on\s+the\s+class\s+path",
        title="Give the profile credentials, or correct its name",
    ),
    documented(
        "the value of an option",
        "The option {name} came without a value: the variable that should fill it is empty in this shell. AWS was not "
        "called.",
        'See what it contains (echo "$VARIABLE"), and quote it in the command.',
        "aws: error: argument {name}: expected one argument",
        unless=r"--web-identity-token: expected",
        title="Fill the variable, or leave the option out",
    ),
    # AWS CLI User Guide, "Troubleshooting errors for the AWS CLI"
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-troubleshooting.html).
    documented(
        "the command of the AWS CLI",
        "This AWS CLI does not know the {name} in the command: correct its spelling, or update the CLI. AWS was not "
        "called, so no permission is missing.",
        "aws SERVICE help lists the operations. A new service or operation needs a newer CLI (aws --version).",
        "argument {name}: Invalid choice, valid choices are:",
        "argument {name}: Found invalid choice",
        unless=r"argument\s+(?!operation|command|subcommand)",
        title="Correct the command, or update the AWS CLI",
    ),
)

SSO_SESSIONS_AND_CREDENTIAL_PROCESSES: tuple[System, ...] = (
    # AWS CLI User Guide, "Configuring IAM Identity Center authentication with the AWS CLI"
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html).
    documented(
        "the section sso-session",
        "The profile names the sso-session {name}, but the config file has no section [sso-session {name}]: add it, or "
        "correct sso_session. AWS was not called.",
        f"The section contains sso_start_url, sso_region and sso_registration_scopes. {_CONFIGURE_SSO}",
        'The specified sso-session does not exist: "{name}"',
        # The AWS SDK for JavaScript, @aws-sdk/token-providers.
        "Sso session '{name}' could not be found in shared credentials file",
        'is configured to use the SSO token provider but the "{name}" sso_session configuration does not exist',
        title="Add the section that sso_session names",
    ),
    documented(
        "two values for IAM Identity Center",
        "{name} has one value in the profile and a different one in its sso-session: remove it from the profile, or "
        "make both the same. AWS was not called.",
        f"The values of the sso-session apply to all profiles that use it. {_CONFIGURE_SSO}",
        "The value for {name} is inconsistent between profile ({}) and sso-session ({})",
        title="Remove the value from the profile",
    ),
    # AWS CLI User Guide, "Sourcing credentials with an external process in the AWS CLI"
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sourcing-external.html).
    documented(
        "the output of credential_process",
        "The command in credential_process prints JSON in the wrong form: it must contain Version with the number 1, "
        "AccessKeyId and SecretAccessKey (for a session, also SessionToken and Expiration).",
        "Run the profile's command separately and check its output: it must be one JSON object and nothing else. The "
        "call itself was not made.",
        "for credential process provider, supported versions: 1",
        "Error when retrieving credentials from custom-process: Missing required key in response",
        "credential_process does not return valid credentials",
        "credential_process does not return Version == 1",
        title="Correct what the credential process prints",
    ),
    documented(
        "the command of credential_process",
        "The command in the profile's credential_process failed: run it by itself as the same user, and do what it "
        "says. The call itself was not made.",
        "It needs its own sign-in, or is not found on the program's PATH.",
        "the credential process had non zero exit status",
        title="Run the command of credential_process by itself",
    ),
)
SESSION_LENGTHS: tuple[System, ...] = (
    # AWS STS API Reference, "AssumeRole" and "GetSessionToken", DurationSeconds: at least 900 seconds
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
    documented(
        "the length of the session",
        "The requested session is shorter than STS allows: ask for at least 900 seconds (15 minutes).",
        "Raise the duration in the program's settings (duration_seconds in the profile, DurationSeconds, "
        "fs.s3a.assumed.role.session.duration in Hadoop).",
        "at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to",
        title="Ask for a longer session",
    ),
)
SESSIONS_WITH_MFA: tuple[System, ...] = (
    documented(
        "the session with MFA",
        "The role's session was made with an MFA code and has expired, and the program cannot ask for a new code: "
        "start the program again, or sign in again.",
        "A program that runs longer than the session needs credentials that renew themselves: a role without "
        "mfa_serial (an instance's or a task's), or a longer session (duration_seconds, at most the role's maximum).",
        "Cannot refresh credentials: MFA token required",
        title="Start a new session with a new code",
    ),
)
