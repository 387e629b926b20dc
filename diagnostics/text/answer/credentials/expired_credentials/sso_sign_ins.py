"""Rows for an expired or unread sign-in to IAM Identity Center."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CredentialFault, fault
from diagnostics.text.read.author.remarks import EARLIER, LASTS_WORDS
from iam.claims import Ground

SSO_CACHE: tuple[CredentialFault, ...] = (
    # What users of the Go and Rust SDKs found of the file that older versions of the AWS CLI 2 write: they end the time
    # with "UTC" where RFC 3339 has "Z" (https://github.com/hashicorp/terraform-provider-aws/issues/19228,
    # https://github.com/awslabs/aws-sdk-rust/issues/438).
    fault(
        r"\bSSO[\s\S]{0,400}?(?:expected RFC ?3339|invalid RFC-3339|cannot parse \\?\"UTC\\?\" as)"
        r"|(?:expected RFC ?3339|invalid RFC-3339|cannot parse \\?\"UTC\\?\" as)[\s\S]{0,400}?\bSSO",
        "Update the AWS CLI, delete the cached sign-in and sign in again{of_profile}: the program cannot read the "
        "time in the file of ~/.aws/sso/cache. Older versions of the CLI end it with “UTC” instead of “Z”.",
        "Update the AWS CLI, delete the cached sign-in, and sign in again",
        "aws --version\nrm ~/.aws/sso/cache/*.json\naws sso login{profile_option}",
        "An older version of the AWS CLI wrote the file, also if the installed one is new. The CLI reads both forms, "
        "so its own calls work. The session need not have expired, and no permission is missing.",
        check='grep -ho \'"expiresAt": *"[^"]*"\' ~/.aws/sso/cache/*.json',
        ground=Ground.LIKENESS,
    ),
)

_NO_SIGN_IN = (
    r"SSOProviderInvalidToken|SSO access token has either expired"
    r"|Error loading SSO Token|\bSSO (?:session|token)\b[^.\n]{0,80}\b(?:expired|invalid|not found|does not exist)"
    r"|[Tt]o refresh this SSO session run|SSOToken(?:Load|Provider)|UnauthorizedSSO"
    r"|Token has expired and refresh failed"
    r"|(?:cached|load\w*|read\w*|retrieve\w*|retrieving|refresh\w*) (?:\w+ )?SSO Token"
)

SSO_SIGN_INS: tuple[CredentialFault, ...] = (
    # What users of the SDK for Go 1 found: with sso_session, the cached file has a different name
    # (https://github.com/gruntwork-io/terragrunt/issues/2604, https://github.com/hashicorp/terraform/issues/32448).
    fault(
        r"SSOProviderInvalidToken",
        "Most likely the program's AWS SDK for Go is too old for sso_session: it does not look for the sign-in in the "
        "file of ~/.aws/sso/cache that aws sso login writes. No permission is missing.",
        "Update the program, or write the profile without sso_session",
        "aws sso logout && aws sso login{profile_option}  # after the profile has sso_start_url and sso_region itself",
        "Update the program. Or replace sso_session in the profile with sso_start_url and sso_region, and sign in "
        'again. Or give the program exported credentials: eval "$(aws configure export-credentials{profile_option} '
        '--format env)".',
        check=None,
        speaker=r"\bsso_session\s*=|\[sso-session\b",
        ground=Ground.LIKENESS,
    ),
    # What users of the SDKs for JavaScript 3 and Java 2 found: both refused a token some minutes before its end, and a
    # sign-in within that time kept the old one (https://github.com/aws/aws-sdk/issues/531).
    fault(
        _NO_SIGN_IN,
        "The sign-in succeeded, but the program still says that the session has expired: most likely it keeps the old "
        "token, or uses another profile. Restart it. No permission is missing.",
        "Restart the program, which reads the new sign-in",
        "aws sts get-caller-identity{profile_option}  # if it works, the sign-in is valid: restart the program\n"
        "aws sso logout && aws sso login{profile_option}  # only if the program fails after a restart, too",
        "A running program may keep the token that it read when it started: restart it. If the "
        "program still fails, the sign-in kept the cached token (expiresAt in ~/.aws/sso/cache): "
        "remove that token with aws sso logout. Some SDK versions read the token only once, or "
        "refuse a token some minutes before it expires: update the program.",
        check="aws sts get-caller-identity{profile_option}",
        speaker=rf"Successfully logged into Start URL[\s\S]*?(?:{_NO_SIGN_IN}|(?:{LASTS_WORDS})(?![^\n]*{EARLIER}))"
        r"|\b(?:even )?after (?:I )?(?:re-?(?:run|running|login|logging)|running|repeating|signing|logging|a new"
        r"|another)[^.\n]{0,30}\b(?:sso login|sign-?in|log-?in)\b|\b(?:log(?:ged)?|sign(?:ed)?) in again\b"
        r"[^\n]{0,60}\bsame error\b",
        ground=Ground.LIKENESS,
    ),
    fault(
        _NO_SIGN_IN,
        "This machine has no valid sign-in to IAM Identity Center: sign in{of_profile}.",
        "Sign in again",
        "aws sso login{profile_option}",
        "Sign in again (aws sso login{profile_option}). An administrator of IAM Identity Center sets how long a "
        "session lasts.",
    ),
)
