"""An audience of an identity provider that differs from the token's in few characters."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

REFUSED = (
    "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: Incorrect token "
    'audience\n{{"iss": "https://idp.kite.dev", "aud": "{}"}}\n'
    'get-open-id-connect-provider: {{"Url": "idp.kite.dev", "ClientIDList": ["{}"]}}\n'
)


@pytest.mark.parametrize(
    "trust",
    [
        '"Condition": {"StringEquals": {"idp.kite.dev:aud": "kite-7f31a0"}}',
        "trust policy: StringEquals idp.kite.dev:aud = kite-7f31a0",
    ],
)
def test_the_provider_is_corrected_if_the_trust_policy_requires_the_tokens_audience(trust: str) -> None:
    fix = diagnosed(f"{REFUSED.format('kite-7f31a0', 'kite-7f13a0')}{trust}").fixes[0]
    assert fix.title == "Correct the audience in the identity provider"
    assert "Add kite-7f31a0 to the provider" in str(fix.change) and "remove kite-7f13a0" in str(fix.change)


@pytest.mark.parametrize(
    ("had", "listed", "trust"),
    [
        ("sts.amazonaws.con", "sts.amazonaws.com", "idp.kite.dev:aud = sts.amazonaws.com"),  # the token is wrong
        ("kite-7f31a0", "sts.amazonaws.com", "idp.kite.dev:aud = kite-7f31a0"),  # another audience
        ("kite-7f31a0", "kite-7f13a0", ""),
    ],
)
def test_otherwise_nothing_is_removed_from_the_provider(had: str, listed: str, trust: str) -> None:
    fixes = diagnosed(f"{REFUSED.format(had, listed)}{trust}").fixes
    assert "Correct the audience in the identity provider" not in [each.title for each in fixes]
    assert not any("remove" in str(each.change) for each in fixes)
