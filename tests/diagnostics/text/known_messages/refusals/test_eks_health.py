"""A list of a node role's policies shows which of the needed ones is missing."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

JOINS = "Health issues: NodeCreationFailure - Instances failed to join the kubernetes cluster\n"
WORKER, CNI, PULL = "AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"


@pytest.mark.parametrize(("attached", "lacks"), [
    ((WORKER, CNI), PULL),
    ((PULL, CNI), WORKER),
    (("AmazonEC2ContainerRegistryReadOnly", CNI, "AmazonSSMManagedInstanceCore"), WORKER),
    ((WORKER, CNI, "AmazonEC2ContainerRegistryReadOnly"), ""),
])  # fmt: skip
def test_the_missing_policy(attached: tuple[str, ...], lacks: str) -> None:
    summary = diagnosed(f"{JOINS}Attached to role ng-role: {', '.join(attached)}\n").verdict.summary
    assert (f"has no {lacks}: attach it" in summary) if lacks else ("has no Amazon" not in summary)


def test_a_text_without_such_a_list_blames_no_policy() -> None:
    assert "has no Amazon" not in diagnosed(JOINS).verdict.summary
