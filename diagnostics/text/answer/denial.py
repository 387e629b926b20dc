"""Show what a denial's text states: the step about the text, the verdict, and the commands that show more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from diagnostics.claims.kinds import Claim, DenyDecides, Sentence, TextBlames, TextPart, TextStates, joined
from diagnostics.diagnosis import Evidence, Status, Step, Verdict
from diagnostics.failure import CUT, Denial
from diagnostics.text.answer.other_model import other_model
from diagnostics.text.answer.secret_arns import without_suffix
from diagnostics.text.read.author.difference import Difference
from diagnostics.text.read.messages.beside_message import differences, granted_in, prose_in, stated_in
from diagnostics.text.read.messages.cut_off import CUT_MESSAGE, cut_in_caller, cut_sentence, resource_is_cut
from diagnostics.text.read.not_the_failure.asked import without_questions
from diagnostics.text.read.not_the_failure.material import stated_part
from diagnostics.text.read.one_message import is_alone
from diagnostics.words import ACTION_NAME, BOTH_SIDES, DECODES, DEVICE_CODES, POLICY_TYPES, UNSIGNED, is_trust_action
from iam.api_operations import actions_behind
from iam.arn import account_of, identity_of, linked_service, name_of, names_a_service
from iam.claims import Ground, confidence
from iam.facts.guards import guard_sentence
from iam.facts.next_actions import SAME, next_actions
from iam.lazy_pattern import regex
from iam.service_reference import action as action_of
from iam.service_reference import action_names, condition_keys, is_unlisted, services
from iam.words import listing, with_article

if TYPE_CHECKING:
    from diagnostics.failure_details import DecodedMessage


def stated_words(denial: Denial) -> str:
    """Return the reason that the text states, in a few words; "" if it states none."""
    reason, _, layer = (denial.stated_reason or "").partition(":")
    if reason == "s3-block-public-access":
        return "S3 Block Public Access prevents it"
    kind = POLICY_TYPES.get(layer)
    if reason == "implicit" and kind:
        return f"no {kind} allows {denial.missing_action or 'it'}"
    if reason == "explicit":
        return (
            f"explicit deny in {with_article(kind)}"
            if kind
            else ("an explicit deny, in a type of policy that it does not name")
        )
    if denial.decoded:
        return "no statement allows it, and none denies it"
    stated = stated_in(denial.text)
    return stated.words if stated else ""


def message_step(denial: Denial) -> Step:
    """Return the step on what the text states. It fails only if the text contains neither an action nor a reason."""
    words = stated_words(denial)
    asked = listing(_named_as_refused(denial)) or (denial.operation and f"operation {denial.operation}")
    alone = words and not (denial.resource or denial.principal)
    said = [denial.action or asked or ("" if alone else "an action that was not recognized")]
    if denial.resource:
        said.append(f"on {denial.resource}")
    if denial.principal and not _OF_ANOTHER.search(words):
        said.append(f"by {denial.principal}")
    if denial.claims_trust:
        role = denial.resource or "its role"
        said = [f"{denial.service or 'a service'} cannot assume {role}"]
    own = own_words(denial) if not words and not denial.claims_trust else ""
    why = words or (own and f"it says “{own}”")
    what = " ".join(filter(None, said))
    summary = f"{what}; {why}" if what and why else what or why
    if denial.count > 1:
        summary += f"; {denial.count} times"
    evidence = [Evidence(text=summary, layer="message")]
    if denial.decoded:
        evidence += _decoded_evidence(denial.decoded)
    if denial.policy_arn:
        evidence.append(Evidence(text="the policy that the text names", layer="message", arn=denial.policy_arn))
    if denial.authorization_id:
        evidence.append(
            Evidence(
                text=f"AWS keeps the full evaluation under {denial.authorization_id} for at least 24 hours",
                layer="message",
                call="iam-toolbox:GetRequestAuthorizationDetails",
            )
        )
    known = bool(denial.action or denial.operation or denial.stated_reason or denial.claims_trust or words)
    status = Status.PASS if known else Status.UNKNOWN
    return Step("message", "What the text says", status, summary, tuple(evidence), asserts=_claims_of_text(denial))


_OF_ANOTHER = regex(r"\bexecution role\b[^;]{0,20}\b(?:lacks?|cannot)\b")
"""Words that say that a role other than the caller's was denied."""


def _claims_of_text(denial: Denial) -> tuple[Claim, ...]:
    """What the step about the text claims about the text."""
    word = (denial.stated_reason or "").partition(":")[2]
    stated = [TextBlames(word)] if word in POLICY_TYPES else []
    named = [TextStates(TextPart.RESOURCE)] if denial.resource else []
    called = [TextStates(TextPart.PRINCIPAL)] if denial.principal else []
    return (*stated, *named, *called)


