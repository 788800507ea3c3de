//! From what is seen on the wire to what the lab does.

use std::borrow::Cow;

use super::wire::{Response, Wire};
use super::{id_token, keep, transport};
use crate::lab::answer::Answer;
use crate::lab::case::{Strike, Text};
use crate::lab::state::Endpoint;

const CONDITION: Text = Text { en: "Bring this about at the site", ja: "サイトの側でこの状態を作ってください" };
const OWN_PAGE: Text = Text {
    en: "The provider shows a page of its own and nobody comes back: go back to the site by hand",
    ja: "プロバイダーが自分のページを出し、誰も戻ってきません。手でサイトに戻ってください",
};
const SETTING: Text = Text {
    en: "Give the site's provider the setting that this is about, then come back here",
    ja: "サイトのプロバイダーにこの設定をしてから、もう一度来てください",
};
const NOTHING_BEGUN: Text = Text {
    en: "Open the address that this page sends people back to, with this query, in a browser that has begun nothing",
    ja: "何も始めていないブラウザーで、戻り先のアドレスにこのクエリーを付けて開いてください",
};
const BELOW_HTTP: Text = Text {
    en: "Cannot be made on one machine's own network: point the provider at a host where it is so",
    ja: "1 台のマシンの中では起こせません。こうなるホストをプロバイダーに設定してください",
};
const CROSS_SITE: Text = Text {
    en: "Needs a provider on another site: here both are one site, and the browser would send the cookie",
    ja: "別サイトのプロバイダーが必要です。ここでは両方が同じサイトなので、ブラウザーが Cookie を送ります",
};

/// What somebody has to do, and what exactly.
pub(super) type ByHand = (Text, String);

/// Finds out how to play a case.
///
/// # Errors
///
/// [`ByHand`] for one that the lab cannot play.
pub(super) fn of(wire: Wire, provider: &str) -> Result<Strike, ByHand> {
    match wire {
        Wire::CallbackQuery { precondition, .. } if precondition.contains("configured_for") => {
            Err((SETTING, precondition.replace('_', " ")))
        }
        Wire::CallbackQuery { query, precondition } if precondition.contains("no_pending") => Err((NOTHING_BEGUN, format!("?{query}"))),
        Wire::CallbackQuery { query, precondition } => Ok(Strike::Callback(keep(callback(query, &precondition)))),
        Wire::CallbackForm { precondition } => Err((CROSS_SITE, precondition.replace('_', " "))),
        Wire::HttpResponse(response) if response.endpoint == "authorize" => Err((OWN_PAGE, response.body)),
        Wire::HttpResponse(response) => {
            let (endpoint, body) = (response.endpoint.clone(), response.body.clone());
            at(&endpoint, answer(response)).ok_or((SETTING, body))
        }
        Wire::HttpBytes { endpoint, bytes } => at(&endpoint, Answer::Raw(Cow::Owned(latin_1(&bytes)))).ok_or((SETTING, endpoint)),
        Wire::Transport { endpoint, fault, detail } => {
            transport::answer(&fault, &detail).and_then(|answer| at(&endpoint, answer)).ok_or((BELOW_HTTP, detail))
        }
        Wire::ServerState { condition } => Err((CONDITION, condition)),
        // The tenant, the policy: claims that a provider adds mean nothing to a client that was not told of them.
        Wire::IdToken { mutation, .. } if provider != "any" => Err((SETTING, mutation)),
        Wire::IdToken { mutation, claims, header } => Ok(Strike::IdToken(id_token::forge(&mutation, claims, header))),
    }
}

/// Adds the issuer (RFC 9207), which the lab has announced, unless the case is about its absence or the answer is not to be known by its state.
fn callback(query: String, precondition: &str) -> String {
    let is_without = precondition.contains("advertises_iss") || !query.contains("state=") || query.contains("iss=");
    if is_without { query } else { query + "&iss={iss}" }
}

fn at(endpoint: &str, answer: Answer) -> Option<Strike> {
    match Endpoint::from_name(endpoint)? {
        Endpoint::Token => Some(Strike::Token(answer)),
        Endpoint::Userinfo => Some(Strike::Userinfo(answer)),
        endpoint @ (Endpoint::Discovery | Endpoint::Jwks) => Some(Strike::Metadata(endpoint, answer)),
        Endpoint::Authorize | Endpoint::Profile | Endpoint::Emails => None,
    }
}

fn answer(response: Response) -> Answer {
    if let Some(generator) = response.body_generator {
        return Answer::Long {
            status: response.status,
            prefix: keep(generator.prefix),
            fill: keep(generator.fill),
            bytes: generator.bytes,
        };
    }
    let headers: Vec<_> = response.headers.into_iter().map(|(name, value)| (keep(name), keep(value))).collect();
    Answer::Http {
        status: response.status,
        content_type: Cow::Owned(response.content_type.unwrap_or_default()),
        headers: headers.leak(),
        body: Cow::Owned(response.body),
    }
}

fn latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect()
}
