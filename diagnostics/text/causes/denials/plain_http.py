"""The cause that a Deny demands TLS (aws:SecureTransport), if the text shows a program that calls without it."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.identities.call_settings import PLAIN_HTTP
from diagnostics.who import Who

_MAY_DEMAND_TLS = ("resource", "rcp", "scp", "vpce", "identity", "")
"""The kinds of policies in which a Deny of requests without TLS is usual, and a Deny of a kind that is not stated."""


def plain_http(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the call was denied explicitly and the text has an AWS endpoint with http://.

    IAM User Guide, "AWS global condition context keys", aws:SecureTransport
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport).
    """
    found = PLAIN_HTTP.search(signs.denial.pasted or signs.denial.text)
    if found is None or not signs.denied_explicitly or (signs.layer or "") not in _MAY_DEMAND_TLS:
        return
    yield FirstLook(
        "The program calls without TLS, as a setting in the text says, and most likely the Deny refuses such requests "
        "(aws:SecureTransport). Write https:// in that setting, or remove it so that the program uses AWS's endpoint. "
        "No Allow helps. If the call is refused over https too, the Deny has another condition: ask its owner.",
        contains(found[0]),
        None,
        Who.CALLER,
        shown_by=(signs.layer,) if signs.layer else (),
    )