def _decoded_evidence(decoded: DecodedMessage) -> Iterator[Evidence]:
    """The evidence in a decoded message: the matching statements, the failures, and the condition keys' values."""
    for statement in decoded.statements:
        said = [statement.effect or "a statement", ", ".join(statement.actions)]
        said += [f"on {', '.join(statement.resources)}"] if statement.resources else []
        said += [f"if {key} = {', '.join(values)}" for key, values in statement.conditions]
        yield Evidence(text=f"matched: {' '.join(filter(None, said))}", layer="message", sid=statement.sid)
    for each in decoded.failures:
        yield Evidence(text=f"failure: {each}", layer="message")
    for key, values in decoded.context:
        yield Evidence(text=f"{key} = {', '.join(values)}", layer="message", element="Condition")


def denial_verdict(denial: Denial) -> Verdict:
    """Return the verdict that a denial's words imply: certain only if they name a Deny and its kind of policy."""
    verdict = _verdict(denial)
    reason, _, layer = (denial.stated_reason or "").partition(":")
    claims: tuple[Claim, ...] = (DenyDecides(),) if verdict.cause.endswith(".explicit-deny") else ()
    if reason and layer in POLICY_TYPES:
        claims += (TextBlames(layer),)
    first = Sentence(verdict.summary, claims)
    if any(each.difference is Difference.AGAIN for each in differences(denial.text)):
        first = Sentence(f"{_SUCCEEDS_AGAIN} {verdict.summary}", claims)
        verdict = replace(verdict, summary=first.text)
    if not (said := repair_words(denial) or unlisted_words(denial.missing_action or denial.action or "")):
        return replace(verdict, sentences=(first,), only_stated=True)
    every = (first, Sentence(said))
    return replace(verdict, summary=joined(every), sentences=every, only_stated=True)


_SUCCEEDS_AGAIN = "The call succeeds when it is run again: it was made before the permission took effect."


def repair_words(denial: Denial) -> str:
    """Return a sentence about misspelled words in the text and how they were read; "" if there are none."""
    read = [f"{each.read} (the text says {each.said})" for each in denial.repairs if " " not in each.said]
    if len(read) < len(denial.repairs):
        read.append("the ARNs without their blanks" if read else "ARNs without the blanks of the text")
    return f"Read as {listing(read)}: check names and numbers against the original." if read else ""


def unlisted_words(action: str) -> str:
    """Return a sentence about an action that AWS does not list, with IAM's action of that name.

    Return "" for other actions.
    """
    if not is_unlisted(action) or actions_behind(action):
        return ""
    service, _, name = action.partition(":")
    own = action_names("iam").get(name.lower())
    instead = f" IAM's action of that name is iam:{own}." if own else ""
    known = action_names(service.lower())
    alike = next((known[each] for each in (f"{name.lower()}s", name.lower().removesuffix("s")) if each in known), None)
    but = f", but {service.lower()}:{alike}, which may be the right one" if alike else ""
    return f"AWS's list of actions has no {action}{but}: a statement that names it may have no effect.{instead}"


def cut_words(action: str) -> str:
    """Return what is known about a truncated action."""
    begins = action.removesuffix(CUT)
    service, _, name = begins.partition(":")
    known = action_names(service.lower()) if service.lower() in services() else {}
    fitting = [f"{service}:{each}" for each in known.values() if each.lower().startswith(name.lower())]
    if len(fitting) == 1:
        return f"the action begins with {begins}, as only {fitting[0]} does"
    if 1 < len(fitting) <= _FEW:
        return f"the action begins with {begins}, as {listing(fitting)} do"
    return f"the action begins with {begins}"


_FEW = 4
_REASON_CUT = (
    ", and the text is cut off before its reason. Get the rest of the message first: “because no identity-based policy "
    "allows” at its end means that an Allow is missing, “with an explicit deny in a … policy” that an Allow cannot help"
)
_ENDS_EARLY = regex(
    r"is not authorized to(?: p(?:e(?:r(?:f(?:o(?:rm?)?)?)?)?)?)?(?:: ?(?P<begun>[a-z][a-z0-9-]{0,25}))?:?"
    r"[ \t]*(?:…|\.{3})?[ \t]*(?:\r?\n|$)"
)
_GOES_ON = regex(r"\s*(?:the|these|this|any|some|all|following|required|actions?|operations?)\b")
_BEGUN_ARN = regex(r"\bresource: [\"'`]?(?P<arn>arn:[\w-]+:[\w-]+:\S*[\w/*-])")


def cut_before_the_action(denial: Denial) -> str:
    """Return what is known about a denial that is cut off before or within its action; "" if it names the call."""
    if denial.action or denial.operation or denial.stated_reason or denial.claims_trust:
        return ""
    text = denial.pasted or denial.text
    if (found := _ENDS_EARLY.search(text)) is None:
        return ""
    begun = found["begun"] or ""
    if not begun and _GOES_ON.match(text, found.end()):
        return ""  # the next line names the actions
    fitting = [each for each in services() if begun and each.startswith(begun)]
    of = f", as those of {fitting[0]} do" if len(fitting) == 1 else ""
    first = f"the action, which begins with {begun}{of}" if begun else "the action"
    arn = _BEGUN_ARN.search(text)
    on = f" {arn['arn']} may be cut off, too." if arn else ""
    return (
        f"The message is cut off: its reason is missing, and so is {first}.{on} Get the full message before you "
        "write a policy: it may also be a Deny, which no Allow changes."
    )


