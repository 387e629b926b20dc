"""Create a console sign-in link for a session.

See IAM User Guide, "Enable custom identity broker access to the AWS console". AWS's federation endpoint exchanges the
session's credentials for a token; the link contains only the token.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from iam.credentials.role_session import RoleSession

_SIGN_IN = {
    "aws": "signin.aws.amazon.com",
    "aws-cn": "signin.amazonaws.cn",
    "aws-us-gov": "signin.amazonaws-us-gov.com",
}
_CONSOLE = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
"""The hostname of the console in each partition."""

Fetch = Callable[[str, bytes], bytes]
"""A function that posts a form to a URL and returns the response's body. Raises `OSError`."""


class ConsoleError(Exception):
    """Raised if no link could be created. ``str()`` is one sentence without secrets."""


class UnexpectedStatus(OSError):
    """Raised for a response whose status is not success; ``code`` is the HTTP status."""

    def __init__(self, code: int) -> None:
        super().__init__(f"HTTP status {code}")
        self.code = code


def sign_in_host(partition: str) -> str | None:
    """Return the hostname of the console's sign-in endpoint in a partition, or None if unknown."""
    return _SIGN_IN.get(partition)


_AWS_HOSTS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".api.amazonwebservices.com.cn")
"""The suffixes of AWS's endpoint hostnames.

AWS General Reference, "AWS service endpoints", https://docs.aws.amazon.com/general/latest/gr/rande.html
"""


def refuse_foreign(endpoint: str) -> None:
    """Raise `ConsoleError` if ``endpoint``, which created the session, is not an AWS endpoint.

    Without this check, another service's keys could be sent to AWS's sign-in.
    """
    parts = urlsplit(endpoint)
    if parts.scheme != "https" or not f".{parts.hostname or ''}".endswith(_AWS_HOSTS):
        host = parts.netloc or endpoint
        raise ConsoleError(f"{host} is not an AWS endpoint, so a session from {host} is not sent to AWS's sign-in.")


def console_link(session: RoleSession, endpoint: str, partition: str, region: str, fetch: Fetch) -> str:
    """Return a sign-in link that is valid for 15 minutes. Raises `ConsoleError`. May block.

    ``endpoint`` is the URL of the STS endpoint that created the session.

    The credentials are sent in the body of a POST request: a URL would appear in the logs of proxies.
    """
    refuse_foreign(endpoint)
    host = sign_in_host(partition)
    if host is None:
        raise ConsoleError(f"The sign-in address of the partition {partition} is unknown.")
    address = f"https://{host}/federation"
    credentials = {
        "sessionId": session.access_key,
        "sessionKey": session.secret_key,
        "sessionToken": session.token,
    }
    form = urlencode({"Action": "getSigninToken", "Session": json.dumps(credentials)})
    try:
        answer = json.loads(fetch(address, form.encode()))
        token = answer["SigninToken"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        status = getattr(error, "code", None)
        why = f"it answered {status}" if status else f"{type(error).__name__}: check the network"
        raise ConsoleError(f"{address} gave no sign-in token ({why}).") from None
    console = f"https://{_CONSOLE[partition]}/"
    destination = f"{console}?{urlencode({'region': region})}" if region else console
    asked = {"Action": "login", "Issuer": "rolescope", "Destination": destination, "SigninToken": token}
    return f"{address}?{urlencode(asked)}"


def post_form(address: str, form: bytes) -> bytes:
    """Post a form using botocore's proxies and certificates, and return the response's body.

    A redirect is an error. Raises `OSError`.
    """
    import os

    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import BotoCoreError
    from botocore.httpsession import URLLib3Session
    from botocore.utils import get_environ_proxies

    from iam.sources.aws import http_limits  # noqa: F401  # limits every response

    bundle = os.environ.get("AWS_CA_BUNDLE") or os.environ.get("REQUESTS_CA_BUNDLE") or True
    session = URLLib3Session(timeout=15, proxies=get_environ_proxies(address), verify=bundle)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        answer = session.send(AWSRequest("POST", address, headers, form).prepare())
    except BotoCoreError as error:
        raise ConnectionError(str(error)) from None
    finally:
        session.close()
    if answer.status_code != 200:
        raise UnexpectedStatus(answer.status_code)
    return bytes(answer.content)
