"""Translate IAM's denials from the languages of the AWS console into the English sentence that the parser reads.

The AWS Management Console shows in the user's language what the API says in English (AWS Management Console User Guide,
"Choosing the language"). A line is translated if it reports a denial in one of these languages, and has an action
and the ARN of a principal or of the denied resource.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iam.lazy_pattern import regex
from iam.words import with_article

_REFUSED = regex(
    r"nicht (?:berechtigt|autorisiert)|kein(?:e|erlei) (?:Berechtigung|Rechte)|nicht über die Berechtigung"
    r"|n['’]est pas autoris|n['’]êtes pas autoris|n['’]a pas l['’]autorisation|n['’]avez pas l['’]autorisation"
    r"|no est[áa](?:s|n)? autorizad|no tienen?s? (?:los )?(?:permisos?|autorización)"
    r"|no dispone de (?:permisos?|autorización)"
    r"|não est(?:á|a|ão) autorizad|não tem (?:permiss(?:ão|ões)|autorização)|não possui (?:permissão|autorização)"
    r"|non è autorizzat|non dispone dell['’]autorizzazione|non ha l['’]autorizzazione"
    r"|autorización para (?:realizar|ejecutar)[^\n]{0,20}denegad|acc[eè]s refus[ée]|acceso denegado|acesso negado"
    r"|accesso negato|Zugriff verweigert|アクセス(?:が)?拒否|アクセス許可がありません|拒绝访问|存取遭拒"
    r"|액세스(?:가)? 거부"
    r"|権限がありません|権限がない|許可されていません|承認されていません|認可されていません"
    r"|无权|未被授权|未获授权|没有权限|無權|未獲授權|沒有許可"
    r"|권한이 (?:없|부여되지)",
    re.IGNORECASE,
)
_ENGLISH = regex(r"not authori[sz]ed to perform", re.IGNORECASE)
_EXPLICIT = regex(
    r"explizit|ausdrückliche|refus explicite|explicitement|denegación explícita|negação explícita|rifiuto esplicito"
    r"|negazione esplicita|明示的|显式拒绝|明确拒绝|明確拒絕|명시적",
    re.IGNORECASE,
)
_LAYERS = tuple(
    (kind, regex(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            "service control policy",
            r"Service-?\s?Control-?\s?(?:Policy|Richtlinie)|Service-Kontrollrichtlinie|Dienst-?steuerungsrichtlinie"
            r"|(?:politique|stratégie) de contrôle des? services?"
            r"|política de control de servicios?|política de controle de serviços?"
            r"|(?:policy|criterio) di controllo dei servizi|サービスコントロールポリシー|服务控制策略|服務控制政策"
            r"|서비스 제어 정책",
        ),
        (
            "permissions boundary",
            r"Berechtigungsgrenze|limite (?:des |d['’])?autorisations?|límite de (?:los )?permisos|limite de permissões"
            r"|limite delle autorizzazioni|(?:許可|権限|アクセス許可)(?:の)?(?:境界|バウンダリー?)"
            r"|权限边界|許可界限|권한 경계",
        ),
        (
            "session policy",
            r"Sitzungsrichtlinie|(?:politique|stratégie) de session"
            r"|política de sesión|política de sessão|policy di sessione"
            r"|セッションポリシー|会话策略|工作階段政策|세션 정책",
        ),
        (
            "resource-based policy",
            r"ressourcenbasierte\w* Richtlinie|(?:politique|stratégie) basée sur (?:les|des) ressources"
            r"|política basada en (?:los )?recursos|política baseada em recursos|policy basat\w+ su(?:lle)? risorse"
            r"|リソースベース|基于资源的|資源型政策|리소스 기반",
        ),
        (
            "identity-based policy",
            r"identitätsbasierte\w* Richtlinie|(?:politique|stratégie) basée sur (?:l['’]|les |des )identités?"
            r"|política basada en (?:la )?identidad"
            r"|política baseada em identidade|policy basat\w+ su(?:ll['’])?\s?identità|(?:アイデンティティ|ID) ?ベース"
            r"|基于身份的|身分型政策|자격 증명 기반",
        ),
    )
)
_SOLVED = regex(
    r"\b(?:behoben|gelöst|erledigt)\b|\b(?:läuft|geht|funktioniert) (?:jetzt )?wieder\b|\b(?:résolu|réglé"
    r"|resuelto|solucionado|resolvido|risolto)\b|解決(?:済|しました)|解决了|已解决|已解決|해결(?:됨|되|했)",
    re.IGNORECASE,
)
_PRINCIPAL = regex(
    r"arn:aws[\w-]*:(?:iam|sts)::\d{12}:(?:user|assumed-role|federated-user|root)(?:/[\w+=,.@:/-]*[\w+=@-])?", re.ASCII
)
_ACTION = regex(r"(?<![\w:/.-])(?!arn:|aws:)[a-z][a-z0-9-]{1,40}:[A-Z][A-Za-z]{2,80}", re.ASCII)
_ARN = regex(r"arn:aws[\w-]*:[!-~]+", re.ASCII)
_ENDS = ",.;:)\"'”“"


def in_english(text: str) -> str:
    """Return the text with each denial in another language replaced by IAM's English sentence."""
    if not _REFUSED.search(text) and not _reason(text):
        return text
    lines = [_line(line) for line in text.split("\n")]
    blocks = "\n".join(lines).split("\n\n")
    return "\n\n".join(_block(each, _opens(before)) for before, each in zip(["", *blocks], blocks, strict=False))