def _verdict(denial: Denial) -> Verdict:
    what = denial.action or "the request"
    if what.endswith(CUT):
        missing = "the reason" if denial.resource else "the resource and the reason"
        return Verdict(
            "unreadable",
            confidence(Ground.NOTHING),
            f"The line is cut off: {cut_words(what)}. Get the full line: {missing} may be in the missing part.",
        )
    if denial.code in DEVICE_CODES:
        on = f" on {denial.resource}" if denial.resource else ""
        return Verdict(
            "identity.no-action",
            confidence(Ground.LIKENESS),
            f"AWS IoT did not authorize {what}{on}: the IoT policy of the device's certificate does not allow it. IAM "
            "policies are not evaluated here.",
        )
    if (begun := cut_in_caller(denial)) is not None:
        return Verdict("unreadable", confidence(Ground.NOTHING), begun.sentence)
    if cut_short := cut_before_the_action(denial):
        return Verdict("unreadable", confidence(Ground.NOTHING), cut_short)
    if denial.operation and cut_sentence(denial):
        return Verdict(
            "unreadable",
            confidence(Ground.NOTHING),
            f"The message is cut off before its action, its resource and its reason: {denial.operation} was refused, "
            "perhaps for another action that it needs. Get the full message before you change a policy.",
        )
    own = own_words(denial)
    cut = _REASON_CUT if resource_is_cut(denial) else ""
    said = f", and the text says “{own}”" if own else cut
    reason, _, layer = (denial.stated_reason or "").partition(":")
    if reason == "s3-block-public-access":
        return Verdict(
            "resource.explicit-deny",
            confidence(Ground.STATED),
            f"S3 Block Public Access refuses {what}: no policy can allow it while the setting is on.",
        )
    if reason == "explicit" and layer in POLICY_TYPES:
        where = f" ({denial.policy_arn})" if denial.policy_arn else ""
        guard = f" {protects}" if (protects := guard_sentence(what)) else ""
        return Verdict(
            f"{layer}.explicit-deny",
            confidence(Ground.STATED),
            f"A Deny statement in {with_article(POLICY_TYPES[layer])}{where} refuses {what}: no Allow can help.{guard}",
        )
    if reason == "explicit" and "key=v1.public." in denial.text:
        return Verdict(
            "not-iam",
            confidence(Ground.LIKENESS),
            "The request uses an API key of Amazon Location, not an IAM identity, and the key's restrictions refuse "
            "the request. No IAM policy has to change.",
        )
    if reason == "explicit":
        denying = [each.sid for each in denial.decoded.statements if each.sid] if denial.decoded else []
        named = f" {listing(tuple(denying))}" if denying else ""
        return Verdict(
            "unreadable",
            confidence(Ground.NOTHING),
            f"A Deny statement{named} refuses {what}. The text does not say which type of policy it is.",
        )
    unsigned = (denial.action or "").lower() in UNSIGNED
    if reason == "implicit" and layer in POLICY_TYPES and not (unsigned and layer == "identity"):
        missing = denial.missing_action or what
        if layer != "identity" and (unused := _settings_not_used(denial)):
            return Verdict(f"{layer}.no-action", confidence(Ground.PARTLY), unused)
        if layer == "identity":
            return Verdict("identity.no-action", confidence(Ground.PARTLY), _nothing_allows(denial, missing))
        if layer == "resource" and (said := _resource_must_allow(denial, missing)):
            return Verdict("resource.no-action", confidence(Ground.PARTLY), said)
        model = other_model(denial)
        return Verdict(
            f"{layer}.no-action",
            confidence(Ground.PARTLY),
            f"The text says that no {POLICY_TYPES[layer]} allows {missing}.{f' {model}' if model else ''}",
        )
    if stated := stated_in(denial.text):
        role = _execution_role(denial, stated.sentence)
        return Verdict(stated.cause, stated.confidence, f"{stated.sentence}{role}")
    if denial.claims_trust and denial.resource and linked_service(denial.resource):
        return Verdict(
            "principal.not-found",
            confidence(Ground.NOTHING),
            f"The service cannot assume its service-linked role {name_of(denial.resource)}: most likely this account "
            "does not have the role yet. Nobody can edit its trust policy.",
        )
    if denial.claims_trust:
        sentence = (
            f"The service {denial.service} says that it cannot assume the role: read the role's trust policy first, "
            "which must let the service assume it."
            if denial.service
            else "The role could not be assumed: read its trust policy first, which must allow whoever assumes the "
            "role. A program with a role or keys of its own must also be allowed sts:AssumeRole on it."
        )
        return Verdict("trust.principal-mismatch", confidence(Ground.NOTHING), sentence)
    if unsigned:
        why = ", and the text names the caller's policies" if reason else said
        return Verdict(
            "unreadable",
            confidence(Ground.NOTHING),
            f"{what} was refused{why}. The caller of this operation has no policies: check the role's trust policy, "
            "its identity provider, and the token or assertion.",
        )
    if (closed := _in_closed_account(denial)) and reason != "explicit":
        return Verdict("not-iam", confidence(Ground.LIKENESS), closed)
    if is_trust_action(denial.action):
        others = "has" if names_a_service(denial.principal or "") else "and the caller's policies have"
        return Verdict(
            "unreadable",
            confidence(Ground.NOTHING),
            f"{what} was refused{said}: the role's trust policy {others} to be read.",
        )
    if denial.decoded:
        return Verdict(
            "unreadable",
            confidence(Ground.NOTHING),
            f"{what} was refused because nothing allows it, not because of a Deny. The decoded message does not say "
            "which type of policy lacks the Allow.",
        )
    if denial.encoded_message:
        return Verdict(
            "unreadable", confidence(Ground.NOTHING), "The encoded message contains the reason: decode it first."
        )
    if (denial.action or "").lower() == DECODES:
        return Verdict(
            "unreadable",
            confidence(Ground.NOTHING),
            f"{what} was refused. Allowing this action only lets the caller decode the message; the call that the "
            "message is about stays refused. Ask somebody with this permission to decode the message.",
        )
    if CUT_MESSAGE.search(denial.text):
        return Verdict(
            "unreadable",
            confidence(Ground.NOTHING),
            f"{what} was refused, and the encoded message contains the reason. Get the full message and decode it "
            "first.",
        )
    if denial.operation and not _names_action(denial):
        return Verdict(
            "unreadable",
            confidence(Ground.NOTHING),
            f"The call {denial.operation} was refused{said}.",
        )
    what = denial.action or "The request"
    in_prose = actions_in_prose(denial)
    if denial.action is None and in_prose and all(_is_had(each, granted_in(denial.text)) for each in in_prose):
        return Verdict(
            "unreadable",
            confidence(Ground.NOTHING),
            f"{what} was refused, though the policy in the text has {listing(in_prose)}. Find out which action the "
            "refused call needs.",
        )
    by = _SERVICE.search(denial.text)
    if by and in_prose and denial.action is None and not any(_is_of(each, by["service"]) for each in in_prose):
        return Verdict(
            "unreadable", confidence(Ground.NOTHING), f"The request was refused by {by['service']}, as the text says."
        )
    if denial.operation == "HeadObject" and (unexplained := _head_object(denial)):
        return Verdict("unreadable", confidence(Ground.NOTHING), unexplained)
    if wanted := _not_had(denial):
        return Verdict(
            "unreadable",
            confidence(Ground.NOTHING),
            f"{what} was refused. The text names {listing(wanted)}.",
        )
    if denial.action is None and (none := _only_denied_in_words(denial.text)):
        return Verdict(
            "unreadable", confidence(Ground.NOTHING), f"No refusal by AWS was recognized in the text: “{none}”."
        )
    if denial.action is None and (by := _REFUSED_BY.search(denial.text)) is not None:
        who = f"{by['service']} refused the request{said}"
        missing = "the action" if denial.principal else "the caller nor the action"
        not_named = f"does not name {missing}" if denial.principal else f"names neither {missing}"
        return Verdict("unreadable", confidence(Ground.NOTHING), f"{who}. Its message {not_named}.")
    caller = denial.principal or ""
    who = f" for {_who_lacks(caller)[0]}" if denial.action and identity_of(caller)[1] else ""
    return Verdict("unreadable", confidence(Ground.NOTHING), f"{what} was refused{who}{said}.")


