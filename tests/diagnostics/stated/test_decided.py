"""Facts of a text that leave one cause of a denial, and causes that its facts refute."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis

CALLER = "arn:aws:sts::111122223333:assumed-role/ci-build/s1"
OURS, ROLE = "arn:aws:iam::111122223333", "arn:aws:iam::444455556666:role/deployer"
REFUSED = (
    "An error occurred (AccessDenied) when calling the AssumeRole operation: User: {} is not authorized to perform: "
    "sts:AssumeRole on resource: {}"
)
DENIED = REFUSED.format(CALLER, ROLE)


def diagnosed(text: str) -> Diagnosis:
    return collect_offline(read_text(text)[0])


@pytest.mark.parametrize(
    ("text", "cause", "said"),
    [
        (f"{DENIED}\ndeployer's trust policy has {OURS}:root", "identity.no-action", "own policies lack it"),
        (f"The role deployer trusts account 111122223333.\n{DENIED}", "identity.no-action", "whole account"),
        (f"Die Rolle deployer vertraut {OURS}:root.\n{DENIED}", "identity.no-action", "own policies lack it"),
        (f"El rol deployer confía en {OURS}:root\n{DENIED}", "identity.no-action", "own policies lack it"),
        (f"trust policy of deployer lists {OURS}:role/ci-build\n{DENIED}", "identity.no-action", "names this caller"),
        (
            f"deployer trusts only {OURS}:role/release\n{DENIED}",
            "trust.principal-mismatch",
            "did not go through release",
        ),
        (
            f'{DENIED}\n"Principal": {{"AWS": "AIDAEXAMPLEEXAMPLE12"}}',
            "trust.orphan-principal",
            "a user that was deleted",
        ),
        (
            f'{DENIED}\n{{"Statement":[{{"Effect":"Allow","Principal":{{"AWS":"AROAEXAMPLEEXAMPLE12"}},'
            '"Action":"sts:AssumeRole"}]}',
            "trust.orphan-principal",
            "a role that was deleted",
        ),
        (REFUSED.format(CALLER, ROLE.replace("aws:", "aws-cn:")), "trust.principal-mismatch", "across partitions"),
        (
            f"ci-build's policy allows sts:AssumeRole on {ROLE}. The trust policy of deployer names {OURS}:root.\n"
            f"{DENIED}",
            "unreadable",
            "Both sides allow it",
        ),
    ],
)
def test_facts_of_the_text_decide_whose_side_refuses(text: str, cause: str, said: str) -> None:
    answer = diagnosed(text)
    assert answer.verdict.cause == cause
    assert said in answer.verdict.summary
    assert answer.first_look == ()
    assert len(answer.fixes) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"the trust policy of deployer does not name {OURS}:role/ci-build yet\n{DENIED}",
        f"{DENIED}\nShould the trust policy name {OURS}:root?",
        f"{DENIED}\nci-build trusts {OURS}:root",
        f"the trust policy of deployer names {OURS}:root with the condition sts:ExternalId = x1\n{DENIED}",
    ],
    ids=["negated", "asked", "another role's", "with a condition"],
)
def test_what_is_doubted_or_of_another_role_decides_nothing(text: str) -> None:
    answer = diagnosed(text)
    assert "as the text says" not in answer.verdict.summary
    assert len(answer.first_look) == 3


def test_a_trusted_caller_of_the_same_account_lacks_no_policy_of_its_own() -> None:
    text = REFUSED.format(CALLER.replace("111122223333", "444455556666"), ROLE)
    (look,) = diagnosed(
        f"{text}\nthe trust policy of deployer lists arn:aws:iam::444455556666:role/ci-build"
    ).first_look
    assert look.cause.startswith("The role's trust policy asks for")
