//! What the profile says, or does not (OIDC Core §5.3).

use std::borrow::Cow;

use super::Case;
use super::Expectation::{Other, Outage, SignedIn};
use super::Strike::{ProfileWithout, Userinfo};
use crate::lab::answer::Answer;

pub(super) static CASES: [Case; 10] = [
    Case::new(
        "other_subject",
        ("Somebody else's profile", "別人のプロフィール"),
        ("The profile has another subject than the ID Token.", "プロフィールの sub が ID トークンと違います。"),
        Other,
        Userinfo(Answer::json(
            200,
            r#"{"sub":"somebody-else","name":"Somebody Else","email":"else@people.example","email_verified":true}"#,
        )),
    ),
    Case::new(
        "profile_no_sub",
        ("A profile of nobody", "誰のものでもないプロフィール"),
        ("The profile has no subject.", "プロフィールに sub がありません。"),
        Other,
        Userinfo(Answer::json(200, r#"{"name":"Nobody"}"#)),
    ),
    Case::new(
        "profile_401",
        ("Refuse the access token", "アクセストークンを拒否"),
        ("The userinfo endpoint says that the token is invalid.", "userinfo エンドポイントが、トークンは無効だと答えます。"),
        Other,
        Userinfo(Answer::Http {
            status: 401,
            content_type: Cow::Borrowed("text/plain; charset=utf-8"),
            headers: &[("WWW-Authenticate", "Bearer error=\"invalid_token\", error_description=\"The access token expired\"")],
            body: Cow::Borrowed(""),
        }),
    ),
    Case::new(
        "profile_500",
        ("Profile: status 500", "プロフィール: ステータス 500"),
        ("The userinfo endpoint is broken.", "userinfo エンドポイントが故障しています。"),
        Outage,
        Userinfo(Answer::json(500, r#"{"error":"internal"}"#)),
    ),
    Case::new(
        "profile_html",
        ("Profile: a page", "プロフィール: HTML"),
        ("A page comes where the profile should.", "プロフィールのはずが、HTML ページが来ます。"),
        Outage,
        Userinfo(Answer::html(200, "<!DOCTYPE html><title>Sign in</title>")),
    ),
    Case::new(
        "profile_slow",
        ("Profile: slow", "プロフィール: とても遅い"),
        ("The profile takes longer than anybody waits.", "誰も待てないほど時間がかかります。"),
        Outage,
        Userinfo(Answer::Stall),
    ),
    Case::new(
        "profile_down",
        ("Profile: down", "プロフィール: 落ちている"),
        ("The connection to the userinfo endpoint ends without an answer.", "userinfo エンドポイントへの接続が応答なしに切れます。"),
        Outage,
        Userinfo(Answer::DOWN),
    ),
    Case::new(
        "without_email",
        ("No e-mail address", "メールアドレスなし"),
        ("The profile keeps the e-mail address to itself.", "プロフィールにメールアドレスが含まれません。"),
        SignedIn,
        ProfileWithout(&["email", "email_verified"]),
    ),
    Case::new(
        "without_verification",
        ("E-mail of unknown standing", "確認状態が不明なメール"),
        ("The profile does not say whether the address is verified.", "アドレスが確認済みかどうかが書かれていません。"),
        SignedIn,
        ProfileWithout(&["email_verified"]),
    ),
    Case::new(
        "without_name",
        ("No name", "名前なし"),
        ("The profile does not say what the person is called.", "プロフィールに名前が含まれません。"),
        SignedIn,
        ProfileWithout(&["name"]),
    ),
];
