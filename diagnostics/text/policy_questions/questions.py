"""Answer a question about the policies in a text without a failure: do they allow an action, and what do they do?

IAM User Guide, "Policy evaluation logic": what no statement allows is denied, and a Deny overrides every Allow
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from diagnostics.sentences import document_sentences, statement_sentence
from diagnostics.text.policy_questions.asked_actions import ASSUME, NAMED, actions_asked
from diagnostics.text.policy_questions.combined_conditions import conditions_combined
from diagnostics.text.policy_questions.guardrail_reach import reach_of_guardrail
from diagnostics.text.policy_questions.mistakes import on_nothing, variable_as_text
from diagnostics.text.policy_questions.multi_factor import reach_of_mfa
from diagnostics.text.policy_questions.needed import asks_if_needed, whether_needed
from diagnostics.text.policy_questions.not_action import not_denied, which
from diagnostics.text.policy_questions.shut_out_services import shut_out_service
from diagnostics.text.policy_questions.source_addresses import reach_of_addresses
from diagnostics.text.policy_questions.untagged_requests import untagged_requests
from diagnostics.text.read.author.questions import NOTHING_FAILS
from diagnostics.text.read.messages.required_or_invalid_values import reported_failure
from diagnostics.text.read.sequence.did_not_stop import reported_success
from diagnostics.text.templates.policies import WrittenPolicy, written_policies
from diagnostics.text.templates.rows import row_policies
from diagnostics.text.templates.shorthand import shorthand_policies
from iam.lazy_pattern import regex
from iam.policy.document import Document, PolicyError, Statement
from iam.policy.match import names_action, overlap
from iam.service_reference import action as known_action
from iam.words import listing

_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class PolicyAnswer:
    """The answer to a question about a policy. ``about`` says what the search in the policy was for."""

    sentence: str
    about: str


def policy_answer(text: str) -> PolicyAnswer | None:
    """Return the answer to the text's question about its policies; None if it has no question, or reports a failure."""
    if len(text) > _LONGEST or not _QUESTION.search(text):
        return None
    policies = _policies(text)
    rest = NOTHING_FAILS.sub(" ", _without(text, policies))
    asked = [found[0].strip() for found in _QUESTION.finditer(rest)]
    if not asked or (reported_failure(_QUESTION.sub(" ", rest)) and not reported_success(text)):
        return None
    if said := _of_an_allowing_guardrail(text):
        return PolicyAnswer(said, "read for what such a policy can do")
    document = _document(policies)
    if said := reach_of_guardrail(rest, asked, document):
        return PolicyAnswer(said, "read for whom such a policy limits")
    if not policies:
        return _of_a_pattern(asked)
    if document is None:
        return None
    if fault := variable_as_text(text, document.text):
        change = f"{fault.sentence} {fault.change} Check everything else after that."
        return PolicyAnswer(change, "read for variables and Version")
    if (said := shut_out_service(document)) and (_FAULT.search(rest) or any(map(_WHAT_IT_DOES.search, asked))):
        return PolicyAnswer(said, "read for whom its Deny shuts out")
    if said := conditions_combined(rest, document):
        return PolicyAnswer(said, "read for how its conditions are combined")
    if said := untagged_requests(rest, document):
        return PolicyAnswer(said, "read for requests without tags")
    if said := reach_of_mfa(rest, document):
        return PolicyAnswer(said, "read for calls without MFA")
    if said := _of_both_sides(rest, document):
        return PolicyAnswer(said, "read for whom the trust policy names")
    named = dict.fromkeys(action for question in asked for action in actions_asked(question, document))
    if said := not_denied(rest, document, named):
        return PolicyAnswer(said, "read for what NotAction denies")
    if not named and (said := reach_of_addresses(rest, document)):
        return PolicyAnswer(said, "read for calls without a listed address")
    if said := _locks_out(rest, document):
        return PolicyAnswer(said, "read for whom its Deny shuts out")
    for question in asked:
        if actions := actions_asked(question, document):
            if asks_if_needed(question) and (said := whether_needed(actions, document, text)):
                return PolicyAnswer(said, f"read for {listing(actions)}")
            limits = _LIMITS.search(rest)
            plain = len(actions) == 1 and limits is None and not _NEGATIVE.search(question)
            others = _others(limits[0]) if limits else _OTHERS
            said = " ".join(_of_action(action, document, question, others, plain=plain) for action in actions)
            return PolicyAnswer(said, f"read for {listing(actions)}")
    if said := _of_a_new_resource(rest, document):
        return PolicyAnswer(said, "compared with the new resource")
    if any(map(_WHAT_IT_DOES.search, asked)) and (said := document_sentences(document)):
        together = _together(document)
        only = f" {_ONLY_LIMITS}" if _LIMITS.search(text) else ""
        return PolicyAnswer(f"{said}{together}{only}", "read statement by statement")
    return None


