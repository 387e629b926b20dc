"""The tools. Each answers the question of the command with the same name, with an account that stays open."""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from diagnostics.access_tree import TreeQuestion, access_tree
from diagnostics.assumptions import Assumptions
from diagnostics.diagnose import read_text
from diagnostics.differences.asked import not_compared
from diagnostics.differences.what_if import WhatIfError, put, remove
from diagnostics.differences.whole import compare_access
from diagnostics.policy_tests.policy_test import Expectation, Outcome, PolicyTest, Principals
from diagnostics.policy_tests.run import run_tests
from diagnostics.report import to_json
from diagnostics.review.finding import Finding
from diagnostics.review.limits import Limits
from diagnostics.review.report.json_document import finding_json
from diagnostics.review.rules.table import RULES
from diagnostics.review.run import concluded, matches, review
from diagnostics.review.subject import ReviewedAccount
from diagnostics.roles.document import role_value
from diagnostics.roles.policies import policies_to_read
from diagnostics.roles.read import RolesRead
from iam.changes.plan import NothingToDo, PlanError
from iam.history.trail import Trail
from iam.policy.document import Document, PolicyError
from iam.policy.lint import PolicyKind
from iam.questions.answers import AccessVerdict, PrincipalAnswer
from iam.questions.who_can import QuestionError
from iam.questions.who_can_across import who_can_across
from iam.risks.risk import Severity
from iam.sources.source_error import SourceError
from iam.words import listing, plural
from tui.commands.diagnose.texts import Explainer
from tui.commands.mcp.answer import Answer, Pages, UnknownCursor
from tui.commands.mcp.kept_account import MaskedWords, OpenAccount
from tui.commands.who_can import across_json, as_json
from tui.configuration import ConfigurationError, read_configuration
from tui.exit_status import CommandError, UsageError, own_error
from tui.open_account import open_accounts
from tui.paths import configuration_path

MOST_FAILURES = 10
"""The maximum number of failures in a text that are explained."""
MOST_TEXT = 200_000
"""The maximum length in characters of a text passed to a tool."""
MOST_CHANGES = 100
"""The maximum number of recorded changes for which effects are computed."""

Context = Mapping[str, str | Sequence[str]]
P = ParamSpec("P")


class ToolFailed(Exception):
    """Raised if the question cannot be answered. ``str()`` says why, with names masked."""


_EXPECTED = (CommandError, SourceError, QuestionError, PlanError, WhatIfError, PolicyError, UnknownCursor)


def _answering(ask: Callable[Concatenate[Tools, P], Answer]) -> Callable[Concatenate[Tools, P], str]:
    """Wrap a tool so that it answers one question at a time and returns the first page. Raises `ToolFailed`."""

    def answered(self: Tools, /, *given: P.args, **named: P.kwargs) -> str:
        with self.lock:
            try:
                answer = ask(self, *self.masks.plain(given), **self.masks.plain(named))
                return self.pages.first(answer, self.account.read())
            except Exception as error:
                raise self.failed(error) from error

    return answered


