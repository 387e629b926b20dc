"""The commands that the palette offers on every screen: those of other screens, and the other names of commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ElsewhereCommand:
    """A command of another screen.

    ``title`` is the command's own title; ``needs`` names what must be selected first, "" if nothing.
    """

    id: str
    title: str
    needs: str = ""

    @property
    def home(self) -> str:
        """The main screen that has the command; "" if it belongs to a screen that is opened over a main screen."""
        owner = self.id.partition(".")[0]
        return owner if owner in HOMES else ""

    @property
    def where(self) -> str:
        return self.needs or f"on {self.home.capitalize()}"


HOMES = ("roles", "diagnose", "create", "review", "activity")

_ROLE = "a role: choose one on Roles"
_OPEN_ROLE = "an open role: press enter on a role"
_FINDING = "a finding: choose one on Review"
_DIAGNOSIS = "a diagnosis: paste an error on Diagnose"
_PLAN = "a plan: press p on a fix, m or x on a role"
_DRAFT = "a right-sized draft: press l on what a role used"

ELSEWHERE = (
    ElsewhereCommand("roles.filter", "filter"),
    ElsewhereCommand("roles.filters", "saved filters"),
    ElsewhereCommand("roles.assumable", "roles I may assume"),
    ElsewhereCommand("roles.sort", "sort"),
    ElsewhereCommand("roles.sort-other-way", "sort the other way"),
    ElsewhereCommand("roles.mark", "mark", _ROLE),
    ElsewhereCommand("roles.compare", "compare", "two marked roles: space on each, on Roles"),
    ElsewhereCommand("roles.open", "open role", _ROLE),
    ElsewhereCommand("roles.use", "use", _ROLE),
    ElsewhereCommand("roles.who", "who can assume", _ROLE),
    ElsewhereCommand("roles.users", "who uses it", _ROLE),
    ElsewhereCommand("roles.diagnose-role", "diagnose role", _ROLE),
    ElsewhereCommand("roles.history", "history", _ROLE),
    ElsewhereCommand("roles.last-accessed", "last accessed", _ROLE),
    ElsewhereCommand("roles.right-size", "right-size", _ROLE),
    ElsewhereCommand("roles.versions", "versions", _ROLE),
    ElsewhereCommand("roles.change", "change", _ROLE),
    ElsewhereCommand("roles.edit", "edit", _ROLE),
    ElsewhereCommand("roles.adopt", "adopt", _ROLE),
    ElsewhereCommand("roles.delete", "delete", _ROLE),
    ElsewhereCommand("roles.like", "new like this", _ROLE),
    ElsewhereCommand("roles.recent", "recent denials", _ROLE),
    ElsewhereCommand("roles.words", "words/JSON", _ROLE),
    ElsewhereCommand("roles.copy", "copy", _ROLE),
    ElsewhereCommand("roles.export", "export"),
    ElsewhereCommand("role.facts", "all facts", _OPEN_ROLE),
    ElsewhereCommand("role.edit-document", "in $EDITOR", _OPEN_ROLE),
    ElsewhereCommand("role.next-policy", "next policy", _OPEN_ROLE),
    ElsewhereCommand("role.previous-policy", "previous policy", _OPEN_ROLE),
    ElsewhereCommand("diagnose.recent", "recent"),
    ElsewhereCommand("diagnose.form", "text/form"),
    ElsewhereCommand("diagnose.edit", "edit"),
    ElsewhereCommand("diagnose.history", "history"),
    ElsewhereCommand("diagnose.clear", "clear"),
    ElsewhereCommand("diagnose.run", "explain", _DIAGNOSIS),
    ElsewhereCommand("diagnose.fixes", "fixes", _DIAGNOSIS),
    ElsewhereCommand("diagnose.plan", "plan", _DIAGNOSIS),
    ElsewhereCommand("diagnose.wider", "wider", _DIAGNOSIS),
    ElsewhereCommand("diagnose.narrower", "narrower", _DIAGNOSIS),
    ElsewhereCommand("diagnose.answer", "answer", _DIAGNOSIS),
    ElsewhereCommand("diagnose.failures", "list", _DIAGNOSIS),
    ElsewhereCommand("diagnose.who-can", "who can", _DIAGNOSIS),
    ElsewhereCommand("diagnose.copy", "copy", _DIAGNOSIS),
    ElsewhereCommand("diagnose.export", "export", _DIAGNOSIS),
    ElsewhereCommand("create.edit", "edit"),
    ElsewhereCommand("create.trusted", "step 1: who"),
    ElsewhereCommand("create.permissions", "step 2: may"),
    ElsewhereCommand("create.details", "step 3: name"),
    ElsewhereCommand("create.check", "step 4: check"),
    ElsewhereCommand("create.look", "document/levels"),
    ElsewhereCommand("create.needed", "add what it needs"),
    ElsewhereCommand("create.new", "start again"),
    ElsewhereCommand("create.restore", "the other draft"),
    ElsewhereCommand("create.taken", "who has the name"),
    ElsewhereCommand("create.use", "use", "a role that was just created"),
    ElsewhereCommand("create.open", "open the role", "a role that was just created"),
    ElsewhereCommand("create.attach", "attach to an instance", "a role that was just created"),
    ElsewhereCommand("create.undo", "undo", "a role that was just created"),
    ElsewhereCommand("create.copy", "copy", "a role that was just created"),
    ElsewhereCommand("review.fixes", "fixes", _FINDING),
    ElsewhereCommand("review.smallest", "close all paths"),
    ElsewhereCommand("review.again", "review again"),
    ElsewhereCommand("review.filter", "filter"),
    ElsewhereCommand("review.overview", "bars"),
    ElsewhereCommand("review.accounts", "all accounts"),
    ElsewhereCommand("review.beside", "Access Analyzer"),
    ElsewhereCommand("review.unread", "not read"),
    ElsewhereCommand("review.export", "export"),
    ElsewhereCommand("review.who-can", "who can"),
    ElsewhereCommand("review.mark", "mark", _FINDING),
    ElsewhereCommand("review.plan", "plan", _FINDING),
    ElsewhereCommand("review.accept", "accept", _FINDING),
    ElsewhereCommand("review.right-size", "right-size", _FINDING),
    ElsewhereCommand("review.tag", "tag", _FINDING),
    ElsewhereCommand("review.copy", "copy", _FINDING),
    ElsewhereCommand("activity.failures", "failures only"),
    ElsewhereCommand("activity.export", "export"),
    ElsewhereCommand("plan.apply", "apply", _PLAN),
    ElsewhereCommand("plan.timed", "for a time", _PLAN),
    ElsewhereCommand("plan.undo", "undo", _PLAN),
    ElsewhereCommand("plan.resume", "resume", _PLAN),
    ElsewhereCommand("plan.roll-back", "roll back", _PLAN),
    ElsewhereCommand("plan.leave", "leave as is", _PLAN),
    ElsewhereCommand("plan.diagnose", "why", _PLAN),
    ElsewhereCommand("plan.cli", "CLI", _PLAN),
    ElsewhereCommand("plan.terraform", "Terraform", _PLAN),
    ElsewhereCommand("plan.cloudformation", "CloudFormation", _PLAN),
    ElsewhereCommand("plan.json", "JSON", _PLAN),
    ElsewhereCommand("history.blame", "blame", "a history: h on a role"),
    ElsewhereCommand("history.revert", "undo it", "a change of a history: h on a role"),
    ElsewhereCommand("use.attempt", "try it", "a way into a role: a on the role"),
    ElsewhereCommand("use.shell", "open a shell", "a way into a role: a on the role"),
    ElsewhereCommand("use.write-profile", "write profile", "a way into a role: a on the role"),
    ElsewhereCommand("use.take-back", "remove profile", "a way into a role: a on the role"),
    ElsewhereCommand("use.tell", "set a value", "a way into a role: a on the role"),
    ElsewhereCommand("use.own-session", "my session policy", "a way into a role: a on the role"),
    ElsewhereCommand("use.diagnose", "why denied", "a way into a role: a on the role"),
    ElsewhereCommand("users.revoke", "revoke sessions", "who uses a role: U on the role"),
    ElsewhereCommand("versions.set-back", "make default", "a policy's version: v on a role"),
    ElsewhereCommand("versions.against-before", "compare versions", "a policy's version: v on a role"),
    ElsewhereCommand("right-size.all", "all that was found", _DRAFT),
    ElsewhereCommand("right-size.ask", "query the trail", _DRAFT),
    ElsewhereCommand("right-size.trail", "files of a trail", _DRAFT),
    ElsewhereCommand("recent.ask", "query a trail", "recent denials: R on Diagnose"),
    ElsewhereCommand("recent.more", "further back", "recent denials: R on Diagnose"),
    ElsewhereCommand("compare.swap", "swap", "two compared roles: c on Roles"),
    ElsewhereCommand("compare.whole", "only differences", "two compared roles: c on Roles"),
    ElsewhereCommand("who-can.role", "role", "an answer of who can"),
    ElsewhereCommand("who-can.tell", "enter a value", "an answer of who can"),
    ElsewhereCommand("who-can.turn", "reverse", "an answer of who can"),
)
"""The commands of other screens.

