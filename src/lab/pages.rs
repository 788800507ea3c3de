//! The lab's pages; plain ones, whose look cannot be taken for the site's.

mod words;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, Responder};
use askama::Template;

use self::words::{ApplicationWords, MailWords};
use super::application::{Mistake, Step};
use super::authorize::Authorization;
use super::case::{Case, Expectation, GROUPS, Strike};
use super::corpus::{self, Entry, Play, STAGES};
use super::language::{Language, Text};
use super::log_line::LogLine;
use super::mailbox::LabLetter;
use super::people::Person;

const STYLESHEET: &str = include_str!("../../templates/lab/lab.css");

/// A text of a page; the template picks the language.
const fn text(en: &'static str, ja: &'static str) -> Text {
    Text { en, ja }
}

/// The texts of the pages.
struct Words;

impl Words {
    const LAB: Text = text("Lab provider", "ラボプロバイダー");
    const NOTE: Text = text("A pretend provider for trying things out", "動作を試すための、仮のプロバイダーです");
    const WHO: Text = text("Who are you today?", "今日はどなたですか");
    const VERIFIED: Text = text("verified", "確認済み");
    const UNVERIFIED: Text = text("not verified", "未確認");
    const NO_EMAIL: Text = text("no e-mail address", "メールアドレスなし");
    const NAMELESS: Text = text("(no name)", "(名前なし)");
    const SOMEBODY: Text = text("Somebody else", "ほかの人");
    const SOMEBODY_NOTE: Text = text("A subject here goes before the choice above.", "ここに sub を入れると、上の選択より優先されます。");
    const SUB: Text = text("Subject (sub)", "識別子 (sub)");
    const NAME: Text = text("Name", "名前");
    const EMAIL: Text = text("E-mail", "メールアドレス");
    const EMAIL_VERIFIED: Text = text("The address is verified", "アドレスは確認済み");
    const WANTS: Text = text("wants to know who you are.", "が、あなたについて知ろうとしています。");
    const WHAT: Text = text("Or let something go wrong", "または、何かを失敗させる");
    const WHAT_NOTE: Text = text(
        "Each button ends the sign-in in its own way; the note says what a good site makes of it.",
        "ボタンごとに結果が違います。添え書きは、よいサイトがそれをどう受け取るかです。",
    );
    const LINK: Text = text("Carry this link to another browser", "このリンクを別のブラウザーで開いてください");
    const LINK_NOTE: Text = text(
        "Select it, copy it, and open it in another browser or a private window within a minute. The site should say there that the sign-in began elsewhere.",
        "選択してコピーし、1 分以内に、別のブラウザーかプライベートウィンドウで開いてください。サイトは、別の場所で始まったサインインだと伝えるはずです。",
    );
    const REFUSED: Text = text("The lab cannot go on", "続けられません");
    const REFUSED_NOTE: Text = text(
        "The request is not in order, and there is no safe address to send you back to.",
        "要求に誤りがあり、安全に戻れる宛先もありません。",
    );
    const ABOUT: Text = text(
        "This provider stands in for a real one: it speaks OpenID Connect and plain OAuth 2.0, its people are made up, and it fails in every way you choose. Nobody signs in here for real, so begin at the site that brought you.",
        "本物のプロバイダーの代役です。OpenID Connect と OAuth 2.0 を話し、利用者は架空で、選んだとおりに失敗します。ここで本当にサインインすることはありません。元のサイトから始めてください。",
    );
    const METADATA: Text = text("Metadata", "メタデータ");
    const CORPUS: Text = text("Failures of real providers", "実在のプロバイダーで起きる失敗");
    const CORPUS_NOTE: Text = text(
        "By stage and provider; open a group, or look for a name with the browser's own search.",
        "段階とプロバイダーごとにまとめてあります。グループを開くか、ブラウザーの検索で名前を探してください。",
    );
    const DIALECT: Text =
        text("only for a site that knows this provider's own words", "このプロバイダー独自の言い方を知るサイトに限ります");
    const ANY: Text = text("any provider", "どのプロバイダーでも");
    const COPY: Text = text(
        "for a minute, and only for a site that has no copy of these documents yet",
        "1 分間だけ、しかもこの文書の写しをまだ持たないサイトに限ります",
    );
    const LOG: Text = text("What the site's log says", "サイトのログ");
    const LOG_LINK: Text = text("See the site's log line for each", "それぞれについてのサイトのログを見る");
    const LOG_NOTE: Text = text(
        "One line for each sign-in that ended, newest first. Put this window beside the other: the reference on the page is the one in its line.",
        "終わったサインイン 1 回につき 1 行、新しい順です。ウィンドウを並べてご覧ください。ページに出る照会番号が、その行にもあります。",
    );
    const STAY: Text = text("Stop following", "自動更新を止める");
    const FOLLOW: Text = text("Follow again", "自動更新を始める");
    const NO_LINES: Text = text("No sign-in has ended yet.", "まだ終わったサインインはありません。");
    const PEOPLE: Text = text("People", "登場人物");
    const CASES: Text = text("What can happen", "起こせること");
    const NAMED: Text = text(
        "Add lab_case=NAME and lab_person=NAME to the authorization request to skip the page.",
        "認可要求に lab_case=名前 と lab_person=名前 を付けると、ページを省けます。",
    );
}

/// What a lab may have beside the provider.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extras {
    pub(super) log: bool,
    pub(super) mailbox: bool,
    pub(super) application: bool,
}

