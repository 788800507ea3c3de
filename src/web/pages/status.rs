//! `/status`: which ways in work, for people, programs and feed readers.

use std::fmt::Write as _;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::ops::status::{Outage, Status, Way};
use crate::web::error::PageError;
use crate::web::page::Page;
use crate::web::state::AppState;
use crate::web::text::Texts;
use crate::web::visit::{Visit, negotiate};

/// As long as the report itself is kept, so that a crowd of readers costs little.
const A_MOMENT: HeaderValue = HeaderValue::from_static("public, max-age=3");

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "status.html")]
pub struct StatusPage {
    /// The frame.
    pub page: Page,
    /// What works.
    pub status: Arc<Status>,
}

impl StatusPage {
    /// Returns a time as people write it.
    fn time(&self, at: &DateTime<Utc>) -> String {
        self.page.texts.time(*at)
    }

    /// Returns what matters most, in a sentence.
    fn summary(&self) -> &'static str {
        if !self.status.is_open {
            self.page.text("status-away")
        } else if self.status.is_all_well() {
            self.page.text("status-all-well")
        } else {
            self.page.text("status-some-trouble")
        }
    }
}

/// Shows the page; it leaves the session alone, so that it can be kept for a moment.
///
/// # Errors
///
/// None today.
pub async fn get(visit: Visit) -> Result<HttpResponse, PageError> {
    let status = visit.app.status.get(visit.signin()).await;
    let mut answer = visit.html(StatusCode::OK, &StatusPage { page: visit.bare_page(), status });
    answer.headers_mut().insert(header::CACHE_CONTROL, A_MOMENT);
    Ok(answer)
}

/// Answers with the same as JSON.
pub async fn get_json(app: web::Data<AppState>) -> HttpResponse {
    let status = app.status.get(&app.signin).await;
    let body = json!({
        "updated_at": time(status.at),
        "password": { "status": word(!status.is_open) },
        "providers": status.ways.iter().map(way).collect::<Value>(),
        "outages": status.outages.iter().map(outage).collect::<Value>(),
    });
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, A_MOMENT)).json(body)
}

/// Answers with the outages as an Atom feed (RFC 4287).
pub async fn get_atom(app: web::Data<AppState>, req: HttpRequest) -> HttpResponse {
    let status = app.status.get(&app.signin).await;
    let language = negotiate(req.headers().get(header::ACCEPT_LANGUAGE));
    HttpResponse::Ok()
        .content_type("application/atom+xml; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, A_MOMENT))
        .insert_header((header::VARY, HeaderValue::from_static("Accept-Language")))
        .body(feed(&status, Texts::of(language), &app.signin.config.server.origin()))
}

fn way(way: &Way) -> Value {
    json!({ "id": way.id, "name": way.name, "status": word(way.is_troubled), "since": way.since.map(time) })
}

fn outage(outage: &Outage) -> Value {
    json!({ "provider": outage.provider, "name": outage.name, "from": time(outage.from), "until": outage.until.map(time) })
}

fn word(is_troubled: bool) -> &'static str {
    if is_troubled { "trouble" } else { "ok" }
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Writes the feed; an entry is updated when its trouble is over.
fn feed(status: &Status, texts: &'static Texts, origin: &str) -> String {
    let updated = status.outages.iter().map(|outage| outage.until.unwrap_or(outage.from)).max().unwrap_or(DateTime::UNIX_EPOCH);
    let (lang, title, origin) = (texts.language().tag(), escape(texts.get("status-past-heading")), escape(origin));
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{lang}\">\n\
         <id>{origin}/status</id>\n<title>{title}</title>\n<updated>{}</updated>\n<author><name>genkan</name></author>\n\
         <link rel=\"self\" href=\"{origin}/status.atom\"/>\n<link rel=\"alternate\" href=\"{origin}/status\"/>\n",
        time(updated)
    );
    for outage in &status.outages {
        let until = outage.until.map_or_else(|| texts.get("status-going-on").to_owned(), |until| texts.time(until));
        let (title, summary) = (texts.with("status-entry", "name", &outage.name), format!("{} – {until}", texts.time(outage.from)));
        let _ = writeln!(
            xml,
            "<entry><id>urn:uuid:{}</id><title>{}</title><updated>{}</updated><published>{}</published><link href=\"{origin}/status\"/><summary>{}</summary></entry>",
            outage.id,
            escape(&title),
            time(outage.until.unwrap_or(outage.from)),
            time(outage.from),
            escape(&summary)
        );
    }
    xml.push_str("</feed>\n");
    xml
}

/// Writes text so that it stays text in XML (security.md WB-09).
fn escape(text: &str) -> String {
    let is_text = |c: &char| !c.is_control() || c.is_ascii_whitespace();
    let clean: String = text.chars().filter(is_text).collect();
    clean.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;

    #[test]
    fn wb_09_names_stay_text_in_the_feed() {
        let outage = Outage {
            id: "1".to_owned(),
            provider: "lab".to_owned(),
            name: "<b>&\"\u{1}".to_owned(),
            from: DateTime::UNIX_EPOCH,
            until: None,
        };
        let status = Status { at: DateTime::UNIX_EPOCH, is_open: true, ways: Vec::new(), outages: vec![outage] };

        let xml = feed(&status, Texts::of(Language::En), "https://a.example");

        assert!(xml.contains("&lt;b&gt;&amp;&quot;") && !xml.contains("<b>") && !xml.contains('\u{1}'), "{xml}");
    }
}
