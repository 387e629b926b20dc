"""Two similar values in a text, and the sentence about them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.facts.elb_accounts import SERVICE as ELB_PRINCIPAL
from iam.lazy_pattern import regex

CALLER = "the caller"
ELB_SERVICE_PRINCIPAL = f"the service principal {ELB_PRINCIPAL}"
NOUNS = {
    "vpce": "VPC endpoint",
    "vpc": "VPC",
    "subnet": "subnet",
    "sg": "security group",
    "i": "instance",
    "ami": "image",
    "eni": "network interface",
    "vol": "volume",
    "snap": "snapshot",
    "fs": "file system",
    "fsap": "access point",
    "lt": "launch template",
    "tgw": "transit gateway",
}
"""The nouns for EC2 identifiers, by the first part of the identifier."""
IDENTIFIERS = frozenset((*NOUNS.values(), "organization", "KMS key", "cluster's issuer", "account"))
"""The nouns for values that AWS assigns at random."""


class Basis(StrEnum):
    """What the text shows about the two values.

    PRINTED: AWS printed the requested value, and a rule contains the other value.
    RULE: a rule contains the other value.
    EXEMPT: the other value is the list of a Deny's exceptions.
    EMULATED: an emulator of AWS reports a secret's ARN without its suffix.
    SENT: a condition on a tag of the request contains the other value.
    TAGGED: a condition on a tag of the resource or the caller contains the other value.
    OF_MANAGED: a condition of an AWS managed policy contains the other value of a tag.
    HOLDER: the other identity has the policy that the text shows.
    BOTH: like PRINTED, and the text shows that both roles or users exist.
    STARTER: like HOLDER, and ECS makes the call to start a task, with the task's execution role.
    LISTED: a list contains only the other value.
    ROLE: the text also contains the other role's ARN.
    SAID: the text's author says that the other value is correct.
    BOTH_ASKED: one call contains both values.
    PLACE: a rule names the resource in another Region or account.
    ELSEWHERE: a list contains the resource in another Region or account, and no list contains it in that of the call.
    LISTED_TOO: the text contains the resource in another Region, and it may exist in both.
    RECREATED: a rule contains an ARN with the same name and a different generated ID or suffix.
    OF_REGION: AWS has another value in the Region of the call.
    LAYER: the text has a Region that is not the Region of a function's layer.
    SERVICE: a rule contains the resource's ARN with another service.
    REQUIRED: the message says that the resource must be in the Region.
    SIGNED: the request's signature is for another Region than that of its endpoint.
    SOURCE: a condition on the ARN of the calling resource has another Region.
    PATTERN: a rule contains a pattern that does not match the value.
    ENCODED: the other value is the object key itself, and the requested one its URL-encoded form.
    RENAMED: the text says that a resource was created again or renamed, and a condition has its old ARN.
    SESSION: the caller's session, which a session policy limits, has the other value.
    """

    PRINTED = "printed"
    RULE = "rule"
    SENT = "sent"
    TAGGED = "tagged"
    OF_MANAGED = "of-managed"
    ROLE = "role"
    BOTH = "both"
    EXEMPT = "exempt"
    EMULATED = "emulated"
    HOLDER = "holder"
    STARTER = "starter"
    LISTED = "listed"
    SAID = "said"
    BOTH_ASKED = "both-asked"
    PLACE = "place"
    ELSEWHERE = "elsewhere"
    ENCODED = "encoded"
    LISTED_TOO = "listed-too"
    RECREATED = "recreated"
    RENAMED = "renamed"
    OF_REGION = "of-region"
    LAYER = "layer"
    SERVICE = "service"
    REQUIRED = "required"
    SIGNED = "signed"
    SOURCE = "source"
    SESSION = "session"
    ONE_OF = "one-of"
    PATTERN = "pattern"


# Amazon EKS API Reference, "UpdateAccessEntry": the call changes only the groups and the user name
# (https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateAccessEntry.html).
ENTRIES = "the cluster's access entries"
"""The place of a principal that has an EKS access entry."""
DECODE = "Decode the key before the call (Python: urllib.parse.unquote_plus)."
_SHOWN = (
    Basis.LISTED,
    Basis.SAID,
    Basis.ROLE,
    Basis.ELSEWHERE,
    Basis.ENCODED,
    Basis.LISTED_TOO,
    Basis.LAYER,
    Basis.SIGNED,
    Basis.SOURCE,
    Basis.SESSION,
)
"""The bases for which the other value is not in a rule."""


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two values that may be meant to be the same.

    ``asked`` is the value in the request, ``written`` the other one. The places are nouns; ``difference`` is a clause.
    ``kind`` is the noun for both values, ``code`` the code of the cause. ``whole`` is the ARN of the other value if the
    ARN has a path, which the name alone does not show; else "". ``also`` is a sentence about what the program needs in
    addition; or "".
    """

    kind: str
    asked: str
    asked_place: str
    written: str
    written_place: str
    difference: str
    basis: Basis
    code: str
    whole: str = ""
    also: str = ""

    @property
    def sentence(self) -> str:
        place = f"{self.asked_place[0].upper()}{self.asked_place[1:]}"
        if self.asked_place == CALLER:
            has = f"The caller's account is {self.asked}" if self.kind == "account" else f"The caller is {self.named}"
        elif self.asked_place == self.written_place:
            # The request and the policy may be in the same text; only one of the two values is in the policy.
            has = f"The text has {self.named}"
        else:
            has = f"{place} has {self.named}"
        if self.basis is Basis.ONE_OF:
            return f"{place} has {self.asked}, but {self.written_place} accepts only {self.written}. {self.advice}"
        verb = "has" if self.basis in _SHOWN else "name" if self.written_place == ENTRIES else "names"
        return f"{has}, but {self.written_place} {verb} {self.written}: {self.difference}. {self.advice}{self.also}"

    @property
    def of_identifiers(self) -> bool:
        """Whether AWS assigns values of this kind at random."""
        return self.kind in IDENTIFIERS

    @property
    def named(self) -> str:
        return f"the {self.kind} {self.asked}"

    @property
    def _replacement(self) -> str:
        """The text to write: the complete value if ``asked`` is only a part, such as a name in an ARN."""
        whole = (self.whole if self.basis is Basis.RULE else "") or _in_place(self.asked, self.written)
        return "it" if whole == self.asked else whole

    @property
    def advice(self) -> str:
        """What to find out. If the text shows what to correct, also the correction."""
        match self.basis:
            case Basis.PRINTED | Basis.RULE if self.written_place == ENTRIES:
                return (
                    f"If you meant {self.written}, use its credentials for the call. If {self.asked} should have "
                    "access, create a separate access entry for it, because the principal of an entry cannot be "
                    "changed."
                )
            case Basis.PRINTED:
                both = (
                    " For a cross-account call, the caller's own policies must also allow the action."
                    if self.kind == "account"
                    else ""
                )
                return (
                    f"AWS printed {self.asked}, so that {self.kind} exists. If {self.asked} is correct, correct "
                    f"{self.written} in {self.written_place}.{both}"
                )
            case Basis.BOTH:
                return (
                    f"The text shows that both exist. If {self.asked} should have access, add it to "
                    f"{self.written_place}; otherwise make the call with {self.written}: then no policy has to change."
                )
            case Basis.STARTER:
                return (
                    f"Attach the policy to the execution role {self.asked}: ECS uses this role to start the task, "
                    f"and fetches the task's secrets and images with it. The policies of {self.written} have no "
                    "effect here."
                )
            case Basis.HOLDER:
                return (
                    f"These are two {self.kind}s: the policies of {self.written} do not apply to {self.asked}. Attach "
                    f"the policy to {self.asked}, or make the call as {self.written}."
                )
            case Basis.ENCODED:
                return f"{DECODE} Most likely no permission is missing."
            case Basis.LISTED:
                return (
                    f"Only {self.written} is listed. If you want {self.written}, write "
                    f"{self.whole or self.written} in the call or its "
                    f"configuration{', with its path' if self.whole else ''}. A missing permission is not the "
                    "cause."
                )
            case Basis.SAID:
                return (
                    f"Check which name is configured in the program. If {self.written} is correct, correct the "
                    f"request, and write no policy for {self.asked}."
                )
            case Basis.ROLE:
                return (
                    "STS refuses a role that does not exist in the same way as a role that does not trust the "
                    f"caller. If you meant {self.written}, use its ARN: the path and the letter case are part of "
                    "the ARN."
                )
            case Basis.EXEMPT:
                return (
                    "The Deny applies to every action that NotAction does not list. If this service should be "
                    f"allowed, ask the organization's administrator to add {self.asked.partition(':')[0]}:* to "
                    "NotAction."
                )
            case Basis.EMULATED:
                return (
                    "The statement is correct for AWS, where a secret's ARN ends with six random characters. The "
                    "emulator used the name without these characters: only for the emulator, also allow "
                    f"{self.asked}."
                )
            case Basis.SENT:
                return (
                    f"Send {self.written}. If {self.asked} is correct, ask the policy's owner to change the condition."
                )
            case Basis.TAGGED:
                return (
                    f"The call does not set this tag. Change the existing tag to {self.written}. If {self.asked} is "
                    "correct, ask the policy's owner to change the condition."
                )
            case Basis.OF_MANAGED:
                return f"Set the tag to {self.written}, then try again. More permissions are not needed for this."
            case Basis.BOTH_ASKED:
                return (
                    f"These are two {self.kind}s. If you meant {self.written}, make the call with its credentials "
                    f"or profile; otherwise correct {self.written} in the call."
                )
            case Basis.PLACE if self.kind == "Region":
                return (
                    f"Find out in which Region the resource exists. If the resource is in {self.written}, make the "
                    "call there (the Region of the client, the backend or the profile); then no policy has to "
                    f"change. Only if you meant {self.asked}, add the ARN with this Region to the policy."
                )
            case Basis.PLACE:
                return (
                    f"Find out in which account the resource exists. If the resource is in {self.written}, use the "
                    f"ARN or the credentials of that account; if it is in {self.asked}, correct the policy."
                )
            case Basis.ELSEWHERE if self.kind == "account":
                return (
                    f"If you meant the resource in {self.written}, correct the account in the URL. No policy "
                    "has to change."
                )
            case Basis.ELSEWHERE | Basis.LISTED_TOO:
                return (
                    f"If you meant {self.written}, first use that Region for the call (in its URL or ARN, the "
                    "client or the profile), before you change a policy."
                )
            case Basis.RECREATED if self.whole:
                return (
                    "One that is created again has the same name and another ID in its ARN. If "
                    f"{self.asked} is the current one, write {self.whole} in the policy."
                )
            case Basis.RECREATED:
                return (
                    "A secret that is created again has the same name, but six other characters at the end of its "
                    f"ARN. If {self.asked} is the current secret, name this ARN in the policy, or use "
                    f"{self.asked[:-6]}?????? for any six characters."
                )
            case Basis.LAYER:
                return (
                    f"If the function is in {self.written}, use the layer's ARN in {self.written}, or publish a copy "
                    "of the layer there."
                )
            case Basis.OF_REGION:
                other = (
                    "the account that AWS lists for the Region"
                    if self.asked == ELB_PRINCIPAL
                    else ELB_SERVICE_PRINCIPAL
                )
                return (
                    f"Name {self.asked} in the policy, or {other}. The bucket must be in "
                    "the load balancer's Region, and an Application Load Balancer supports only SSE-S3."
                )
            case Basis.REQUIRED:
                return "No permission is missing. "
            case Basis.SIGNED:
                return (
                    f"Sign for {self.written} (the program's setting for the Region), or use the endpoint of "
                    f"{self.asked}. No policy was evaluated, and the keys need not be wrong."
                )
            case Basis.SOURCE:
                return (
                    f"If {self.asked} is correct, use a separate role there, or add the ARN with {self.asked} to "
                    f"the condition, because {self.written} may also need the role. Otherwise make the call in "
                    f"{self.written}."
                )
            case Basis.RENAMED:
                return (
                    f"If {self.asked} replaced {self.written}, write {self.whole} in the condition, and keep the rest."
                )
            case Basis.SESSION:
                return (
                    "Most likely the session policy was written for the session's own resources, and works as "
                    f"intended. If {self.written} is correct, correct the request, and do not widen any policy."
                )
            case Basis.PATTERN if self.kind == "method":
                return f"So the policy does not allow this request. Let it name {self.asked}."
            case Basis.PATTERN:
                return (
                    f"If the {self.kind} is correct, also name its ARN in the statement, or give the {self.kind} a "
                    "name that the pattern matches; otherwise correct the request."
                )
            case Basis.ONE_OF:
                return (
                    f"Change the request, or ask the policy's owner to add {self.asked} to the condition's values. "
                    "Keep the condition."
                )
            case Basis.SERVICE:
                only = "" if self.also else ", and nothing else"
                return f"So it does not match this request. Correct the service in {self.written_place}{only}."
            case Basis.RULE:
                return (
                    f"Find out which of the two is correct. If {self.asked} is correct, correct "
                    f"{self.written_place}; otherwise correct the request. Do not widen a policy for this."
                )

    @property
    def fix(self) -> Fix:
        title = f"Find out which {self.kind} is correct: {self.asked} or {self.written}"
        arn = f" Its ARN is {self.whole}." if self.whole else ""
        change = f"If {self.written} is correct, use it instead of {self.asked}.{arn}"
        match self.basis:
            case Basis.EXEMPT:
                title = f"Add {self.asked.partition(':')[0]}:* to NotAction"
                return Fix(
                    title, Who.ORG_ADMIN, Note("the SCP in the text", f"The list then also contains {self.asked}.")
                )
            case Basis.ENCODED:
                return Fix("Decode the object's key", Who.CALLER, Note(self.asked_place, f"{DECODE}{self.also}"))
            case Basis.EMULATED:
                note = Note("the emulator's policy", f"Add {self.asked} to its Resource.")
                return Fix("Allow the bare name in the emulator only", Who.CALLER, note)
            case Basis.BOTH:
                change = f"Add {self.asked} next to {self.written}, or let the program call as {self.written}."
                title = f"Add {self.asked} to {self.written_place}, or call as {self.written}"
                return Fix(title, Who.RESOURCE_OWNER, Note(self.written_place, change))
            case Basis.STARTER:
                change = f"Give {self.asked} the statements that {self.written} has for this call."
                return Fix(f"Attach the policy to {self.asked}", Who.ACCOUNT_ADMIN, Note(self.asked_place, change))
            case Basis.HOLDER:
                title = f"Attach the policy to {self.asked}, or use {self.written}"
                change = (
                    f"Attach the policies of {self.written} to {self.asked}, or let the program run as {self.written}."
                )
                return Fix(title, Who.ACCOUNT_ADMIN, Note(self.asked_place, change))
            case Basis.RECREATED if self.whole:
                change = f"Write {self.whole} instead of the ARN with {self.written}, and keep the other statements."
                title = f"Write the current ID of the {self.kind} in the policy"
                return Fix(title, Who.ACCOUNT_ADMIN, Note(self.written_place, change))
            case Basis.RECREATED:
                change = (
                    f"If the secret's ARN now ends in {self.asked}, let the Resource end in {self.asked}, or in "
                    f"{self.asked[:-6]}??????, and remove {self.written}."
                )
                title = f"Name the secret's current ARN (…{self.asked}) in the policy"
                return Fix(title, Who.ACCOUNT_ADMIN, Note(self.written_place, change))
            case Basis.OF_REGION:
                title, more = f"Name the account of {self.asked_place}", " (in Terraform data.aws_elb_service_account)"
                if self.asked == ELB_PRINCIPAL:
                    title, more = "Let the service write the logs", ' ("Service" in place of "AWS")'
                change = f"Write {self.asked} instead of {self.written}{more}."
                return Fix(title, Who.RESOURCE_OWNER, Note(self.written_place, change))
            case Basis.PRINTED | Basis.RULE if self.written_place == ENTRIES:
                change = (
                    f"For {self.asked}, run aws eks create-access-entry with its ARN, then "
                    f"associate-access-policy. For {self.written}, let the program assume this role (aws eks "
                    "update-kubeconfig --role-arn)."
                )
                return Fix(
                    f"Call as {self.written}, or give {self.asked} an entry",
                    Who.RESOURCE_OWNER,
                    Note(self.written_place, change),
                )
            case Basis.ONE_OF:
                title = f"Use {self.written}, or let the condition list {self.asked}"
                return Fix(title, Who.CALLER, Note("the request", "The other conditions of the statement apply, too."))
            case Basis.PATTERN:
                title = f"Let {self.written_place} match {self.asked}"
                change = f"Add this ARN to the Resource, next to {self.written}. Do not write * instead."
                return Fix(title, Who.ACCOUNT_ADMIN, Note(self.written_place, change))
            case Basis.OF_MANAGED:
                change = f"Set {self.written} instead of {self.asked}. Other tags stay as they are."
                return Fix(f"Set the tag {self.written}", Who.RESOURCE_OWNER, Note(self.asked_place, change))
            case Basis.REQUIRED:
                title = f"Use a resource in {self.written}, not {self.asked}"
                return Fix(title, Who.CALLER, Note(self.asked_place, self.also))
            case Basis.SERVICE:
                change = f"Write {self.asked} in place of {self.written}.{self.also}"
                return Fix("Correct the service in the ARN", Who.ACCOUNT_ADMIN, Note(self.written_place, change))
            case Basis.RENAMED:
                title = f"Write the ARN of {self.asked} in the condition"
                change = f"Write {self.whole} instead of {self.written}, and keep the condition."
                return Fix(title, Who.RESOURCE_OWNER, Note(self.written_place, change))
            case Basis.SOURCE:
                change = (
                    f"Roles are global, so a role for {self.written} has the same name in {self.asked}. Put the "
                    "Region into the role's name, so that each Region has its own role and condition. Or add the "
                    f"same ARN with {self.asked} to the values. Keep the condition."
                )
                return Fix(title, Who.RESOURCE_OWNER, Note(self.written_place, change))
            case Basis.PRINTED | Basis.RULE:
                change = f"If {self.asked} is correct, write {self._replacement} instead of {self.written}."
                return Fix(title, Who.RESOURCE_OWNER, Note(self.written_place, change))
            case _:
                more = f" {DECODE}" if DECODE in self.also else ""
                return Fix(title, Who.CALLER, Note(self.asked_place, f"{change}{more}"))


_SEPARATOR = regex(r"[/:]")


def _in_place(part: str, whole: str) -> str:
    """Return ``whole`` with ``part`` in place of the most similar stretch between separators."""
    count, places = len(_SEPARATOR.findall(part)), [-1, *(each.start() for each in _SEPARATOR.finditer(whole))]
    ends = [*places[1:], len(whole)]
    stretches = [(places[at] + 1, ends[at + count]) for at in range(len(ends) - count)]
    stretches = [each for each in stretches if whole[slice(*each)].isdecimal() == part.isdecimal()]
    if len(places) < 2 or not stretches:
        return part
    start, end = max(stretches, key=lambda each: (SequenceMatcher(None, part, whole[slice(*each)]).ratio(), each))
    return f"{whole[:start]}{part}{whole[end:]}"
