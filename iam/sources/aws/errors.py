"""Explain a failed AWS call in one sentence: denied, absent, throttled, or AWS cannot be reached."""

from __future__ import annotations

import re
import shlex
import sys
from typing import Any

from iam.sources.json_values import UnknownWord
from iam.sources.source_error import SourceError

DENIED_CODES = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AccessDeniedError",
        "AuthorizationError",
        "AuthorizationErrorException",
        "UnauthorizedOperation",
        "UnauthorizedException",
        "NotAuthorized",
        "Forbidden",
        "403",
        # S3 returns this to a principal of another account whom the bucket policy allows other actions.
        "MethodNotAllowed",
        # Organizations: the account is a member, and only the management account may read this.
        "ConstraintViolationException",
    }
)
DENIED_IN_TRAIL = "AccessDenied|Unauthorized|NotAuthorized|Forbidden|AuthorizationError|AuthorizationFailure|^403$"
"""A pattern that matches each ``errorCode`` that CloudTrail records for a denial. Case must be ignored."""
THROTTLED_CODES = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "SlowDown",
        "PriorRequestNotComplete",
        "TransactionInProgressException",
        "EC2ThrottledException",
    }
)
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
_INVALID = frozenset({"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure"})
_SIGNATURE = frozenset(
    {"SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature", "RequestTimeTooSkewed"}
)
_CREDENTIALS = _EXPIRED | _INVALID | _SIGNATURE | {"OptInRequired", "MissingAuthenticationToken"}
_WITHOUT_REGION = ("iam:", "sts:", "organizations:", "s3:ListBuckets")
_SHOWN = 400


def denied_in_trail(code: str) -> bool:
    """Whether an ``errorCode`` in a CloudTrail record means that the call was denied.

    Each service has its own codes, some with a prefix or suffix (``Client.UnauthorizedOperation``).
    """
    return re.search(DENIED_IN_TRAIL, code, re.IGNORECASE) is not None


def code_of(error: BaseException) -> str:
    """Return AWS's error code, or the name of the exception if no response came from AWS."""
    response: Any = getattr(error, "response", None)
    if isinstance(response, dict):
        return str(response.get("Error", {}).get("Code") or "")
    return type(error).__name__


def message_of(error: BaseException) -> str:
    """Return AWS's own message on one line, shortened to fit on a screen.

    If the message is a web page, return only "a web page", not its text.
    """
    from iam.sources.aws.answers import is_web_page

    response: Any = getattr(error, "response", None)
    text = str(response.get("Error", {}).get("Message") or "") if isinstance(response, dict) else str(error)
    text = "a web page" if is_web_page(text.encode()) else " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def is_denied(error: BaseException) -> bool:
    return code_of(error) in DENIED_CODES


def is_credentials(error: BaseException) -> bool:
    """Whether the credentials caused the error, so that every other call will fail too."""
    return code_of(error) in _CREDENTIALS or isinstance(error, _credential_errors())


# IAM's messages end with where the full evaluation is stored, which is long and not part of the reason.
_REFUSED_ACTION = re.compile(r"not authorized to perform: ([\w-]+:\w+)")
_WHERE_TO_LOOK = re.compile(r"\.? Go to https://\S+ for complete details\b.*", re.DOTALL)


def why(call: str, error: BaseException, profile: str | None = None) -> str:
    """Return a sentence that explains a failed read. ``call`` has the form of a permission (``iam:GetRole``)."""
    code, message = code_of(error), message_of(error)
    if renewed := _renewal(error, call, profile):
        return renewed
    if code in DENIED_CODES:
        message = _WHERE_TO_LOOK.sub("", message)
        refused = _REFUSED_ACTION.search(message)
        named = f"{refused[1]}, needed for {call}" if refused and refused[1].lower() != call.lower() else call
        return f"AWS denied {named}{f': {message}' if message else f' ({code}).'}"
    if code in THROTTLED_CODES:
        return f"AWS throttled {call} ({code}) until all retries were used up; read again later."
    if code in _INVALID and not call.startswith(_WITHOUT_REGION):
        return (
            f"AWS does not accept the credentials for {call} here ({code}): the Region is not enabled for the "
            "account, or does not accept sessions from STS's global endpoint. If every call fails, the access key "
            "was deleted or is inactive."
        )
    if code in _CREDENTIALS or isinstance(error, _credential_errors()):
        return credentials_sentence(error, profile)
    if isinstance(getattr(error, "response", None), dict):
        return f"AWS answered {call} with {code}{f': {message}' if message else '.'}"
    return connection_sentence(error, call)


