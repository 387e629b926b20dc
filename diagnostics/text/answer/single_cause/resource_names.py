"""A call on a resource by a wrong name: a placeholder, an unfilled reference, another name, or a key's alias."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.claims.kinds import StatedFact
from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.text.read.author.stated_facts import Facts
from diagnostics.text.read.resources.impossible_resources import Flaw, unfilled, unusable_name
from diagnostics.who import Who
from iam.arn import name_of
from iam.lazy_pattern import regex

_MARKED = r"[\w+=,.@-]*(?:[\d_@+=-]|[a-z][A-Z])[\w+=,.@-]*"


_PLACEHOLDER = regex(r"[$]?[{<]{1,2}([A-Za-z_]\w*)[}>]{1,2}")
"""A value that the author left open, as in {cluster_name}: the message may have it as CLUSTER_NAME."""


def called_otherwise(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that the call names a different resource from the author's own, whose name the text gives."""
    asked = name_of(denial.resource or "")
    if not re.fullmatch(_MARKED, asked):
        return None
    found = re.search(
        rf"\b(?:called|named|is|are|have|use)\s+[\"'`]?(?P<own>{_MARKED}[\w@+=-])[\"'`]?\s*[,(;–-]*\s*(?:and\s+)?"
        rf"(?:not|instead of|rather than)\s+(?:the\s+)?(?:default\s+|usual\s+|standard\s+)?[\"'`]?{re.escape(asked)}"
        r"(?![\w+=@-])",
        _PLACEHOLDER.sub(lambda each: str(each[1]).upper(), denial.text),
    )
    if found is None or found["own"] == asked:
        return None
    own = found["own"]
    found_out = decide(
        "identity.resource-mismatch",
        f"the call names {asked}, but the text says that the right name is {own}",
        f"The call names {asked}, but the text says that yours is {own}: a setting still names {asked}. Do not "
        f"allow {denial.missing_action or denial.action} on {asked}.",
        f"Find the setting that names {asked}, and write {own} there",
        Who.CALLER,
        asked,
        f"The policy's Resource must also name {own}.",
    )
    return replace(found_out, nearer=True)


def names_no_resource(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that the call was given a wrong value: no policy can name the resource in the message."""
    resource, principal = denial.resource or "", denial.principal or ""
    found = unusable_name(resource)
    if found is None or not found.sure or unfilled(principal) is not None:
        return None
    if found.flaw is Flaw.NESTED:
        sentence = (
            f"Pass the name {found.name}: the call expects a name, but got an ARN (the resource in the message "
            "contains a second ARN). Change no policy for this."
        )
        title, text = f"Pass the plain name as {found.parameter}", f"Write {found.name} instead of {found.part}."
    elif found.flaw is Flaw.OWNER:
        sentence = (
            f"The template's Transform begins with {found.part.upper()}::, which is neither AWS:: nor a macro of an "
            f"account: most likely it is misspelled. Write {found.name} in the template, and change no policy for this."
        )
        title, text = f"Write {found.name} in the template", "Correct Transform (or Fn::Transform), and deploy again."
    else:
        of_cdk = " In the CDK, give the stack its env (account and Region)." if _OF_CDK.match(found.part) else ""
        sentence = (
            f"Correct the call: the resource's name was not filled in and still has “{found.part}”, so no policy "
            f"can allow it. Change no policy for this.{of_cdk}"
        )
        title, text = f"Give {found.part} its value where the call is made", _UNFILLED_NOTE
    decision = decide(
        "identity.resource-mismatch", f"the resource is {resource}", sentence, title, Who.CALLER, resource, text
    )
    return replace(decision, nearer=True)


_OF_CDK = regex(r"\$\{(?:AWS::|Token)")


_UNFILLED_NOTE = "Find the setting, output or variable that the program reads for this value, and set it."


def names_an_alias(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that a statement names the alias of a KMS key, and so does not apply to the key itself.

    AWS KMS Developer Guide, "Using aliases to control access to KMS keys"
    (https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html).
    """
    fact, action = facts.get(StatedFact.ALIAS_NAMED), (denial.missing_action or denial.action or "").lower()
    if fact is None or not action.startswith("kms:") or action.endswith("alias") or "alias" in (denial.resource or ""):
        return None
    emulated = (
        " An emulator may differ; with an emulator, pass --key-id in the call." if _EMULATOR.search(denial.text) else ""
    )
    return decide(
        "identity.resource-mismatch",
        f"“{fact.words}”",
        f"The statement does not match, because it names the alias {fact.name.rpartition(':')[2]}, but KMS checks "
        f"{denial.missing_action or denial.action} on the key's own ARN.{emulated}",
        "Name the key's ARN (key/ID), or the condition kms:ResourceAliases",
        Who.ACCOUNT_ADMIN,
        "the policy in the text",
        "Set Resource to arn:…:key/ID. Or allow key/* with the condition StringEquals kms:RequestAlias, or "
        "ForAnyValue:StringEquals kms:ResourceAliases, and the alias as its value.",
    )


_EMULATOR = regex(r"\bemulat\w+|\blocalstack\b|\bmoto\b|\b000000000000\b", re.IGNORECASE)
