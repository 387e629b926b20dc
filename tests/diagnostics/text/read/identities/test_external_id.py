"""An external ID that a text names, and that no call of it sends."""

from __future__ import annotations

import pytest

from diagnostics.text.read.identities.external_id import unsent_external_id

MAIL = "their mail: please pass ExternalId = acme-7731-prod\n"
ROLE = "arn:aws:iam::444455556666:role/Partner"


@pytest.mark.parametrize(
    "call",
    [
        f"aws sts assume-role --role-arn {ROLE} --role-session-name x",
        f'creds = sts.assume_role(RoleArn="{ROLE}", RoleSessionName="x")',
        f'new AssumeRoleCommand({{ RoleArn: "{ROLE}", RoleSessionName: "x" }})',
        f"[profile partner]\nrole_arn = {ROLE}\nsource_profile = default\n",
        f'assume_role {{\n  role_arn = "{ROLE}"\n}}',
    ],
)
def test_a_call_without_it_is_found(call: str) -> None:
    assert unsent_external_id(MAIL + call) == "acme-7731-prod"


@pytest.mark.parametrize(
    "call",
    [
        f"aws sts assume-role --role-arn {ROLE} --external-id acme-7731-prod",
        f'sts.assume_role(RoleArn="{ROLE}", ExternalId="acme-7731-prod")',
        f"[profile partner]\nrole_arn = {ROLE}\nexternal_id = acme-7731-prod\n",
        "[default]\nregion = eu-west-1\n",
        "",
    ],
)
def test_a_call_with_it_or_none_is_not(call: str) -> None:
    assert unsent_external_id(MAIL + call) == ""


@pytest.mark.parametrize(
    ("setting", "sent"),
    [
        ("External ID = (empty)", False),
        ('external_id: ""', False),
        ("External ID: none", False),
        ("External ID: team-9", True),
        ("External ID: see below", True),
    ],
)
def test_an_empty_setting_sends_no_external_id(setting: str, sent: bool) -> None:
    text = f'{setting}\n"Condition": {{"StringEquals": {{"sts:ExternalId": "ops-42"}}}}'
    assert unsent_external_id(text) == ("" if sent else "ops-42")