# What the AWS SDKs for Java 1 and 2 print after a service's message.
_REFUSED_BY = regex(r"\(Service: (?:AWS|Amazon )?(?P<service>[A-Z][\w ]{1,30}?)[;,] Status Code: 40[03]\b")


_NOTHING_DENIED = regex(
    r"\b(?:no(?:thing|where|ne)?|never|without|n't|not)\b[^.,;:\n]{0,40}\baccess ?denied(?: errors?)?\b", re.IGNORECASE
)
_DENIED_WORDS = regex(r"denied|forbidden|unauthori[sz]ed|not authori[sz]ed|refused|\b403\b", re.IGNORECASE)


def _only_denied_in_words(text: str) -> str:
    """Return the words with which the text says that nothing was denied; "" if the text also has a refusal."""
    found = _NOTHING_DENIED.search(text)
    if found is None or _DENIED_WORDS.search(_NOTHING_DENIED.sub("", text)):
        return ""
    return " ".join(found[0].split())


_EXECUTION_ROLE = regex(
    r"(?:\b[Ee]xecution_?[Rr]ole(?:_?[Aa]rn)?\b[\"']?[ \t]*[:=]"
    r"|--query [\"']?Role[\"']?(?: --output text)?[ \t]*\n|--role[ =])\s*"
    r"[\"']?(?P<arn>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)"
)


