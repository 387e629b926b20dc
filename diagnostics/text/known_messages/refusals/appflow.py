"""Messages of Amazon AppFlow."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, no_permission

_API = "https://docs.aws.amazon.com"
APPFLOW: tuple[ServiceSentence, ...] = (
    no_permission(
        "connectorauthenticationexception",
        r"\bConnectorAuthenticationException\b",
        "The application behind the connector (not AWS) refuses its credentials: sign in again or renew the OAuth "
        "client or token. No IAM permission is missing.",
        "Check the client ID and secret, the granted scopes, the user's rights in the application, and the connector's "
        "own limits on IP addresses. Then update the connection (aws appflow update-connector-profile).",
        f"{_API}/appflow/1.0/APIReference/API_CreateConnectorProfile.html",
    ),
)  # fmt: skip
