//! The pages of the class site, and what their forms do.
//!
//! Each page is written on the server and works without a script; each change is a form that is
//! answered with a redirect, or with the same page and a sentence beside the field.
//!
//! May use: `base`, `store`, `archive`, `auth`, `backup`, `bots`, `certificate`, `course_archive`, `files`, `hotspot`, `i18n`, `http`, `load`,
//! `measurement`, `portal`, `problems`, `roster`, `setup`, `spreadsheet`.
//! Used by: `run`.

mod account;
mod assets;
mod assignment;
mod attendance;
mod backup;
mod course;
mod download;
mod file_form;
mod form;
mod load;
mod material;
mod meeting;
mod next;
mod notice;
mod notices;
mod page;
mod people;
mod portal;
mod quiz;
mod reach;
mod refusal;
mod room;
mod search;
mod setup;
#[cfg(test)]
mod tests;
mod trust;

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRef, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use base::Code;
use base::id::MeetingId;
use futures_util::future::BoxFuture;
use http::{HeaderValue, header};
use store::Store;

use crate::auth::Auth;
use crate::backup::Backup;
use crate::bots::Bots;
use crate::certificate::Certificates;
use crate::files::Files;
use crate::hotspot::Hotspot;
use crate::http::origin;
use crate::http::routes::routes;
use crate::load::Load;
use crate::measurement::Measurement;
use crate::names::Names;
use crate::portal::Portal;
use crate::problems::CardProblems;
use crate::setup::Setup;
use crate::tasks::Tasks;
pub(crate) use reach::Reach;
use refusal::Refusal;

/// Scripts, styles and media come from this site alone; nothing may be framed, and no form may
/// send elsewhere. `data:` images are the empty icon; `blob:` is what a page itself makes.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; \
     object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Everything that pages are made from. Clones share it.
#[derive(Clone)]
pub(crate) struct Site(Arc<Parts>);

/// The parts of a [`Site`].
pub(crate) struct Parts {
    /// What outlives the process.
    pub(crate) store: Store,
    /// Who somebody is.
    pub(crate) auth: Auth,
    /// How others reach the box.
    pub(crate) reach: Reach,
    /// The box's authority, and the school's own certificate.
    pub(crate) certificates: Arc<Certificates>,
    /// Files of meetings.
    pub(crate) files: Files,
    /// Everything as one file, and back.
    pub(crate) backup: Backup,
    /// What runs beside its caller.
    pub(crate) tasks: Tasks,
    /// Setting the box up.
    pub(crate) setup: Setup,
    /// What is wrong with the card.
    pub(crate) problems: CardProblems,
    /// Who has seen the captive portal.
    pub(crate) portal: Portal,
    /// A crew that tries what the box carries.
    pub(crate) bots: Bots,
    /// The box's own Wi-Fi.
    pub(crate) hotspot: Hotspot,
    /// What the box costs.
    pub(crate) load: Load,
    /// Measurement runs.
    pub(crate) measurement: Measurement,
    /// Called with a course and a person that a teacher admitted to it or removed from it.
    pub(crate) membership_changed: MembershipChanged,
    /// Tells which rooms people are in.
    pub(crate) crowds: Crowds,
    /// Called with meetings whose rooms are no longer open to some.
    pub(crate) rooms_shut: RoomsShut,
}

/// Asks for the rooms that somebody is in, and how many people are in each.
pub(crate) type Crowds =
    Arc<dyn Fn() -> BoxFuture<'static, base::Result<Vec<(MeetingId, usize)>>> + Send + Sync>;

/// Told of meetings whose rooms are no longer open to some, so that those leave.
pub(crate) type RoomsShut = Arc<dyn Fn(Vec<MeetingId>, ShutTo) + Send + Sync>;

/// To whom rooms are no longer open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShutTo {
    /// The meeting was hidden from the students.
    Students,
    /// The course was put away.
    Everybody,
}

/// Told of people who were admitted to a course or removed from it, so that live rooms follow.
pub(crate) type MembershipChanged = Arc<dyn Fn(base::id::CourseId, base::id::PersonId) + Send + Sync>;

impl Site {
    /// A site from its parts.
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// How many people are in each room that somebody is in. None at all when the rooms do not
    /// answer: a page says more without this than an error would.
    async fn crowds(&self) -> HashMap<MeetingId, usize> {
        match (self.0.crowds)().await {
            Ok(crowds) => crowds.into_iter().collect(),
            Err(error) => {
                tracing::warn!(code = error.code.name(), "the rooms do not tell who is in them: {error}");
                HashMap::new()
            }
        }
    }
}

impl Deref for Site {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl FromRef<Site> for Auth {
    fn from_ref(site: &Site) -> Self {
        site.auth.clone()
    }
}

routes!(Site { "/assets/{file}" => get(assets::show), });

/// The addresses of all pages and forms.
pub(crate) const ALL_PATHS: &[&[&str]] = &[
    PATHS,
    account::PATHS,
    assignment::PATHS,
    attendance::PATHS,
    backup::PATHS,
    course::PATHS,
    load::PATHS,
    material::PATHS,
    meeting::PATHS,
    notices::PATHS,
    people::PATHS,
    portal::PATHS,
    quiz::PATHS,
    room::PATHS,
    search::PATHS,
    trust::PATHS,
    setup::PATHS,
];

/// Every page and form, which answer to `names`.
pub(crate) fn router(site: Site, names: Names) -> Router {
    routes()
        .merge(account::routes())
        .merge(assignment::routes())
        .merge(attendance::routes())
        .merge(course::routes())
        .merge(load::routes())
        .merge(material::routes())
        .merge(meeting::routes())
        .merge(notices::routes())
        .merge(people::routes())
        .merge(portal::routes())
        .merge(quiz::routes())
        .merge(room::routes())
        .merge(search::routes())
        .merge(trust::routes())
        .merge(setup::router())
        .merge(backup::router())
        .fallback(async || Refusal::from(Code::NotFound))
        .method_not_allowed_fallback(async || Refusal::from(Code::MethodNotAllowed))
        .layer(from_fn(portal::small_browser::send_out))
        .layer(from_fn_with_state(site.clone(), setup::lead_to_setup))
        .layer(from_fn_with_state(names, origin::guard))
        .layer(from_fn_with_state(site.clone(), refusal::show))
        .layer(from_fn(protect))
        .with_state(site)
}

/// Gives every page its policy, unless it has a stricter one of its own.
async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = HeaderValue::from_static(CONTENT_SECURITY_POLICY);
    response.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    response
}