def _execution_role(denial: Denial, sentence: str) -> str:
    """Return a sentence naming the execution role that ``sentence`` is about, if the text names it; else ""."""
    if "execution role" not in sentence:
        return ""
    named = {each["arn"] for each in _EXECUTION_ROLE.finditer(denial.pasted or denial.text)}
    return f" In the text that role is {named.pop()}." if len(named) == 1 else ""


_GETS = regex(r":(?:Get|Describe|List)[A-Z]")
"""The names of actions that return something. Some of these actions are not listed as reading, for example a login."""


def _nothing_allows(denial: Denial, missing: str) -> str:
    """Return who lacks which action on which resource, if AWS says that no identity-based policy allows it."""
    if used := _identity_used(denial, missing):
        return used
    who, change = _who_lacks(denial.principal or "")
    known = action_of(missing)
    star = known is not None and not known.resource_types and denial.resource in (None, "*")
    on = f" on {denial.resource}" if denial.resource and not star else ""
    if "AWSReservedSSO_" in denial.text and _NOT_PROVISIONED.search(denial.text):
        return (
            f"The text says that no identity-based policy of {who} allows {missing}{on}. It also says that the "
            "permission set's last change is not provisioned to the account: provision the permission set to that "
            "account first."
        )
    how = ' with Resource "*"' if star else ""
    first = f"The text says that no identity-based policy of {who} allows {missing}{on}."
    if "/AWSServiceRoleFor" in (denial.principal or ""):
        from diagnostics.text.answer.service_linked_roles import allow_elsewhere

        return f"{first} {allow_elsewhere(denial.principal or '', missing, denial.resource or '')}"
    if before := other_model(denial) or _instead_of_an_allow(denial, missing) or _not_covered(denial):
        return f"{first} {before}{_of_a_boundary(denial)}"
    changes = known is not None and known.level not in ("Read", "List") and not _GETS.search(missing)
    plans = _ONLY_PLANS.search(who) is not None and _PLANNED.search(denial.text) is not None
    if changes and (plans or _ONLY_READS.search(who)) and not _takes_a_lock(denial, missing):
        return (
            f"{first} By its name, this identity is meant only to {'plan' if plans else 'read'}, so the refusal may be "
            f"intended: make the call with {_for_changes(denial)}. Only if the owner agrees, allow the "
            f"action {change}{how}.{_of_each(denial.resource or '')}"
        )
    further = _of_each(denial.resource or "") or _of_a_secret(denial, missing) or _of_a_session(denial)
    further += _of_a_boundary(denial) + _in_turn(denial, missing)
    if on and denial.resource != "*":
        return (
            f"{first} If this caller and this resource are intended, allow the action{_needed_next(missing)} "
            f"{change}{how}; otherwise correct the call.{further}"
        )
    return (
        f"{first} If this caller is meant to make the call, allow the action{_needed_next(missing)} {change}{how}; "
        f"otherwise use other credentials.{further}"
    )


# A denial that is AWS's message alone shows no other identity and no policy: what reads these is not loaded for it.
def _settings_not_used(denial: Denial) -> str:
    if is_alone(denial):
        return ""
    from diagnostics.text.answer.unintended_identity import settings_not_used

    return settings_not_used(denial)


def _identity_used(denial: Denial, missing: str) -> str:
    if is_alone(denial):
        return ""
    from diagnostics.text.answer.unintended_identity import identity_used

    return identity_used(denial, missing)


def _instead_of_an_allow(denial: Denial, missing: str) -> str:
    if is_alone(denial):
        return ""
    from diagnostics.text.answer.already_granted import instead_of_an_allow

    return instead_of_an_allow(denial, missing)


def _head_object(denial: Denial) -> str:
    from diagnostics.text.answer.object_without_reason import head_object  # few denials are of HeadObject

    return head_object(denial)


def _not_covered(denial: Denial) -> str:
    """Return why the grant that the text describes does not cover the call; "" if it describes none."""
    if is_alone(denial):
        return ""
    from diagnostics.text.read.author.spoken_grants import gap_in_grant  # few denials have prose

    return gap.sentence if (gap := gap_in_grant(denial)) is not None else ""


def _in_closed_account(denial: Denial) -> str:
    if is_alone(denial) or _CLOSED.search(denial.text) is None:
        return ""
    from diagnostics.text.read.resources.closed_account import closed_account  # few accounts are closed

    return f"{found.sentence} No permission is missing." if (found := closed_account(denial)) is not None else ""


_CLOSED = regex(r"\b(?:closed|suspended|PENDING_CLOSURE|terminated|decommissioned)\b", re.IGNORECASE)