_MAKE_SESSIONS = ("AssumeRole", "AssumeRoleWithWebIdentity", "GetRoleCredentials")


def _renewal(error: BaseException, call: str, profile: str | None) -> str:
    """Return a sentence if the error occurred while botocore created the session for ``call``, else "".

    botocore creates the sessions of profiles by itself.
    """
    made = getattr(error, "operation_name", "")
    if made not in _MAKE_SESSIONS or call.endswith(f":{made}"):
        return ""
    whose = f"profile {profile}" if profile else "the credentials"
    return f"No session of {whose} could be created: AWS answered {made} with {code_of(error)}: {message_of(error)}"


def source_error(error: BaseException, profile: str | None = None) -> SourceError:
    """Return the error for an account that cannot be read at all. It says what happened, and which command helps."""
    if is_credentials(error):
        return SourceError(credentials_sentence(error, profile))
    if isinstance(getattr(error, "response", None), dict):
        # If the profile assumes a role, its session is created before the first call.
        call = getattr(error, "operation_name", "GetCallerIdentity")
        first = (
            f"AWS answered the first call (sts:{call})" if call == "GetCallerIdentity" else f"AWS answered sts:{call}"
        )
        return SourceError(f"{first} with {code_of(error)}: {message_of(error)}")
    return SourceError(connection_sentence(error, "sts:GetCallerIdentity"))


def _login(profile: str | None) -> str:
    return f"aws sso login{f' --profile {shlex.quote(profile)}' if profile else ''}"


def credentials_sentence(error: BaseException, profile: str | None) -> str:
    """Return what is wrong with the credentials, and what to do. ``profile`` is the profile that the user selected."""
    from botocore import exceptions as botocore

    from iam.sources.aws.mfa import MfaCodeMissing

    code, message = code_of(error), message_of(error)
    whose = f"The credentials of profile {profile}" if profile else "The AWS credentials"
    if isinstance(error, botocore.ProfileNotFound):
        name = profile or str(error.kwargs.get("profile") or message)
        return (
            f"There is no profile {name} in the AWS configuration: choose a profile that `aws configure "
            "list-profiles` shows."
        )
    if isinstance(error, botocore.NoCredentialsError):
        return (
            "No AWS credentials were found. Sign in with `aws sso login`, `aws login` or `aws configure`, or choose "
            "--profile NAME. Without credentials, --demo opens a demo account and --snapshot FILE a saved one."
        )
    if isinstance(error, botocore.PartialCredentialsError):
        return f"{whose} are not complete ({message}): set both parts, or run `aws configure`."
    if isinstance(
        error,
        botocore.SSOError
        | botocore.TokenRetrievalError
        | botocore.UnauthorizedSSOTokenError
        | botocore.NoAuthTokenError,
    ):
        return (
            f"The SSO sign-in has expired, or there was none: run `{_login(profile)}`, or sign in from the UI's list "
            "of profiles (P)."
        )
    if isinstance(error, botocore.LoginError):
        login = f"aws login{f' --profile {shlex.quote(profile)}' if profile else ''}"
        return f"The console sign-in has expired, or there was none: run `{login}`, then start again."
    if isinstance(error, MfaCodeMissing):
        device = str(error.kwargs.get("serial"))
        return (
            f"{whose} need an MFA code from {device}: give the code with --mfa-code CODE; in the UI, r asks for the "
            "code again."
        )
    if isinstance(error, botocore.MissingDependencyException):
        return (
            f"{whose} come from `aws login`, and reading them needs one more package: {shlex.quote(sys.executable)} "
            "-m pip install 'rolescope[login]'"
        )
    if isinstance(error, _FILES):
        return f"{whose} need the file {error.filename}, which cannot be read: {error.strerror}."
    if code in _EXPIRED:
        return (
            f"{whose} have expired: get new ones (`{_login(profile)}` for an SSO profile, or assume the role again), "
            "then start again."
        )
    if code in _INVALID:
        return (
            f"AWS does not know {whose[0].lower()}{whose[1:]} ({code}): the access key was deleted or belongs to "
            "another partition, or the session token is missing; check with `aws sts get-caller-identity`."
        )
    if code in _SIGNATURE:
        return (
            f"AWS refused the signature of the request ({code}): the secret key is wrong, or this machine's clock is "
            "(`date -u`)."
        )
    return f"{whose} could not be used ({message or code}): `aws configure list` shows where they are looked for."


