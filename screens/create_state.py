"""A creation on its way: what was answered, what the account said of it, and the fields, faults and notes from both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from iam.account import Account
from iam.changes.recipe import Facts
from iam.changes.spec import RoleSpec
from screens.create_caller import BoundaryDemanded
from screens.create_conflict import conflict_text
from screens.create_draft import Draft, Fault
from screens.create_fields import Names, detail_fields, permission_fields, trust_fields
from screens.create_notes import Notes, detail_notes, trust_notes
from screens.create_steps import Step
from screens.create_understand import Granted, Understood
from screens.session import Session
from screens.widgets.completion import Names as Offered
from screens.widgets.form import Field
from screens.widgets.form_sentence import Tone


@dataclass
class Creation:
    """``granted`` tells managed policies by ARN. ``spec`` is what was checked last, ``planned`` what was planned last.

    Only the screen's message handlers change it.
    """

    session: Session
    draft: Draft = field(default_factory=Draft)
    names: Names = field(default_factory=dict)
    granted: dict[str, Granted] = field(default_factory=dict)
    understood: Understood | None = None
    demanded: BoundaryDemanded | None = None
    tried_to_leave: set[Step] = field(default_factory=set)
    spec: RoleSpec | None = None
    planned: RoleSpec | None = None

    def forget(self) -> None:
        """Begin anew; what is known of the account stays."""
        self.draft = Draft()
        self.granted.clear()
        self.tried_to_leave.clear()
        self.understood = self.spec = self.planned = None

    @property
    def account(self) -> Account | None:
        return self.session.account

    @property
    def facts(self) -> Facts:
        return Facts.of(self.account) if self.account else Facts("000000000000")

    @property
    def taken(self) -> bool:
        """Whether a role has the name that was typed, in any case of its letters."""
        name = self.draft.get("name")
        return bool(self.account is not None and name and self.account.role_ignoring_case(name))

    def fields(self, step: Step) -> list[Field]:
        match step:
            case Step.WHO:
                return trust_fields(self.draft, self.names)
            case Step.MAY:
                return permission_fields(self.draft, self.names)
        return detail_fields(self.draft, self.names, self.account)

    def offers(self, step: Step) -> Mapping[str, Offered]:
        """The names to complete with, by field."""
        found: dict[str, Offered] = {spec.id: spec.names for spec in self.fields(step) if spec.names}
        if step is Step.DETAILS and self.demanded is not None and self.demanded.arn:
            # Whoever must set a boundary may often not list the policies.
            found["boundary"] = tuple(dict.fromkeys((self.demanded.arn, *self.names.get("boundary", ()))))
        return found

    def faults(self, step: Step) -> list[Fault]:
        """What keeps the step from being left, each at its field."""
        match step:
            case Step.WHO:
                return list(self.draft.trust_faults(self.facts, self.account))
            case Step.MAY:
                found = list(self.draft.permission_faults(self.facts, self.account))
                for key, granted in self._granted_at():
                    if granted.tone is Tone.FAULT:
                        found.append(Fault(key, granted.sentence))
                return found
            case Step.DETAILS:
                found = list(self.draft.detail_faults(self.account))
                demanded = self.demanded
                if demanded is not None and demanded.arn and self.draft.get("boundary") != demanded.arn:
                    found.append(Fault("boundary", demanded.sentence))
                return found
        return []

    def _granted_at(self) -> list[tuple[str, Granted]]:
        """What the chosen managed policies grant, by field."""
        return [
            (key, self.granted[value.strip()])
            for key, value in self.draft.values.items()
            if key.startswith("perm.managed.") and value.strip() in self.granted
        ]

    def notes(self, step: Step) -> Notes:
        """Faults where something was typed (or everywhere, once it was tried to go on), else what helps."""
        said: Notes = {}
        match step:
            case Step.WHO:
                said |= trust_notes(self.draft, self.account)
            case Step.MAY:
                said |= {key: (granted.sentence, granted.tone) for key, granted in self._granted_at()}
            case Step.DETAILS:
                said |= detail_notes(self.draft, self.account)
        for fault in self.faults(step):
            typed = bool(self.draft.values.get(fault.field, "").strip())
            asked = fault.field == "boundary"
            # A policy that is being typed is wrong all the time: it is said, but not as long as it is empty.
            if typed or asked or step in self.tried_to_leave:
                said[fault.field] = (fault.sentence, Tone.FAULT)
        return said

    def policy_arn(self, text: str) -> str:
        """The ARN of a managed policy that was told by its name."""
        name = text.strip()
        if not name or name.startswith("arn:"):
            return text
        found = [arn for arn in self.names.get("policy", ()) if arn.rpartition("/")[2] == name]
        return found[0] if len(found) == 1 else text

    def conflict_text(self) -> str:
        return conflict_text(self.draft, self.facts)
