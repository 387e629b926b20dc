"""Rows for the lock of Terraform's state and the answer to its question."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

STATE_LOCK = "the lock of Terraform's state"

STATE_LOCKS: tuple[System, ...] = (
    # Terraform, "State: Locking" (https://developer.hashicorp.com/terraform/language/state/locking).
    made_system(
        STATE_LOCK,
        "Another run holds the lock (Lock Info: Who, Created): wait for it, or check that it is over and run "
        f"terraform force-unlock with the lock's ID. {NONE_MISSING}",
        r"Error\s+acquiring\s+the\s+state\s+lock[\s\S]{0,600}?"
        r"(?:ConditionalCheckFailed|PreconditionFailed|StatusCode:\s*412|Lock\s+Info|already\s+locked)",
        "acquiring the state lock",
        subject=r"\bID:\s+([0-9a-f]{8}-[0-9a-f-]{27})",
        verdict="The Terraform state is locked by another run, which may be over by now (lock {name}). A missing "
        "permission is not the cause.",
    ),
)

UNCONFIRMED_PLANS: tuple[System, ...] = (
    # Terraform CLI, "terraform apply" (https://developer.hashicorp.com/terraform/cli/commands/apply).
    made_system(
        "the answer to Terraform's question",
        "Nothing failed and nothing was changed: the plan was not confirmed. The plan's lines with - or + were not "
        "evaluated as a policy.",
        r"^\s*(?:Apply|Destroy)\s+cancelled\.",
        "apply cancelled.",
        "destroy cancelled.",
        verdict="Nothing failed: the plan was not confirmed, and nothing was changed.",
    ),
)