/// What every template knows.
trait Page: Template {
    /// Sends the page; it may be framed by nobody and loads nothing but its own stylesheet.
    fn send(&self, status: StatusCode) -> HttpResponse {
        let policy = "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'";
        match self.render() {
            Ok(page) => HttpResponse::build(status)
                .content_type("text/html; charset=utf-8")
                .insert_header((header::CONTENT_SECURITY_POLICY, policy))
                .insert_header((header::REFERRER_POLICY, "no-referrer"))
                .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
                .insert_header((header::CACHE_CONTROL, "no-store"))
                .body(page),
            Err(_) => HttpResponse::InternalServerError().finish(),
        }
    }
}

#[derive(Template)]
#[template(path = "lab/index.html")]
struct IndexPage<'a> {
    language: Language,
    issuer: &'a str,
    people: Vec<Person>,
    has: Extras,
    stages: Vec<Stage>,
}

#[derive(Template)]
#[template(path = "lab/consent.html")]
struct ConsentPage<'a> {
    language: Language,
    client_id: &'a str,
    request: &'a str,
    people: Vec<Person>,
    approve: &'static Case,
    cancel: &'static Case,
    has_openid: bool,
    has_log: bool,
    stages: Vec<Stage>,
}

#[derive(Template)]
#[template(path = "lab/log.html")]
struct LogPage<'a> {
    language: Language,
    lines: &'a [LogLine],
    is_still: bool,
}

#[derive(Template)]
#[template(path = "lab/application.html")]
struct ApplicationPage<'a> {
    language: Language,
    issuer: &'a str,
    steps: &'a [Step],
}

#[derive(Template)]
#[template(path = "lab/mail.html")]
struct MailPage<'a> {
    language: Language,
    letters: &'a [LabLetter],
    is_still: bool,
}

/// A group of the corpus.
struct Stage {
    title: Text,
    providers: Vec<(&'static str, Vec<&'static Entry>)>,
}

impl Stage {
    /// Groups what is of use with or without an ID Token.
    fn list(has_openid: bool) -> Vec<Self> {
        let of = |stage: &str| {
            let entries: Vec<_> =
                corpus::all().iter().filter(|entry| entry.stage == stage && (has_openid || !entry.needs_openid())).collect();
            entries.chunk_by(|one, next| one.provider == next.provider).map(|entries| (entries[0].provider, entries.to_vec())).collect()
        };
        STAGES.iter().map(|(stage, title)| Self { title: *title, providers: of(stage) }).collect()
    }

    fn len(&self) -> usize {
        self.providers.iter().map(|(_, entries)| entries.len()).sum()
    }
}

impl ConsentPage<'_> {
    /// Whether cases can happen here: plain OAuth 2.0 has no ID Token.
    fn offers(&self, cases: &[Case]) -> bool {
        self.has_openid || !cases.iter().all(|case| matches!(case.strike, Strike::IdToken(_)))
    }
}

#[derive(Template)]
#[template(path = "lab/link.html")]
struct LinkPage<'a> {
    language: Language,
    url: &'a str,
}

#[derive(Template)]
#[template(path = "lab/refused.html")]
struct RefusedPage {
    language: Language,
    reason: &'static str,
}

impl Page for IndexPage<'_> {}
impl Page for ConsentPage<'_> {}
impl Page for LinkPage<'_> {}
impl Page for LogPage<'_> {}
impl Page for ApplicationPage<'_> {}
impl Page for MailPage<'_> {}
impl Page for RefusedPage {}

impl Expectation {
    /// Returns the class in the stylesheet.
    fn class(self) -> &'static str {
        match self {
            Self::SignedIn => "signed-in",
            Self::Cancelled => "cancelled",
            Self::Browser => "browser",
            Self::Outage => "outage",
            Self::Other => "other",
        }
    }
}

/// Says what the lab is and lists people and cases.
pub(super) fn index(language: Language, issuer: &str, has: Extras) -> HttpResponse {
    IndexPage { language, issuer, people: Person::all().collect(), has, stages: Stage::list(true) }.send(StatusCode::OK)
}

/// Asks who signs in and what happens.
pub(super) fn consent(language: Language, request: &str, authorization: &Authorization, has_log: bool) -> HttpResponse {
    let [approve, cancel, ..] = GROUPS[0].1 else { return HttpResponse::InternalServerError().finish() };
    let (client_id, has_openid) = (authorization.client_id.as_str(), authorization.has_openid());
    let (people, stages) = (Person::all().collect(), Stage::list(has_openid));
    ConsentPage { language, client_id, request, people, approve, cancel, has_openid, has_log, stages }.send(StatusCode::OK)
}

/// Shows log lines; the page follows the log unless it is to be still.
pub(super) fn log(language: Language, lines: &[LogLine], is_still: bool) -> HttpResponse {
    LogPage { language, lines, is_still }.send(StatusCode::OK)
}

/// Shows letters; the page follows the mailbox unless it is to be still.
pub(super) fn mail(language: Language, letters: &[LabLetter], is_still: bool) -> HttpResponse {
    MailPage { language, letters, is_still }.send(StatusCode::OK)
}

/// Shows the application, and what came of the last try to sign in to it.
pub(super) fn application(language: Language, issuer: &str, steps: &[Step]) -> HttpResponse {
    ApplicationPage { language, issuer, steps }.send(StatusCode::OK)
}

/// Shows the link back as text.
pub(super) fn link(language: Language, url: &str) -> HttpResponse {
    LinkPage { language, url }.send(StatusCode::OK)
}

/// Tells the person what the client cannot be told.
pub(super) fn refused(language: Language, reason: &'static str) -> HttpResponse {
    log::debug!(target: "genkan::lab", reason; "the lab refuses a request");
    RefusedPage { language, reason }.send(StatusCode::BAD_REQUEST)
}

/// Sends the stylesheet.
pub(super) async fn stylesheet() -> impl Responder {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(STYLESHEET)
}
