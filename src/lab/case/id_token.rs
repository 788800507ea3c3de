//! What is wrong with the ID Token (OIDC Core §3.1.3.7).

use super::Claim::{FromNow, Removed, Text};
use super::Expectation::Other;
use super::{Case, Claim, Forgery, Seal, Strike};

/// Changes claims of a token that is signed as it should be.
const fn claims(claims: &'static [(&'static str, Claim)]) -> Strike {
    Strike::IdToken(Forgery { claims, header: &[], seal: Seal::Sound })
}

/// Leaves the claims as they are.
const fn sealed(seal: Seal) -> Strike {
    Strike::IdToken(Forgery { claims: &[], header: &[], seal })
}

pub(super) static CASES: [Case; 13] = [
    Case::new(
        "wrong_nonce",
        ("Wrong nonce", "nonce が違う"),
        ("The ID Token is of another sign-in.", "ID トークンが別のサインインのものです。"),
        Other,
        claims(&[("nonce", Text("another-sign-in"))]),
    ),
    Case::new(
        "no_nonce",
        ("No nonce", "nonce がない"),
        ("The ID Token is of no particular sign-in.", "ID トークンがどのサインインのものか分かりません。"),
        Other,
        claims(&[("nonce", Removed)]),
    ),
    Case::new(
        "wrong_audience",
        ("Wrong audience", "aud が違う"),
        ("The ID Token was made for another site.", "ID トークンが別のサイト向けに作られています。"),
        Other,
        claims(&[("aud", Text("another-client"))]),
    ),
    Case::new(
        "wrong_issuer",
        ("Wrong issuer", "iss が違う"),
        ("The ID Token names another provider.", "ID トークンが別のプロバイダーを名乗ります。"),
        Other,
        claims(&[("iss", Text("https://another.example"))]),
    ),
    Case::new(
        "expired",
        ("Clock off: an hour slow", "時計のずれ: 1 時間遅れ"),
        ("The ID Token had expired before it arrived.", "ID トークンが、届く前に期限切れになっています。"),
        Other,
        claims(&[("iat", FromNow(-7200)), ("auth_time", FromNow(-7200)), ("exp", FromNow(-3600))]),
    ),
    Case::new(
        "from_future",
        ("Clock off: an hour fast", "時計のずれ: 1 時間進み"),
        ("The ID Token is not valid yet.", "ID トークンがまだ有効になっていません。"),
        Other,
        claims(&[("iat", FromNow(3600)), ("auth_time", FromNow(3600)), ("nbf", FromNow(3600)), ("exp", FromNow(7200))]),
    ),
    Case::new(
        "bad_signature",
        ("Bad signature", "署名が不正"),
        ("The signature does not verify.", "署名の検証に失敗します。"),
        Other,
        sealed(Seal::Broken),
    ),
    Case::new(
        "unknown_key",
        ("Unknown key", "知らない鍵"),
        ("The ID Token is signed with a key that is not published.", "公開されていない鍵で署名されています。"),
        Other,
        sealed(Seal::UnknownKey),
    ),
    Case::new(
        "unsigned",
        ("Not signed at all", "署名なし"),
        ("The ID Token says alg none.", "ID トークンの alg が none です。"),
        Other,
        sealed(Seal::Unsigned),
    ),
    Case::new(
        "no_id_token",
        ("No ID Token", "ID トークンなし"),
        ("The answer has an access token and nothing else.", "アクセストークンだけで、ID トークンがありません。"),
        Other,
        sealed(Seal::Absent),
    ),
    Case::new(
        "no_sub",
        ("No subject", "sub がない"),
        ("The ID Token does not say who the person is.", "ID トークンに、誰なのかが書かれていません。"),
        Other,
        claims(&[("sub", Removed)]),
    ),
    Case::new(
        "wrong_at_hash",
        ("Wrong at_hash", "at_hash が違う"),
        ("The ID Token belongs to another access token.", "ID トークンが別のアクセストークンのものです。"),
        Other,
        claims(&[("at_hash", Text("AAAAAAAAAAAAAAAAAAAAAA"))]),
    ),
    Case::new(
        "wrong_azp",
        ("Wrong authorized party", "azp が違う"),
        ("The ID Token was given to another client.", "ID トークンが別のクライアントに渡されたものです。"),
        Other,
        claims(&[("azp", Text("another-client"))]),
    ),
];
