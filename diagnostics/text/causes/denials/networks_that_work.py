"""The cause that a guardrail's Deny depends on the network, if the same call works from another one."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who

_NETWORK = (
    r"(?:the |our |an? |my )?(?:[\w-]+ ){0,2}?(?:jump ?(?:host|box|server)|bastion(?: host)?|VPN|office|workspaces?"
    r"|corporate network|company network|VPC|subnet|EC2 instance|instance|Cloud ?Shell)"
)
_WORKS_FROM = (
    rf"(?<!never )(?<!not )\b(?:works?|worked|succeeds?|succeeded|is fine|runs) (?:fine |well |ok )?"
    rf"(?:from|on|in|over|via) {_NETWORK}\b"
    rf"|\b(?:from|on|in|over|via) {_NETWORK}\b[^.;\n]{{0,20}}"
    r"\b(?:works|worked|is fine)\b"
)


def network_that_works(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text says that the call works from another network: the Deny likely depends on it.

    IAM User Guide, "Establish permissions guardrails using data perimeters": aws:SourceIp, aws:SourceVpc and
    aws:SourceVpce (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html).
    """
    if not signs.denied_explicitly or not (said := signs.quote(_WORKS_FROM)):
        return
    yield FirstLook(
        "The call works from another network, as the text says, so most likely the Deny has a condition on the "
        "network (aws:SourceIp, aws:SourceVpc, aws:SourceVpce). Make the call from that network, or through the VPN "
        "that leads to it. Only the organization's administrators can exempt another network; allow the caller "
        "nothing.",
        contains(said),
        None,
        Who.CALLER,
        shown_by=(signs.layer or "",),
    )
