//! What the token endpoint answers (RFC 6749 §5); the code is spent in every case.

use std::borrow::Cow;

use super::Case;
use super::Expectation::{Browser, Other, Outage, SignedIn};
use super::Strike::{FormTokens, Token};
use crate::lab::answer::Answer;

/// As proxies write it.
const PAGE_502: &str = "<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>";

pub(super) static CASES: [Case; 20] = [
    Case::new(
        "form_tokens",
        ("Answer in form encoding", "フォーム形式で返す"),
        (
            "The tokens come as a form, as GitHub sends them to whoever does not ask for JSON.",
            "トークンがフォーム形式で来ます。JSON を求めない相手に GitHub が返す形です。",
        ),
        SignedIn,
        FormTokens,
    ),
    Case::new(
        "slow",
        ("Be slow", "とても遅い"),
        ("The answer takes longer than anybody waits.", "誰も待てないほど応答に時間がかかります。"),
        Outage,
        Token(Answer::Stall),
    ),
    Case::new(
        "drip",
        ("Drip", "少しずつ"),
        ("The answer begins at once and then comes byte by byte.", "応答はすぐ始まりますが、1 バイトずつしか来ません。"),
        Outage,
        Token(Answer::Drip),
    ),
    Case::new(
        "down",
        ("Be down", "落ちている"),
        ("The connection ends without an answer.", "応答なしに接続が切れます。"),
        Outage,
        Token(Answer::DOWN),
    ),
    Case::new(
        "truncated",
        ("Stop in the middle", "途中で切れる"),
        ("The connection ends in the middle of the answer.", "応答の途中で接続が切れます。"),
        Outage,
        Token(Answer::Raw(Cow::Borrowed(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"access_token\":\"c2Vj",
        ))),
    ),
    Case::new(
        "not_http",
        ("Not speak HTTP", "HTTP を話さない"),
        ("The answer is not HTTP at all.", "応答が HTTP ですらありません。"),
        Outage,
        Token(Answer::Raw(Cow::Borrowed(b"220 smtp.lab.example ESMTP\r\n"))),
    ),
    Case::new(
        "html",
        ("Answer a page", "HTML を返す"),
        ("A page comes where JSON should, with status 200.", "JSON のはずが、ステータス 200 の HTML ページが来ます。"),
        Outage,
        Token(Answer::html(200, "<!DOCTYPE html><title>Sign in</title><p>Welcome back!</p>")),
    ),
    Case::new(
        "half_json",
        ("Answer half a JSON text", "壊れた JSON を返す"),
        ("The JSON text stops in the middle.", "JSON が途中で終わっています。"),
        Outage,
        Token(Answer::json(200, r#"{"access_token":"abc","token_type":"#)),
    ),
    Case::new(
        "empty",
        ("Answer nothing", "空の応答を返す"),
        ("Status 200, and an empty body.", "ステータス 200 で、本文が空です。"),
        Outage,
        Token(Answer::json(200, "")),
    ),
    Case::new(
        "status_500",
        ("Status 500", "ステータス 500"),
        ("The provider broke.", "プロバイダーが故障しました。"),
        Outage,
        Token(Answer::json(500, r#"{"error":"internal"}"#)),
    ),
    Case::new(
        "status_502",
        ("Status 502 with a page", "ステータス 502 とページ"),
        ("A proxy before the provider cannot reach it.", "手前のプロキシーがプロバイダーに届きません。"),
        Outage,
        Token(Answer::html(502, PAGE_502)),
    ),
    Case::new(
        "status_503",
        ("Status 503", "ステータス 503"),
        ("The provider is under maintenance.", "プロバイダーはメンテナンス中です。"),
        Outage,
        Token(Answer::html(503, "<html><head><title>503 Service Temporarily Unavailable</title></head></html>")),
    ),
    Case::new(
        "status_429",
        ("Status 429", "ステータス 429"),
        ("The provider has had enough of us for a minute.", "こちらからの要求が多すぎるので、1 分待つように言われます。"),
        Outage,
        Token(Answer::Http {
            status: 429,
            content_type: Cow::Borrowed("application/json"),
            headers: &[("Retry-After", "60")],
            body: Cow::Borrowed(r#"{"error":"rate_limited"}"#),
        }),
    ),
    Case::new(
        "token_server_error",
        ("Status 400 with server_error", "ステータス 400 と server_error"),
        ("An outage that looks like a refusal.", "拒否のように見える障害です。"),
        Outage,
        Token(Answer::json(400, r#"{"error":"server_error"}"#)),
    ),
    Case::new(
        "invalid_grant",
        ("Refuse the code: invalid_grant", "コードを拒否: invalid_grant"),
        ("The provider does not know the code any more.", "プロバイダーはもうその code を知りません。"),
        Browser,
        Token(Answer::json(400, r#"{"error":"invalid_grant"}"#)),
    ),
    Case::new(
        "invalid_client",
        ("Refuse the client: invalid_client", "クライアントを拒否: invalid_client"),
        ("The site's secret is wrong or has expired.", "サイトのクライアントシークレットが違うか、期限が切れています。"),
        Other,
        Token(Answer::Http {
            status: 401,
            content_type: Cow::Borrowed("application/json"),
            headers: &[("WWW-Authenticate", "Basic realm=\"lab\"")],
            body: Cow::Borrowed(r#"{"error":"invalid_client"}"#),
        }),
    ),
    Case::new(
        "invalid_request",
        ("Refuse the request: invalid_request", "要求を拒否: invalid_request"),
        ("The provider does not like the request itself.", "プロバイダーが要求そのものを受け付けません。"),
        Other,
        Token(Answer::json(400, r#"{"error":"invalid_request"}"#)),
    ),
    Case::new(
        "error_200",
        ("An error with status 200", "ステータス 200 のエラー"),
        ("The status says yes, the body says no.", "ステータスは成功、本文はエラーです。"),
        Other,
        Token(Answer::json(200, r#"{"error":"unauthorized_client","error_description":"not this one"}"#)),
    ),
    Case::new(
        "no_access_token",
        ("No access token", "アクセストークンなし"),
        ("The answer is JSON, but its main member is missing.", "JSON ですが、肝心の access_token がありません。"),
        Other,
        Token(Answer::json(200, r#"{"token_type":"Bearer","scope":"openid"}"#)),
    ),
    Case::new(
        "redirect",
        ("Redirect", "リダイレクトする"),
        ("The token endpoint sends the server to a sign-in page.", "トークンエンドポイントが、サーバーをサインインページへ送ります。"),
        Other,
        Token(Answer::Http {
            status: 302,
            content_type: Cow::Borrowed("text/html; charset=utf-8"),
            headers: &[("Location", "/")],
            body: Cow::Borrowed(""),
        }),
    ),
];
