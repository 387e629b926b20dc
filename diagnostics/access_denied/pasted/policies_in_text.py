"""Read the policy documents of a text: their statements, and what the text says around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from diagnostics.access_denied.pasted.json_in_text import completed, is_document, named_parts, statements_in
from diagnostics.access_denied.pasted.placeholders import fitted_statement, open_elements, stated_pattern
from diagnostics.failure import Denial
from diagnostics.text.answer.authors_questions import of_the_author
from diagnostics.text.templates.malformed_actions import meant_action
from diagnostics.text.templates.policies import LAYERS, WrittenPolicy, holders_in
from diagnostics.text.templates.shorthand import heading_owner
from iam.arn import identity_of
from iam.lazy_pattern import regex
from iam.policy.document import Document, PolicyError
from iam.policy.layer import Layer
from iam.policy.match import names_action, resource_matcher
from iam.policy.request import NamedPolicy, Policies
from iam.policy.statements import Statement

_LABEL_WITHIN = 80
_REASON = regex(r"allows the \S+ action|explicit deny in an? [\w-]+(?: control| endpoint)?(?: policy)?")
"""IAM's own phrases. They name the type of policy that denied, but no particular policy."""
WRITES_POLICIES = regex(
    r":(?:put\w*policy|create\w*policy|create\w*version|createrole|updateassume|set\w*(?:policy|attributes)|createkey|"
    r"addpermission|putpermission)",
    re.IGNORECASE,
)
KEY_ARN = regex(r"arn:[\w-]+:kms:[\w-]+:\d{12}:key/[\w-]+")
_ADDED = regex(r"\b(?:source|override)_(?:policy_documents?|json)\b")
"""Arguments of Terraform's aws_iam_policy_document that add statements from elsewhere."""
_HAS = regex(
    r"(?:^|[\s#(])(?:(?:user|role|group) )?(?P<name>[\w+=@-][\w+=,.@-]{1,60})(?:'s)?(?: (?:user|role|group))?"
    r"(?: (?:identity |role |user |inline )?polic(?:y|ies))?(?:: ?| has | have | allows | may )(?:Allow\w* )?$",
    re.IGNORECASE,
)
"""Words before a list of actions that name its owner: ``jenkins user has``, ``hub policy:``."""
_GAVE = regex(
    r"\b(?:gave|given|granted|allowed)[ \t]+(?:the[ \t]+)?(?:(?:role|user)[ \t]+)?[\"'`]?"
    r"(?P<name>[\w+=@-][\w+=,.@-]{1,60})[\"'`]?(?:[ \t]+(?:role|user))?[ \t]+$",
    re.IGNORECASE,
)
"""Words before a list of actions that name who received them: ``I gave the role hub``."""
_GIVEN = regex(
    r"[^.;\n]{1,80}?\b(?:to|on|for) (?:the |our |my )?(?:[\w-]+ ){0,2}(?:role|user)"
    r" [\"'`]?(?P<name>(?=\w*[-_\d])[\w+=@-]{2,64})",
    re.IGNORECASE,
)
"""Words after a list of actions that name its owner: ``to the pipeline role release-web``."""
_OF_OWNER = regex(
    r"(?:(?<!bucket )(?<!key )(?<!queue )(?<!topic )(?<!secret )(?<!resource )(?<!trust )polic(?:y|ies) "
    r"(?:of|on|attached to)|\b(?:I|we|have|has|is|was) (?:\w+ ){0,2}attached to) "
    r"(?:(?:the )?(?:role|user) (?!(?:is|was|has|that|which|itself|in|for|and|we|it)\b)"
    r"[\"'`]?(?P<name>[\w+=,.@-]*[\w+=@])[^\n{}]{0,40}"
    r"|[\"'`]?(?P<alone>[a-zA-Z][\w+=@]*-[\w+=@-]*\w)[\"'`]?[ \t]*:?[^\S\n]*)\s*$",
    re.IGNORECASE,
)
"""Words before a document that name its owner."""
_ALLOW_AT_END = regex(r"[ \t]*[-*]?[ \t]*Allow\w*[ \t:]*$")
_PROPOSED = regex(
    r"\b(?:try (?:this|with)|should be|change (?:it|this) to|replace (?:\w+ )?with|propos\w+|suggest\w*|"
    r"(?:you )?(?:need|have) to add|add this|instead|accepted answer|corrected|fixed (?:policy|version))\b"
    r"|\b(?:ensure|make sure)\b[^.\n]{0,80}\bpolic(?:y|ies) that grants?\s*\Z"
    r"|^[ \t#>*]*(?:(?:from|in|see) )?(?:the )?(?:AWS |official )?(?:docs?|documentation|examples?|samples?|README)\b"
    r"[^\n.]{0,40}\s*(?:```\w*\s*)?\Z",
    re.IGNORECASE | re.MULTILINE,
)
"""Words before a document that is only proposed, not in effect."""
_TRIED = regex(r"\b(?:tried|still|added|changed|replaced|updated|now)\b", re.IGNORECASE)
"""Words before a document that was proposed but is in effect now."""
_PROPOSED_WITHIN = 160


