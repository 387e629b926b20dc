"""A cluster's refusal that the text decides: by its access entries, or by the access policies of the caller's entry."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.answer.cluster_access import access_cause, access_fix
from diagnostics.text.read.identities.cluster_access import cluster_access

ROLE = "arn:aws:iam::111122223333:role/viewer"
SESSION = "arn:aws:sts::111122223333:assumed-role/viewer/ann"
POLICY = "arn:aws:eks::aws:cluster-access-policy/"
ASKED = f"$ aws eks list-associated-access-policies --cluster-name shop --principal-arn {ROLE}\n"


def forbidden(verb: str = "list", what: str = "pods", space: str = "web", who: str = SESSION) -> str:
    where = f' in the namespace "{space}"' if space else " at the cluster scope"
    said = f'{what} is forbidden: User "{who}" cannot {verb} resource "{what}" in API group ""{where}'
    return f"Error from server (Forbidden): {said}\n"


def of_namespaces(*names: str, policy: str = "AmazonEKSEditPolicy") -> str:
    listed = ", ".join(f'"{each}"' for each in names)
    return f'"policyArn": "{POLICY}{policy}", "accessScope": {{"type": "namespace", "namespaces": [{listed}]}}\n'


@pytest.mark.parametrize(
    ("text", "said", "command"),
    [
        (
            f'{forbidden()}{ASKED}{{"associatedAccessPolicies": []}}',
            "has no access policy",
            "AmazonEKSViewPolicy --access-scope type=namespace,namespaces=web",
        ),
        (f"{forbidden(space='')}{ASKED}associatedAccessPolicies: []", "no access policy", "AdminViewPolicy --access-s"),
        (f'{forbidden("delete")}{ASKED}{{"associatedAccessPolicies": [ ]}}', "no access policy", "AmazonEKSEditPolicy"),
        (
            f"{forbidden()}access entry viewer: policy {POLICY}AmazonEKSEditPolicy, scope namespace api",
            "only in the namespace api, but this call is for the namespace web",
            "AmazonEKSEditPolicy --access-scope type=namespace,namespaces=api,web",
        ),
        (
            f"{forbidden()}The access entry has {POLICY}AmazonEKSViewPolicy, scoped to the namespaces api and db.",
            "only in the namespaces api and db",
            "api,db,web",
        ),
        (
            f"{forbidden()}access entries: {POLICY}AmazonEKSViewPolicy only in namespace `api`",
            "namespace api",
            "api,web",
        ),
        (f"{forbidden()}{ASKED}{of_namespaces('api', 'db')}", "only in the namespaces api and db", "api,db,web"),
        (
            f"{forbidden()}{ASKED}- accessScope:\n    namespaces:\n    - api\n    type: namespace\n  policyArn: "
            f"{POLICY}AmazonEKSAdminPolicy",
            "has AmazonEKSAdminPolicy only in the namespace api",
            "AmazonEKSAdminPolicy --access-scope type=namespace,namespaces=api,web",
        ),
        (
            f"{forbidden()}{ASKED}ASSOCIATEDACCESSPOLICIES\t1.7\t1.7\t{POLICY}AmazonEKSViewPolicy\n"
            "ACCESSSCOPE\tnamespace\nNAMESPACES\tapi\n",
            "only in the namespace api",
            "AmazonEKSViewPolicy",
        ),
        (
            f'{forbidden()}access_scope {{\n  type = "namespace"\n  namespaces = ["api"]\n}}\n'
            f'policy_arn = "{POLICY}AmazonEKSViewPolicy"',
            "only in the namespace api",
            "--cluster-name CLUSTER",
        ),
        (
            f"{forbidden(what='nodes', space='')}{ASKED}{of_namespaces('web')}",
            "this call is for the entire cluster",
            "--access-scope type=cluster",
        ),
        (
            f"{forbidden(what='nodes', space='')}{ASKED}{of_namespaces('web', policy='AmazonEKSViewPolicy')}",
            "AmazonEKSViewPolicy does not include nodes in any scope",
            "AmazonEKSAdminViewPolicy --access-scope type=cluster",
        ),
        (
            f'{forbidden("get", "storageclasses", "")}{ASKED}"policyArn": "{POLICY}AmazonEKSEditPolicy", '
            '"accessScope": {"type": "cluster"}',
            "lacks access to storageclasses: AmazonEKSEditPolicy does not include",
            "AmazonEKSAdminViewPolicy",
        ),
        (
            f"{forbidden('patch', 'nodes', '')}{ASKED}{of_namespaces('web', policy='AmazonEKSAdminPolicy')}",
            "does not include nodes",
            "AmazonEKSClusterAdminPolicy",
        ),
        (
            f"{forbidden(what='namespaces', space='')}{ASKED}{of_namespaces('web', policy='AmazonEKSViewPolicy')}",
            "associate the policy again",
            "AmazonEKSViewPolicy --access-scope type=cluster",
        ),
        (
            f"{forbidden('create', 'pods/exec')}{ASKED}{of_namespaces('web', policy='AmazonEKSViewPolicy')}",
            "which only allows reading",
            "AmazonEKSEditPolicy",
        ),
    ],
)
def test_the_policies_of_the_callers_entry_decide(text: str, said: str, command: str) -> None:
    look, fix = access_cause(text), access_fix(text)
    assert look is not None and fix is not None
    assert said in look.cause
    assert command in str(fix.change)


@pytest.mark.parametrize(
    "text",
    [
        forbidden(),
        f"{forbidden()}{ASKED}{of_namespaces('web')}",
        f"{forbidden()}{ASKED}{of_namespaces('we*')}",
        f'{forbidden()}{ASKED}"policyArn": "{POLICY}AmazonEKSViewPolicy", "accessScope": {{"type": "cluster"}}',
        # Another principal's entry, and a service account, which no entry is for.
        f'{forbidden()}{ASKED.replace("viewer", "other")}{{"associatedAccessPolicies": []}}',
        f'{forbidden(who="system:serviceaccount:web:app")}{ASKED}{{"associatedAccessPolicies": []}}',
    ],
)
def test_policies_that_do_not_decide_are_no_cause(text: str) -> None:
    assert access_cause(text) is None
    assert access_fix(text) is None


REFUSED = "error: You must be logged in to the server (Unauthorized)\n"
WHO = "$ aws sts get-caller-identity --query Arn --output text\narn:aws:iam::111122223333:user/ann\n"
LISTED = "$ aws eks list-access-entries --cluster-name shop\n"
ADMINS, NODES = "arn:aws:iam::111122223333:role/admins", "arn:aws:iam::111122223333:role/shop-nodes"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (f'{{"accessEntries": ["{ADMINS}", "{NODES}"]}}', "Use the role admins"),
        (f"{ADMINS}\t{NODES}\n", "Use the role admins"),
        (f"accessEntries:\n- {NODES}\n- {ADMINS}\n", "for shop-nodes and admins"),
        (f'{ADMINS}\n$ aws eks describe-cluster --name shop | grep authenticationMode\n"API"', "aws-auth is not read"),
        (f'{ADMINS}\n"authenticationMode": "API_AND_CONFIG_MAP"', "nor, as far as the text shows, a line"),
        (
            f"{ADMINS}\n# ann is in mapUsers of aws-auth",
            "entry for this user: the entries are for admins. A line in aws-auth",
        ),
        (f"{ADMINS}\n$ aws eks describe-cluster --query cluster.accessConfig.authenticationMode\nAPI", "is not read"),
        (f"{ADMINS}\n$ jq '[.cluster.status,.cluster.accessConfig.authenticationMode]'\nACTIVE\tAPI\n", "is not read"),
        (f"{ADMINS}\nthe authenticationMode is not known\nAPI errors came later", "nor, as far as the text shows, a"),
    ],
)
def test_a_caller_without_an_entry_is_named(answer: str, said: str) -> None:
    look, fix = access_cause(f"{REFUSED}{WHO}{LISTED}{answer}"), access_fix(f"{REFUSED}{WHO}{LISTED}{answer}")
    assert look is not None and fix is not None
    assert "The caller is the user ann, but the cluster has no access entry for this user" in look.cause
    assert said in look.cause
    assert f"--name shop --role-arn {ADMINS}" in str(fix.change)


def test_a_role_of_identity_center_is_signed_in_to_and_not_assumed() -> None:
    role = (
        "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"
    )
    look, fix = access_cause(f"{REFUSED}{WHO}{LISTED}{role}"), access_fix(f"{REFUSED}{WHO}{LISTED}{role}")
    assert look is not None and "Sign in with the permission set Admin" in look.cause
    assert "one with the permission set Admin" in str(fix) and "--role-arn" not in str(fix)


def test_a_caller_with_an_entry_calls_with_other_credentials() -> None:
    text = f'{REFUSED}{WHO}{LISTED}["{ADMINS}", "arn:aws:iam::111122223333:user/ann"]'
    look = access_cause(text)
    assert look is not None
    assert "has an access entry. Most likely kubectl uses other credentials" in look.cause
    assert access_fix(text) is None


@pytest.mark.parametrize("text", [f"{REFUSED}{WHO}", f"{REFUSED}{LISTED}{ADMINS}", f"{WHO}{LISTED}{ADMINS}"])
def test_entries_decide_nothing_without_the_refusal_and_the_caller(text: str) -> None:
    assert access_cause(text) is None


def test_the_answer_of_the_list_ends_at_the_next_prompt() -> None:
    assert cluster_access(f"{LISTED}{ADMINS}\n$ aws iam get-role\n{NODES}").entries == (ADMINS,)


def _first(text: str) -> str:
    (failure,) = read_text(text)
    return collect_offline(failure).first_look[0].cause


@pytest.mark.parametrize(
    "text",
    [
        forbidden(what="namespaces", space="", who="system:anonymous"),
        '{"message":"pods is forbidden: User \\"system:anonymous\\" cannot list resource \\"pods\\" in API group '
        '\\"\\" at the cluster scope","reason":"Forbidden","code":403}',
        forbidden("get", "nodes", "", "system:anonymous").replace("Error from server (Forbidden): ", ""),
    ],
)
def test_nothing_is_bound_to_anonymous(text: str) -> None:
    assert _first(text).startswith("The request reached the cluster without credentials")


@pytest.mark.parametrize(
    ("group", "custom"), [("monitoring.coreos.com", True), ("argoproj.io", True), ("apps", False), ("batch", False)]
)
def test_access_policies_have_no_custom_resources(group: str, custom: bool) -> None:
    said = _first(forbidden().replace('API group ""', f'API group "{group}"'))
    assert said.startswith("The cluster knows the role viewer")
    assert ("is not an API group of Kubernetes itself" in said) == custom


def test_a_session_of_a_masked_account_is_one() -> None:
    assert _first(forbidden(who="arn:aws:sts::1234:assumed-role/viewer/ann")).startswith("The cluster knows the role")


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("$ aws eks describe-cluster --query cluster.accessConfig.authenticationMode\nAPI", True),
        ('"authenticationMode": "API"', True),
        ('"authenticationMode": "API_AND_CONFIG_MAP"', False),
        ('"authenticationMode": "CONFIG_MAP"', False),
    ],
)
def test_a_cluster_whose_mode_is_api_does_not_read_aws_auth(mode: str, said: bool) -> None:
    look = access_cause(f"{REFUSED}{WHO}# ann is in mapUsers of aws-auth\n{mode}\n")
    assert (look is not None and "does not read aws-auth" in look.cause) is said


ENTRIES = (
    "error: You must be logged in to the server (Unauthorized)\n{}\n$ aws eks list-access-entries --cluster-name shop\n"
    '["arn:aws:iam::111122223333:role/tf-deploy", "arn:aws:iam::111122223333:role/shop-ng-node"]\n'
)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("my kubeconfig uses arn:aws:iam::111122223333:user/maria", "user maria"),
        ("kubectl runs as arn:aws:sts::111122223333:assumed-role/ops/ann", "role ops"),
        ("I created it with arn:aws:iam::111122223333:role/tf-deploy", ""),
    ],
)
def test_the_identity_that_the_author_names_for_kubectl_is_looked_up_in_the_entries(said: str, name: str) -> None:
    found = access_cause(ENTRIES.format(said))
    assert (found is not None and f"is the {name}, but the cluster has no access entry" in found.cause) is bool(name)