_GUARDRAIL = regex(
    r"\b(?P<kind>RCP|SCP|resource control policy|service control policy)s?\b[\"':=]{0,3}\s+(?:[\w-]+\s+){0,3}[\"'`]?"
    r"\{[^{}]{0,300}?\"Effect\"\s*:\s*\"Allow\""
)


_GRANTS_WITH_IT = regex(
    r"\b(?:not? (?:need|need for|other|bucket|further)|no [\w -]{2,30} polic(?:y|ies) (?:is |are "
    r")?(?:needed|required|necessary)"
    r"|enough|sufficient|suffices?|instead of|grants?|lets?|gives?|so (?:that )?(?:the|they|we))\b",
    re.IGNORECASE,
)


def _of_an_allowing_guardrail(text: str) -> str:
    """Say that an RCP or SCP grants nothing, if the text plans to give access with an Allow in one; "" otherwise.

    AWS Organizations User Guide, "Resource control policies (RCPs)" and "Service control policies (SCPs)": neither
    grants permissions, and neither applies to the management account
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html,
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html).
    """
    found = _GUARDRAIL.search(text)
    if found is None or not _GRANTS_WITH_IT.search(text):
        return ""
    of_resources = found["kind"].lower().startswith("r")
    kind = "RCP" if of_resources else "SCP"
    needs = (
        (
            "The resource's own policy must allow the access. For cross-account access, the caller's own policies "
            "must also allow it."
        )
        if of_resources
        else "The caller's own policies must allow the action."
    )
    whom = "resources" if of_resources else "users and roles"
    own = " Your own RCPs contain Deny statements, in addition to RCPFullAWSAccess." if of_resources else ""
    return (
        f"No: an {kind} grants nothing, but limits the permissions that other policies grant.{own} {needs} The "
        f"{kind} has no effect on {whom} of the management account."
    )


_BOTH_SIDES = regex(
    r"\b(?:also|too|both|additionally|still|enough|suffices?|sufficient|own|separate)\b[^?]{0,80}\b(?:polic(?:y|ies)|sts:AssumeRole|sides?)\b"
    r"|\b(?:polic(?:y|ies)|sts:AssumeRole|sides?)\b[^?]{0,80}\b(?:also|too|both|as well|enough|suffices?|sufficient)\b",
    re.IGNORECASE,
)


_PERSON = regex(r"arn:[\w-]+:iam::\d{12}:(?:user|role)/(?:[\w+=,.@-]+/)*(?P<name>[\w+=,.@-]+)")


