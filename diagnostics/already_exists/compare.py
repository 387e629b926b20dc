"""What was wanted against what is there: each difference, and the command that would make the one like the other."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from typing import Any

from diagnostics.already_exists.commands import compact_json, iam, shown, tag_list
from diagnostics.already_exists.describe import as_list, joined, statements_of, trusted, value_of
from diagnostics.already_exists.search import Found
from diagnostics.already_exists.wanted import Wanted
from diagnostics.diagnosis import Evidence, Status, Step
from iam.account import ManagedPolicy, OIDCProvider, Role
from iam.policy.document import Document


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was wanted and is otherwise. ``is_`` is what exists, in a few words or as policy text.

    ``command`` makes it as wanted (``aws …`` options as for `iam`), and is empty where nothing can: a path, a name.
    """

    aspect: str
    wanted: str
    is_: str
    command: tuple[Any, ...] = ()
    wanted_document: Document | None = None
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """``differences`` that were seen, ``same`` the aspects that agree, ``unknown`` those that could not be compared.

    ``other_purpose`` is True when the two are trusted by entirely different principals: then they are not the same
    thing. ``identical`` needs the trust policy and everything else that was told to agree.
    """

    told: bool
    differences: tuple[Difference, ...] = ()
    same: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    other_purpose: bool = False

    @property
    def identical(self) -> bool:
        return self.told and bool(self.same) and not self.differences and not self.unknown

    @property
    def commands(self) -> tuple[tuple[Any, ...], ...]:
        return tuple(each.command for each in self.differences if each.command)


def compare(found: Found, wanted: Wanted) -> tuple[Comparison, Step]:
    """The differences between what was wanted and ``found``. Nothing told is said so, and compares nothing."""
    title = "What was wanted, and what is there"
    if not wanted.told:
        said = "unknown: the text does not say what the new one was to be"
        if wanted.elsewhere:
            said = f"unknown: it is in {joined(shown(each) for each in wanted.elsewhere)}, which was not pasted"
        return Comparison(False), Step("wanted", title, Status.UNKNOWN, said)
    differences: list[Difference] = []
    same: list[str] = []
    unknown: list[str] = [f"what is in {shown(each)}" for each in wanted.elsewhere]
    entity = found.entity
    if wanted.path is not None and found.path is not None:
        _note("path", wanted.path, found.path, (), differences, same)
    if isinstance(entity, Role):
        _compare_role(entity, wanted, differences, same, unknown)
    elif isinstance(entity, ManagedPolicy) and wanted.document is not None:
        if entity.document is None:
            unknown.append("the policy's default version")
        else:
            _compare_documents("document", wanted.document, entity.document, (), differences, same)
    elif isinstance(entity, OIDCProvider) and wanted.audiences is not None:
        if entity.client_ids is None:
            unknown.append("its audiences")
        else:
            missing = [each for each in wanted.audiences if each not in entity.client_ids]
            for each in missing:
                command = (
                    "add-client-id-to-open-id-connect-provider",
                    ("open-id-connect-provider-arn", entity.arn),
                    ("client-id", each),
                )
                differences.append(Difference(f"audience {each}", each, "not in the list", command))
            if not missing:
                same.append("audiences")
    other_purpose = _other_purpose(entity, wanted)
    comparison = Comparison(True, tuple(differences), tuple(same), tuple(unknown), other_purpose)
    return comparison, _step(comparison, wanted, title)


def _compare_role(
    role: Role, wanted: Wanted, differences: list[Difference], same: list[str], unknown: list[str]
) -> None:
    target = ("role-name", role.name)
    command: tuple[Any, ...]
    if wanted.trust is not None:
        if role.trust is None:
            unknown.append("the trust policy")
        else:
            command = _with_document(("update-assume-role-policy", target), wanted.trust)
            _compare_documents("trust policy", wanted.trust, role.trust, command, differences, same)
    if wanted.attached is not None:
        if role.attached is None:
            unknown.append("the attached policies")
        else:
            have = {each.arn for each in role.attached}
            for arn in wanted.attached:
                command = ("attach-role-policy", target, ("policy-arn", arn))
                _note(f"policy {arn}", arn, arn if arn in have else "not attached", command, differences, same)
            extra = sorted(have - set(wanted.attached))
            if extra:
                differences.append(Difference("more policies", "not asked for", joined(extra)))
    if wanted.inline is not None:
        if role.inline is None:
            unknown.append("the inline policies")
        else:
            documents = {each.name: each.document for each in role.inline}
            for name, document in wanted.inline.items():
                command = _with_document(("put-role-policy", target, ("policy-name", name)), document)
                if name in documents:
                    _compare_documents(f"inline {name}", document, documents[name], command, differences, same)
                else:
                    _note(f"inline {name}", "there", "not there", command, differences, same)
    if wanted.boundary is not None:
        command = ("put-role-permissions-boundary", target, ("permissions-boundary", wanted.boundary))
        _note("boundary", wanted.boundary, role.boundary_arn or "none", command, differences, same)
    if wanted.tags is not None:
        if role.tags is None:
            unknown.append("the tags")
        else:
            missing = {key: value for key, value in wanted.tags.items() if role.tags.get(key) != value}
            if missing:
                there = {key: role.tags.get(key, "") for key in missing}
                command = ("tag-role", target, ("tags", tag_list(missing)))
                differences.append(Difference("tags", _tag_words(missing), _tag_words(there), command))
            else:
                same.append("tags")
    if wanted.description is not None:
        if role.description is None:
            unknown.append("the description")
        else:
            command = ("update-role", target, ("description", wanted.description))
            _note("description", wanted.description, role.description, command, differences, same)
    if wanted.max_session_seconds is not None:
        if role.max_session_seconds is None:
            unknown.append("the session length")
        else:
            seconds = str(wanted.max_session_seconds)
            command = ("update-role", target, ("max-session-duration", seconds))
            _note("session length", seconds, str(role.max_session_seconds), command, differences, same)


