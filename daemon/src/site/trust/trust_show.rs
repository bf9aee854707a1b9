//! `/trust`: which rung of the ladder this visit is on, and how to climb.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::site::Site;
use crate::site::page::Page;

#[derive(Template)]
#[template(path = "trust/show.html")]
struct TrustPage<'a> {
    page: &'a Page,
    fingerprint: &'a str,
    /// How to install the certificate, by operating system.
    systems: [(&'static str, [&'static str; 3]); 4],
}

pub(crate) async fn show(State(site): State<Site>, page: Page) -> Response {
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
    page.show(&TrustPage { page: &page, fingerprint: &site.fingerprint, systems })
}