def connection_sentence(error: BaseException, call: str) -> str:
    """Return a sentence that says why ``call`` (``iam:GetRole``) got no response from AWS."""
    from botocore import exceptions as botocore
    from botocore.parsers import ResponseParserError

    from iam.sources.aws.answers import NotAnAnswer
    from iam.sources.aws.http_limits import NotReadInTime, ResponseTooLarge

    message = message_of(error)
    if isinstance(error, NotReadInTime):
        return f"{call} was {message}: check the network and the proxy, then read again."
    if isinstance(error, ResponseTooLarge):
        return f"The response to {call} was {message}, and was not read: check --endpoint-url and the proxy."
    if isinstance(error, NotAnAnswer | ResponseParserError):
        reason = message if isinstance(error, NotAnAnswer) else "it cannot be parsed"
        return (
            f"The response to {call} did not come from AWS, or was cut off ({reason}): check --endpoint-url and "
            "the proxy."
        )
    url = str(getattr(error, "kwargs", {}).get("endpoint_url") or "AWS")
    endpoint = host[0] if (host := _HOST.match(url)) else url
    if isinstance(error, botocore.SSLError):
        return (
            f"The TLS connection to {endpoint} failed: if there is a proxy, name its certificate in AWS_CA_BUNDLE. "
            "The reason given: " + message
        )
    if isinstance(error, botocore.ProxyConnectionError):
        return "The proxy could not be reached: check HTTPS_PROXY and NO_PROXY. The reason given: " + message
    if isinstance(error, botocore.ConnectTimeoutError | botocore.EndpointConnectionError):
        return f"{endpoint} could not be reached: check the network, the proxy, --region and --endpoint-url."
    if isinstance(error, botocore.ReadTimeoutError):
        return f"{endpoint} did not answer {call} in time: check the network, then read again."
    if isinstance(error, botocore.NoRegionError):
        return "No Region is configured: set one with --region NAME or AWS_REGION."
    if isinstance(error, botocore.BotoCoreError):
        return f"{call} could not be made: {message}"
    if isinstance(error, UnknownWord):
        return f"AWS's response to {call} cannot be read: {message}."
    reason = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return f"The response to {call} did not come from AWS ({reason}): check --endpoint-url and the proxy."


_HOST = re.compile(r"\w+://[^/?#]+")
_FILES = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)
"""Exceptions that botocore passes on when it cannot read a token from a file (web identity, EKS Pod Identity)."""


def _credential_errors() -> tuple[type[BaseException], ...]:
    from botocore import exceptions as botocore

    from iam.sources.aws.mfa import MfaCodeMissing

    return (
        botocore.ProfileNotFound,
        botocore.NoCredentialsError,
        botocore.PartialCredentialsError,
        botocore.CredentialRetrievalError,
        botocore.SSOError,
        botocore.TokenRetrievalError,
        botocore.NoAuthTokenError,
        botocore.LoginError,
        botocore.MissingDependencyException,
        MfaCodeMissing,
        botocore.MetadataRetrievalError,
        botocore.InvalidConfigError,
        botocore.UnknownCredentialError,
        botocore.InfiniteLoopConfigError,
        botocore.ConfigParseError,
        botocore.ConfigNotFound,
        *_FILES,
    )