class Tools:
    """The tools. Each returns one JSON document as text (see `Pages`). Raises `ToolFailed`."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.lock = threading.Lock()
        self.masks = MaskedWords(masked=not options.unmasked)
        self.account = OpenAccount(options, self.masks.masks)
        self.pages = Pages(self.masks.hide)
        self._trail = Trail(tuple(map(Path, options.trail)))

    def failed(self, error: Exception) -> ToolFailed:
        said = " ".join(map(str, error.args)) if isinstance(error, _EXPECTED) else own_error(error)
        return ToolFailed(self.masks.hide(said))

    def more(self, cursor: str) -> str:
        """Return another page of an earlier answer."""
        with self.lock:
            try:
                return self.pages.further(cursor)
            except UnknownCursor as error:
                raise ToolFailed(str(error)) from error

    @_answering
    def explain_denial(self, text: str, context: Context, role: str) -> Answer:
        failures = read_text(_given(text, "the error's text"))[:MOST_FAILURES]
        if not failures:
            raise UsageError("The text contains no error.")
        accounts = open_accounts(self.options)
        opened = None if self.account.several else self.account.opened()
        explainer = Explainer(_values(context), opened, role or None, self._trail, accounts)
        entries: list[dict[str, Any]] = []
        documents = []
        for number, failure in enumerate(failures, 1):
            diagnosis = explainer.explained(failure)
            if self.masks.masks is not None:
                self.masks.masks.learn(diagnosis)
            document = to_json(diagnosis)
            documents.append(document)
            of = {"failure": number} if len(failures) > 1 else {}
            if number > 1:
                entries.append({**of, "request": document["request"], "verdict": document["verdict"]})
            entries += ({**of, "fix": each} for each in document["fixes"])
            entries += ({**of, "step": each} for each in document["steps"])
            entries += ({**of, "look_first": each} for each in document["first_look"])
        first = documents[0]
        verdict = first["verdict"]
        others = f" The text has {len(failures) - 1} more." if len(failures) > 1 else ""
        facts = {
            "kind": first["kind"],
            "cause": verdict["cause"],
            "request": first["request"],
            "questions": verdict["questions"],
            "since": verdict["since"],
        }
        return Answer(f"{verdict['summary']}{others}", verdict["confidence"], verdict["hangs_on"], facts, entries)

    @_answering
    def who_can(self, action: str, resource: str, context: Context) -> Answer:
        if self.account.several:
            accounts = open_accounts(self.options)
            assert accounts is not None
            across = who_can_across(accounts, action, resource, _values(context))
            document, answer = across_json(across), across.answer
            missing = [f"Not read: {each.words}." for each in accounts.missing]
        else:
            opened = self.account.opened()
            assumptions = Assumptions(opened.account.region or "")
            tree = access_tree(
                self.account.index(), TreeQuestion(action, resource), _values(context), assumptions=assumptions
            )
            answer, document, missing = tree.answer, as_json(tree.answer, opened.account), []
            document["notes"] += [f"Assuming {each.key} = {each.value}." for each in tree.assumptions]
        found = (*answer.principals, *answer.others)
        complete = document["complete"]
        whys = [each["why"] for each in document["unread"]]
        whys += (each["why"] for one in document["principals"] for each in one["unread"])
        keys = [block.key for one in found for each in one.statements for block in each.conditions]
        open_too: list[Any] = [*dict.fromkeys(whys), *document["not_listed"], *missing]
        open_too += ({"key": key} for key in dict.fromkeys(keys))
        if resource == "*":
            open_too.append("Resource-based policies were not read: ask again with the resource's ARN.")
        entries = [*document["principals"], *document["others"], *document["kept_out"]]
        facts = {name: document[name] for name in ("action", "resource", "read_as", "complete", "notes")}
        certainty = "certain" if complete and not open_too else "likely"
        return Answer(_counted(found, answer.read_as), certainty, open_too, facts, entries)

    @_answering
    def can(self, principal: str, action: str, resource: str, context: Context) -> Answer:
        index = self._one_account().index()
        test = PolicyTest("", 1, 1, Principals((principal,)), (action,), (resource,), _values(context))
        result = next(run_tests([test], index))
        if result.problem and not result.differing and result.outcome is not Outcome.OPEN:
            raise UsageError(result.problem)
        decision = Expectation.ALLOWED if result.outcome is Outcome.PASSED else Expectation.UNKNOWN
        if result.outcome is Outcome.FAILED:
            decision = Expectation.DENIED
        hangs_on = list(dict.fromkeys(on for each in result.differing for on in each.depends_on))
        why = result.differing[0].why if result.differing else result.problem
        said = {
            Expectation.ALLOWED: f"{principal} is allowed to perform {action} on {resource}.",
            Expectation.DENIED: f"{principal} is not allowed to perform {action} on {resource}.",
            Expectation.UNKNOWN: f"It is unknown whether {principal} is allowed to perform {action} on {resource}.",
        }[decision]
        certainty = "unknown" if decision is Expectation.UNKNOWN else "certain"
        facts = {"decision": decision.value, "why": why, "checked": result.checked}
        entries = [
            {"principal": each.principal, "action": each.action, "resource": each.resource, "found": each.found.value,
             "why": each.why, "hangs_on": list(each.depends_on)}
            for each in result.differing
        ]  # fmt: skip
        return Answer(f"{said} {why}".strip(), certainty, hangs_on, facts, entries)

    @_answering
    def role(self, name: str) -> Answer:
        opened = self._one_account().opened()
        account, reader = opened.account, opened.reader
        short = name.rpartition("/")[2]
        role = account.role(short) or account.role_ignoring_case(short)
        if role is None or not role.has_details:
            role = reader.role(role.name if role else short).value or role
        if role is None:
            raise UsageError(f"No role {name!r} was found in the data that was read.")
        session = RolesRead(account)
        session.roles_read[role.name] = reader.role(role.name)
        for arn in policies_to_read(session, role):
            session.policies_read[arn] = reader.managed_policy(arn)
        value = role_value(session, session.role(role.name) or role)
        policies = value.pop("Policies")
        trust = value.pop("TrustPolicy")
        entries: list[Mapping[str, Any]] = [{"Name": "trust policy", "Kind": "trust", "Document": trust}]
        entries += policies if isinstance(policies, list) else []
        hangs_on = [f"Not read: {each['Name']}." for each in entries if each["Document"] is None]
        if policies is None:
            hangs_on.append("Not read: the role's policies.")
        carried = "unknown policies" if policies is None else plural(len(entries) - 1, "policy", "policies")
        summary = f"Role {role.name} has {carried}. Null means not read; an empty list means none."
        return Answer(summary, "likely" if hangs_on else "certain", hangs_on, value, entries)

    @_answering
    def review(self, role: str, rule: str, severity: str, workloads: bool) -> Answer:
        if rule and not any(matches(id, (rule,)) for id in RULES):
            raise UsageError(f"There is no rule {rule!r}. The rules are {', '.join(RULES)}.")
        opened = self._one_account().opened()
        limits = _limits()
        skip = opened.reader.kind == "aws" and not workloads
        subject = ReviewedAccount(opened.account, opened.reader, limits, whole=not role, skip_workloads=skip)
        if role and not any(role in (one.entity.name, one.entity.arn) for one in subject.index.principals):
            raise UsageError(f"No role or user {role!r} was found in the data that was read.")
        rules = [rule] if rule else []
        found = [one for one in review(subject, rules=rules, role=role) if isinstance(one, Finding)]
        done = concluded(subject, found, rules=rules)
        counts = {each.value: count for each, count in done.counts.items()}
        least = Severity(severity).rank
        entries = [finding_json(one) for one in done.findings if one.severity.rank <= least]
        by_rules: dict[tuple[str, ...], list[str]] = {}
        for one in done.unread:
            by_rules.setdefault(one.rules, []).append(one.what)
        hangs_on = [{"unread": whats, "rules": list(ids)} for ids, whats in by_rules.items()]
        said = listing([f"{count} {name}" for name, count in counts.items() if count], limit=len(counts))
        summary = f"{plural(sum(counts.values()), 'finding')}{f': {said}' if said else ''}."
        if hangs_on:
            summary += " Some data was not read, so there may be more."
        return Answer(summary, "likely" if hangs_on else "certain", hangs_on, {"counts": counts}, entries)

    @_answering
    def what_if(self, at: str, policy: str | Mapping[str, Any], remove_policy: bool, kind: str) -> Answer:
        opened = self._one_account().opened()
        account, reader = opened.account, opened.reader
        if role := account.role(at):
            at = role.arn
        text = policy if isinstance(policy, str) else json.dumps(policy)
        if remove_policy:
            changed = remove(account, at, text)
        else:
            changed = put(
                account, Document.from_value(_given(text, "a policy")), at, PolicyKind(kind) if kind else None
            )
        before = ReviewedAccount(account, reader)
        access = compare_access(before, ReviewedAccount(changed.account, reader), lambda *_: None)
        hangs_on = not_compared(before)
        if not access.complete:
            hangs_on = [*hangs_on, "Not everything that decides the answer was read."]
        document = access.json()
        entries = [*document["principals"], *({"assuming": each} for each in document["assuming"])]
        if any(not each.get("fully_computed", True) for each in (*document["principals"], *document["assuming"])):
            hangs_on = [*hangs_on, "Other principals may also gain or lose access (fully_computed is false)."]
        summary = f"{changed.sentence} {access.lines()[0]}"
        return Answer(summary, "likely" if hangs_on else "certain", hangs_on, {}, entries)

    @_answering
    def history(self, target: str, since: str) -> Answer:
        from diagnostics.history.log import ChangeEffects, effects_of, entries
        from diagnostics.history.report import Line, log_json
        from tui.commands.history import find_target, gathered, moment

        opened = self._one_account().opened()
        sources = {"no_cache": True, "snapshots": None, "athena": None, "lake": None}
        options = argparse.Namespace(**{**vars(self.options), **sources})
        begun = moment(since, opened.account.now)
        asked = find_target(target, opened)
        recorded = gathered(options, asked, opened, begun, lambda _: None)
        history = recorded.history(opened)
        lines = []
        for number, entry in enumerate(entries(history, asked.entities)):
            if entry.at < begun:
                continue
            known = number < MOST_CHANGES
            effects = effects_of(entry, history, opened) if known else ChangeEffects(why_not="Ask for a shorter time.")
            lines.append(Line(entry, effects))
        document = log_json(
            asked.arn, recorded.since, opened.account.now, lines, recorded.complete, recorded.gaps, opened.account
        )
        gaps = document["gaps"]
        whole = "" if document["complete"] else " The record is not complete."
        summary = f"{plural(len(document['changes']), 'recorded change')} since {document['since']}.{whole}"
        facts = {name: document[name] for name in ("target", "since", "until", "complete")}
        return Answer(summary, "certain" if document["complete"] else "likely", gaps, facts, document["changes"])

    @_answering
    def plan_change(
        self, role: str, change: str, words: Mapping[str, Any], document: str | Mapping[str, Any]
    ) -> Answer:
        from diagnostics.check.run import judged
        from diagnostics.plans.role_change import change_plan
        from iam.changes.export.cli import to_json as plan_json
        from tui.commands.plans.change import change_of
        from tui.commands.plans.output import finding_values

        opened = self._one_account().opened()
        name = role.rpartition("/")[2]
        reading = opened.reader.role(name)
        if reading.value is None:
            raise PlanError(reading.why or f"No role {name} was found in the data that was read.")
        text = document if isinstance(document, str) else json.dumps(document)
        if change in DOCUMENT_CHANGES:
            _given(text, "a policy document")
        options = argparse.Namespace(change=change, **words)
        try:
            made = change_of(Document(text), reading.value, opened.account, options)
            verdict = judged(change_plan([name], made, opened), opened)
        except NothingToDo as nothing:
            return Answer(f"Nothing to do: {nothing}", "certain", (), {"carried_out": False})
        plan = verdict.plan
        value = plan_json(plan)
        findings = finding_values(verdict.findings)
        entries = [*({"call": each} for each in value["calls"]), *({"finding": each} for each in findings)]
        effects = value["effects"]
        entries += ({"gained": each} for each in effects.get("gained", ()))
        entries += ({"lost": each} for each in effects.get("lost", ()))
        said = " ".join(effects.get("said") or (plan.sentence,))
        refused = " AWS would reject the change." if verdict.refused else ""
        hangs_on = [] if effects.get("complete", True) else ["Not everything that decides the effects was read."]
        facts = {
            "title": value["title"],
            "warnings": value["warnings"],
            "in_use": value["in_use"],
            "needs_name": value["needs_name"],
            "carried_out": False,
        }
        summary = f"No calls were made: this is a plan.{refused} {said}"
        return Answer(summary, "likely" if hangs_on else "certain", hangs_on, facts, entries)

    def _one_account(self) -> OpenAccount:
        if self.account.several:
            raise UsageError("This tool answers for only one account: start rolescope mcp with --account ID-or-NAME.")
        return self.account


DOCUMENT_CHANGES = ("trust", "inline", "policy")
"""Changes that require a policy document."""


def _given(text: str, what: str) -> str:
    if not text.strip():
        raise UsageError(f"Give {what}.")
    if len(text) > MOST_TEXT:
        raise UsageError(f"The text is too long: give at most {MOST_TEXT:,} characters.")
    return text


def _values(context: Context) -> dict[str, tuple[str, ...]]:
    return {key: (value,) if isinstance(value, str) else tuple(value) for key, value in context.items()}


def _limits() -> Limits:
    try:
        return read_configuration(configuration_path()).review or Limits()
    except ConfigurationError as error:
        raise UsageError(str(error)) from error


def _counted(found: Sequence[PrincipalAnswer], read_as: str) -> str:
    def of(*verdicts: AccessVerdict) -> int:
        return sum(one.verdict in verdicts for one in found)

    parts: Iterator[tuple[int, str]] = iter(
        (
            (of(AccessVerdict.ALLOWED), "may"),
            (of(AccessVerdict.CONDITIONAL), "may under conditions"),
            (of(AccessVerdict.UNKNOWN), "cannot be decided from the data that was read"),
        )
    )
    said = [f"{count} {words}" for count, words in parts if count]
    return f"{listing(said) if said else 'None of the principals that were read may'}: {read_as}."
