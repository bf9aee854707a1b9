//! `/trust`: which rung of the ladder this visit is on, and how to climb.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

use crate::site::page::Page;
use crate::site::{Site, reach};

#[derive(Template)]
#[template(path = "trust/show.html")]
struct TrustPage<'a> {
    page: &'a Page,
    fingerprint: String,
    /// Where the school's own certificate serves, if it has one in force.
    school: Option<School>,
    /// Whether this visit has the box's own certificate before it.
    is_on_own: bool,
    /// How to install the certificate, by operating system.
    systems: [(&'static str, [&'static str; 3]); 4],
}

struct School {
    name: String,
    address: String,
    /// Whether this visit came by that name, without a warning then.
    is_here: bool,
}

pub(crate) async fn show(State(site): State<Site>, page: Page, headers: HeaderMap) -> Response {
    let systems = [
        (
            page.t("trust.android"),
            [page.t("trust.android_1"), page.t("trust.android_2"), page.t("trust.android_3")],
        ),
        (page.t("trust.apple"), [page.t("trust.apple_1"), page.t("trust.apple_2"), page.t("trust.apple_3")]),
        (
            page.t("trust.windows"),
            [page.t("trust.windows_1"), page.t("trust.windows_2"), page.t("trust.windows_3")],
        ),
        (page.t("trust.linux"), [page.t("trust.linux_1"), page.t("trust.linux_2"), page.t("trust.linux_3")]),
    ];
    let school = school(&site, &page, &headers);
    let is_on_own = !page.is_plain() && !school.as_ref().is_some_and(|school| school.is_here);
    let fingerprint = site.certificates.authority().fingerprint();
    page.show(&TrustPage { page: &page, fingerprint, school, is_on_own, systems })
}

fn school(site: &Site, page: &Page, headers: &HeaderMap) -> Option<School> {
    let certificate = site.certificates.school()?;
    let by_name = reach::host_of(headers).filter(|host| certificate.is_for(host));
    let name = by_name.or_else(|| certificate.names.first().map(String::as_str))?.to_ascii_lowercase();
    let address = site.reach.secure_address(&name);
    Some(School { is_here: by_name.is_some() && !page.is_plain(), name, address })
}
