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


_AWAY = (
    r"\b(?:(?:at|from) home\b(?! office)|working from home|from (?:my |the |a )?(?:hotel|phone|hotspot|train)"
    r"|(?:without|no) (?:the )?VPN|(?:the )?VPN (?:is|was) (?:down|off|not connected)|not on (?:the )?VPN)\b"
)
_INSIDE = r"^[ \t]*(?:#|//|--|\[?\d\d:\d\d)[^\n]*\b(?:office|on (?:the )?VPN|bastion)\b"
"""A heading or a time that says that what follows was done in the company's network."""


def network_that_works(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text says that the call works from another network: the Deny likely depends on it.

    IAM User Guide, "Establish permissions guardrails using data perimeters": aws:SourceIp, aws:SourceVpc and
    aws:SourceVpce (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html).
    """
    if not signs.denied_explicitly:
        return
    said = signs.quote(_WORKS_FROM)
    if not said and (away := signs.quote(_AWAY)) and signs.quote(_INSIDE):
        yield FirstLook(
            f"The refused call was not made from the company's network (“{away}”), so most likely the Deny has a "
            "condition on the network (aws:SourceIp, aws:SourceVpc, aws:SourceVpce). Make the call from the office or "
            "through the VPN. Only the owner of the Deny can exempt another network; an Allow does not help.",
            contains(away),
            None,
            Who.CALLER,
            shown_by=(signs.layer or "",),
        )
        return
    if not said:
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