def _of_both_sides(rest: str, document: Document) -> str:
    """Say whom the trust policies name, if the text asks whether the caller also needs a policy; "" otherwise.

    IAM User Guide, "Policy evaluation logic", within one account
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html).
    """
    trusts = [
        value
        for each in document.statements
        if each.effect == "Allow" and any(map(ASSUME.fullmatch, each.action or ()))
        for kind, value in each.principal or ()
        if kind == "AWS"
    ]
    named = list(dict.fromkeys(found["name"] for each in trusts if (found := _PERSON.fullmatch(each))))
    accounts = [each for each in trusts if re.fullmatch(r"\d{12}|arn:[\w-]+:iam::\d{12}:root", each)]
    if not trusts or len(named) + len(accounts) < len(set(trusts)) or not _BOTH_SIDES.search(rest):
        return ""
    said = []
    if named:
        said.append(
            f"If the trust policy names {listing(named)} itself, this is enough in the role's own account. For a "
            "cross-account call, the caller's own policies must also allow sts:AssumeRole."
        )
    if accounts:
        said.append(
            f"If the trust policy names an account ({accounts[0]}), the caller's own policies must allow "
            "sts:AssumeRole on the role's ARN."
        )
    return f"{' '.join(said)} A Deny or an SCP still overrides both."


_FAULT = regex(
    r"\b(?:bug|wrong|mistake|missing|why|reason|broken?|breaks?|stop(?:s|ped)?|fail(?:s|ed|ing)?|empty|no longer"
    r"|nothing (?:arrives|comes)|not (?:work|arrive|deliver)\w*|n['\u2019]t (?:work|arrive|deliver)\w*)\b",
    re.IGNORECASE,
)
"""Words for something that does not work, as the text's question describes it."""


_LOCKED_OUT = regex(
    r"\block(?:s|ed|ing)?\b[^.?\n]{0,40}\bout\b|\blose (?:\w+ )?access\b|\b(?:ausgesperrt|aussperr\w+)\b", re.IGNORECASE
)


def _locks_out(rest: str, document: Document) -> str:
    """Return a sentence that says whom a Deny for everyone locks out, if the text asks that question.

    Return "" if the text does not ask, or if the Deny exempts principals or applies only to some.

    IAM User Guide, "IAM JSON policy elements: Condition operators": a negated operator matches if the key is absent
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html). Amazon S3
    API Reference, "PutBucketPolicy": the bucket owner's root user
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html).
    """
    denies = [each for each in document.statements if each.effect == "Deny" and _for_everyone(each)]
    if len(denies) != 1 or not _LOCKED_OUT.search(rest):
        return ""
    conditions = denies[0].conditions
    if any(each.key.lower().startswith(("aws:principal", "aws:userid", "aws:username")) for each in conditions):
        return ""
    sentence = f"{which(denies[0], document)} {_lowered(statement_sentence(denies[0]))}"
    absent = [
        each.key
        for each in conditions
        if "not" in each.operator.lower() and not each.operator.lower().endswith("ifexists")
    ]
    always = len(absent) == len(conditions)
    without = f" A request without {listing(absent)} is also denied." if absent and always else ""
    buckets = [each for each in denies[0].resource or () if re.match(r"arn:aws[\w-]*:s3:::", each)]
    root = (
        " Only the root user of the bucket's account can still read, replace and delete the bucket policy."
        if buckets
        else ""
    )
    said = f"Yes: {sentence}" if always else f"{sentence[0].upper()}{sentence[1:]}"
    return f"{said} Administrators are not an exception.{without}{root}"


def _lowered(sentence: str) -> str:
    return f"{sentence[0].lower()}{sentence[1:]}"


def _for_everyone(statement: Statement) -> bool:
    return statement.not_principal is None and statement.principal in ((("*", "*"),), (("AWS", "*"),))


_NEW = regex(
    r"\b(?:chang\w+|switch\w*|mov\w+|renam\w+|replac\w+|repoint\w*|point\w*|migrat\w+)\b[^?]{0,200}?"
    r"\b(?:to|with|by|at|into)\s+(?P<arn>arn:aws[\w-]*:[^\s\"'?,)]+\w)",
    re.IGNORECASE,
)


