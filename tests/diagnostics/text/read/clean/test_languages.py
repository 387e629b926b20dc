"""Refusals in the languages of the consoles are read as IAM says them in English."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text
from diagnostics.failure import Denial
from diagnostics.text.read.clean.languages import in_english
from diagnostics.text.read.parse import parse

ANA = "arn:aws:iam::445566778899:user/ana"
ROLE = "arn:aws:iam::445566778899:role/app"


@pytest.mark.parametrize(
    ("text", "action", "resource", "reason"),
    [
        (
            f"User: {ANA} ist nicht berechtigt, iam:PassRole auf Ressource {ROLE} auszuführen",
            "iam:PassRole",
            ROLE,
            None,
        ),
        (
            f"{ANA} ist nicht autorisiert: s3:ListAllMyBuckets, da keine identitätsbasierte Richtlinie es zulässt",
            "s3:ListAllMyBuckets",
            None,
            "implicit:identity",
        ),
        (
            f"L'utilisateur {ANA} n'est pas autorisé à effectuer : iam:PassRole sur la ressource : {ROLE} avec un "
            "refus explicite dans une politique de contrôle des services",
            "iam:PassRole",
            ROLE,
            "explicit:scp",
        ),
        (
            f"El usuario {ANA} no está autorizado para realizar: iam:PassRole en el recurso: {ROLE} porque ningún "
            "límite de permisos lo permite",
            "iam:PassRole",
            ROLE,
            "implicit:boundary",
        ),
        *(
            (
                f"L'utilisateur : {ANA} n'est pas autorisé à effectuer : iam:PassRole sur la ressource : {ROLE} {why}",
                "iam:PassRole",
                ROLE,
                reason,
            )
            for why, reason in (
                ("car aucune stratégie basée sur l'identité n'autorise l'action", "implicit:identity"),
                ("car aucune stratégie basée sur les ressources n'autorise l'action", "implicit:resource"),
                ("car aucune stratégie de contrôle des services n'autorise l'action", "implicit:scp"),
                ("avec un refus explicite dans une stratégie de session", "explicit:session"),
            )
        ),
        (
            f"O usuário {ANA} não tem autorização para executar: iam:PassRole no recurso: {ROLE} porque nenhuma "
            "política de sessão permite a ação",
            "iam:PassRole",
            ROLE,
            "implicit:session",
        ),
        (
            f"ユーザー: {ANA} には、リソース: {ROLE} に対して iam:PassRole を実行する権限がありません"
            "（リソースベース）",
            "iam:PassRole",
            ROLE,
            "implicit:resource",
        ),
        (f"用户: {ANA} 无权执行: ec2:DescribeInstances", "ec2:DescribeInstances", None, None),
        (f"{ANA} 사용자는 ec2:DescribeInstances 권한이 없습니다", "ec2:DescribeInstances", None, None),
        (
            f"User: {ANA} is not authorized to perform: iam:PassRole on resource: {ROLE} "
            "（サービスコントロールポリシーの明示的な拒否）",
            "iam:PassRole",
            ROLE,
            "explicit:scp",
        ),
        (
            "User arn aws iam 445566778899 user ana is not autorized to perform ec2 DescribeInstances",
            "ec2:DescribeInstances",
            None,
            None,
        ),
    ],
)
def test_a_refusal_in_another_language_is_read(
    text: str, action: str, resource: str | None, reason: str | None
) -> None:
    found = parse(f"error 12\n{text}\n")[0]
    assert isinstance(found, Denial), found
    assert (found.action, found.resource, found.stated_reason, found.principal) == (action, resource, reason, ANA)


@pytest.mark.parametrize(
    "text",
    [
        f"{ANA} hat s3:GetObject ausgeführt",
        "Sie sind nicht berechtigt, diese Seite zu sehen",
        f"User: {ANA} is not authorized to perform: s3:GetObject on resource: {ROLE}",
    ],
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert in_english(text) == text


@pytest.mark.parametrize(
    "text",
    [
        f"アクセスが拒否されました\n以下に対するアクセス許可がありません: lambda:GetFunction\nユーザー: {ANA}\n"
        "コンテキスト: アイデンティティベースのポリシーではアクションが許可されていません",
        f"Zugriff verweigert\nBenutzer: {ANA}\nAktion: lambda:GetFunction\n"
        "Kontext: Keine identitätsbasierte Richtlinie lässt die Aktion zu",
        f"액세스가 거부됨\n사용자: {ANA}\n작업: lambda:GetFunction\n컨텍스트: 자격 증명 기반 정책에서 작업을 허용하지 "
        f"않음",
        f"拒绝访问\n您没有执行此操作的权限: lambda:GetFunction\n用户: {ANA}\n上下文: 没有基于身份的策略允许该操作",
        f"Accès refusé\nOpération : lambda:GetFunction\nUtilisateur : {ANA}\n"
        "Contexte : aucune politique basée sur l'identité n'autorise l'action",
        f"Acceso denegado. No tiene permisos para realizar: lambda:GetFunction\nUsuario: {ANA}\n"
        "Contexto: ninguna política basada en identidad permite la acción",
        f"Accesso negato\nUtente: {ANA}\nAzione: lambda:GetFunction\n"
        "Contesto: nessuna policy basata su identità consente l'operazione",
        f"Você não tem permissão para: lambda:GetFunction\nUsuário: {ANA}\n"
        "Contexto: nenhuma política baseada em identidade permite a ação",
    ],
)
def test_a_consoles_message_has_each_part_on_a_line(text: str) -> None:
    (found,) = parse(f"urgent!\n\n{text}\n\nis this the cause?")
    assert isinstance(found, Denial), found
    assert (found.action, found.stated_reason, found.principal) == ("lambda:GetFunction", "implicit:identity", ANA)


def test_a_callers_mistyped_arn_is_no_resource() -> None:
    caller = "arn:aws:sts::445566778899:asumed-role/app/ana"
    said = f"Usuario: {caller} no está autorizado a realizar: iam:PassRole en el recurso: {ROLE}"
    assert in_english(said).endswith(f'on resource: "{ROLE}"')


FIELDS = [
    (
        f"Fehler beim Anlegen\nBenutzer: {ANA}\nAktion: ec2:CreateVpc\n"
        "Grund: explizite Verweigerung in einer Service-Kontrollrichtlinie",
        "ec2:CreateVpc",
        None,
        "explicit:scp",
    ),
    (
        f"Sie sind nicht berechtigt, diesen Vorgang auszuführen. Benutzer: {ANA}\nAktion: iam:PassRole  "
        f"Ressource: {ROLE}\nKontext: explizite Verweigerung in einer identitätsbasierten Richtlinie\nich habe doch "
        "iam:GetRole",
        "iam:PassRole",
        ROLE,
        "explicit:identity",
    ),
    (
        f"No tienes permiso para realizar esta operación.\nAcción: sns:CreateTopic\nUsuario: {ANA}\n"
        "Motivo: ninguna política basada en identidad permite la acción",
        "sns:CreateTopic",
        None,
        "implicit:identity",
    ),
    (f"您无权执行此操作\n操作：ec2:StartInstances\n用户：{ANA}\n资源：arn:aws:ec2:cn...\n策略: ec2:Describe*",
     "ec2:StartInstances", None, None),
    (f"「s3:ListAllMyBuckets を実行する権限がありません」\nユーザー: {ANA}\n"
     "ポリシー: s3:ListBucket, s3:GetObject を arn:aws:s3:::kite に許可済み", "s3:ListAllMyBuckets", None, None),
    # The console leaves the reason in English behind its own label.
    (f"アクセスが拒否されました\nユーザー: {ANA}\nアクション: iam:GetRole\nリソース: {ROLE}\n"
     "コンテキスト: no permissions boundary allows the iam:GetRole action", "iam:GetRole", ROLE, "implicit:boundary"),
    (f"Zugriff verweigert\nBenutzer: {ANA}\nAktion: iam:GetRole\nRessource: {ROLE}\n"
     "Kontext: because no service control policy allows the iam:GetRole action", "iam:GetRole", ROLE, "implicit:scp"),
    (f"Acceso denegado\nUsuario: {ANA}\nAcción: iam:GetRole\nRecurso: {ROLE}\n"
     "Contexto: with an explicit deny in an identity-based policy", "iam:GetRole", ROLE, "explicit:identity"),
    (f"Accès refusé\nUtilisateur : {ANA}\nAction : iam:GetRole\nRessource : {ROLE}\n"
     "Contexte : no identity-based policy allows the action", "iam:GetRole", ROLE, "implicit:identity"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "action", "resource", "reason"), FIELDS)
def test_labelled_parts_refuse_and_a_list_of_other_actions_does_not(
    text: str, action: str, resource: str | None, reason: str | None
) -> None:
    (found,) = parse(text)
    assert isinstance(found, Denial), found
    assert (found.action, found.resource, found.stated_reason, found.principal) == (action, resource, reason, ANA)


@pytest.mark.parametrize(
    "text",
    [
        f"Vorhin: nicht berechtigt, ec2:StartInstances auszuführen, {ANA}, inzwischen behoben",
        f"Aktion: ec2:DescribeInstances  Ergebnis: erlaubt\nBenutzer: {ANA}",
        f"ポリシー: s3:ListBucket を許可\nユーザー: {ANA}",
    ],
)
def test_what_is_solved_or_allowed_is_no_refusal(text: str) -> None:
    assert in_english(text) == text


@pytest.mark.parametrize("before", ["Le rôle", "ロール ", "Die Rolle"])
def test_a_role_may_be_who_is_refused(before: str) -> None:
    refused = {"Le rôle": "n'a pas l'autorisation d'effectuer", "Die Rolle": "ist nicht berechtigt:"}
    words = refused.get(before, "は権限がありません:")
    (found,) = parse(f"{before} {ROLE} {words} glue:GetPartitions arn:aws:glue:eu-west-3:445566778899:table/dw/v")
    assert isinstance(found, Denial)
    assert (found.principal, found.resource) == (ROLE, "arn:aws:glue:eu-west-3:445566778899:table/dw/v")


def test_the_next_line_is_no_part_of_the_resource() -> None:
    (denial,) = read_text(
        "Der Benutzer arn:aws:iam::111122223333:user/mona ist nicht berechtigt, iam:ListUsers auf "
        "arn:aws:iam::111122223333:user/ auszuführen.\nGruppe admins hat andere Rechte.\n"
    )
    assert isinstance(denial, Denial) and denial.resource == "arn:aws:iam::111122223333:user/"
