"""``rolescope who-can ACTION [RESOURCE]``: every principal of the account that may perform the action, and why.

``rolescope who-can from NAME`` is the reverse: what a role or user may assume, change, pass or run code as.

With ``--json``, one document::

    {"action": "s3:GetObject", "resource": "arn:…" or "*", "read_as": how action and resource were interpreted,
     "account": "111122223333",
     "principals": [PRINCIPAL, …],   roles and users of the account: allowed, conditional, then unknown
     "others": [PRINCIPAL, …],       further principals that the resource's policy or the role's trust policy allows
     "kept_out": [PRINCIPAL, …],     roles and users that are denied although an Allow statement names the action
     "complete": whether everything that affects the answer was read,
     "unread": [{"layer": "resource", "call": "s3:GetBucketPolicy", "why": "one sentence"}, …],
     "not_listed": ["one sentence", …],   about lists of roles, users … that are incomplete
     "notes": ["one sentence", …],
     "hops": [{"role": ARN that is assumed, "arn": of who may assume it or null, "who",
               "may": "yes" | "under conditions" | "not known", "note",
               "step": such as "may assume it", "gives": by which actions, if not by sts:AssumeRole alone,
               "granted_by", "limited_by", "unless": as in PRINCIPAL}]}   with --hops, --ways, and for "from NAME"

    PRINCIPAL = {"arn", "name",
     "kind": "role" | "user", and for others "session" | "federated-user" | "account" | "service" | "provider" |
             "canonical-user" | "unique-id" | "everyone",
     "service_owned": true for service-linked and reserved roles, which AWS owns,
     "decision": "allowed" | "conditional" (if condition keys have the right values) | "unknown" (not allowed by what
                 was read, and not everything was) | "denied",
     "certain": false if an unread layer could change the decision,
     "granted_by": [STATEMENT, …],   Allow statements of identity, resource and trust policies
     "limited_by": [STATEMENT, …],   Allow statements of boundary, SCPs and RCPs, which must allow too
     "unless": [STATEMENT, …],       Deny statements that match if their conditions are met
     "denied_by": [STATEMENT, …],    for "denied": the Deny statements; none if an Allow is missing
     "rule": for "denied" and "unknown", one sentence,
     "own_account_must_allow": true for a principal of another account,
     "resources": those that match a pattern, "resources_if": those among them that are allowed only under conditions,
     "actions": the first 100 that match a pattern, "action_count",
     "unread": as above, for this principal's own policies}

    STATEMENT = {"layer", "policy", "arn", "statement": index from 0, "sid", "line": of the statement, from 1,
     "conditions": [{"operator", "key", "values", "text"}, …] that must be met and depend on unknown keys,
     "variables": unknown keys in its resources, "in_part": true for a Deny that applies to some of the resources}

For a folder of several accounts, each principal has ``account``, the top-level ``account`` is the resource's or null,
and there are

     "not_found": {"accounts", "units", "organizations", "principals"},   names in the resource's policy not found
     "all_accounts_checked": whether no account of the organization was left out or unread

``--context KEY=VALUE`` sets the values of condition keys. Exit status: 0 answered; 1 nobody was found and not
everything could be read; 2 the question is not valid; 3 the account cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from diagnostics.access_tree import REACH, TreeQuestion, access_tree, hops_across, read_question
from diagnostics.assume import Assumer, MayAssume
from diagnostics.assumptions import Assumption, Assumptions, ask_assuming
from diagnostics.edge_statements import (
    LIMITS,
    conditions_suffix,
    edge_lines,
    hop_json,
    statement_json,
    statement_name,
    tree_text,
)
from diagnostics.graph_svg import GRAPH_FORMS
from diagnostics.json_versions import versioned
from diagnostics.reach import ReviewedAccounts
from diagnostics.review.limits import Limits
from iam.account import Account
from iam.claims import nobody
from iam.foreign_text import json_line, json_text, visible
from iam.layers import LayerReading
from iam.organization.accounts import Accounts
from iam.policy.layer import Layer
from iam.policy.words import listed
from iam.questions.answers import AccessVerdict, PrincipalAnswer, WhoCan
from iam.questions.catalogue import catalogue
from iam.questions.index import AccountIndex
from iam.questions.who_can import QuestionError
from iam.questions.who_can_across import WhoCanAcross, all_read, who_can_across
from iam.sources.reader.opened import OpenedAccount
from tui.asides import print_aside
from tui.commands.given import read_context
from tui.commands.shards import in_shard, needs_accounts
from tui.exit_status import ANSWERED, CANNOT_TELL, UsageError
from tui.open_account import chosen_account, open_account, open_accounts, selected_accounts

MOST_ACTIONS = 100


def run(options: argparse.Namespace) -> int:
    context = read_context(options.context)
    form = "json" if options.json else options.format
    if (accounts := open_accounts(options)) is not None and not (options.account and form in GRAPH_FORMS):
        begin = chosen_account(options, accounts).account.id if options.account else None
        return _run_across(options, accounts, context, begin)
    needs_accounts(options)
    account, reader = open_account(options)
    if accounts is not None:
        print(f"The drawing covers only account {account.id}.", file=sys.stderr)
    own = OpenedAccount(account, reader)
    ways = ReviewedAccounts(lambda number: own, Limits()) if options.ways else None
    try:
        with options.status.telling("evaluating who may") as progress:
            index = AccountIndex(account, reader)
            question = TreeQuestion(options.action, options.resource)
            if options.action.lower() == REACH:
                question = read_question(f"{REACH} {options.resource}", account)
            tree = access_tree(
                index,
                question,
                context,
                assumptions=Assumptions(account.region or ""),
                ways=ways,
                progress=progress.count,
            )
        if question.reach and form == "text":
            print(tree_text(tree, question), end="")
            return ANSWERED if tree.roots or tree.answer.complete else CANNOT_TELL
        wanted = options.hops or options.ways or question.reach
        hops = list(tree.hops()) if wanted and form in ("text", "json") else []
        # the ways to get at a role are not part of the answer to the question itself
        if wanted and form in ("text", "json"):
            start = Assumer(str(question), MayAssume.YES, arn=question.resource)
            hops = [*((start, one) for one in tree.roots if one.gives or question.reach), *hops]
        edges = list(tree.edges(question)) if form in GRAPH_FORMS else []
    except QuestionError as error:
        raise UsageError(str(error)) from error
    answer = tree.answer
    if form == "json":
        whole = as_json(answer, account) | _extras(tree.assumptions, hops if wanted else None)
        print(json_text(versioned("who-can", whole)))
    elif form == "jsonl":
        certain = not answer.unread
        rows = [_principal(one, certain) for one in (*answer.principals, *answer.others)]
        sys.stdout.write("".join(json_line({**row, "account": account.id}) for row in rows))
    elif form == "text":
        print("\n".join((*as_text(answer, account, tree.assumptions), *_hop_lines(hops))))
    else:
        print(GRAPH_FORMS[form](edges), end="")
    found = bool(tree.roots) or any(one.granted for one in (*answer.principals, *answer.others))
    return ANSWERED if found or answer.complete else CANNOT_TELL


def _run_across(
    options: argparse.Namespace, accounts: Accounts, context: Mapping[str, tuple[str, ...]], begin: str | None
) -> int:
    """Answer the question over several accounts.

    Without a resource, it is about the resources of the account ``begin``.
    """
    form = "json" if options.json else options.format
    if form in GRAPH_FORMS:
        raise UsageError(f"--format {form} draws only one account: choose it with --account.")
    within = selected_accounts(options, accounts)
    if within is None and begin is not None and options.resource == "*":
        within = [begin]
    narrowed = within is not None
    if options.shard is not None:
        within = in_shard(within if within is not None else accounts.ids, options.shard)
    try:
        with options.status.telling("evaluating who may") as progress:
            found, used = _ask_across(options, accounts, context, within, progress.count)
            if options.shard is not None and not narrowed:  # the other parts are queried by other processes
                found = replace(found, all_accounts_checked=all_read(accounts))
            hops = list(hops_across(found.answer, accounts)) if options.hops else []
    except QuestionError as error:
        raise UsageError(str(error)) from error
    if form == "jsonl":
        whole = across_json(found)
        sys.stdout.write("".join(map(json_line, (*whole["principals"], *whole["others"]))))
        for each in accounts.missing:
            print_aside(options, f"Not read: {each.words}: {each.why}")
    elif form == "json":
        mark = {"shard": f"{options.shard[0]}/{options.shard[1]}"} if options.shard is not None else {}
        whole = across_json(found) | mark | _extras(used, hops if options.hops else None)
        print(json_text(versioned("who-can", whole)))
    else:
        print("\n".join((*across_text(found, accounts, used), *_hop_lines(hops))))
    answer = found.answer
    if options.shard is not None:
        return ANSWERED  # only all parts together are the full answer
    granted = any(one.granted for one in (*answer.principals, *answer.others))
    return ANSWERED if granted or (answer.complete and found.all_accounts_checked) else CANNOT_TELL


def _ask_across(
    options: argparse.Namespace,
    accounts: Accounts,
    context: Mapping[str, tuple[str, ...]],
    within: Sequence[str] | None,
    progress: Callable[[int, int], object],
) -> tuple[WhoCanAcross, tuple[Assumption, ...]]:
    """Return the answer, with the Region of the command line, if given, as an assumption."""
    asked: list[WhoCanAcross] = []

    def ask(known: Mapping[str, tuple[str, ...]]) -> WhoCan:
        asked.append(
            who_can_across(accounts, options.action, options.resource, known, within=within, progress=progress)
        )
        return asked[-1].answer

    assumptions = Assumptions(options.region or "").for_request(options.action, options.resource)
    answer, used = ask_assuming(ask, context, assumptions)
    return replace(asked[-1], answer=answer), used


def across_json(found: WhoCanAcross) -> dict[str, Any]:
    """Return the JSON document of an answer for several accounts."""
    answer, missing = found.answer, found.not_found
    return {
        "action": answer.action,
        "resource": answer.resource,
        "read_as": answer.read_as,
        "account": found.owner,
        "principals": [_principal(one, True) for one in answer.principals],
        "others": [_other(one) for one in answer.others],
        "kept_out": [_principal(one, True) for one in answer.kept_out],
        "complete": _complete(found),
        "unread": [_unread(one) for one in answer.unread],
        "not_listed": list(answer.not_listed),
        "notes": list(answer.notes),
        "not_found": {
            "accounts": list(missing.accounts),
            "units": list(missing.units),
            "organizations": list(missing.organizations),
            "principals": list(missing.principals),
        },
        "all_accounts_checked": found.all_accounts_checked,
    }


def _complete(found: WhoCanAcross) -> bool:
    """Whether the search is complete: everyone with access is in the answer.

    False if the resource's policy names accounts or organizations that were not read.
    """
    missing = found.not_found
    return found.answer.complete and found.all_accounts_checked and not (missing.accounts or missing.organizations)


def _other(one: PrincipalAnswer) -> dict[str, Any]:
    """Return a principal allowed by policies of several accounts, in an order independent of the accounts' order."""
    found = {**_principal(one, True), **_open_side(one), "account": one.account}
    granted = sorted(found["granted_by"], key=lambda each: (str(each["arn"]), each["statement"]))
    return {**found, "resources": sorted(one.resources), "granted_by": granted}