def _of_a_new_resource(rest: str, document: Document) -> str:
    """Say that the only statement does not cover the resource that the text plans to change to; "" if it does.

    AWS Lambda Developer Guide, "Fine-tuning the Resources and Conditions sections of policies": a function's ARN does
    not cover its aliases and versions
    (https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html).
    """
    found, allows = _NEW.search(rest), [each for each in document.statements if each.effect == "Allow"]
    if found is None or len(document.statements) != 1 or not allows or not allows[0].resource or not allows[0].action:
        return ""
    service = found["arn"].split(":")[2]
    same = [each for each in allows[0].resource if each.count(":") > 4 and each.split(":")[2] == service]
    if not same or any(overlap(each, found["arn"]) for each in allows[0].resource):
        return ""
    actions = listing(list(allows[0].action), limit=3)
    return (
        f"No: the statement allows {actions} on {listing(same, limit=2)}, which does not cover {found['arn']}. Add "
        "this ARN to Resource before the change."
    )


_QUESTION = regex(
    r"(?:(?<=^)|(?<=\n)|(?<=[.!;:]\s)|(?<=\)\s)|(?<=\?\s))(?:[^\n?.!;]|[.!;](?=\S)|\?(?=\w)){3,400}\?"
    r"|\b(?:asks?|asking|know|wonders?|wondering|sure|unsure) (?:if|whether) (?:[^\n?.!;]|[.!;](?=\S)){5,300}"
)


_WHAT_IT_DOES = regex(
    r"\bwhat (?:does|do|will|would) (?:this|that|it|these|the policy)\b[^?]{0,40}"
    r"\b(?:do|mean|allow|grant|give|permit)\b"
    r"|\bwhat (?:is|gets) (?:allowed|granted|permitted)\b|\bwhat (?:can|could|may) \S+ (?:\S+ )?(?:do|use)\b",
    re.IGNORECASE,
)


_LIMITS = regex(
    r"\bSCP\b|\bRCP\b|service control polic|resource control polic|\bboundary\b|\bsession policy\b", re.IGNORECASE
)


_ONLY_LIMITS = "This kind of policy only limits: an identity policy must also allow the action."


_OTHERS = "Only another policy could allow the action."


def _others(limits: str) -> str:
    """Return whether other policies can allow an action that a limiting policy of this kind does not allow."""
    if "session" in limits.lower() or "boundary" in limits.lower():
        return (
            "Such a policy limits permissions: an action that it does not allow stays refused, whatever other "
            "policies allow."
        )
    return (
        "Unless another such policy on the same level allows the action, the action stays refused, whatever "
        "identity policies allow."
    )


def _policies(text: str) -> list[WrittenPolicy]:
    """The policies in the text, in order: documents, rows, and statements in words outside of these."""
    documents = list(written_policies(text))
    spans = [(each.start, each.end) for each in documents]
    asked = [found.span() for found in _QUESTION.finditer(text)]
    rows = [each for each in row_policies(text, spans) if each.statements]
    beside = [
        each
        for each in (*rows, *shorthand_policies(text, (*spans, *((each.start, each.end) for each in rows))))
        if not any(start < each.end and each.start < end for start, end in (*spans, *asked))
    ]
    return sorted((*documents, *beside), key=lambda each: each.start)


def _without(text: str, policies: Iterable[WrittenPolicy]) -> str:
    """The text with a line break in place of each policy document."""
    out: list[str] = []
    at = 0
    for each in policies:
        if not each.listed:
            out.append(text[at : max(at, each.start)])
            at = max(at, each.end)
    return "\n".join((*out, text[at:]))


def _document(policies: Iterable[WrittenPolicy]) -> Document | None:
    statements = [
        {"Effect": "Allow", **each} for one in policies if one.whole for each in one.statements if _says_what(each)
    ]
    document = Document.from_value({"Version": "2012-10-17", "Statement": statements})
    try:
        return document if document.statements else None
    except PolicyError:
        return None


def _says_what(statement: dict[str, object]) -> bool:
    named = statement.keys() & {"Resource", "NotResource", "Principal"} and statement.get("Resource") != ["..."]
    return bool(named and statement.keys() & {"Action", "NotAction"})


