"""Rows for profiles and the configuration file: source_profile, sections, values for IAM Identity Center."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

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
