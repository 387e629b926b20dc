"""Who changes a role, passes it or runs code as it, in the tree of who can: by the review's ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnostics.access_tree import AccessTree, TreeQuestion, access_tree, read_question
from diagnostics.assume import MayAssume
from diagnostics.edge_statements import tree_json, tree_text
from diagnostics.reach import ReviewedAccounts
from diagnostics.review.limits import Limits
from iam.questions.index import AccountIndex
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.questions import ID, allow, opened, role, snapshot, trust, user
from tests.support.accounts.running import add_workloads, workload, workload_arn

TARGET = f"arn:aws:iam::{ID}:role/target"
PROJECT = workload_arn("codebuild-project")
_SERVICES = trust({"Service": ["lambda.amazonaws.com", "codebuild.amazonaws.com"]})
_NEAR = {"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}
ROLES = [
    role("target", allow("s3:*"), AssumeRolePolicyDocument=_SERVICES),
    role("writer", allow("iam:PutRolePolicy", TARGET)),
    role("opener", allow("iam:UpdateAssumeRolePolicy", TARGET), allow("sts:AssumeRole", TARGET)),
    role("nearby", allow("iam:AttachRolePolicy", TARGET, **_NEAR)),
    role("deployer", allow("iam:PassRole", TARGET), allow(["lambda:CreateFunction", "lambda:InvokeFunction"])),
    role("passer", allow("iam:PassRole", TARGET)),
    role("builder", allow("codebuild:StartBuild", PROJECT)),
    role("bystander", allow(["s3:GetObject", "codebuild:StartBuild"], f"{PROJECT}-other")),
    role("second", allow("sts:AssumeRole"), AssumeRolePolicyDocument=trust({"AWS": f"arn:aws:iam::{ID}:user/ann"})),
]
USERS = [user("ann", allow("sts:AssumeRole", "*")), user("keys", allow("iam:CreateAccessKey", "*"))]


@pytest.fixture
def index(tmp_path: Path) -> AccountIndex:
    content = snapshot(ROLES, USERS)
    add_workloads(content, workload("codebuild-project", TARGET))
    return AccountIndex(*opened(tmp_path, content))


def tree_of(index: AccountIndex, text: str) -> tuple[TreeQuestion, AccessTree]:
    ways = ReviewedAccounts(lambda number: OpenedAccount(index.account, index.reader), Limits())
    question = read_question(text, index.account)
    return question, access_tree(index, question, ways=ways)


def test_who_gets_at_a_role_is_asked_by_every_kind_of_edge(index: AccountIndex) -> None:
    question, tree = tree_of(index, "assume target")
    found = {(one.title, one.step) for one in tree.roots if one.arn}
    assert found == {
        ("role writer", "may change it"),
        ("role opener", "may change it"),
        ("role nearby", "may change it"),
        ("role deployer", "may pass it"),
        ("role builder", "may run code as it"),
    }
    by_name = {one.title: one for one in tree.roots}
    builder, nearby = by_name["role builder"], by_name["role nearby"]
    assert builder.answer is MayAssume.YES and builder.gives == (
        "codebuild:StartBuild on prod: CodeBuild project prod, which runs as target"
    )
    assert nearby.answer is MayAssume.CONDITIONS and "aws:SourceIp" in nearby.note
    for one in tree.roots:
        if one.arn:  # the statement of each edge is there, in its document
            assert one.statements and {each.policy.name for each in one.statements} == {"inline"}, one.title
    assert "lambda:CreateFunction" in by_name["role deployer"].gives
    # Over hops: whoever has the keys of ann is behind the role that ann may assume.
    _, further = tree_of(index, "assume second")
    assert {(of.title, one.title, one.step) for of, one in further.hops()} >= {
        ("user ann", "user keys", "may change it"),
    }
    text, value = tree_text(tree, question), tree_json(tree, question)
    assert "CodeBuild project prod, which runs as target" in text and "by inline, statement 1" in text
    assert {each["step"] for each in value["roots"]} >= {"may run code as it", "may change it", "may pass it"}
    labels = {(edge.source, edge.label) for edge in tree.edges(question)}
    assert labels >= {
        ("role builder", "runs code as"),
        ("role deployer", "passes"),
        ("role writer", "changes"),
        ("role nearby", "changes, under conditions"),
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("writer", {("role target", "may change it")}),
        ("builder", {("role target", "may run code as it")}),
        ("deployer", {("role target", "may pass it")}),
        ("passer", {("role target", "may pass it")}),
        ("bystander", set()),
        ("keys", {("user ann", "may change it")}),
    ],
)
def test_what_a_role_or_user_reaches(index: AccountIndex, name: str, expected: set[tuple[str, str]]) -> None:
    _, tree = tree_of(index, f"from {name}")
    assert {(one.title, one.step) for one in tree.roots} == expected
    assert all(one.statements for one in tree.roots)


def test_the_tree_without_the_ways_is_of_assuming_and_passing_alone(index: AccountIndex) -> None:
    question = read_question("from writer", index.account)
    assert access_tree(index, question).roots == ()
    assert {one.step for one in access_tree(index, read_question("assume target", index.account)).roots} == {
        "may assume it"
    }


def test_the_tree_goes_on_in_other_accounts(tmp_path: Path) -> None:
    from iam.sources.organization.folder import open_folder
    from tests.support.organizations.generate import document, generate
    from tests.support.organizations.generate import role as role_in

    ci, app = "200000000001", "200000000002"
    landing = f"arn:aws:iam::{app}:role/landing"
    made = generate(0)
    of_ci = document({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ci}:root"}, "Action": "sts:AssumeRole"})
    service = document({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
    may = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": landing})
    writes = document({"Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": landing})
    changes = document({"Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": f"arn:aws:iam::{app}:role/far"})
    made.roles[ci] = [role_in(ci, "builder", service, {"own": may})]
    made.roles[app] = [
        role_in(app, "landing", of_ci, {"own": changes}),
        role_in(app, "writer", service, {"own": writes}),
        role_in(app, "far", service, {}),
    ]
    accounts = open_folder(made.write(tmp_path / "it"))
    ways = ReviewedAccounts(accounts.opened, Limits())

    def tree(number: str, text: str) -> AccessTree:
        side = accounts.opened(number)
        assert side is not None
        index = AccountIndex(side.account, side.reader)
        return access_tree(index, read_question(text, side.account), accounts=accounts, ways=ways)

    forward = tree(ci, "from builder")
    assert [(one.title, one.step) for one in forward.roots] == [("role landing in account-02", "may assume it")]
    assert forward.is_role(forward.roots[0])
    assert ("role landing in account-02", "role far", "may change it") in {
        (of.title, one.title, one.step) for of, one in forward.hops()
    }
    back = {(one.title, one.step) for one in tree(app, "assume landing").roots}
    assert back >= {("role builder in account-01", "may assume it"), ("role writer", "may change it")}
