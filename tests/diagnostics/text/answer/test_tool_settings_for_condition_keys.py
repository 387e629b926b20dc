"""The settings with which Terraform's S3 backend sends the encryption that a Deny asks for."""

from __future__ import annotations

import pytest

from diagnostics.text.answer.tool_settings_for_condition_keys import settings_of_tool

KEY = "s3:x-amz-server-side-encryption"
STATE = "Error: Failed to save state\nPutObject on acme-state/net/terraform.tfstate\n"
LOCK = "Error acquiring the state lock\nPutObject on acme-state/net/terraform.tfstate.tflock\n"


@pytest.mark.parametrize(
    ("text", "operator", "said"),
    [
        (f"{LOCK}encrypt = true\n", "Null", "Update Terraform or OpenTofu"),
        (f'backend "s3" {{ encrypt=true }}\n{LOCK}', "Null", "Update Terraform or OpenTofu"),
        (LOCK, "Null", "In the S3 backend of Terraform and OpenTofu, set encrypt = true"),
        (STATE, "Null", "In the S3 backend of Terraform and OpenTofu, set encrypt = true"),
        # Near misses: the condition asks for aws:kms, and another program uploads.
        (f"{STATE}encrypt = true", "StringNotEquals", "In the S3 backend of Terraform and OpenTofu, set kms_key_id"),
        ("$ aws s3 cp a.csv s3://acme-state/", "Null", ""),
    ],
)
def test_the_setting_fits_the_condition_and_what_is_set_already(text: str, operator: str, said: str) -> None:
    setting = settings_of_tool([(operator, KEY)], text)
    assert setting.startswith(said) and bool(setting) == bool(said)
