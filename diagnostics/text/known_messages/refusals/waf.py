"""Messages of AWS WAF."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, of_codes
from diagnostics.who import Who

_API = "https://docs.aws.amazon.com"

WAF_SERVICE_LINKED_ROLE: tuple[ServiceSentence, ...] = (
    of_codes(
        "WAFServiceLinkedRoleError",
        "AWS WAF",
        "the service-linked role of AWS WAF is locked temporarily",
        "The service-linked role of AWS WAF is locked: a logging configuration was just changed, or the role was "
        "deleted.",
        "Try again after 20 seconds. If the role was deleted, wait 15 minutes or more. Changing a policy does not "
        "help.",
        f"{_API}/waf/latest/APIReference/API_PutLoggingConfiguration.html",
        who=Who.CALLER,
        refuses=False,
    ),
)  # fmt: skip