# What the policy says about one action.
_NEGATIVE = regex(
    r"\b(?:den(?:y|ies|ied)|block(?:s|ed)?|refus\w+|forbid\w*|prevent\w*|(?:stops?|keeps?) [^?]{2,60}\bfrom|not|never"
    r"|no longer|verboten)\b|n['’]t\b",
    re.IGNORECASE,
)


def _of_action(action: str, document: Document, question: str, others: str, *, plain: bool) -> str:
    """Return what the policy says about the action; if ``plain``, it begins with Yes or No.

    ``others`` says what other policies can do about an action that this policy does not allow.
    """
    resource = _RESOURCE.search(question)
    on = _as_arn(resource) if resource else ""
    denies = [each for each in document.statements if each.effect == "Deny" and _names(each, action) and _on(each, on)]
    allows = [each for each in document.statements if each.effect == "Allow" and _names(each, action) and _on(each, on)]
    working = [each for each in allows if _applies(each, action)]
    final = [each for each in denies if _everywhere(each)]
    no, yes = ("No: ", "Yes: ") if plain else ("", "")
    only = "" if others == _OTHERS else f" {_ONLY_LIMITS}"
    granted = " ".join(_said(each, action, document) for each in working[:2]) + (only if working else "")
    if final:
        return f"{no}{action} is denied. {_said(final[0], action, document)}"
    if denies:
        said = " ".join(_said(each, action, document) for each in denies[:2])
        rest = f"{granted[0].lower()}{granted[1:]}" if granted else f"no statement in the text allows {action}."
        if not granted and any(each.principal or each.not_principal for each in document.statements):
            rest = f"the text neither allows nor forbids {action}: the caller's own policies decide."
        return f"{said} If that does not apply, {rest}"
    if any(_everywhere(each) for each in working):
        return f"{yes}{action} is allowed. {granted}" if plain else granted
    if working and any(each.principal for each in working) and not action.lower().startswith(("kms:", "sts:", "iam:")):
        return (
            f"{granted} This does not exclude anybody else: in the resource's own account, an identity policy that "
            f"allows {action} is enough, unless a Deny forbids the action."
        )
    if working:
        return f"{granted} Nothing else in the text allows {action}."
    head = f"{no}{action} is not allowed:"
    if allows:
        alone = len(allows[0].action or ()) == 1
        faults = on_nothing(action, which(allows[0], document), allows[0].resource or (), alone=alone)
        if (fault := next(faults, None)) is not None:
            return f"{no}{fault.sentence} To allow it: {fault.change[0].lower()}{fault.change[1:]}"
        return (
            f"{head} {which(allows[0], document)} names the action, but no resource on which the action can be "
            f"allowed. {others}"
        )
    if elsewhere := [each for each in document.statements if each.effect == "Allow" and _names(each, action)]:
        named = listing(elsewhere[0].resource or (), limit=2) or "other resources"
        return f"{head} {which(elsewhere[0], document)} names {named}, not {on}. {others}"
    return f"{head} no statement in the text allows the action{_not_matched(action, document)}. {others}"


_RESOURCE = regex(r"\barn:aws[\w-]*:[^\s\"'?,)]+[\w*]|\bs3://(?P<path>[a-z0-9][\w.-]+(?:/[^\s\"'?,)]*)?)")


def _as_arn(found: re.Match[str]) -> str:
    return f"arn:aws:s3:::{found['path']}" if found["path"] else found[0]


def _names(statement: Statement, action: str) -> bool:
    if statement.not_action is not None:
        return not names_action(statement.not_action, action)
    return names_action(statement.action, action)


def _on(statement: Statement, resource: str) -> bool:
    """Whether the statement can apply to the resource in the question; True if the question names none."""
    if not resource:
        return True
    if statement.not_resource is not None:
        return not any(overlap(each, resource) for each in statement.not_resource)
    return statement.resource is None or any(overlap(each, resource) for each in statement.resource)