def _open_side(one: PrincipalAnswer) -> dict[str, Any]:
    """Return a note that the answer depends on another account's policies, which were not read."""
    return {"certain": False} if one.own_side else {}


def across_text(found: WhoCanAcross, accounts: Accounts, assumptions: Sequence[Assumption] = ()) -> Iterator[str]:
    """Yield the lines of an answer for several accounts, under the account that has the resource."""
    answer = found.answer
    where = "in the accounts that were read"
    if found.owner is not None:
        where = f"in {accounts.standing(found.owner).words}"
    yield from _text(answer, where, assumptions, complete=_complete(found))
    missing = found.not_found
    named = (*missing.accounts, *missing.units, *missing.organizations, *missing.principals)
    if named:
        yield f"The resource's policy also names principals that were not read: {visible(listed(named))}."
    if not found.all_accounts_checked:
        unread = [each.words for each in accounts.missing]
        said = f". Not read: {listed(unread)}" if unread else ""
        yield visible(f"Not all accounts of the organization were checked{said}.")


def _extras(
    assumptions: Sequence[Assumption], hops: Sequence[tuple[Assumer, Assumer]] | None
) -> dict[str, list[dict[str, Any]]]:
    """Return the assumptions on which the answer depends, and the hops if requested."""
    found = {"assumptions": [{"key": each.key, "value": each.value} for each in assumptions]}
    return found if hops is None else {**found, "hops": [hop_json(*each) for each in hops]}


