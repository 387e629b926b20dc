"""A command that works with one more option: the condition key of that option is missing in the refused request."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

GET = "$ aws secretsmanager get-secret-value --secret-id reporting/db --region eu-west-1"
VALUE = '{\n    "Name": "reporting/db",\n    "SecretString": "foo"\n}'
REFUSED = (
    "\nAn error occurred (AccessDeniedException) when calling the GetSecretValue operation: User: "
    "arn:aws:sts::{}:assumed-role/node/i-1 is not authorized to perform: secretsmanager:GetSecretValue on resource: "
    "arn:aws:secretsmanager:eu-west-1:846120735594:secret:reporting/db-kR8mZt"
)
OWN, OTHER = "846120735594", "271903648852"
STAGED = GET.replace(" --region", " --version-stage AWSCURRENT --region")


@pytest.mark.parametrize(("account", "code"), [(OWN, "identity"), (OTHER, "resource")])
def test_the_key_of_the_option_is_named(account: str, code: str) -> None:
    for text in (
        f"{STAGED}\n{VALUE}\n{GET}\n{REFUSED.format(account)}",
        f"{GET}\n{REFUSED.format(account)}\n{STAGED}\n{VALUE}",
    ):
        verdict = collect_offline(read_text(text)[0]).verdict
        assert verdict.cause == f"{code}.condition-unmet"
        assert "works with --version-stage AWSCURRENT" in verdict.summary
        assert "condition on secretsmanager:VersionStage" in verdict.summary


@pytest.mark.parametrize(
    "other",
    [
        f"{STAGED} --profile admin\n{VALUE}",  # another identity
        f"{STAGED}\n{REFUSED.format(OWN)}",  # refused, too
        f"{GET} --no-paginate\n{VALUE}",  # no condition key has this name
        f"{STAGED.replace('get-secret-value', 'describe-secret')}\n{VALUE}",
    ],
)
def test_other_commands_show_no_such_condition(other: str) -> None:
    text = f"{other}\n{GET}\n{REFUSED.format(OWN)}"
    assert "works with --" not in collect_offline(read_text(text)[0]).verdict.summary