def _in_turn(denial: Denial, missing: str) -> str:
    if is_alone(denial):
        return ""
    from diagnostics.text.read.author.refused_in_turn import further_actions  # few denials have prose

    return further_actions(denial, missing)


def _needed_next(missing: str) -> str:
    """Return the only further action that the call always needs, which would be denied next; "" if none, or several.

    Return "" for an action of IAM: its further actions give more access than the call, so they are not proposed with
    it.
    """
    known = next_actions(missing) if not missing.startswith("iam:") else None
    names = [each.action for each in known.needs if not each.when and each.on in (SAME, "*")] if known else []
    return f", and {names[0]}, which is needed next," if len(names) == 1 else ""


def _for_changes(denial: Denial) -> str:
    """Return with which identity to make the call: the one that the text names like the caller, or any for changes."""
    from diagnostics.text.answer.sibling_roles import role_for_changes  # few callers only read

    name = identity_of(denial.principal or "")[2]
    word = _ONLY_PLANS.search(name) or _ONLY_READS.search(name)
    other = role_for_changes(name, word, denial.pasted or denial.text) if word is not None else ""
    return f"{other}, which the text names" if other else "an identity that is meant for changes"


def _takes_a_lock(denial: Denial, missing: str) -> bool:
    """Whether the action locks Terraform's state: even a plan writes the lock.

    Terraform, "Backend Type: s3", "Permissions Required": items of the lock table, or the object KEY.tflock
    (https://developer.hashicorp.com/terraform/language/backend/s3).
    """
    of_a_table = missing.lower().startswith("dynamodb:") and _LOCK_TABLE.search(denial.text)
    return bool(of_a_table) or (denial.resource or "").endswith(".tflock")


_LOCK_TABLE = regex(r"\bstate lock\b|\bUnable to retrieve item from DynamoDB table\b")


def _of_a_secret(denial: Denial, missing: str) -> str:
    """Return a sentence with the ARN to write for a secret, if the message has the secret's name alone; else "".

    AWS Secrets Manager User Guide, "Authentication and access control": six characters follow the name
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access.html).
    """
    name, account = denial.resource or "", account_of(denial.principal or "")
    if missing.lower().startswith("secretsmanager:") and (incomplete := without_suffix(name)):
        return incomplete
    if not missing.lower().startswith("secretsmanager:") or not account or not _NAME_OF_A_SECRET.fullmatch(name):
        return ""
    partition = (denial.principal or "").split(":")[1]
    arn = f"arn:{partition}:secretsmanager:REGION:{account}:secret:{name}-??????"
    return f" In its Resource write {arn}: six characters follow a secret's name."


_SESSION_POLICY = regex(
    r"\b(?:pass|passes|passed|passing|sends?|has|have|with|adds?|inline)\b[^.\n?]{0,30}\bsession polic(?:y|ies)\b"
)


def _of_a_session(denial: Denial) -> str:
    """Return a sentence on the session policy if the text mentions one; else "".

    IAM User Guide, "Policies and permissions in IAM", session policies: the session is allowed what both policies allow
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session).
    """
    if _SESSION_POLICY.search(denial.text) is None:
        return ""
    return " According to the text, the session has a session policy: it must allow the action, too."


_HAS_BOUNDARY = regex(
    r"(?<!no )(?<!not )\b(?:under|has|have|with|behind|carries|gets?|uses?) (?:an? |the |our |its |this )?(?:own )?"
    r"(?:permissions? )?boundary\b(?! (?:condition|that is missing))"
    r"|\bpermissions boundary\b[^.\n]{0,30}\b(?:is|are) (?:attached|set|in place)\b",
    re.IGNORECASE,
)


def _of_a_boundary(denial: Denial) -> str:
    """Return a sentence on the permissions boundary if the text says that the caller has one; else "".

    IAM User Guide, "Permissions boundaries for IAM entities"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
    """
    if is_alone(denial) or _HAS_BOUNDARY.search(denial.text) is None:
        return ""
    return " The text mentions a permissions boundary: if the caller has it, it must allow the action, too."


_NAME_OF_A_SECRET = regex(r"[\w/+=.@-]+")


_ONLY_READS = regex(
    r"(?:Read|View)(?:er)?-?Only(?![a-z])|(?<![a-z])(?:[Rr]ead|[Vv]iew)[_-]?only(?![a-z])"
    r"|(?<![A-Za-z])(?:ro|RO)(?![A-Za-z])|(?<![A-Za-z])(?:[Vv]iewer|[Aa]uditor)s?(?![a-z])"
    r"|(?<=[a-z])(?:Viewer|Auditor)(?![a-z])"
)
"""Names of roles, users and permission sets that are meant only to read."""
_ONLY_PLANS = regex(r"(?<![A-Za-z])[Pp]lan(?:ner)?(?![a-z])|(?<=[a-z])Plan(?:ner)?(?![a-z])")
_PLANNED = regex(
    r"\b(?:[Tt]erraform|[Tt]ofu|[Aa]tlantis|[Tt]erragrunt|Error: (?:creating|updating|deleting|putting))\b"
)
"""Tools that plan a change before they apply it."""