Omitted are the copy, export, plan and question commands of screens that are opened over others; those screens offer
them.
"""

ALSO: Mapping[str, str] = {
    "app.keys": "help, ?, shortcuts, hotkeys, bindings, manual, commands, what can i do, key bindings, keyboard",
    "app.start": "home, today, dashboard, summary, attention, needs attention, status, what is wrong, urgent",
    "app.roles": "role list, list of roles, list roles, iam roles, all roles",
    "app.diagnose": (
        "access denied, accessdenied, denied, why denied, why, paste, paste error, error message, troubleshoot, "
        "explain error, unauthorized, forbidden, 403, debug, jwt, jwt token, token, decode, not authorized, not "
        "authorized to perform, decode message, encoded authorization message, already exists, role already exists, "
        "name taken, entityalreadyexists, why does it fail, no identity-based policy allows, explicit deny"
    ),
    "app.create": (
        "new role, create role, add role, make a role, wizard, new, execution role, service role, lambda role, ec2 "
        "role, instance role, task role, oidc role, github role, github actions, gitlab, irsa, pod identity, saml "
        "role, federated role, cross account role, cross-account role, vendor role, role for a service"
    ),
    "app.review": (
        "findings, risks, risk, security, audit, escalation, privilege escalation, admin, admins, unused roles, "
        "compliance, lint, scan, admin roles, administrators, who is admin, wildcards, wildcard, star, overly "
        "permissive, too broad, public roles, external access, external trust, outside access, misconfiguration, "
        "weaknesses, cis, benchmark, hygiene, stale roles"
    ),
    "app.activity": "calls, api calls, aws calls, log, my changes, changes, journal, requests",
    "app.compare": "compare snapshot, diff, snapshot, drift, what changed since",
    "app.who-can": (
        "what can it reach, what can it do, what can role do, attack paths, blast radius, lateral movement, graph, "
        "tree, who can, access, who has access, who may, reach, effective permissions, can it read, can it write, can "
        "role read, can it access"
    ),
    "app.what-if": (
        "what if, whatif, simulate, simulation, impact, scp, rcp, service control policy, test policy, test scp, "
        "effect, dry run, what would break, try a change, preview a change"
    ),
    "app.history": (
        "audit log, cloudtrail history, who changed, what changed, recent changes, yesterday, changelog, timeline, "
        "events"
    ),
    "app.read-again": "refresh, reload, reread, update, rescan",
    "app.switch-account": (
        "region, account, login, log in, sign in, sso, credentials, change region, switch account, aws profile, "
        "profiles, switch profile, change profile, change account, whoami, who am i, caller identity, identity, "
        "get-caller-identity, current account, current user, which account"
    ),
    "app.organization": "accounts, other accounts, several accounts, organizations, all accounts, cross-account",
    "app.troubles": "errors, problems, warnings, went wrong, what could not be read, unread, error log, issues",
    "app.resume": "resume, unfinished, unfinished change, continue, halfway, interrupted, recover",
    "app.undo": "undo, revert, take back, roll back last change, undo last change, rollback",
    "app.theme": "theme, themes, colors, colours, dark, light, dark mode, light mode, color scheme, appearance",
    "app.picture": "screenshot, svg, image",
    "app.copy-shown": "clipboard, yank",
    "app.export-shown": "save, csv, markdown, download",
    "app.glossary": "glossary, words, definitions, terms, vocabulary, explain words, dictionary, meaning, jargon",
    "app.jump": "focus, hints, go to pane",
    "app.suspend-process": "shell, background, suspend, terminal, fg",
    "app.redraw": "repaint, clear screen, garbled",
    "app.quit": "exit, bye, leave, close, q!, wq, stop",
    "app.assumptions": "assume, mfa, context, source ip, ip address, vpc endpoint, session tags, condition values",
    "roles.filter": (
        "search, search roles, roles without, roles with, find, find role, find a role, filter roles, grep, hide "
        "roles, hide service-linked roles, hide aws roles, only my roles, narrow, roles by tag, roles without a "
        "boundary"
    ),
    "review.smallest": "fewest changes, smallest set, fix everything, remediate, remediate all, close paths",
    "roles.filters": "filters, saved searches, saved, bookmarks, favorites, favourites, views",
    "roles.assumable": "my roles, roles i can assume, assumable roles, which roles can i assume, usable roles",
    "roles.sort": "order, sort by, sort by last used",
    "roles.compare": "compare roles, difference between roles",
    "roles.use": (
        "assume role, assume a role, sts, become, console, console link, switch role, session, credentials, get "
        "credentials, export credentials, temporary credentials, access keys, environment variables, sign in as, log "
        "in as, impersonate"
    ),
    "roles.who": "trust, cross account trust, trusted by, who may assume, trust relationship, principals",
    "roles.users": "who uses, used by, sessions, who is using, callers",
    "roles.diagnose-role": "why can it not, diagnose this role",
    "roles.last-accessed": "last used, access advisor, unused permissions, unused actions, usage, service usage",
    "roles.right-size": (
        "rightsize, right size, reduce, shrink, tighten, minimize, trim, least privilege, least privilege policy, "
        "shrink permissions"
    ),
    "roles.versions": "policy versions, default version, older version, version",
    "roles.change": (
        "attach policy, attach, detach, boundary, permissions boundary, permission boundary, edit trust, edit trust "
        "policy, change trust policy, rename, disable, give access, give role access, detach policy, remove policy, "
        "add inline policy, put inline policy, add permission, add permissions, remove permission, grant, allow action"
    ),
    "roles.edit": "tags, tag role, description, session duration, max session duration, edit role",
    "roles.delete": "remove, remove role, delete role, destroy, rm, drop",
    "roles.adopt": "import, terraform import, take over",
    "roles.like": "clone, duplicate, copy role, clone role",
    "roles.recent": "denials, denials of a role",
    "role.facts": "details, describe, facts, everything, arn, info",
    "role.edit-document": "editor, vim, edit policy, edit document, $editor, edit json",
    "roles.words": (
        "json, raw, raw json, plain words, in words, explain policy, explain a policy, policy in words, plain english, "
        "readable policy, policy document"
    ),
    "roles.open": (
        "trust policy, show trust policy, view role, show role, show permissions, permissions of a role, inline "
        "policies, attached policies, managed policies, show policies, policies, what may it do"
    ),
    "diagnose.recent": "denials, recent denials, latest denials, cloudtrail, failures, access denied events",
    "diagnose.form": "form, test access, can i, check access, request, simulate request",
    "diagnose.history": "earlier diagnoses",
    "review.overview": "bars, chart, charts, statistics, stats",
    "review.accounts": "organization, review the organization, patterns, several accounts, vendors, stale names",
    "review.beside": "access analyzer, analyzer, external access",
    "review.unread": "not read, incomplete",
    "review.accept": "accept finding, accept risk, suppress, ignore, exception, waive, archive, mute",
    "review.tag": "tag, add tags, owner",
    "activity.failures": "failed calls, throttled, throttling, api errors",
    "plan.apply": "apply, apply plan, execute, run plan, deploy, commit, confirm",
    "plan.cli": "cli, aws cli, commands as cli, bash, shell script",
    "plan.terraform": "terraform, hcl, tf",
    "plan.cloudformation": "cloudformation, cfn, yaml, stack",
    "plan.timed": "temporary, temporarily, temporary access, time limit, time limited, break glass, for an hour",
    "plan.leave": "keep",
    "history.blame": "blame, annotate",
    "use.shell": "open shell, subshell, shell with the role",
    "use.write-profile": "aws config, write profile, add profile, config file",
    "users.revoke": "revoke, revoke sessions, kick out, end sessions, compromised",
    "create.attach": "instance profile, ec2 instance",
}
"""The other names of commands, by command ID. Commands on an open role also have the names of the role list's
commands.
"""

NEEDLESS = frozenset(
    ("a", "an", "the", "this", "that", "my", "me", "to", "please", "show", "go", "do", "i", "how", "of", "in", "for")
)
"""Words that do not help to identify a command."""

WEAK = frozenset(
    ("role", "roles", "policy", "policies", "account", "access", "permissions", "change", "export", "copy")
)
"""Words that say little about a command. If other words are present, only the other words are used."""
