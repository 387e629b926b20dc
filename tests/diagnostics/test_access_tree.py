"""Who may do something, and who may become those, as a tree and as a graph."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnostics.access_tree import TreeQuestion, access_tree, read_question
from diagnostics.edge_statements import tree_json, tree_text
from diagnostics.graph import Edge, to_dot, to_mermaid
from iam.questions.index import AccountIndex
from iam.questions.who_can import QuestionError
from tests.support.accounts.questions import ID, allow, indexed, role, snapshot, trust, user

ARN = f"arn:aws:iam::{ID}:role"


def chain(tmp_path: Path) -> AccountIndex:
    """ann → first → second, which may read; and second → first, a circle."""
    assume = allow("sts:AssumeRole")
    roles = [
        role(
            "first", assume, AssumeRolePolicyDocument=trust({"AWS": [f"arn:aws:iam::{ID}:user/ann", f"{ARN}/second"]})
        ),
        role("second", allow("s3:GetObject"), assume, AssumeRolePolicyDocument=trust({"AWS": f"{ARN}/first"})),
    ]
    return indexed(tmp_path, snapshot(roles, [user("ann", assume), user("ben")]))


def test_the_hops_behind_an_answer_end_where_they_meet(tmp_path: Path) -> None:
    tree = access_tree(chain(tmp_path), TreeQuestion("s3:GetObject"))
    assert [one.title for one in tree.roots] == ["role second"]
    assert [(of.title, one.title) for of, one in tree.hops()] == [
        ("role second", "role first"),
        ("role first", "role second"),
        ("role first", "user ann"),
    ]
    assert tree.behind(f"{ARN}/nobody") == ()
    edges = list(tree.edges(TreeQuestion("s3:GetObject")))
    assert edges[0] == Edge("role second", "s3:GetObject") and Edge("user ann", "role first", "assumes") in edges
    assert to_mermaid(edges).startswith('flowchart LR\n  n0["role second"]')


@pytest.mark.parametrize(
    ("text", "action", "resource"),
    [
        ("who can iam:PassRole on first?", "iam:PassRole", f"{ARN}/first"),
        ("iam:PassRole role/first", "iam:PassRole", f"{ARN}/first"),
        ("Who may s3:Get* on arn:aws:s3:::a b/*?", "s3:Get*", "arn:aws:s3:::a b/*"),
        ("s3:ListAllMyBuckets", "s3:ListAllMyBuckets", "*"),
        ("iam:PassRole on *", "iam:PassRole", "*"),
    ],
)
def test_questions_as_people_write_them(tmp_path: Path, text: str, action: str, resource: str) -> None:
    account = chain(tmp_path).account
    assert read_question(text, account) == TreeQuestion(action, resource)


@pytest.mark.parametrize("text", ["", "who can", "first"])
def test_what_is_no_question_is_said(tmp_path: Path, text: str) -> None:
    index = chain(tmp_path)
    with pytest.raises(QuestionError):
        access_tree(index, read_question(text, index.account))


def test_names_are_no_syntax_of_a_graph() -> None:
    hostile = 'a"]; x --> y["\n\u202e'
    edges = [Edge(hostile, "b\\", 'l"')]
    mermaid, dot = to_mermaid(edges), to_dot(edges)
    assert "\u202e" not in mermaid + dot and mermaid.count("-->") == 1 and len(mermaid.splitlines()) == 4
    assert dot.count(";\n") == 5 and '[label="b\\\\"]' in dot and 'label="l\\""' in dot


def test_the_reach_of_a_role_goes_the_other_way_and_every_edge_has_its_statements(tmp_path: Path) -> None:
    index = chain(tmp_path)
    question = read_question("from first", index.account)
    assert question == TreeQuestion("from", f"{ARN}/first", reach=True)
    tree = access_tree(index, question)
    assert [(one.title, one.step) for one in tree.roots] == [("role second", "may assume it")]
    [root] = tree.roots
    assert {statement.policy.name for statement in root.statements} >= {"trust policy of second"}
    assert Edge("role first", "role second", "may assume it") in list(tree.edges(question))
    forward, back = access_tree(index, TreeQuestion("sts:AssumeRole", f"{ARN}/second")), tree_json(tree, question)
    assert [one.title for one in forward.roots] == ["role first"]
    assert back["roots"][0]["granted_by"] and back["hops"][0]["who"] == "role first"
    text = tree_text(tree, question)
    assert "by trust policy of second, statement 1" in text and "role second reaches" in text
    with pytest.raises(QuestionError):
        access_tree(index, read_question("from nobody", index.account))
