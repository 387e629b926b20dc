"""Reads the missing details of a role in a worker, which is canceled when the cursor moves on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.worker import get_current_worker

from diagnostics.roles.policies import policies_to_read
from screens.frame.base import BaseScreen
from screens.messages import PolicyRead, RoleRead
from screens.session import Session
from screens.worker_failures import run_in_thread

if TYPE_CHECKING:
    from iam.account import Role


def lacks_details(session: Session, role: Role) -> bool:
    """Return whether the role's details are missing and no attempt to read them has ended."""
    return not role.has_details and role.name not in session.roles_read


def lacks(session: Session, role: Role) -> bool:
    """Return whether anything about the role is left to read."""
    return lacks_details(session, role) or bool(policies_to_read(session, role))


class LoadsRoles(BaseScreen):
    """A screen that reads a role's details.

    The results are sent to the app, which stores them and informs all screens.
    """

    _requested: tuple[str | None, tuple[str, ...]] | None = None
    _requested_for: object = None
    """The session's ``policies_read`` at the last request. If the session now has another one, the data is read again.
    """

    def load(self, role: Role) -> None:
        """Read the role's details and its managed policies' documents, unless they are known or being read."""
        session = self.session
        if session.reader is None or (session.loading and not role.has_details):
            # While the account is still being read, its next part may contain the details, which takes no further
            # calls.
            return
        wants_role = lacks_details(session, role)
        arns = policies_to_read(session, role)
        if not wants_role and not arns:
            return
        reader = session.reader
        request = (role.name if wants_role else None, arns)
        roles, policies = session.roles_read, session.policies_read
        if (
            request == self._requested
            and policies is self._requested_for
            and any(
                worker.group == "details" and not worker.is_finished for worker in self.workers if worker.node is self
            )
        ):
            return
        self._requested, self._requested_for = request, policies

        def work() -> None:
            worker = get_current_worker()
            if wants_role and not worker.is_cancelled:
                self.app.post_message(RoleRead(role.name, reader.role(role.name), roles))
            for arn in arns:
                if worker.is_cancelled:
                    return
                self.app.post_message(PolicyRead(arn, reader.managed_policy(arn), policies))

        run_in_thread(self, work, "details")
