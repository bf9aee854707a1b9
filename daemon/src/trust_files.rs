//! `/ca.crt` and `/ca.mobileconfig`: what a device installs to trust the box, over both ports,
//! because it is needed before HTTPS works.
//!
//! May use: `certificate`, `i18n`. Used by: `run`. The page that explains them is `site`'s.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use http::{HeaderMap, header};
use trust::ProfileText;

use crate::certificate::Certificates;
use crate::http::routes::routes;
use crate::i18n::Language;

routes!(Arc<Certificates> {
    "/ca.crt" => get(certificate),
    "/ca.mobileconfig" => get(profile),
});

/// Both routes.
pub(crate) fn router(certificates: Arc<Certificates>) -> Router {
    routes().with_state(certificates)
}

async fn certificate(State(certificates): State<Arc<Certificates>>) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "application/x-x509-ca-cert"),
        // Android offers to install a download; without a name it would be called "ca".
        (header::CONTENT_DISPOSITION, "attachment; filename=\"kelas-ca.crt\""),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, certificates.authority().certificate_der().to_vec())
}

async fn profile(State(certificates): State<Arc<Certificates>>, headers: HeaderMap) -> impl IntoResponse {
    let language = Language::of(&headers);
    let text = ProfileText {
        title: language.t("trust.profile_title"),
        description: language.t("trust.profile_description"),
    };
    let headers = [
        // Safari opens the installer for this type; as an attachment it would only be saved.
        (header::CONTENT_TYPE, "application/x-apple-aspen-config"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::VARY, "Accept-Language, Cookie"),
    ];
    (headers, certificates.authority().mobile_profile(text))
}
