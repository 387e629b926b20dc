"""Causes for requests with an API key of Amazon Location Service, which have no IAM identity."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.identities.api_keys import has_api_key, other_page
from diagnostics.who import Who
from iam.words import listing


def location_key(signs: Signs) -> Iterator[FirstLook]:
    """Yield which restrictions of the key to compare with the request."""
    text = signs.denial.text
    if not has_api_key(text):
        return
    change = "aws location update-key --key-name KEY (with --force-update if it was used in the past 7 days)"
    if (found := other_page(text)) is not None:
        page, allowed = found
        host = "/".join(page.split("/", 3)[:3])
        yield FirstLook(
            f"Add {host}/* to the key's AllowReferers ({listing(allowed)} today): {change}. The request comes from "
            "another address. Do not remove the restriction; no IAM policy has to change.",
            contains(page),
            "aws location describe-key --key-name KEY --query '[Restrictions,ExpireTime]'",
            Who.RESOURCE_OWNER,
        )
        return
    yield FirstLook(
        "Compare the API key with the request: the key's AllowActions, AllowResources, AllowReferers (the page's own "
        f"address, with www or without) and ExpireTime. Change the key with {change}.",
        contains("key=v1.public."),
        "aws location describe-key --key-name KEY --query '[Restrictions,ExpireTime]'",
        Who.RESOURCE_OWNER,
    )