@dataclass(frozen=True, slots=True)
class PastedPolicy:
    """A policy document in the text.

    ``label`` is the layer that the words before the document name, "" if they name none. ``whole`` is False if a
    statement could not be read completely, so that what the document lacks is unknown. In ``document`` every
    placeholder has the value that matches the request best; ``written`` are the statements as in the text, ``sure`` is
    the document with only the statements without placeholders. ``holders`` are the roles and users that the document is
    attached to, as far as the text shows. ``made``: a template or program creates the policy for what it deploys.
    ``speaks``: the policy is about the request's service. ``part``: statements without the document around them, which
    may be truncated. ``proposed``: the words before it say that it is only proposed. ``span`` is where it begins and
    ends in the text. ``listed``: a person listed its actions. ``filled``: the text shows none of its actions, so no
    action is known to be allowed.
    """

    document: Document
    sure: Document
    written: tuple[dict[str, Any], ...]
    label: str
    whole: bool
    holders: frozenset[str] = frozenset()
    made: bool = False
    speaks: bool = True
    part: bool = False
    proposed: bool = False
    span: tuple[int, int] = (0, 0)
    listed: bool = False
    filled: bool = False

    @property
    def names_principals(self) -> bool:
        return any(each.principal is not None or each.not_principal is not None for each in self.document.statements)


def names_the_action(pasted: Sequence[PastedPolicy], action: str) -> bool:
    """Whether a statement of one of the policies names the action."""
    return any(names_action(each.action or (), action) for one in pasted for each in one.document.statements)


def documents_of(
    text: str,
    values: tuple[tuple[int, int, Any], ...],
    written: tuple[WrittenPolicy, ...],
    denial: Denial,
    action: str,
) -> Iterator[PastedPolicy]:
    """Yield the policy documents in the text, except those that are only proposed or quoted from a page."""
    yield from (one for one in _all_documents(text, values, written, denial, action) if not one.proposed)


