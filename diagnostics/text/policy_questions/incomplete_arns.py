"""ARNs in a policy without the Region that ARNs of the resource have, so that they match nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iam.service_reference import action as known_action


def incomplete(actions: Sequence[str], resources: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield each ARN that lacks a Region, with the words for what it lacks and the ARN as it should be.

    Every resource type of the actions that the rest of the ARN fits must have a Region. A missing account alone is no
    mistake, because resources of AWS itself have none. Service Authorization Reference, "Resource types" of each
    service
    (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
    """
    types = [kind for each in actions if (known := known_action(each)) is not None for kind in known.resource_types]
    for written in resources:
        parts = written.split(":", 5)
        if len(parts) < 6 or parts[0] != "arn" or parts[3]:
            continue
        shapes = [kind.arn.split(":", 5) for kind in types if kind.fits(":".join((*parts[:3], "*", "*", parts[5])))]
        if not shapes or not all("$" in shape[3] for shape in shapes):
            continue
        account = not parts[4] and all("$" in shape[4] for shape in shapes)
        parts[3:5] = ["REGION", "ACCOUNT" if account else parts[4]]
        yield written, "no Region and no account" if account else "no Region", ":".join(parts)
