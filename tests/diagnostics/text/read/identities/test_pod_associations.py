"""A Pod Identity association is compared with the pod of the text, in whatever form both are shown."""

from __future__ import annotations

import pytest

from diagnostics.text.read.identities.pod_associations import lacks_agent, other_association

ARN = "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/kappa/a-1qz8c"
CASES = [
    # Another namespace, in a console's table, Terraform and the AWS CLI's text.
    (
        "helm -n ingress get values lbc\nserviceAccount:\n  create: true\n  name: lbc\n\nAssociations\n"
        "  NAMESPACE      SERVICE ACCOUNT   IAM ROLE\n  kube-system    lbc    arn:aws:iam::111122223333:role/lbc",
        "lbc in the namespace kube-system",
        "lbc in the namespace ingress",
    ),
    (
        'resource "aws_eks_pod_identity_association" "q" {\n  namespace = "queues"\n  service_account = "worker"\n}\n\n'
        "kubectl get pod -A -o custom-columns=NS:.metadata.namespace,SA:.spec.serviceAccountName\nNS      SA\n"
        "queue   worker",
        "worker in the namespace queues",
        "worker in the namespace queue",
    ),
    (
        f"ASSOCIATIONS\t{ARN}\ta-1qz8c\tkappa\tdefault\tapi\nserviceAccountName: api\nnamespace: web",
        "api in the namespace default",
        "api in the namespace web",
    ),
    # Another service account.
    (
        '{"associations": [{"clusterName": "kappa", "namespace": "pay", "serviceAccount": "invoices"}]}\n'
        "Service Account:  invoice",
        "invoices in the namespace pay",
        "invoice",
    ),
    (
        "aws eks create-pod-identity-association --cluster-name k --namespace logs --service-account fluentbit\n"
        "kubectl -n logs get ds x -o jsonpath='{.spec.template.spec.serviceAccountName}'\nfluent-bit",
        "fluentbit in the namespace logs",
        "fluent-bit in the namespace logs",
    ),
]
NONE = [
    # The association matches, the pod is not shown, or the associations are those of other programs.
    f"ASSOCIATIONS\t{ARN}\ta-1qz8c\tkappa\tweb\tapi\nserviceAccountName: api\nnamespace: web",
    f"ASSOCIATIONS\t{ARN}\ta-1qz8c\tkappa\tweb\tapi",
    "Associations\nNAMESPACE  SERVICE ACCOUNT  IAM ROLE\nkube-system  lbc  arn:aws:iam::111122223333:role/lbc\n"
    "logging  agent  arn:aws:iam::111122223333:role/logs\n\nserviceAccountName: orders\nnamespace: shop",
    "kind: RoleBinding\nsubjects:\n- kind: ServiceAccount\n  name: a\n  namespace: b\nserviceAccountName: c",
]


@pytest.mark.parametrize(("text", "associated", "of_pod"), CASES)
def test_an_association_for_another_pod(text: str, associated: str, of_pod: str) -> None:
    found = other_association(text)
    assert found is not None
    assert str(found.associated) == f"the service account {associated}"
    assert str(found.of_pod) == f"the service account {of_pod}"


@pytest.mark.parametrize("text", NONE)
def test_no_other_association(text: str) -> None:
    assert other_association(text) is None


@pytest.mark.parametrize(
    ("listed", "lacks"),
    [
        ("ADDONS  coredns\nADDONS  kube-proxy\nADDONS  vpc-cni", True),
        ('{"addons": ["coredns", "vpc-cni", "aws-ebs-csi-driver"]}', True),
        ("kubectl -n kube-system get ds\naws-node 3\nkube-proxy 3", True),
        ("ADDONS  coredns\nADDONS  eks-pod-identity-agent\nADDONS  vpc-cni", False),
        ("the vpc-cni is old", False),
    ],
)
def test_the_agent_in_a_list_of_add_ons(listed: str, lacks: bool) -> None:
    assert lacks_agent(f"ASSOCIATIONS\t{ARN}\ta-1qz8c\tkappa\tweb\tapi\n{listed}") is lacks
    assert not lacks_agent(listed)