def _all_documents(
    text: str,
    values: tuple[tuple[int, int, Any], ...],
    written: tuple[WrittenPolicy, ...],
    denial: Denial,
    action: str,
) -> Iterator[PastedPolicy]:
    holders = holders_in(text) if written or "<<" in text else ()
    terraform = "aws_iam_" in text
    added = _ADDED.search(text) is not None
    found: list[tuple[int, int, Any, bool, bool, bool, bool, str, bool, str | None]] = [
        (start, end, each, True, False, not (name or is_document(value)), False, name, False, None)
        for start, end, value in values
        for name, part in named_parts(value)
        for each in statements_in(part, denial, action)
    ]
    found += [
        (
            each.start,
            each.end,
            [{"Effect": "Allow", **one} if _acts(one) else completed(one, denial, action) for one in each.statements],
            each.whole,
            not (terraform or each.listed or _is_bare(text, each.start)),
            False,
            each.listed,
            each.owner,
            not any(one.keys() & {"Action", "NotAction"} for one in each.statements),
            each.layer,
        )
        for each in written
        if _tells_of(each, denial, action)
    ]
    for start, end, statements, read, made, part, listed_so, name, filled, layer in found:
        said = _REASON.split(text[_before(text, start) : start])[-1]
        said = _before_a_list(said) if listed_so else said
        before = (name if not listed_so else "") or _heading(said) + _lines_around(text, start)
        label = next((layer for layer, words in LAYERS if words.search(before)), "")
        if not label and _is_of_a_session(text, start):
            label = "session"
        label = label if layer is None else layer
        if label == "scp" and _names_principals(statements):
            label = "rcp"
        proposed = _is_proposed(text[max(0, start - _PROPOSED_WITHIN) : start])
        listed = [_without_malformed(each) for each in (statements if isinstance(statements, list) else [statements])]
        fitting = [(each, best) for each in listed if (best := fitted_statement(each, denial, action)) is not None]
        document = document_of([best for _, best in fitting])
        try:
            speaks = any(_speaks_of(each, action, denial) for each in document.statements)
        except PolicyError:
            continue
        if not document.statements or (not label and _is_to_be_written(document, denial, action, filled=filled)):
            continue
        sure = document_of(
            [
                best if listed_so and _names_resources(each) else each
                for each, best in fitting
                if not open_elements(each) or (listed_so and _names_resources(each))
            ]
        )
        of = next((names for begin, stop, names in holders if begin <= start < stop), None)
        known = frozenset() if of is None or None in of else frozenset(filter(None, of))
        if listed_so and of_the_author(text, start, denial):
            continue
        owner = _OF_OWNER.search(_ALLOW_AT_END.sub("", text[max(0, start - _LABEL_WITHIN) : start]))
        if listed_so:
            known = _owner_of(name, denial) or _named_before(text, start)
        if not known and owner:
            known = frozenset() if _is_no_role(owner["alone"], denial) else frozenset({owner["name"] or owner["alone"]})
        elif not known and not listed_so:
            known = _attached_to(text, start)
        whole = read and len(fitting) == len(listed) and not added
        named = any(names_action(each.action or (), action) for each in document.statements)
        whole = whole and (named or not part or not _is_cut(text[:start], text[end:]))
        written_as = tuple(each for each, _ in fitting)
        made = made or of is not None
        yield PastedPolicy(
            document,
            sure,
            written_as,
            label,
            whole,
            known,
            made,
            speaks,
            part,
            proposed,
            span=(start, end),
            listed=listed_so,
            filled=filled,
        )


def _without_malformed(statement: Any) -> Any:
    """Return the statement without words that are no actions because of their separator, if it also names others.

    The engine accepts no such word, and AWS matches it with no action.
    """
    actions = statement.get("Action") if isinstance(statement, dict) else None
    if not isinstance(actions, list):
        return statement
    right = [each for each in actions if not (isinstance(each, str) and meant_action(each))]
    return {**statement, "Action": right} if right and len(right) < len(actions) else statement


_SHOWS_IT = regex(r"[^\n]{0,300}\baws[ \t]+[a-z0-9-]+[ \t]+[a-z0-9-]+[^\n]{0,300}\n\s*\Z")
"""The AWS CLI command that printed a document."""
_HEADS_IT = regex(r"[^\n]{0,400}:[ \t]*\n\s*\Z")
"""A line before a document that ends with a colon."""


_CELLS = regex(r"(?:[\w:/.-]+[ \t]+){1,4}")


def _before(text: str, start: int) -> int:
    """Return the start of the words before a document that may say what the document is.

    A command that shows the document, and a line that heads it, are among these words.
    """
    line = text.rfind("\n", 0, len(text[:start].rstrip())) + 1
    if line and _CELLS.fullmatch(text, line, start):  # a row of the command's output as text
        start = line
        line = text.rfind("\n", 0, line - 1) + 1
    above = _SHOWS_IT.match(text, line, start) or _HEADS_IT.match(text, line, start)
    return max(0, min(line, start - _LABEL_WITHIN) if above else start - _LABEL_WITHIN)


