"""Messages of AWS IoT secure tunneling."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, no_permission

_API = "https://docs.aws.amazon.com"
SECURE_TUNNELING: tuple[ServiceSentence, ...] = (
    no_permission(
        "access token was previously used",
        r"access token was previously used and cannot be used again",
        "The tunnel's client access token works only once: get a new one with aws iotsecuretunneling "
        "rotate-tunnel-access-token, and start the local proxy with it.",
        "aws iotsecuretunneling rotate-tunnel-access-token --tunnel-id ID --client-mode SOURCE (or DESTINATION, ALL) "
        "prints the new token. The tunnel still ends at the same time. No IAM policy and no AWS key is the cause.",
        f"{_API}/iot/latest/developerguide/iot-secure-tunneling-troubleshooting.html",
    ),
)
