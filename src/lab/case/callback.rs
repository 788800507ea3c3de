//! What the browser brings back (RFC 6749 §4.1.2, RFC 9207 §2).

use super::Expectation::{Browser, Cancelled, Other, Outage, SignedIn};
use super::Strike::{Callback, OtherBrowser};
use super::{Case, Strike};

/// The answer of a sign-in that went well.
pub(in crate::lab) const APPROVAL: &str = "code={code}&state={state}&iss={iss}";

/// The first two are what the page offers as large buttons.
pub(super) static CASES: [Case; 17] = [
    Case::new("approve", ("Approve", "許可する"), ("Everything goes well.", "すべてうまくいきます。"), SignedIn, Callback(APPROVAL)),
    Case::new(
        "cancel",
        ("Cancel", "キャンセルする"),
        ("The person says no: access_denied.", "本人が断ります (access_denied)。"),
        Cancelled,
        Callback("error=access_denied&error_description=The+person+said+no&state={state}&iss={iss}"),
    ),
    Case::new(
        "no_state",
        ("Come back without state", "state なしで戻る"),
        ("The answer has a code, but its state is gone.", "code はありますが、state が消えています。"),
        Browser,
        Callback("code={code}&iss={iss}"),
    ),
    Case::new(
        "wrong_state",
        ("Come back with a wrong state", "違う state で戻る"),
        ("The state is not one that this browser was given.", "このブラウザーに渡されたものではない state が付いています。"),
        Browser,
        Callback("code={code}&state={other_state}&iss={iss}"),
    ),
    Case::new(
        "other_browser",
        ("Come back in another browser", "別のブラウザーで戻る"),
        ("Shows the link back, to be opened in another browser.", "戻り先のリンクを表示します。別のブラウザーで開いてください。"),
        Browser,
        OtherBrowser,
    ),
    Case::new(
        "query_lost",
        ("Come back with the query lost", "クエリーを失って戻る"),
        ("The browser comes back with the bare address.", "アドレスだけで、パラメーターなしに戻ります。"),
        Browser,
        Callback(""),
    ),
    Case::new(
        "code_lost",
        ("Come back without code", "code なしで戻る"),
        ("Neither a code nor an error comes back.", "code も error もなしに戻ります。"),
        Browser,
        Callback("state={state}&iss={iss}"),
    ),
    Case::new(
        "server_error",
        ("Error: server_error", "エラー: server_error"),
        ("The provider says that it broke.", "プロバイダーが、自分の故障を知らせます。"),
        Outage,
        Callback("error=server_error&error_description=unexpected+condition&state={state}&iss={iss}"),
    ),
    Case::new(
        "temporarily_unavailable",
        ("Error: temporarily_unavailable", "エラー: temporarily_unavailable"),
        ("The provider says that it is overloaded.", "プロバイダーが、混み合っていると知らせます。"),
        Outage,
        Callback("error=temporarily_unavailable&state={state}&iss={iss}"),
    ),
    Case::new(
        "invalid_scope",
        ("Error: invalid_scope", "エラー: invalid_scope"),
        ("The provider does not know a scope that was asked for.", "要求された scope をプロバイダーが知りません。"),
        Other,
        Callback("error=invalid_scope&state={state}&iss={iss}"),
    ),
    Case::new(
        "login_required",
        ("Error: login_required", "エラー: login_required"),
        ("The provider wants a step that it did not show.", "プロバイダーが、見せていない手順を求めます。"),
        Other,
        Callback("error=login_required&state={state}&iss={iss}"),
    ),
    Case::new(
        "unknown_error",
        ("Error: one that nobody knows", "エラー: 誰も知らないもの"),
        ("The error code is in no specification.", "どの仕様にもないエラーコードです。"),
        Other,
        Callback("error=flux_capacitor_low&error_description=88+mph&state={state}&iss={iss}"),
    ),
    Case::new(
        "code_and_error",
        ("A code and an error at once", "code と error の両方"),
        ("The answer contradicts itself.", "応答が矛盾しています。"),
        Other,
        Callback("code={code}&error=access_denied&state={state}&iss={iss}"),
    ),
    Case::new(
        "code_twice",
        ("A parameter twice", "パラメーターの重複"),
        ("The answer has two codes (RFC 6749, 3.1).", "code が二つあります (RFC 6749 3.1)。"),
        Other,
        Callback("code={code}&code=another&state={state}&iss={iss}"),
    ),
    Case::new(
        "other_issuer",
        ("Come back with another issuer", "別の issuer で戻る"),
        ("The answer says that it is from somebody else (RFC 9207).", "別の発行者からの応答だと名乗ります (RFC 9207)。"),
        Other,
        Callback("code={code}&state={state}&iss=https%3A%2F%2Fanother.example"),
    ),
    Case::new(
        "no_issuer",
        ("Come back without issuer", "issuer なしで戻る"),
        ("The answer lacks the issuer that was announced (RFC 9207).", "予告された発行者が応答にありません (RFC 9207)。"),
        Other,
        Callback("code={code}&state={state}"),
    ),
    Case::new(
        "spent_code",
        ("A code used twice", "使用済みのコード"),
        ("The code that comes back has been used already.", "戻ってくる code は、もう使われています。"),
        Browser,
        Strike::SpentCode,
    ),
];