_SET_APART = regex(r"(?P<line>[^\n]*:)[ \t]*\n[ \t]*\n\s*\Z")
"""A line that ends with a colon, before a document that a blank line separates from it."""
_SENTENCE_END = regex(r"[.;?!]\s")


def _heading(said: str) -> str:
    """Return the words that say what a document is: those of its paragraph, or the last sentence of a heading."""
    if (above := _SET_APART.search(said)) is not None:
        return _SENTENCE_END.split(above["line"])[-1]
    return _ASSIGNED.sub("", said.rpartition("\n\n")[2])


_ASSIGNED = regex(r"^[ \t]*[\w.-]+[ \t]*=[ \t]*(?:[\"'][^\n\"']*[\"']|arn:\S+)[ \t]*\n(?=\s*\S)", re.MULTILINE)
"""A setting in HCL, which says nothing about a document below it: ``permissions_boundary = "ARN"``."""


def _names_principals(statements: Any) -> bool:
    """Return whether a statement names principals.

    Statements of an RCP do; statements of an SCP cannot. AWS Organizations User Guide, "SCP syntax", Principal element
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html).
    """
    listed = statements if isinstance(statements, list) else [statements]
    return any(each.keys() & {"Principal", "NotPrincipal"} for each in listed if isinstance(each, dict))


_BARE = regex(r"[ \t]*-[ \t]+[\"']?(?:Effect|Sid|Action)\b")
_OF_A_DOCUMENT = regex(
    r"\s*(?:(?:[\w'-]+ )*policy|Policy|PolicyDocument|Statement"
    r"|(?=[^\n:]*\b(?i:polic(?:y|ies)|permissions|statements?|role|user)\b)[^\s:-][^\n:]* [^\n:]*):\s*"
)
"""A key of a policy document, or a heading in words: ``Policy on the role:``."""


def _is_bare(text: str, start: int) -> bool:
    """Return whether a YAML statement is outside a template: only the keys of a policy document are around it."""
    if _BARE.match(text, text.rfind("\n", 0, start) + 1) is None:
        return False
    around = [line for line in _lines_around(text, start).split("\n") if line.strip()]
    return all(_OF_A_DOCUMENT.fullmatch(line) for line in around)


_OPENS = regex(r"\"Statement\"\s*:\s*\[\s*\Z|(?<=[}\]])\s*,\s*\Z")
_GOES_ON = regex(r"\s*(?:\]|,\s*\{[^{}]{0,2000}(?:\{[^{}]{0,2000}\}[^{}]{0,2000}){0,9}\})")


def _is_cut(before: str, after: str) -> bool:
    """Return whether a statement is in a list of statements that the text truncates."""
    if not _OPENS.search(before[-200:]):
        return False
    while (found := _GOES_ON.match(after)) is not None:
        if found[0].endswith("]"):
            return False
        after = after[found.end() :]
    return True


def _before_a_list(said: str) -> str:
    """Return the words that say what a list of actions is: those on its line, or else those on the lines above."""
    sentence = said.rpartition(". ")[2]
    own = sentence.rpartition("\n")[2]
    return own if own.strip(" \t-*•") else sentence


def _is_no_role(name: str | None, denial: Denial) -> bool:
    """Return whether the name that the text gives for a policy's owner may not be the name of a role.

    The name may be a part of the resource's name or, if the caller is no role, the name of a user or group.
    """
    session = ":assumed-role/" in (denial.principal or "") or ":role/" in (denial.principal or "")
    return name is not None and (not session or name.lower() in (denial.resource or "").lower())


def _is_to_be_written(document: Document, denial: Denial, action: str, *, filled: bool) -> bool:
    """Whether a resource's own policy is the one that the denied call writes, and so is not yet in effect.

    ``filled``: the text shows none of its actions.
    """
    names = any(each.principal is not None or each.not_principal is not None for each in document.statements)
    names = names or (filled and not action.lower().startswith("iam:"))
    return names and WRITES_POLICIES.search(action) is not None and denial.stated_reason != "explicit:resource"