def _assumed(assumptions: Sequence[Assumption]) -> Iterator[str]:
    """Return the line that names the assumptions of an answer."""
    if assumptions:
        keys = " ".join(f"--context {each.key}=VALUE" for each in assumptions)
        yield visible(f"Assuming {listed([each.words for each in assumptions])}; use {keys} to assume another value.")


def _hop_lines(hops: Sequence[tuple[Assumer, Assumer]]) -> Iterator[str]:
    """Return one line for each hop, below the role that is assumed or changed."""
    last = None
    for role, one in hops:
        if role is not last:
            ways = any(each.gives for of, each in hops if of is role)
            yield from ("", visible(f"WHO {'CAN REACH' if ways else 'MAY ASSUME'} {role.title}"))
            last = role
        step = f"  {one.step}, by {one.gives}" if one.gives else ""
        yield visible(f"  {one.title}{step}" + (f"  {one.answer}: {one.note}" if one.note else ""))
        yield from (visible(f"      {line}") for line in edge_lines(one))


def as_json(answer: WhoCan, account: Account) -> dict[str, Any]:
    certain = not answer.unread
    return {
        "action": answer.action,
        "resource": answer.resource,
        "read_as": answer.read_as,
        "account": account.id,
        "principals": [_principal(one, certain) for one in answer.principals],
        "others": [_principal(one, certain) for one in answer.others],
        "kept_out": [_principal(one, certain) for one in answer.kept_out],
        "complete": answer.complete,
        "unread": [_unread(one) for one in answer.unread],
        "not_listed": list(answer.not_listed),
        "notes": list(answer.notes),
    }


