"""A trust policy in the text against the token that the text shows."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import table_causes

REFUSED = "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"
EKS = "oidc.eks.eu-west-1.amazonaws.com/id/00FF11EE"
PROVIDER = "arn:aws:iam::111122223333:oidc-provider"


def trust(issuer: str, operator: str, subject: str) -> str:
    return (
        f'{{"Effect": "Allow", "Principal": {{"Federated": "{PROVIDER}/{issuer}"}}, "Action": '
        f'"sts:AssumeRoleWithWebIdentity", "Condition": {{"{operator}": {{"{issuer}:sub": "{subject}"}}}}}}'
    )


FOREIGN = [
    (f"{REFUSED}\nuserIdentity.identityProvider: {PROVIDER}/{EKS}\nthe role trusts only the issuer https://ci.example.org",
     "while the role trusts ci.example.org"),
    (f'{REFUSED}\ntoken: {{"iss": "https://gitlab.example.net", "sub": "project_path:a/b"}}\n'
     f"{trust('gitlab.com', 'StringLike', 'project_path:a/*')}", "while the role trusts gitlab.com"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), FOREIGN)
def test_a_token_of_another_issuer_is_the_wrong_token(text: str, words: str) -> None:
    (only,) = table_causes(text)
    assert words in only
    assert "Do not add a provider to the trust policy" in only


@pytest.mark.parametrize(("issuer", "sent"), [(EKS, EKS), (EKS, EKS.upper().replace("OIDC.EKS", "oidc.eks"))])
def test_a_token_of_the_same_issuer_is_none(issuer: str, sent: str) -> None:
    text = (
        f"{REFUSED}\nidentityProvider = {PROVIDER}/{sent}\n{trust(issuer, 'StringLike', 'system:serviceaccount:a:b')}"
    )
    assert not any("sent another token" in each for each in table_causes(text))


def test_the_audience_of_the_trust_policy_is_the_usual_one() -> None:
    policy = f'"StringEquals": {{"{EKS}:aud": "sts.amazonaws.com", "{EKS}:sub": "system:serviceaccount:a:b"}}'
    assert not any("a different audience" in each for each in table_causes(f"eks pod: {REFUSED}\n{policy}"))
    asked = f"{policy}\naudience: vault"
    assert any("a different audience" in each for each in table_causes(f"eks pod: {REFUSED}\n{asked}"))


@pytest.mark.parametrize("other", ["oidc.eks.eu-west-1.amazonaws.com/id/77AA88BB", "gitlab.example.net"])
def test_the_keys_of_the_conditions_are_those_of_the_provider(other: str) -> None:
    policy = trust(EKS, "StringEquals", "system:serviceaccount:a:b")
    mixed = policy.replace(f"{PROVIDER}/{EKS}", f"{PROVIDER}/{other}")
    assert "no token comes from both issuers" in table_causes(f"eks pod: {REFUSED}\n{mixed}")[0]
    assert not any("no token comes from both issuers" in each for each in table_causes(f"eks pod: {REFUSED}\n{policy}"))


CLUSTER = "oidc.eks.eu-west-1.amazonaws.com/id/AB12CD34"
PRINTED = [
    f'$ aws eks describe-cluster --name prod --query cluster.identity.oidc.issuer\n"https://{CLUSTER}"',
    f'"identity": {{"oidc": {{"issuer": "https://{CLUSTER}"}}}}',
    f"issuer = https://{CLUSTER} (terraform output)",
]


@pytest.mark.parametrize("printed", PRINTED)
def test_the_role_trusts_the_issuer_of_another_cluster(printed: str) -> None:
    text = f"{REFUSED}\n{trust(EKS, 'StringEquals', 'system:serviceaccount:a:b')}\n{printed}"
    assert f"The role trusts {EKS}, but the cluster's issuer is {CLUSTER}" in table_causes(text)[0]


@pytest.mark.parametrize(
    ("trusted", "printed"),
    [
        (CLUSTER, f"https://{CLUSTER}"),
        (CLUSTER.replace("AB", "ab"), f"https://{CLUSTER}"),
        (CLUSTER[:-2], f"https://{CLUSTER}"),  # cut off
        (EKS, f"https://{CLUSTER}\nhttps://{EKS}"),  # two clusters
        ("gitlab.example.net", f"https://{CLUSTER}"),
    ],
)
def test_the_issuer_of_the_same_or_of_an_unknown_cluster_is_no_other(trusted: str, printed: str) -> None:
    text = f"{REFUSED}\n{trust(trusted, 'StringEquals', 'system:serviceaccount:a:b')}\n{printed}"
    assert not any("but the cluster's issuer is" in each for each in table_causes(text))


@pytest.mark.parametrize("subject", ["system:serviceaccount:shop:api", "system:serviceaccount:mail:worker"])
def test_a_subject_that_is_accepted_is_not_blamed(subject: str) -> None:
    text = f"pod of {subject}: {REFUSED}\n{trust(EKS, 'StringEquals', subject)}"
    assert not any("another service account" in each for each in table_causes(text))


LISTED = "dns     edge-6b7c-x2p   0/1   CrashLoopBackOff   7   5m"


def test_pods_of_another_namespace_than_the_trusted_one() -> None:
    refused = f"{REFUSED}\n{trust(EKS, 'StringEquals', 'system:serviceaccount:kube-system:edge')}\n"
    found = table_causes(f"{refused}NAMESPACE NAME READY STATUS\n{LISTED}")
    assert "accept system:serviceaccount:dns:edge" in found[0]
    for beside in (
        LISTED.replace("dns", "kube-system"),
        LISTED.replace("edge", "other"),
        f"{LISTED}\nweb  edge-1  1/1",
    ):
        assert "run in the namespace" not in table_causes(f"{refused}{beside}")[0]