def _acts(statement: dict[str, Any]) -> bool:
    """Whether a statement names actions, and resources or principals. If not, the text shows only part of it."""
    on = statement.keys() & {"Resource", "NotResource", "Principal", "NotPrincipal"}
    return bool(on and statement.keys() & {"Action", "NotAction"})


def _names_resources(statement: dict[str, Any]) -> bool:
    """Whether a statement described in words names at least parts of its resources' ARNs, and has no other gap."""
    return open_elements(statement) == ["Resource"] and "..." not in statement["Resource"]


def _tells_of(policy: WrittenPolicy, denial: Denial, action: str) -> bool:
    """Whether a policy says something about the request.

    A policy that consists only of Resource elements does so only if it does not cover the requested resource.
    """
    if not all(each.keys() <= {"Effect", "Resource"} for each in policy.statements):
        return True
    named = [str(each) for one in policy.statements for each in one["Resource"]]
    of_service = any(_service_in(each) in ("", action.partition(":")[0].lower()) for each in named)
    asked = denial.resource
    return of_service and asked is not None and not any(resource_matcher(stated_pattern(each))(asked) for each in named)


def _service_in(resource: str) -> str:
    parts = stated_pattern(resource).split(":")
    return parts[2] if parts[0] == "arn" and len(parts) > 2 else ""


def _owner_of(name: str, denial: Denial) -> frozenset[str]:
    """Return the user or role to which a list belongs according to the text.

    That is the caller if the name is similar to the caller's.
    """
    caller = identity_of(denial.principal or "")[2]
    short, own = (re.sub(r"[\W_]", "", each).lower() for each in (name, caller))
    if not short:
        return frozenset()
    return frozenset({caller if own and (short in own or own in short) else name})


def _named_before(text: str, start: int) -> frozenset[str]:
    """Return the user or role to which a list of actions belongs according to the text.

    The name must also occur in the text as that of a user or role.
    """
    if (given := _GIVEN.match(text, start)) is not None:
        return frozenset({given["name"]})
    line = text[text.rfind("\n", 0, start) + 1 : start]
    found = _HAS.search(line) or _GAVE.search(line)
    if found is None:
        return frozenset()
    name = found["name"]
    entity = re.search(
        rf"(?:user|role)/(?:[\w+=,.@-]+/)*{re.escape(name)}(?![\w-])|serName\W+{re.escape(name)}\b", text
    )
    return frozenset({name}) if entity is not None else frozenset()


def _attached_to(text: str, start: int) -> frozenset[str]:
    """Return the user or role to which a document is attached, according to the line before it.

    The name must also occur elsewhere in the text.
    """
    line = _OPENING.sub("", text[max(0, start - _LONGEST_CALL) : start].rstrip(" \t\n`")).rstrip().rpartition("\n")[2]
    if owner := heading_owner(line, text):
        return frozenset({owner})
    said = _ATTACHED.search(line)
    if said is None or _ATTACHED_NOT.search(line):
        return frozenset()
    known = {name for pair in _ENTITY.findall(text) for name in pair if name}
    named = {name for name in known if re.search(rf"(?<![\w/-]){re.escape(name)}(?![\w/-])", line)}
    if not named:
        parts = [each for each in _PART_OF_A_NAME.findall(line) if len(each) >= _SHORTEST_PART]
        named = {name for name in known if any(each in name for each in parts)}
    return frozenset(named) if len(named) == 1 else frozenset()