def _principal(one: PrincipalAnswer, certain: bool) -> dict[str, Any]:
    deny = one.verdict is AccessVerdict.DENIED
    return {
        "arn": one.arn,
        "name": one.name,
        "kind": one.kind,
        "service_owned": one.service_owned,
        "decision": one.verdict.value,
        "certain": certain and not one.unread and one.verdict is not AccessVerdict.UNKNOWN,
        "granted_by": [statement_json(each) for each in one.statements if not deny and each.layer not in LIMITS],
        "limited_by": [statement_json(each) for each in one.statements if not deny and each.layer in LIMITS],
        "unless": [statement_json(each) for each in one.unless],
        "denied_by": [statement_json(each) for each in one.statements if deny],
        "rule": one.rule,
        "own_account_must_allow": one.own_side,
        "resources": list(one.resources),
        "resources_if": list(one.resources_if),
        "actions": _actions(one.action_set, MOST_ACTIONS),
        "action_count": one.action_set.bit_count(),
        "unread": [_unread(each) for each in one.unread],
    } | ({"account": one.account} if one.account is not None else {})


def _unread(reading: LayerReading) -> dict[str, str]:
    return {"layer": reading.layer.value, "call": reading.call, "why": reading.why}


def _actions(actions: int, most: int) -> list[str]:
    if not actions:
        return []
    return [name for name, _ in zip(catalogue().actions(actions), range(most), strict=False)]


