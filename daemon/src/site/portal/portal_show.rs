//! `/portal`: one page in both languages, Indonesian first, that says what to tap on this very
//! system. It must work in the smallest browser: under 20 kB with its style and its QR code, no
//! script, no cookie, no second request.

use std::sync::LazyLock;

use askama::Template;
use axum::extract::{Extension, Query, State};
use axum::response::{IntoResponse as _, Response};
use base::Error;
use data_encoding::BASE64;
use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::addresses::{self, with_port};
use crate::http::peer::Peer;
use crate::i18n::Language;
use crate::portal::browser::Browser;
use crate::site::refusal::Refusal;
use crate::site::{Site, next, reach};

const STYLE: &str = include_str!("../../../../web/styles/portal.css");

/// The page's one style by its hash, and nothing else from anywhere (CSP Level 3, 2.3.1).
static CONTENT_SECURITY_POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = BASE64.encode(&Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; img-src data:; style-src 'sha256-{hash}'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).expect("base64 is plain characters")
});

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// The page that was asked for first.
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "portal/show.html")]
struct PortalPage<'a> {
    style: &'static str,
    exit: Exit,
    /// What the big button says, in the order of the languages.
    button: [&'static str; 2],
    /// Indonesian, then English.
    parts: [Part; 2],
    next: &'a str,
    address: &'a str,
    name: Option<&'a str>,
    qr: String,
}

/// How the big button leaves this page.
enum Exit {
    /// A link to this address.
    Link(String),
    /// A form: Apple's sheet must have its success first.
    Form,
}

/// What one language says.
struct Part {
    language: Language,
    lead: &'static str,
    steps: Vec<String>,
    /// What keeps a phone from finding the box; a computer has no mobile data.
    hint: Option<&'static str>,
}

impl Part {
    fn t(&self, key: &str) -> &'static str {
        self.language.t(key)
    }
}

pub(crate) async fn show(
    State(site): State<Site>,
    Extension(peer): Extension<Peer>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let claimed = site.store.knows_anybody().await?;
    let (browser, seen) = (Browser::of(&headers), site.portal.has_seen(peer.remote.ip()));
    let wanted = next::local(if asked.next.is_empty() { "/" } else { &asked.next });
    let wanted = if claimed { wanted } else { SETUP };
    let (origin, secure) = origins(&site, peer);
    let address = with_port(&addresses::host(peer.local.ip()), site.reach.http_port, 80);
    let page = PortalPage {
        style: STYLE,
        exit: match browser {
            Browser::AndroidSheet => Exit::Link(format!("{secure}{wanted}")),
            Browser::AppleSheet if !seen => Exit::Form,
            _ => Exit::Link(format!("{origin}{wanted}")),
        },
        button: Language::ALL.map(|language| button(language, browser, seen, claimed)),
        parts: Language::ALL.map(|language| Part {
            language,
            lead: language.t(if claimed { "portal.lead" } else { "portal.lead_unclaimed" }),
            steps: steps(language, browser, seen, &address),
            hint: browser.is_on_phone().then(|| language.t("portal.mobile_data")),
        }),
        next: wanted,
        qr: reach::qr(&format!("http://{address}/")),
        name: site.portal.name(),
        address: &address,
    };
    respond(&page)
}

/// Where an unclaimed box leads.
const SETUP: &str = "/setup";

/// The box's origins, plain and secure, by the address that the visitor has reached.
fn origins(site: &Site, peer: Peer) -> (String, String) {
    let host = addresses::host(peer.local.ip());
    (
        with_port(&format!("http://{host}"), site.reach.http_port, 80),
        with_port(&format!("https://{host}"), site.reach.https_port, 443),
    )
}

fn button(language: Language, browser: Browser, seen: bool, claimed: bool) -> &'static str {
    language.t(match (browser, seen, claimed) {
        (Browser::AppleSheet, true, _) => "portal.open_safari",
        (_, _, true) => "portal.enter",
        (_, _, false) => "portal.set_up",
    })
}

/// What to tap, one sentence after the other.
fn steps(language: Language, browser: Browser, seen: bool, address: &str) -> Vec<String> {
    let keys: &[&str] = match browser {
        // The button leads to HTTPS on purpose: the sheet answers the unknown certificate with a
        // page of its own, and a link there keeps the network and opens the real browser.
        Browser::AndroidSheet => &[
            "portal.android_sheet_1",
            "portal.android_sheet_2",
            "portal.android_sheet_3",
            "portal.android_sheet_4",
        ],
        Browser::AppleSheet if seen => &["portal.apple_seen_1", "portal.apple_seen_2"],
        Browser::AppleSheet => &["portal.apple_sheet_1", "portal.apple_sheet_2"],
        Browser::Android => &["portal.tap", "portal.android_keep"],
        Browser::Ios => &["portal.tap", "portal.ios_keep"],
        Browser::Windows => &["portal.click", "portal.windows_no_internet"],
        Browser::Firefox => &["portal.click", "portal.firefox_bar"],
        Browser::ChromeOs => &["portal.click", "portal.chromeos_window"],
        Browser::Desktop => &["portal.click", "portal.desktop_window"],
        Browser::Unknown => &["portal.tap", "portal.type_instead"],
    };
    keys.iter().map(|key| language.text(key, &[("address", address)])).collect()
}

fn respond(page: &PortalPage<'_>) -> Result<Response, Refusal> {
    let html = page.render().map_err(|error| Error::new(base::Code::Internal).because(error))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_LANGUAGE, HeaderValue::from_static("id, en")),
        (header::VARY, HeaderValue::from_static("user-agent")),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY.clone()),
    ];
    Ok((headers, html).into_response())
}