_OPENING = regex(r"(?:(?:^|\n)[ \t]*(?:-[ \t]*)?(?:Version|Statement|PolicyDocument)[ \t]*:[^\n]*)+\Z")
"""The lines of a document above its statements, in YAML."""
_PART_OF_A_NAME = regex(r"(?<![\w:/.-])[A-Za-z]\w*(?:-\w+)+(?![\w:/.-])")
_SHORTEST_PART = 8
"""The minimum number of characters in a part of a role's name that identifies the role: ``cfn-exec-role``."""
_ATTACHED = regex(r"\battached\b|\bpolicy\b", re.IGNORECASE)
_ATTACHED_NOT = regex(
    r"n't\b|\b(?:not?|never|should|must|to be|need(?:s|ed)?|attach(?:ing)?|bucket|key|trust)\b", re.IGNORECASE
)
_ENTITY = regex(r":assumed-role/([\w+=,.@-]+)|:(?:role|user)/(?:[\w+=,.@-]+/)*([\w+=,.@-]+)")


_SESSION_CALL = regex(
    r"\b(?:assume_?role\w*|get_?federation_?token\w*)(?:Command|Request|Input)?[ \t]*[({]|"
    r"\bsts (?:assume-role\S*|get-federation-token)[ \t]",
    re.IGNORECASE,
)
_POLICY_OF_IT = regex(
    r"(?:\bPolicy[\"']?\s*[=:,]\s*|--policy[ \t=]+)(?:[^\n}]{0,60}|jsonencode\(\s*\{[^{}]{0,120}|<<[-~]?\w+\s*)$",
    re.IGNORECASE,
)
"""What precedes a policy in such a call, or in an ``assume_role`` block of Terraform."""
_VARIABLE = regex(r"\b(?P<name>[A-Za-z_]\w{0,60})\s*=\s*(?:[\w.]{1,40}\()?[ \t`'\"]*(?:\{[^{}]{0,80}\[\s*)?$")
_LONGEST_CALL = 600


def _is_of_a_session(text: str, start: int) -> bool:
    """Whether a document is the policy that a call passes to STS, either directly or in a variable or file.

    STS API Reference, "AssumeRole": Policy (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
    """
    before = text[max(0, start - _LONGEST_CALL) : start]
    calls = (before[call.start() :] for call in _SESSION_CALL.finditer(before))
    if _POLICY_OF_IT.search(before) and any(map(_is_open, calls)):
        return True
    if (file := _FILE_ABOVE.search(before)) is not None and _is_passed(file["name"], text):
        return True
    if (file := _A_FILE_ABOVE.search(before)) is not None:
        opened = re.search(_OPENED.format(re.escape(file["name"])), text)
        if opened is not None and _has_argument(text, _PASSED.format(re.escape(opened["name"]))):
            return True
    if (assigned := _VARIABLE.search(before)) is None:
        return False
    return _has_argument(text, _PASSED.format(re.escape(assigned["name"])))


_PASSED = r"\bPolicy[\"']?\s*[=:]\s*(?:[\w.]{{1,40}}\()?{}\b"
"""An argument that passes a variable as the policy; the placeholder is the variable's name."""
_OPENED = r"(?<![\w.])(?P<name>[A-Za-z_]\w{{0,60}})\s*=(?!=)[^\n]{{0,120}}[\"'/]{}[\"']"
"""A variable that is assigned from a file; the placeholder is the file's name."""
_A_FILE_ABOVE = regex(r"(?:^|[\s/\"'`(])(?P<name>[\w-]+\.[\w.-]*\w)[\"'`)]?[ \t]*:?\s*(?:```\w*\s*)?\Z")


_FILE_ABOVE = regex(r"(?:^|[\s/\"'`(])(?P<name>[\w-][\w.-]*\.json)[\"'`)]?[ \t]*:?\s*(?:```\w*\s*)?\Z")
"""A file's name in the line above a document, or before the document on its line: ``cat scope.json``."""


_INPUT = regex(r"\binline-session-policy[\"']?[ \t]*:[^{}]*\Z")