_NOT_PROVISIONED = regex(r"\bNot [Cc]urrent\b[^\n]{0,40}\b[Rr]e-?provision")
"""What IAM Identity Center's console shows if a permission set was changed and not provisioned again."""

_TASK = "task"
"""The word for a resource that, in Amazon ECS, exists for one run. In DataSync or DMS, a task is run many times."""
_OF_ONE_RUN = regex(r"(?P<every>arn:\S+[:/](?P<kind>(?:[a-z]+-)+job|task)/(?:[\w-]+/)?)(?=[\w-]*\d)[\w-]+")


def _of_each(resource: str) -> str:
    """Return which pattern to write as the Resource, if the resource exists for one run only; else ""."""
    found = _OF_ONE_RUN.fullmatch(resource)
    if found is None or (found["kind"] == _TASK and found["every"].split(":")[2] != "ecs"):
        return ""
    return f" The next {found['kind'].replace('-', ' ')} has another name: write {found['every']}* as its Resource."


def _resource_must_allow(denial: Denial, missing: str) -> str:
    """Return which policies have to allow the action, if AWS says that no resource-based policy does; "" if unknown.

    IAM User Guide, "Policy evaluation for requests within a single account" and "Cross-account policy evaluation logic"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html,
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html).
    """
    caller, resource = denial.principal or "", denial.resource or ""
    home, owner = account_of(caller), account_of(resource)
    said = f"The text says that no resource-based policy allows {missing}"
    if names_a_service(caller) and owner:
        return f"{said}: the policy of {resource} itself must allow the principal {caller}."
    if home is None or owner is None:
        return ""
    who, _ = _who_lacks(caller)
    if home != owner and ":layer:" in resource:
        region = resource.split(":")[3]
        return (
            f"Most likely account {owner} has not published this layer version in {region}, or does not share it with "
            f"account {home}: look up its ARN for {region}, or publish a copy. {said}. If it is shared, {who} also "
            "needs an Allow in its own policies."
        )
    if home != owner:
        return (
            f"{said}: the policy of {resource} itself, in account {owner}, must allow {who} of account {home}. Across "
            f"accounts the policies of {who} must allow it, too."
        )
    if missing.partition(":")[0].lower() == "kms" and ":key/" in resource:
        lasting = " A deleted key makes its data unreadable forever: check its use first, or disable it instead."
        return (
            f"The key's policy does not allow {who} {missing}, and leaves nothing to IAM policies: a key administrator "
            f"must add it there (kms:PutKeyPolicy). The policies of {who} alone do not help."
            f"{lasting if missing.lower() == 'kms:schedulekeydeletion' else ''}"
        )
    if missing.partition(":")[0].lower() in BOTH_SIDES:
        return ""
    return (
        f"{said}. Allow it on {resource} in the policies of {who}, or in the resource's own policy: in one account "
        "either is enough."
    )


def _who_lacks(principal: str) -> tuple[str, str]:
    """The denied role, user or permission set, and where its permissions are changed."""
    _, kind, name = identity_of(principal)
    if name.startswith("AWSReservedSSO_"):
        from iam.ownership import permission_set_of

        if permission_set := permission_set_of(name):
            return f"the permission set {permission_set}", "in that permission set (IAM Identity Center)"
    whose = f"the {kind} {name}" if kind in ("role", "user") else "the caller"
    return whose, "in the caller's policies"


# AWS SDK for Java: the service that answered, in brackets after its message.
_SERVICE = regex(r"\(Service: (?P<service>[A-Z]\w+); Status Code: 40[03]; Error Code: \w*(?:Denied|Unauthori[sz]ed)\w*")


def _is_of(action: str, service: str) -> bool:
    """Whether the action's prefix is part of the name that the AWS SDK for Java gives the service."""
    return action.partition(":")[0].lower() in service.lower()


def _is_had(action: str, had: frozenset[str]) -> bool:
    """Whether one of the actions and patterns in ``had``, all in lower case, matches the action."""
    return any(fnmatchcase(action.lower(), each) for each in had)


def _named_as_refused(denial: Denial) -> tuple[str, ...]:
    """The actions that may have been refused; if a service's own sentence reports a refusal, those in its line."""
    named = _not_had(denial)
    prose = prose_in(denial.text) if named else None
    if prose is None or not prose.in_table:
        return named
    line = next((each for each in denial.text.splitlines() if prose.words in each), prose.words)
    return tuple(each for each in named if each in line)


def _not_had(denial: Denial) -> tuple[str, ...]:
    """The actions that the text names, except those that, as it says, a policy allows."""
    had = granted_in(denial.text)
    return tuple(each for each in actions_in_prose(denial) if not _is_had(each, had))


