"""A creation on its way: what was answered, what the account said of it, and the fields, faults and notes from both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iam import field_rules as fields
from iam.account import Account
from iam.arn import name_of
from iam.creation.needed_actions import Needed
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.spec import RoleSpec
from iam.policy.document import Document
from iam.policy.lint import PolicyKind
from screens.create.builder import BUILT, built_document, built_notes, has_statements, needed_besides
from screens.create.caller import BoundaryDemanded
from screens.create.conflict import conflict_of
from screens.create.document_check import Examined, examined_note
from screens.create.draft import CUSTOM, Draft
from screens.create.faults import Fault, detail_faults, permission_faults, trust_faults
from screens.create.fields import Names, detail_fields, names_alike, permission_fields, trust_fields
from screens.create.grants import Granted, Understood
from screens.create.notes import Notes, detail_notes, trust_notes
from screens.create.steps import Step
from screens.session import Session
from screens.widgets.form.form import Field
from screens.widgets.form.sentence import Tone

if TYPE_CHECKING:
    from diagnostics.failure import Conflict


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
    examined: dict[str, Examined] = field(default_factory=dict)
    """What lint and AWS found in a document of one's own, by the field that it is in."""

    def forget(self) -> None:
        """Begin anew; what is known of the account stays."""
        self.draft = Draft(table=self.draft.table)
        self.granted.clear()
        self.tried_to_leave.clear()
        self.understood = self.spec = self.planned = None

    @property
    def account(self) -> Account | None:
        return self.session.account

    @property
    def facts(self) -> AccountFacts:
        return AccountFacts.of(self.account) if self.account else AccountFacts("000000000000")

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
                return permission_fields(self.draft, self.names, self.facts)
        names = self.names
        if self.demanded is not None and self.demanded.arn:
            # Whoever must set a boundary may often not list the policies.
            names = {**names, "boundary": tuple(dict.fromkeys((self.demanded.arn, *names.get("boundary", ()))))}
        return detail_fields(self.draft, names, self.facts, self.account)

    def faults(self, step: Step) -> list[Fault]:
        """What keeps the step from being left, each at its field."""
        match step:
            case Step.WHO:
                return list(trust_faults(self.draft, self.facts, self.account))
            case Step.MAY:
                found = list(permission_faults(self.draft, self.facts, self.account))
                for key, granted in self._granted_at():
                    if granted.tone is Tone.FAULT:
                        found.append(Fault(key, granted.sentence))
                said = {fault.field for fault in found}
                for key, (sentence, tone) in self._built_notes().items():
                    if tone is Tone.FAULT and key not in said:
                        found.append(Fault(key, sentence))
                return found
            case Step.DETAILS:
                found = list(detail_faults(self.draft, self.account))
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

    def _built_notes(self) -> Notes:
        draft = self.draft
        if draft.table is None or not has_statements(draft.values):
            return {}
        examined = self._examined(BUILT)
        findings = examined.findings if examined is not None else ()
        return built_notes(draft.values, draft.table, self.facts, findings, self.needed)

    @property
    def needed(self) -> tuple[Needed, ...]:
        """What the statements need besides themselves."""
        keys_known = bool(self.names.get("key"))
        return needed_besides(self.draft.values, self.draft.table, self.facts, keys_known=keys_known)

    @property
    def documents(self) -> Mapping[str, tuple[Document, PolicyKind]]:
        """The documents that somebody wrote, by their fields: worth a look by lint and by AWS."""
        values, found = self.draft.values, dict[str, tuple[Document, PolicyKind]]()
        if self.draft.kind == CUSTOM and (text := values.get("trust.custom", "")).strip():
            found["trust.custom"] = (Document(text), PolicyKind.TRUST)
        if (text := values.get("perm.json", "")).strip():
            found["perm.json"] = (Document(text), PolicyKind.IDENTITY)
        if (document := built_document(values, self.draft.table)) is not None:
            found[BUILT] = (document, PolicyKind.IDENTITY)
        return found

    def _examined(self, key: str) -> Examined | None:
        """What was found in a document, where it still has the text that was looked at."""
        examined, now = self.examined.get(key), self.documents.get(key)
        return examined if examined is not None and now is not None and examined.text == now[0].text else None

    def limit_of(self, key: str) -> int:
        """The characters that the document of a field may have, white space not counted."""
        quotas = (self.account.summary or {}) if self.account else {}
        if key.startswith("trust"):
            return quotas.get("AssumeRolePolicySizeQuota", fields.TRUST_SIZE)
        return quotas.get("RolePolicySizeQuota", fields.INLINE_SIZE)

    def notes(self, step: Step) -> Notes:
        """Faults where something was typed (or everywhere, once it was tried to go on), else what helps."""
        said: Notes = {}
        for key in ("trust.custom", "perm.json"):
            if (written := self.documents.get(key)) is not None:
                said[key] = examined_note(written[0], self.limit_of(key), self._examined(key))
        match step:
            case Step.WHO:
                said |= trust_notes(self.draft, self.account)
            case Step.MAY:
                said |= {key: (granted.sentence, granted.tone) for key, granted in self._granted_at()}
                for key, (sentence, tone) in self._built_notes().items():
                    # What is still to be told is asked for; it is a fault once somebody goes on without it.
                    said[key] = (sentence, Tone.NOTE if tone is Tone.FAULT else tone)
            case Step.DETAILS:
                said |= detail_notes(self.draft, self.account, names_alike(self.draft, self.names, self.facts))
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
        found = [arn for arn in self.names.get("policy", ()) if name_of(arn) == name]
        return found[0] if len(found) == 1 else text

    def conflict(self) -> Conflict:
        return conflict_of(self.draft, self.facts)
