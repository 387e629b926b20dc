"""Sign in to IAM Identity Center from a terminal: show a code and a link, then wait for the user's browser.

See IAM Identity Center OIDC API Reference, "CreateToken"; RFC 8628.

The token is stored as ``aws sso login`` stores it: in the same place and form, with the same permissions. The AWS CLI
and the SDKs use and renew it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_SCOPES = ("sso:account:access",)
"""The scopes that the AWS CLI requests if the configuration lists none."""
_SLOWER_SECONDS = 5
"""How much longer to wait between requests after a SlowDownException, in seconds (RFC 8628, 3.5)."""

Pause = Callable[[float], bool]
"""A function that waits for the given number of seconds. It returns True if the wait was canceled."""


@dataclass(frozen=True, slots=True)
class SsoSettings:
    """The settings for signing in to IAM Identity Center.

    ``session`` is the name of the ``sso-session``, None in older profiles.
    """

    start_url: str
    region: str
    session: str | None = None
    scopes: tuple[str, ...] = ()


class SignInError(Exception):
    """Raised if the sign-in failed. ``str()`` is one sentence."""


@dataclass(frozen=True, slots=True)
class DeviceSignIn:
    """A sign-in that waits for the user to confirm it in a browser.

    The user opens ``link`` in any browser, and compares and confirms ``code`` there before ``ends``.
    """

    link: str
    code: str
    ends: datetime
    _seconds: float
    _lasts: float
    _settings: SsoSettings
    _client: Any = field(repr=False)
    _asked: dict[str, str] = field(repr=False)
    _registered_until: datetime = field(repr=False)

    def wait(self, pause: Pause) -> bool:
        """Wait until the user has confirmed, and store the token. Returns False if canceled. Raises `SignInError`.

        Blocks.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        seconds, waited = self._seconds, 0.0
        while not pause(seconds):
            waited += seconds
            try:
                answer = self._client.create_token(grantType=_GRANT, **self._asked)
            except ClientError as error:
                code = error.response.get("Error", {}).get("Code", "")
                if code == "SlowDownException":
                    seconds += _SLOWER_SECONDS
                elif code == "ExpiredTokenException" or waited > self._lasts:
                    raise SignInError("The code was not confirmed in time: sign in again to get a new code.") from None
                elif code == "AccessDeniedException":
                    raise SignInError("The sign-in was refused in the browser.") from None
                elif code != "AuthorizationPendingException":
                    raise SignInError(f"IAM Identity Center answered {code}: {_message(error)}") from None
                continue
            except BotoCoreError as error:
                raise SignInError(f"IAM Identity Center could not be reached: {error}") from None
            try:
                self._keep(answer)
            except LookupError as error:
                raise _not_an_answer(error) from None
            return True
        return False

    def _keep(self, answer: dict[str, Any]) -> None:
        settings = self._settings
        token = {
            "startUrl": settings.start_url,
            "region": settings.region,
            "accessToken": answer["accessToken"],
            "expiresAt": _text(datetime.now(UTC) + timedelta(seconds=answer["expiresIn"])),
            "clientId": self._asked["clientId"],
            "clientSecret": self._asked["clientSecret"],
            "registrationExpiresAt": _text(self._registered_until),
        }
        if "refreshToken" in answer:
            token["refreshToken"] = answer["refreshToken"]
        try:
            _tokens().save_token(settings.start_url, token, session_name=settings.session)
        except OSError as error:
            raise SignInError(f"The sign-in cannot be kept in ~/.aws/sso/cache: {error.strerror}.") from None


def begin(settings: SsoSettings) -> DeviceSignIn:
    """Request a code and return the pending sign-in. Raises `SignInError`. May block."""
    import botocore.session
    from botocore import UNSIGNED
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    from iam.sources.aws.http_limits import end_retries_in_time

    quick = Config(signature_version=UNSIGNED, connect_timeout=5, read_timeout=15, retries={"total_max_attempts": 2})
    try:
        client = botocore.session.Session().create_client("sso-oidc", region_name=settings.region, config=quick)
        end_retries_in_time(client)
        registered = client.register_client(
            clientName="rolescope",
            clientType="public",
            # An older profile, without an sso-session, requests no scopes, so its token is not renewed.
            **({"scopes": list(settings.scopes or _SCOPES)} if settings.session is not None else {}),
        )
        asked = {"clientId": registered["clientId"], "clientSecret": registered["clientSecret"]}
        device = client.start_device_authorization(startUrl=settings.start_url, **asked)
        return _device(settings, client, registered, device)
    except LookupError as error:
        raise _not_an_answer(error) from None
    except ClientError as error:
        raise SignInError(f"IAM Identity Center refused to begin a sign-in: {_message(error)}") from None
    except (BotoCoreError, ValueError) as error:
        raise SignInError(f"IAM Identity Center could not be reached: {error}") from None


def _device(settings: SsoSettings, client: Any, registered: dict[str, Any], device: dict[str, Any]) -> DeviceSignIn:
    return DeviceSignIn(
        device.get("verificationUriComplete") or device["verificationUri"],
        device["userCode"],
        datetime.now(UTC) + timedelta(seconds=device["expiresIn"]),
        float(device.get("interval") or 5),
        float(device["expiresIn"]),
        settings,
        client,
        {
            "clientId": registered["clientId"],
            "clientSecret": registered["clientSecret"],
            "deviceCode": device["deviceCode"],
        },
        datetime.fromtimestamp(registered["clientSecretExpiresAt"], UTC),
    )


def _not_an_answer(error: LookupError) -> SignInError:
    """Return the error for a response without the expected key: botocore parses a web page with status 200 as empty."""
    return SignInError(f"The answer did not come from IAM Identity Center (it has no {error}): check the proxy.")


def kept_token(settings: SsoSettings) -> dict[str, Any] | None:
    """Return the token that ``aws sso login`` or an earlier sign-in here has stored, or None."""
    from botocore.exceptions import SSOTokenLoadError

    try:
        return dict(_tokens()(settings.start_url, session_name=settings.session))
    except (SSOTokenLoadError, OSError, ValueError, KeyError):
        return None


def _tokens() -> Any:
    from botocore.tokens import SSOTokenProvider
    from botocore.utils import JSONFileCache, SSOTokenLoader

    return SSOTokenLoader(JSONFileCache(SSOTokenProvider._SSO_TOKEN_CACHE_DIR))


def _message(error: Any) -> str:
    answer = error.response
    return str(answer.get("error_description") or answer.get("Error", {}).get("Message") or "no reason was given")


def _text(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
