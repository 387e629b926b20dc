"""Refusals in the languages of the consoles are read as IAM says them in English."""

from __future__ import annotations

import pytest

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
    assert in_english(said).endswith(f"on resource: {ROLE}")