def _opens(block: str) -> bool:
    """Return whether the block reports a denial without naming a caller.

    The console prints the parts of its message in the block after it.
    """
    return _REFUSED.search(block) is not None and not _PRINCIPAL.search(block)


_LONGEST_BLOCK = 4000
# "Action" and "operation" as a label, in the languages of the console.
_ACTION_LABEL = regex(
    r"(?:^|[\s,;|(])(?:Aktion|Vorgang|Action|Acci[óo]n|A[çc][ãa]o|Azione|Opera(?:tion|ci[óo]n|ç[ãa]o|zione)|Op[ée]ration"
    r"|アクション|操作|動作|작업)\s?[:\uff1a=]\s*",
    re.IGNORECASE,
)


def _block(block: str, refused: bool) -> str:
    """Return IAM's sentence for a console's message, whose parts (caller, action, resource, reason) follow labels.

    The action is the one that a line denies, or the one after its label, because the message may also list allowed
    actions.
    """
    if len(block) > _LONGEST_BLOCK or _ENGLISH.search(block) or _SOLVED.search(block):
        return block
    lines = block.split("\n")
    reason = _english_reason(block) or next(filter(None, map(_reason, lines)), "")
    principals = {each[0] for each in _PRINCIPAL.finditer(block)}
    if len(principals) != 1 or not any(map(_is_labelled, lines)):
        return block
    if not refused and not _REFUSED.search(block) and not reason.startswith("!") and not _english_reason(block):
        return block
    actions = _of_the_refusal(lines)
    if len(actions) != 1:
        return block
    principal, action = principals.pop(), actions.pop()
    resource = next((each for each in _resources(lines, action) if each != principal), "")
    on = f" on resource: {resource}" if resource else ""
    why = f" {_words(reason, action)}" if reason else ""
    rest = [line for line in lines if _is_beside(line)]
    return "\n".join((f"User: {principal} is not authorized to perform: {action}{on}{why}", *rest))


_SHORTEST = 6
_LABEL = regex(r"^\W*[^\s:\uff1a]{1,40}(?: [^\s:\uff1a]{1,40})? ?[:\uff1a]")


def _is_beside(line: str) -> bool:
    """Whether the line is a sentence of the author's that repeats no part of the refusal."""
    parts = (_PRINCIPAL, _ACTION, _REFUSED, _ARN, _LABEL)
    return len(line.split()) >= _SHORTEST and not any(each.search(line) for each in parts) and not _reason(line)


def _resources(lines: list[str], action: str) -> Iterator[str]:
    """Return the ARNs in the lines that list no other action, without truncated ones."""
    for line in lines:
        if {each[0] for each in _ACTION.finditer(line)} <= {action}:
            whole = (each for each in _ARN.findall(line) if not re.search(r"\.\.\W*$|…", each))
            yield from (each if each.endswith(":log-stream:") else each.rstrip(_ENDS) for each in whole)


