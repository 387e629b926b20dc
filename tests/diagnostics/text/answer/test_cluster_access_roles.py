"""The role that the kubeconfig's command assumes is compared with the access entries in the text."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

REFUSED = "error: You must be logged in to the server (the server has asked for the client to provide credentials)\n"
CALLER = '$ aws sts get-caller-identity\n{"Arn": "arn:aws:sts::111122223333:assumed-role/Admin/ana"}\n'
ENTRIES = (
    "$ aws eks list-access-entries --cluster-name c1\n"
    '{"accessEntries": ["arn:aws:iam::111122223333:role/Admin", "arn:aws:iam::111122223333:role/Ops"]}\n'
)
YAML = "args: [eks, get-token, --cluster-name, c1, {}]\n"


@pytest.mark.parametrize(
    ("argument", "named"),
    [
        ("--role, arn:aws:iam::111122223333:role/Old", True),
        ("--role-arn, arn:aws:iam::111122223333:role/ci/Old", True),
        ("--role, arn:aws:iam::111122223333:role/Ops", False),
        ("--output, json", False),
    ],
)
def test_the_role_of_the_token_needs_the_entry(argument: str, named: bool) -> None:
    answer = answer_to(REFUSED + CALLER + ENTRIES + YAML.format(argument))
    assert ("kubectl signs in as the role Old" in answer) is named
    assert ("without --role-arn, as the caller in the text" in answer) is named


def test_a_role_after_a_dash_is_read_too() -> None:
    args = "      args:\n      - get-token\n      - --role\n      - arn:aws:iam::111122223333:role/Old\n"
    assert "kubectl signs in as the role Old" in answer_to(REFUSED + CALLER + ENTRIES + args)


FORBIDDEN = (
    'Error from server (Forbidden): pods is forbidden: User "arn:aws:sts::111122223333:assumed-role/dev/a" cannot list '
    'resource "pods" in API group "" in the namespace "pay"\n'
)
ENTRY = '"principalArn": "arn:aws:iam::111122223333:role/dev", "kubernetesGroups": ["{}"]\n'
BOUND = "subjects:\n- kind: Group\n  name: {}\n  apiGroup: rbac.authorization.k8s.io\n"


@pytest.mark.parametrize(("entry", "bound", "differ"), [("viewers", "viewer", True), ("viewers", "viewers", False)])
def test_the_group_of_the_entry_is_compared_with_the_bindings(entry: str, bound: str, differ: bool) -> None:
    answer = answer_to(FORBIDDEN + ENTRY.format(entry) + BOUND.format(bound))
    assert (f"has the group {entry}, and the binding in the text is for the group {bound}" in answer) is differ
    assert (f"--kubernetes-groups {bound}" in answer) is differ


def test_a_group_of_the_cluster_itself_is_no_mistake() -> None:
    mapped = "    groups:\n    - system:masters\n"
    assert "the binding in the text is for" not in answer_to(FORBIDDEN + mapped + BOUND.format("viewers"))
