"""What IAM says still depends on an entity that was to be deleted, by the kind of entity."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

POLICY = "arn:aws:iam::444455556666:policy/app"


def conflict(operation: str, said: str) -> str:
    return f"An error occurred (DeleteConflict) when calling the {operation} operation: {said}"


@pytest.mark.parametrize(
    ("text", "words", "check"),
    [
        (
            f"Error: deleting IAM Policy ({POLICY}): operation error IAM: DeletePolicy, https response error "
            "StatusCode: 409, DeleteConflict: Cannot delete a policy attached to entities.",
            "The policy is still attached",
            f"list-entities-for-policy --policy-arn {POLICY}",
        ),
        (
            f"aws iam delete-policy --policy-arn {POLICY}\n\n"
            + conflict("DeletePolicy", "This policy has more than one version. Before you delete a policy, you must "
                       "delete the policy's versions. The default version is deleted with the policy."),
            "has other versions",
            None,
        ),
        (
            conflict("DeleteUser", "Cannot delete entity, must delete access keys first."),
            "still has access keys",
            None,
        ),
        (
            conflict("DeleteUser", "Cannot delete entity, must detach all policies first."),
            "Managed policies are still attached to it, often by another tool or person: detach them first.",
            None,
        ),
        (
            conflict("DeleteInstanceProfile", "Cannot delete entity, must remove roles from instance profile first."),
            "still contains a role",
            None,
        ),
        (
            "Error: deleting IAM Role (app): operation error IAM: DeleteRole, https response error StatusCode: 409, "
            "DeleteConflict: Cannot delete entity, must remove roles from instance profile first.",
            "Its instance profiles still contain it",
            "list-instance-profiles-for-role --role-name app",
        ),
        (
            conflict("DeleteGroup", "Cannot delete entity, must remove users from group first."),
            "still has members",
            None,
        ),
    ],
)  # fmt: skip
def test_what_has_to_go_first_is_named_by_the_kind_of_entity(text: str, words: str, check: str | None) -> None:
    (look,) = collect_offline(read_text(text)[0]).first_look
    assert words in look.cause
    assert (look.check or "").endswith(check) if check else not look.check or "arn:" not in look.check


@pytest.mark.parametrize(("operation", "named"), [("DeleteRole", True), ("DeleteUser", False), ("DeleteGroup", False)])
def test_the_argument_of_terraform_is_a_role_s_alone(operation: str, named: bool) -> None:
    text = conflict(operation, "Cannot delete entity, must detach all policies first.")
    (look,) = collect_offline(read_text(text)[0]).first_look
    assert ("force_detach_policies" in look.cause) is named