def _of_the_refusal(lines: list[str]) -> set[str]:
    """Return the actions that follow a label such as "Action:".

    Without a label, return those in the lines that report a denial; otherwise all actions in the text.
    """
    labelled = {
        action[0]
        for line in lines
        for label in _ACTION_LABEL.finditer(line)
        if (action := _ACTION.match(line, label.end()))
    }
    if labelled:
        return labelled
    refusing = {each[0] for line in lines if _REFUSED.search(line) for each in _ACTION.finditer(line)}
    return refusing or {each[0] for line in lines for each in _ACTION.finditer(line)}


def _is_labelled(line: str) -> bool:
    """Whether the line contains the caller after a label."""
    found = _PRINCIPAL.search(line)
    return (
        found is not None
        and re.search(r"(?:^|[\s.,;(])[^\s:\uff1a]{1,40} ?[:\uff1a]\s*$", line[: found.start()]) is not None
    )


def _line(line: str) -> str:
    if len(line) > 4000:
        return line
    if _ENGLISH.search(line):
        reason = _reason(line)
        said = reason and not re.search(r"because no |explicit deny", line)
        action = _ACTION.search(line)
        cut = re.search(r"[^\x00-\x7f]", line)
        return f"{line[: cut.start()].rstrip(' (')} {_words(reason, action[0])}" if said and action and cut else line
    principal = _PRINCIPAL.search(line)
    action = _ACTION.search(line)
    if action is None or not _REFUSED.search(line) or _SOLVED.search(line):
        return line
    # An ARN of STS names a caller, even if it is mistyped.
    arns = [each.rstrip(_ENDS) for each in _ARN.findall(line) if each.split(":")[2] != "sts"]
    resource = next((each for each in arns if principal is None or each != principal[0]), "")
    if principal is None and not resource:
        return line
    if principal is None and (role := _refused_role(line, action[0])):
        principal = role
        resource = next((each for each in arns if each != role[0]), "")
    who = f"User: {principal[0]} is" if principal is not None else "You are"
    # In quotation marks, so that the next line is not taken for the rest of an ARN that a line break cut.
    on = f' on resource: "{resource}"' if resource else ""
    reason = _reason(line)
    why = f" {_words(reason, action[0])}" if reason else ""
    return f"{who} not authorized to perform: {action[0]}{on}{why}"


_ROLE_WORD = regex(
    r"(?:\b(?:rôle|Rolle|rol|role|papel|função|ruolo)|ロール|角色|역할)[\s:\uff1a\"'「(]*$", re.IGNORECASE
)
_ROLE_ARN = regex(r"arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]*[\w+=@-]")
_FOR_ROLES = ("iam:passrole", "sts:assumerole")


def _refused_role(line: str, action: str) -> re.Match[str] | None:
    """Return the role that the line says is denied; None if the role is what the action applies to."""
    refused, found = _REFUSED.search(line), _ROLE_ARN.search(line)
    if found is None or refused is None or found.start() > refused.start() or action.lower() in _FOR_ROLES:
        return None
    return found if _ROLE_WORD.search(line[: found.start()]) else None


def _reason(line: str) -> str:
    """Return the kind of policy that the line names, with ``!`` for an explicit deny; "" if it names none."""
    kind = next((kind for kind, pattern in _LAYERS if pattern.search(line)), "")
    return f"!{kind}" if kind and _EXPLICIT.search(line) else kind


_ENGLISH_LAYER = (
    r"(?:identity-based|resource-based|session|service control|resource control|VPC endpoint) policy"
    r"|permissions boundary"
)
_ENGLISH_REASON = regex(
    rf"\bno (?P<layer>{_ENGLISH_LAYER}) allows the (?:\S+ )?action|\bexplicit deny in an? (?P<denies>{_ENGLISH_LAYER})"
)
"""The reason, which the console may leave in English behind a label of its own language."""


def _english_reason(block: str) -> str:
    """Return the kind of policy that the block names in English, with ``!`` for an explicit deny; else ""."""
    found = _ENGLISH_REASON.search(block)
    if found is None:
        return ""
    return found["layer"] or f"!{found['denies']}"


def _words(reason: str, action: str) -> str:
    if reason.startswith("!"):
        return f"with an explicit deny in {with_article(reason[1:])}"
    return f"because no {reason} allows the {action} action"
