"""The fix if a statement asks for an external ID that the refused action is not known to have."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

DENIED = (
    "An error occurred (AccessDenied) when calling the AssumeRole operation: User: "
    "arn:aws:sts::111122223333:assumed-role/{who}/s1 is not authorized to perform: {action} on resource: "
    "arn:aws:iam::444455556666:role/reader\n\nTrust policy of reader:\n"
)
TRUST = (
    '{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"AWS": '
    '"arn:aws:iam::111122223333:role/{who}"}}, "Action": ["sts:AssumeRole", "sts:TagSession", '
    '"sts:SetSourceIdentity"], "Condition": {{"StringEquals": {{"sts:ExternalId": "{external}"}}}}}}]}}'
)


@pytest.mark.parametrize(
    ("who", "action", "external"),
    [
        ("metrics-pod", "sts:TagSession", "obs-1"),
        ("vendor", "sts:SetSourceIdentity", "tenant-88"),
        ("deploy", "sts:TagSession", "a1b2c3"),
    ],
)
def test_an_action_without_an_external_id_gets_a_statement_of_its_own(who: str, action: str, external: str) -> None:
    text = DENIED.format(who=who, action=action) + TRUST.format(who=who, external=external)
    fix = collect_offline(read_text(text)[0]).fixes[0]
    assert action in fix.title
    assert "in a separate statement without this condition" in str(fix.change) and external in str(fix.change)


def test_the_external_id_of_assume_role_itself_is_sent() -> None:
    text = DENIED.format(who="vendor", action="sts:AssumeRole") + TRUST.format(who="vendor", external="tenant-88")
    assert "without this condition" not in str(collect_offline(read_text(text)[0]).fixes)


@pytest.mark.parametrize(("sent", "generated"), [("AB1_SFCRole=4_x=", True), ("tenant-12", False)])
def test_an_external_id_that_snowflake_generated_is_the_right_one(sent: str, generated: bool) -> None:
    text = DENIED.format(who="snow", action="sts:AssumeRole") + TRUST.format(who="snow", external="tenant-88")
    text += f"\nDESC INTEGRATION lake\n| STORAGE_AWS_EXTERNAL_ID | String | {sent} |\n"
    title = collect_offline(read_text(text)[0]).fixes[0].title
    assert ("Write the integration's external ID" in title) is generated