def _applies(statement: Statement, action: str) -> bool:
    """Whether the action can be allowed on a resource that the statement names."""
    known, resources = known_action(action), statement.resource
    if known is None or resources is None or not all(each.startswith("arn:") for each in resources):
        return True  # everything, or a placeholder
    return any(kind.fits(each) for kind in known.resource_types for each in resources)


def _everywhere(statement: Statement) -> bool:
    """Whether the statement applies to every resource and to everybody who has the policy, without conditions."""
    everybody = statement.not_principal is None and statement.principal in (None, (("*", "*"),), (("AWS", "*"),))
    everything = statement.not_resource is None and statement.resource in (None, ("*",))
    return everybody and everything and not statement.conditions


def _said(statement: Statement, action: str, document: Document) -> str:
    """Return a sentence about what the statement does with this action.

    It begins with the statement's Sid or number.
    """
    sentence = statement_sentence(replace(statement, action=(action,), not_action=None))
    subject = which(statement, document)
    return f"{subject[0].upper()}{subject[1:]} {sentence[0].lower()}{sentence[1:]}"


def _not_matched(action: str, document: Document) -> str:
    """In brackets, the Allow patterns that do not match the action, or the NotAction that leaves it out; else ""."""
    service = action.partition(":")[0]
    for one in document.statements:
        if one.effect == "Allow" and one.not_action is not None and names_action(one.not_action, action):
            return f" ({which(one, document)} leaves out {listing(list(one.not_action), limit=3)})"
    patterns = [
        each
        for statement in document.statements
        if statement.effect == "Allow"
        for each in statement.action or ()
        if each.lower().startswith(f"{service}:")
    ]
    return (
        f" ({listing(list(dict.fromkeys(patterns)), limit=3)} do not match it)"
        if len(patterns) > 1
        else (f" ({patterns[0]} does not match it)" if patterns else "")
    )


def _together(document: Document) -> str:
    """Describe what remains if a policy allows all actions and its Deny covers all actions except some (NotAction)."""
    statements = document.statements
    spared = [each for each in statements if each.effect == "Deny" and each.not_action and _everywhere(each)]
    allows = [each for each in statements if each.effect == "Allow"]
    if len(spared) != 1 or len(allows) != 1 or allows[0].action != ("*",) or not allows[0].resource:
        return ""
    kept, on = spared[0].not_action or (), allows[0].resource
    condition = " under its conditions" if allows[0].conditions else ""
    objects = all(re.match(r"arn:aws[\w-]*:s3:::[^/]+/", each) for each in on) and names_action(kept, "s3:ListBucket")
    lists = " s3:ListBucket is not one of them, because it needs the ARN of the bucket itself." if objects else ""
    return (
        f" Together they allow at most {listing(list(kept))} on {listing(list(on))}{condition}.{lists} Another policy "
        "can allow these same actions on other resources, but it cannot add other actions."
    )


def _of_a_pattern(asked: Iterable[str]) -> PolicyAnswer | None:
    """Answer whether a pattern matches an action, if a question names one of each and the text has no policy."""
    for question in asked:
        patterns = list(_patterns(question))
        actions = [found[0] for found in NAMED.finditer(question) if known_action(found[0]) is not None]
        if len(patterns) == len(actions) == 1 and _MATCHES.search(question):
            matches = names_action(patterns, actions[0])
            verb = "matches" if matches else "does not match"
            return PolicyAnswer(
                f"{'Yes' if matches else 'No'}: {patterns[0]} {verb} {actions[0]}.", f"{patterns[0]} and {actions[0]}"
            )
    return None


_PATTERN = regex(r"(?<![\w:/.-])[a-z][a-z0-9-]{1,40}:[A-Za-z?]*\*[\w*]*")


_MATCHES = regex(r"\b(?:cover|include|contain|match|mean|allow|grant|permit|give)\w*\b", re.IGNORECASE)


def _patterns(question: str) -> Iterator[str]:
    yield from dict.fromkeys(found[0] for found in _PATTERN.finditer(question))