def session_source(text: str, start: int) -> str:
    """Return what contains the session policy that begins at ``start``: a file, or an input of a GitHub action.

    The result is "" if the text does not show it. README of the action, "Inline session policies":
    https://github.com/aws-actions/configure-aws-credentials.
    """
    before = text[max(0, start - _LONGEST_CALL) : start]
    if (file := _FILE_ABOVE.search(before)) is not None and _is_passed(file["name"], text):
        return file["name"]
    if _INPUT.search(before):
        return "inline-session-policy of the workflow"
    block = next((found for found in _BLOCK.finditer(before) if _is_open(before[found.start() :])), None)
    return f"policy in the block {block['name']} of the provider" if block and _POLICY_OF_IT.search(before) else ""


_BLOCK = regex(r"^[ \t]*(?P<name>assume_role(?:_with_web_identity)?)[ \t]*=?[ \t]*\{", re.MULTILINE)
"""Terraform AWS Provider, "Assuming an IAM Role": the block's argument ``policy``
(https://registry.terraform.io/providers/hashicorp/aws/latest/docs#assume_role-configuration-block)."""


def _is_passed(file: str, text: str) -> bool:
    """Return whether a call to STS in the text takes its policy from this file."""
    return _has_argument(text, rf"\bpolicy\b[^\n]{{0,60}}(?<![\w-]){re.escape(file)}(?![\w-])")


def _has_argument(text: str, pattern: str) -> bool:
    """Return whether a call to STS in the text has an argument that matches the pattern."""
    argument = re.compile(pattern, re.IGNORECASE)
    calls = (text[call.start() : call.start() + _LONGEST_CALL] for call in _SESSION_CALL.finditer(text))
    return any((found := argument.search(call)) and _is_open(call[: found.start()]) for call in calls)


def _is_open(call: str) -> bool:
    """Return whether the call at the beginning of the text is still incomplete at the text's end.

    A call ends at its closing bracket or, on the command line, at the end of the line.
    """
    if call.lstrip().lower().startswith("sts "):
        return re.search(r"(?<!\\)\n", call) is None
    depth = 0
    for found in _BRACKET.finditer(call):
        depth += 1 if found[0] in "({" else -1
        if depth <= 0:
            return False
    return depth > 0


_BRACKET = regex(r"[(){}]")


def _is_proposed(before: str) -> bool:
    words = before.rpartition("}")[2]
    return _PROPOSED.search(words) is not None and _TRIED.search(words) is None


def _lines_around(text: str, start: int) -> str:
    """Return the lines of a template or program that enclose the part at ``start``.

    Each is indented less than the next.
    """
    start += len(text) - start - len(text[start:].lstrip(" \t"))
    lines = text[max(0, start - 2_000) : start].split("\n")
    column = len(lines[-1]) - len(lines[-1].lstrip())
    around: list[str] = []
    for line in reversed(lines[:-1]):
        indent = len(line) - len(line.lstrip())
        if indent < column and line.rstrip().endswith((":", "{", "(", "[")):
            column = indent
            around.append(_REASON.split(line)[-1][:200])
    return "\n" + "\n".join(around)


def document_of(statements: list[dict[str, Any]]) -> Document:
    return Document.from_value({"Version": "2012-10-17", "Statement": statements})


def policies_of(documents: Sequence[Document], layer: Layer) -> Policies:
    named = tuple(NamedPolicy(each) for each in documents)
    return Policies(identity=named) if layer is Layer.IDENTITY else Policies(resource=named[0])


CONNECTIONS = ("codestar-connections", "codeconnections")
"""The former and current prefix of the connections service.

Developer Tools User Guide, "Connections rename" (https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html).
"""


def _speaks_of(statement: Statement, action: str, denial: Denial) -> bool:
    if statement.not_action is not None:
        return True
    named = statement.action or ()
    if WRITES_POLICIES.search(action):  # the document may be the one that the call was to write
        return names_action(named, action)
    services = {each.partition(":")[0].lower() for each in named}
    of_key = "kms" in services and KEY_ARN.search(denial.text) is not None and "KMS" in denial.text
    service = action.partition(":")[0].lower()
    renamed = service in CONNECTIONS and not services.isdisjoint(CONNECTIONS)
    return service in services or renamed or bool(services & {"*", ""}) or of_key
