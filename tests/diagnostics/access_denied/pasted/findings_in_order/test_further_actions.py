"""The actions that a call needs after the one that is missing."""

from __future__ import annotations

import pytest

from diagnostics.fix import Note
from tests.support.denials.pasted import allow, diagnosed, no_identity, policy


@pytest.mark.parametrize(
    ("shown", "further"),
    [
        (policy(allow("appconfig:List*", "*")), True),
        (policy(allow(["appconfig:Get*", "appconfig:List*"], "*")), False),
        ('"Action": ["appconfig:Get*", "appconfig:List*"], "Resource": "*"', False),
        ('"Action": ["appconfig:List*"], "Resource": "*"', True),
    ],
)
def test_a_further_action_is_missing_only_if_the_text_s_policies_lack_it(shown: str, further: bool) -> None:
    asked = "arn:aws:appconfig:eu-west-1:210987654321:application/a1/environment/e1/configuration/c1"
    found = diagnosed(f"{no_identity('appconfig:StartConfigurationSession', asked)}\n{shown}")
    said = "".join(fix.change.text for fix in found.fixes if isinstance(fix.change, Note))
    assert ("appconfig:GetLatestConfiguration" in said) is further, said