def actions_in_prose(denial: Denial) -> tuple[str, ...]:
    """Return the actions that the text names outside IAM's own message, in the text's order."""
    said = _OF_DOCUMENTS.sub("", stated_part(without_questions(denial.text)))
    found = dict.fromkeys(ACTION_NAME.findall(_OF_OTHER_REFUSALS.sub("", said) if denial.action else said))
    own = (denial.action or "").lower()
    named = (each for each in found if each.partition(":")[0].lower() in services())
    return tuple(each for each in named if not _begins(each, own) and not _is_key(each))


def _begins(name: str, action: str) -> bool:
    """Whether a name is the action, or an incomplete name with which the action begins."""
    low = name.lower()
    service, _, rest = low.partition(":")
    return low == action or (bool(action) and action.startswith(low) and rest not in action_names(service))


def _is_key(name: str) -> bool:
    """Whether AWS lists the name as a condition key, or as a type of S3's events, and not as an action."""
    service, low = name.partition(":")[0].lower(), name.lower()
    if service == "aws" or _S3_EVENT.match(low):
        return True
    return low in condition_keys(service) and low.partition(":")[2] not in action_names(service)


# Amazon S3 User Guide, "Supported event types for SQS, SNS, and Lambda".
_S3_EVENT = regex(
    r"s3:(?:object(?:created|removed|restore|tagging|acl)|reducedredundancylostobject|replication|lifecycle)(?![a-z])"
)
# IAM's own sentence about another call, which is a separate failure.
_OF_OTHER_REFUSALS = regex(r"authori[sz]ed\s+to\s+perform:?\s+[a-z0-9-]+:\w+", re.IGNORECASE)
_OF_DOCUMENTS = regex(
    r"\\?\"(?:Not)?Action\\?\"\s*:\s*(?:\[[^\]]{0,4000}\]|\\?\"[^\"]{0,200}\")"
    r"|\b(?:[Nn]ot_?)?[Aa]ctions?[ \t]*[:=][ \t]*\[[^\]]{0,4000}\]"
    r"|\b(?:Not)?Action:[ \t]*\n(?:[ \t]*-[ \t][^\n]{1,200}\n?){1,60}"
)
"""The actions in a policy in the text, which need not be the denied ones."""


def _names_action(denial: Denial) -> bool:
    """Whether the text itself names the action.

    If not, the action was derived from the operation, which can need several actions.
    """
    action = (denial.action or "").lower()
    called = _CALLED.search(denial.text)
    if called and called["operation"].lower() == action.rpartition(":")[2]:
        return True
    # An action other than the operation's own was read from the text's prose.
    return action in denial.text.lower() or action.rpartition(":")[2] != (denial.operation or "").lower()


_CALLED = regex(r"permissions?\s+to\s+call\s+(?:the\s+)?(?P<operation>[A-Z]\w+)\s+on\b", re.IGNORECASE)


_ANSWERED = regex(
    r"(?:when calling the (?P<operation>\w+) operation[^:\n]{0,60}|\b[A-Z]\w+(?:Exception|_DENIED)):[ \t]+"
    r"(?!An error occurred)(?P<said>[^\s.;\"“”{}|](?:[^.;\n\x1e\"“”{}|]|\.(?=\w)){20,160})"
)
# What every denial says, whatever the reason.
_STOCK = regex(
    r"not authori[sz]ed to (?:perform|access|call)\b|could not (?:assume|be used)|^\W*(?:User|Principal)\b"
    r"|please try again|does not exist or|an error occurred|forbidden\b|access (?:was |is )?denied\b"
    r"|access to the resource \S+ is denied"
    r"|^\W*you are not authori[sz]ed\W*$",
    re.IGNORECASE,
)


def own_words(denial: Denial) -> str:
    """Return the reason in AWS's answer to the refused call; "" if the answer has only stock phrases.

    IAM's own sentence names caller and action, and states its reason in IAM's grammar or states none.
    """
    if said := remark(denial):
        return said
    if denial.principal and _names_action(denial):
        return ""
    for found in _ANSWERED.finditer(denial.text[:4000]):
        said = " ".join(found["said"].split())
        if found["operation"] in (None, denial.operation) and not _STOCK.search(said):
            return said
    return ""


_REMARK = regex(
    r"not authori[sz]ed to perform:? [^\s()]+(?: on resource: [^\s()]+)? \((?P<said>[A-Z][^()\n]{15,300}?)\.?\)"
)
_NO_REMARK = regex(r"(?:Service|Status ?Code|Request ?ID|RequestToken|Proxy)\s*:", re.IGNORECASE)


def remark(denial: Denial) -> str:
    """Return the reason that a service adds in brackets to IAM's sentence; "" if there is none."""
    found = _REMARK.search(denial.text[:4000])
    said = " ".join(found["said"].split()) if found else ""
    return "" if _NO_REMARK.search(said) or len(said.split()) < 4 else said[:160]