def _with_document(command: tuple[Any, ...], document: Document) -> tuple[Any, ...]:
    """The command that writes a document, or none where it would open something to everything: that is never advice."""
    return () if wide_open(document) else (*command, ("policy-document", compact_json(value_of(document))))


def wide_open(document: Document) -> bool:
    """Whether an Allow statement names ``*`` as action, principal or resource."""
    for statement in statements_of(document):
        if statement.get("Effect") != "Allow":
            continue
        principal = statement.get("Principal")
        principals = principal.values() if isinstance(principal, dict) else [principal]
        values = [statement.get("Action"), statement.get("Resource"), *principals]
        if any(each == "*" for value in values for each in as_list(value)):
            return True
    return False


def _tag_words(tags: dict[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in tags.items())


def _note(
    aspect: str, wanted: str, is_: str, command: tuple[Any, ...], differences: list[Difference], same: list[str]
) -> None:
    if wanted == is_:
        same.append(aspect)
    else:
        differences.append(Difference(aspect, wanted, is_, command))


def _compare_documents(
    aspect: str,
    wanted: Document,
    is_: Document,
    command: tuple[Any, ...],
    differences: list[Difference],
    same: list[str],
) -> None:
    if canonical(wanted) == canonical(is_):
        same.append(aspect)
    else:
        differences.append(Difference(aspect, "otherwise", "otherwise", command, wanted, is_))


def canonical(document: Document) -> Any:
    """A policy document without what does not change its meaning: Id and Sids, order, one value or a list of one."""
    value = value_of(document)
    if not isinstance(value, dict):
        return document.text
    statements = [_canonical_statement(each) for each in as_list(value.get("Statement"))]
    return str(value.get("Version", "2008-10-17")), sorted(statements)


def _canonical_statement(statement: Any) -> str:
    if not isinstance(statement, dict):
        return json.dumps(statement, sort_keys=True)
    parts = {key: _sorted_values(value, key) for key, value in statement.items() if key != "Sid"}
    return json.dumps(parts, sort_keys=True)


def _sorted_values(value: Any, element: str) -> Any:
    if isinstance(value, dict):
        return {key: _sorted_values(each, element) for key, each in value.items()}
    texts = [str(each).lower() if isinstance(each, bool) else str(each) for each in as_list(value)]
    if element in ("Action", "NotAction"):
        texts = [text.lower() for text in texts]
    return sorted(set(texts))


def _other_purpose(entity: Any, wanted: Wanted) -> bool:
    if not isinstance(entity, Role) or wanted.trust is None or entity.trust is None:
        return False
    wanted_principals, have = set(trusted(wanted.trust)), set(trusted(entity.trust))
    return bool(wanted_principals and have) and not wanted_principals & have


def difference_text(wanted: Document, is_: Document) -> str:
    """The difference of two documents, line by line: ``-`` what exists, ``+`` what was wanted."""

    def lines(document: Document) -> list[str]:
        value = value_of(document)
        return (json.dumps(value, indent=2) if value is not None else document.text).splitlines()

    compared = difflib.unified_diff(lines(is_), lines(wanted), "exists", "wanted", lineterm="", n=2)
    return "\n".join(list(compared)[2:])


def _step(comparison: Comparison, wanted: Wanted, title: str) -> Step:
    evidence = []
    for each in comparison.differences:
        if each.wanted_document and each.document:
            text = f"{each.aspect}:\n{difference_text(each.wanted_document, each.document)}"
            evidence.append(Evidence(text, element=each.aspect, document=each.document))
        else:
            text = f"{each.aspect}: wanted {shown(each.wanted)}, there is {shown(each.is_)}"
            evidence.append(Evidence(text, element=each.aspect))
    evidence += [Evidence(f"{shown(each)}: the same") for each in comparison.same]
    evidence += [Evidence(f"could not be compared: {shown(each)}") for each in comparison.unknown]
    parts = []
    if comparison.differences:
        parts.append(f"other than wanted: {joined(shown(each.aspect) for each in comparison.differences)}")
    if comparison.same:
        parts.append(f"the same: {joined(shown(each) for each in comparison.same)}")
    if comparison.unknown:
        parts.append(f"not compared: {joined(comparison.unknown)}")
    if comparison.other_purpose:
        parts.insert(0, "made for something else: nobody who should be trusted is")
    status = Status.FAIL if comparison.differences else Status.UNKNOWN if comparison.unknown else Status.PASS
    summary = f"{'; '.join(parts) or 'nothing to compare'} (by {wanted.source})"
    return Step("wanted", title, status, summary, tuple(evidence))


def script(commands: tuple[tuple[Any, ...], ...]) -> str:
    """The commands of differences, one a line. Raises `Untypable` for values that cannot be pasted."""
    return "\n".join(iam(operation, *options) for operation, *options in commands)