# Text.

_HEADINGS = (
    (AccessVerdict.ALLOWED, "MAY"),
    (AccessVerdict.CONDITIONAL, "MAY, UNDER CONDITIONS"),
    (AccessVerdict.UNKNOWN, "NOT KNOWN"),
)
MOST_KEPT_OUT = 20


def as_text(answer: WhoCan, account: Account, assumptions: Sequence[Assumption] = ()) -> Iterator[str]:
    name = f" ({account.alias})" if account.alias else ""
    yield from _text(answer, f"in account {account.id}{name}", assumptions, complete=answer.complete)


def _text(answer: WhoCan, where: str, assumptions: Sequence[Assumption], *, complete: bool) -> Iterator[str]:
    yield visible(f"{answer.action} on {answer.resource} {where}: {answer.read_as}.")
    yield from _assumed(assumptions)
    for verdict, heading in _HEADINGS:
        yield from _group(heading, [one for one in answer.principals if one.verdict is verdict])
    yield from _group("OTHER THAN ROLES AND USERS OF THE ACCOUNT", answer.others)
    kept = answer.kept_out
    yield from _group("NAMED BY AN IDENTITY POLICY, YET NOT ALLOWED", kept[:MOST_KEPT_OUT])
    if len(kept) > MOST_KEPT_OUT:
        yield f"  and {len(kept) - MOST_KEPT_OUT:,} more"
    if not any(one.granted for one in (*answer.principals, *answer.others)):
        yield ""
        yield f"{nobody('may', complete=complete)}."
    if answer.unread or answer.not_listed:
        yield ""
        yield "NOT READ, so an answer above may be wrong or missing"
        yield from (visible(f"  {reading.layer.value}: {reading.why}") for reading in answer.unread)
        yield from (visible(f"  {sentence}") for sentence in answer.not_listed)
    yield ""
    for note in answer.notes:
        yield visible(note)


def _group(heading: str, answers: Sequence[PrincipalAnswer]) -> Iterator[str]:
    if not answers:
        return
    yield ""
    yield f"{heading} ({len(answers):,})"
    for one in answers:
        owned = "  owned by AWS" if one.service_owned else ""
        own_side = "  if its own account also allows it" if one.own_side else ""
        place = f"{one.account}  " if one.account is not None else ""
        yield visible(f"  {place}{one.kind:<8} {one.name}{owned}{own_side}")
        yield from (visible(f"      {line}") for line in _why(one))


def _why(one: PrincipalAnswer) -> Iterator[str]:
    if one.verdict in (AccessVerdict.DENIED, AccessVerdict.UNKNOWN):
        yield one.rule
    verb = "denied by" if one.verdict is AccessVerdict.DENIED else "by"
    for statement in one.statements:
        if statement.layer not in LIMITS or one.verdict is AccessVerdict.DENIED:
            yield f"{verb} {statement_name(statement)}{conditions_suffix(statement)}"
        elif not statement.certain or statement.layer is Layer.BOUNDARY:
            yield f"within {statement_name(statement)}{conditions_suffix(statement)}"
    for statement in one.unless:
        yield f"unless denied by {statement_name(statement)}{conditions_suffix(statement)}"
    if one.action_set:
        count = one.action_set.bit_count()
        more = f" and {count - 8:,} more" if count > 8 else ""
        yield f"actions: {', '.join(_actions(one.action_set, 8))}{more}"
    if one.resources and one.resources != ("*",):
        yield f"on {listed(one.resources)}"
    if one.resources_if:
        yield f"and, under conditions, on {listed(one.resources_if)}"
    for reading in one.unread:
        if reading.why != one.rule:
            yield f"not read: {reading.why}"
