"""A pod that calls with its node's role: only the reasons that the text leaves open, and no grant to the node."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed, table_causes

NODE = "arn:aws:sts::111122223333:assumed-role/blue-eks-nodes/i-0a1b2c3d4e5f67890"
WHY = "because no identity-based policy allows the {} action"


def refused(action: str, on: str = "") -> str:
    where = f" on resource: {on}" if on else ""
    return f"User: {NODE} is not authorized to perform: {action}{where} {WHY.format(action)}"


QUEUE = refused("sqs:ReceiveMessage", "arn:aws:sqs:eu-west-1:111122223333:orders")
TABLE = refused("dynamodb:PutItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/carts")
ROLE = "eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/cart"
LOCAL = "oidc.eks.eu-west-1.amazonaws.com/id/00FF11EE"


def trust(operator: str, subject: str) -> str:
    return (
        f'"Principal": {{"Federated": "arn:aws:iam::111122223333:oidc-provider/{LOCAL}"}}, '
        f'"Condition": {{"{operator}": {{"{LOCAL}:sub": "{subject}", "{LOCAL}:aud": "sts.amazonaws.com"}}}}'
    )


FIRST = [
    # The message has its own cause.
    (f"WebIdentityTokenCredentialsProvider(): To use web identity tokens, the 'sts' service module must be on the "
     f"class path.\nservice account annotated with our role\n{QUEUE}", "lacks its module software.amazon.awssdk:sts"),
    (f"the pod is annotated, log: the 'sts' service module must be on the classpath\n{TABLE}",
     "lacks its module software.amazon.awssdk:sts"),
    # The trust policy's own fault.
    (f"our pods use {trust('StringEquals', 'system:serviceaccount:shop:cart-*')}\n{TABLE}",
     "takes * literally, so no token matches"),
    (f"condition {{\n test = \"StringEquals\"\n variable = \"${{module.eks.oidc_provider}}:sub\"\n values = "
     f"[\"system:serviceaccount:*:worker\"]\n}}\n{QUEUE}", "takes * literally, so no token matches"),
    (f"serviceaccount of the pod: system:serviceaccount:shop:worker\n"
     f"{trust('StringEquals', 'system:serviceaccount:shop:web')}\n{QUEUE}",
     "the token's subject is system:serviceaccount:shop:worker"),
    # The program, where the CLI in the same pod has the right role.
    (f"IRSA; aws sts get-caller-identity in the pod shows the expected role.\n{QUEUE} (Service: Sqs, Status Code: 403)",
     "AWS SDK for Java 2.x silently skips the service account's token"),
    (f"eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/cart\nsoftware.amazon.awssdk.core.X: {TABLE}",
     "AWS SDK for Java 2.x silently skips the service account's token"),
    # The pod is older than its role.
    (f"{ROLE}\nNAME   READY   STATUS   RESTARTS   AGE\ncart-6c8-x2k9q   1/1   Running   0   41d\n{TABLE}\n"
     "annotation was added this morning", "the pod cart-6c8-x2k9q is 41d old, and its role was set this morning"),
    (f"shop   cart-0   2/2   Running   3 (2d ago)   5h12m\n{QUEUE}\nassociated the role 20 min ago with pod identity "
     "association", "the pod cart-0 is 5h12m old"),
    (f"{ROLE}\ncart-0   1/1   Running   0   3d\n{QUEUE}\nthe service account got its role yesterday", "is 3d old"),
    (f"{ROLE}\ncart-0   1/1   Running   0   5m\n{QUEUE}\nannotated it 3 hours ago", "Possible reasons: the pod uses"),
    (f"{ROLE}\ncart-0   1/1   Running   0   5d\n{QUEUE}\nthe annotation was not added today", "Possible reasons"),
    # The association that came after the add-on's pods.
    (f"resource aws_eks_pod_identity_association.efs depends on aws_eks_addon.efs\n"
     f"{refused('elasticfilesystem:DescribeMountTargets')} efs-csi controller", "started before their Pod Identity"),
    (f"addons = {{ aws-ebs-csi-driver = {{}} }}\nmodule ebs source eks-pod-identity/aws\n"
     f"ebs-csi-controller {refused('ec2:DescribeVolumes')}", "started before their Pod Identity"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), FIRST)
def test_what_the_text_shows_of_the_pods_role_decides(text: str, words: str) -> None:
    found = table_causes(text)
    assert words in found[0]
    assert not any("None of the caller's" in each for each in found)


@pytest.mark.parametrize(
    ("said", "excluded"),
    [
        (
            "service account annotated with eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/x",
            "names no role",
        ),
        ("aws eks create-pod-identity-association --cluster-name blue done; the pod runs", "names no role"),
        ("IRSA: sts get-caller-identity in the pod shows the right role", "another service account"),
    ],
)
def test_a_reason_that_the_text_excludes_is_not_given(said: str, excluded: str) -> None:
    assert not any(excluded in each for each in table_causes(f"{said}\n{QUEUE}"))


@pytest.mark.parametrize("said", ["there is no annotation on the pod", "the service account is not annotated"])
def test_what_is_said_to_be_missing_counts_as_missing(said: str) -> None:
    assert "the service account has no annotation or Pod Identity association" in table_causes(f"{said}\n{QUEUE}")[0]


@pytest.mark.parametrize(
    "text", [f"kubelet on the node: {refused('ecr:BatchGetImage')}", refused("ec2:DescribeInstances")]
)
def test_what_a_node_does_itself_stays_the_nodes(text: str) -> None:
    assert not any("uses its node's role" in each for each in table_causes(text))


@pytest.mark.parametrize("role", ["batch-host", "eks-lab-ide"])
def test_an_instance_without_kubernetes_has_no_pods(role: str) -> None:
    (only,) = table_causes(QUEUE.replace("blue-eks-nodes", role))
    assert only.startswith("None of the caller's identity-based policies")


@pytest.mark.parametrize("said", ["our pods are supposed to use the node role", "We don't use IRSA in this cluster."])
def test_a_node_whose_role_was_meant_is_the_caller(said: str) -> None:
    found = table_causes(f"kubectl logs worker: {QUEUE}\n{said}")
    assert found[0].startswith("None of the caller's identity-based policies")
    assert not any("its service account" in each for each in found)


@pytest.mark.parametrize("said", ["The pods are not supposed to use the node role.", "we see the node role in the log"])
def test_a_node_whose_role_was_not_meant_is_not_granted(said: str) -> None:
    assert (
        "the service account has no annotation or Pod Identity association"
        in table_causes(f"kubectl logs worker: {QUEUE}\n{said}")[0]
    )


def test_a_module_that_the_build_has_is_not_missing() -> None:
    text = f"eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/cart\nsoftware.amazon.awssdk.core.X: {TABLE}"
    assert "software.amazon.awssdk:sts" in table_causes(text)[0]
    assert (
        "software.amazon.awssdk:sts"
        not in table_causes(f"implementation 'software.amazon.awssdk:sts:2.20.1'\n{text}")[0]
    )


BEHIND_A_PROXY = (
    "EC2RoleRequestError: failed to get {0} EC2 instance role credentials\ncaused by: EC2MetadataError: failed to make "
    f"EC2Metadata request\nAccessDenied: User: {NODE} is not authorized to perform: sts:AssumeRole on resource: "
    "arn:aws:iam::111122223333:role/{0}"
)


def test_a_refusal_in_the_answer_of_the_metadata_service_is_a_proxys() -> None:
    causes = table_causes(BEHIND_A_PROXY.format("dns"))
    assert "a proxy in place of the metadata service (kube2iam or kiam)" in causes[0]
    causes = table_causes(f"eks.amazonaws.com/role-arn: x\n{BEHIND_A_PROXY.format('dns')}")
    assert "role has not taken effect in the pod" in causes[0]
    assert not any(
        "proxy" in each for each in table_causes(refused("sts:AssumeRole", "arn:aws:iam::111122223333:role/dns"))
    )


CONFIGURED = "storage:\n  s3:\n    {}: {}\n    bucket_name: blocks\nserviceAccount:\n  annotations:\n    {}\n"
DENIED = 'level=warn err="unable to successfully send a request to object storage: Access Denied"\n'


@pytest.mark.parametrize(
    ("key", "value", "used"),
    [
        ("access_key_id", '"${S3_KEY}"', True),
        ("access_key", "AKIA1234", True),
        ("access_key_id", "null", False),
        ("access_key_id", '""', False),
        ("region", "eu-west-1", False),
    ],
)
def test_keys_in_the_configuration_are_used_in_place_of_the_pods_role(key: str, value: str, used: bool) -> None:
    causes = table_causes(DENIED + CONFIGURED.format(key, value, ROLE))
    assert ("configuration has access keys, which it uses first" in causes[0]) is used


POD_IDENTITY = "- name: AWS_CONTAINER_CREDENTIALS_FULL_URI\n  value: http://169.254.170.23/v1/credentials\n"
THANOS = 'level=error msg="bucket store initial sync" err="BaseFetcher: iter bucket: Access Denied" thanos store\n'


def test_a_library_may_be_too_old_for_pod_identity() -> None:
    first, second = table_causes(THANOS + POD_IDENTITY)[:2]
    assert "an older SDK or S3 library ignores them" in first
    assert "Thanos: often the policy lacks s3:ListBucket" in second
    assert not any("older SDK" in each for each in table_causes(THANOS))


LOG = (
    refused("logs:CreateLogGroup", "arn:aws:logs:eu-west-1:111122223333:log-group:/eks/app")
    + "\nfluent-bit daemonset; "
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("we have no IRSA, it should use the node role", True),
        ("no pod identity here", True),
        ("the pods should have their own role", False),
        ("there is no IRSA role yet", False),
    ],
)
def test_the_nodes_role_may_be_meant(said: str, meant: bool) -> None:
    assert ("that role has not taken effect" not in table_causes(f"{LOG}{said}")[0]) is meant


@pytest.mark.parametrize(
    ("said", "none"),
    [
        (
            "loki-read has eks.amazonaws.com/role-arn. loki-backend has service account loki-backend, no annotation.",
            True,
        ),
        ("We use IRSA; the service account cart-jobs has no role annotation.", True),
        ("We use IRSA; the service account cart-jobs has the annotation.", False),
    ],
)
def test_pods_whose_service_account_has_no_role_are_named(said: str, none: bool) -> None:
    causes = table_causes(f'level=error msg="sync failed" err="AccessDenied: Access Denied, status code: 403"\n{said}')
    assert any("The service account of the pods that fail has no role" in each for each in causes) is none


@pytest.mark.parametrize(
    "shown",
    [
        """>>> boto3.client("sts").get_caller_identity()["Arn"]\n'{arn}'""",
        """>>> sts.get_caller_identity()\n{{'UserId': 'AROA:x', 'Account': '210987654321', 'Arn': '{arn}'}}""",
    ],
)
def test_another_client_in_the_pod_that_has_its_role_shows_the_programs_fault(shown: str) -> None:
    own = shown.format(arn="arn:aws:sts::210987654321:assumed-role/reader/botocore-session-17")
    denied = (
        "lance.AccessDenied: User: arn:aws:sts::210987654321:assumed-role/node-group/i-0b7f44c2e91d6a853 is not "
        "authorized to perform: s3:ListBucket on resource: arn:aws:s3:::vectors because no identity-based policy "
        "allows the s3:ListBucket action"
    )
    first = diagnosed(f"in the pod on EKS\n{own}\n{denied}").first_look[0].cause
    assert "because another client in the pod gets the right role" in first
    node = diagnosed(f"on EKS\n{denied}").first_look[0].cause
    assert "another client in the pod" not in node
