"""A placeholder in a command is replaced by the text's own value, if the text has exactly one."""

from __future__ import annotations

import pytest

from diagnostics.text.answer.placeholders import filled

MFA = "arn:aws:iam::111122223333:mfa/kims-phone"
OTHER = "arn:aws:iam::111122223333:mfa/lees-key"
SESSION = "aws sts get-session-token --serial-number MFA-ARN --token-code CODE"


@pytest.mark.parametrize(("written", "text", "said"), [
    (SESSION, f"mfa_serial = {MFA}", f"--serial-number {MFA} --token-code CODE"),
    (SESSION, f"{MFA} and {OTHER}", "--serial-number MFA-ARN"),
    (SESSION, "no device", "--serial-number MFA-ARN"),
    ("aws eks list-access-entries --cluster-name CLUSTER", "arn:aws:eks:eu-west-1:111122223333:cluster/shop-eu",
     "--cluster-name shop-eu"),
    ("aws lambda get-policy --function-name FUNCTION", "arn:aws:lambda:eu-west-1:111122223333:function:intake",
     "--function-name intake"),
    ("MFA-ARN is the ARN of the device", MFA, "MFA-ARN is the ARN of the device"),
])  # fmt: skip
def test_the_texts_only_value(written: str, text: str, said: str) -> None:
    assert said in filled(written, text)
