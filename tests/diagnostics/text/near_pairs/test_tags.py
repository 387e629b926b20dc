"""A tag that a call sends in another spelling than the condition asks for."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import refused_call

CREATE = refused_call("CreateSecret", "secretsmanager:CreateSecret")
JSON = (
    '{"Effect":"Allow","Action":"secretsmanager:CreateSecret","Resource":"*","Condition":'
    '{"StringEquals":{"aws:RequestTag/Env":["prod","test"]}}}'
)
YAML = (
    "policy:\n- Effect: Allow\n  Action: secretsmanager:CreateSecret\n  Resource: '*'\n  Condition:\n"
    '    StringEquals: { aws:RequestTag/team: "data" }\n'
)
TERRAFORM = 'default_tags {{\n  tags = {{\n    owner = "payments"\n    Env   = "{}"\n  }}\n}}\n'


def said(text: str) -> str:
    return collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (f'{CREATE}\n\nplaybook:  tags: {{ team: "Data", CostCenter: "4410" }}\n{YAML}', "team=Data"),
        (f'{CREATE}\n\nplaybook:  tags: {{ CostCenter: "4410", team: "Data" }}\n{YAML}', "team=Data"),
        (f"{CREATE}\n{TERRAFORM.format('Prod')}{JSON}", "Env=Prod"),
    ],
)
def test_a_tag_in_another_letter_case_is_named(text: str, sent: str) -> None:
    assert f"has the tag {sent}, but the policy names" in said(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{CREATE}\n{TERRAFORM.format('prod')}{JSON}",
        f'{CREATE}\n{TERRAFORM.format("prod")}env = "Prod"\n{JSON}',
        f"{CREATE}\n{TERRAFORM.format('staging')}{JSON}",
    ],
)
def test_the_same_tag_or_another_value_is_no_slip(text: str) -> None:
    assert "letter case" not in said(text)
