//! `GET /load/events`: the numbers of `/load`, each second anew, as server-sent events (WHATWG
//! HTML, 9.2).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use http::header;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::now_show;
use super::staff::Staff;
use crate::i18n::Language;
use crate::load::Sample;
use crate::site::Site;
use crate::site::refusal::Refusal;

/// How long a stream lives. The browser opens the next one by itself, and who was signed out
/// meanwhile is refused then.
const LIFE: Duration = Duration::from_mins(5);
/// What a browser waits before it opens the next one. Milliseconds.
const RETRY_MS: u32 = 2_000;

pub(super) async fn follow(State(site): State<Site>, Staff(page): Staff) -> Result<Response, Refusal> {
    let following = Following {
        samples: site.load.subscribe(),
        stopping: site.measurement.stopping(),
        until: Instant::now() + LIFE,
        language: page.language,
        greeted: false,
        site,
    };
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(stream::unfold(following, Following::next))).into_response())
}

/// One response under way.
struct Following {
    site: Site,
    samples: watch::Receiver<Option<Arc<Sample>>>,
    stopping: CancellationToken,
    until: Instant,
    language: Language,
    greeted: bool,
}

impl Following {
    /// The next event. A client that reads slowly misses seconds: only the newest is kept.
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        if self.greeted {
            tokio::select! {
                changed = timeout_at(self.until, self.samples.changed()) => changed.ok()?.ok()?,
                () = self.stopping.cancelled() => return None,
            }
        }
        let greeting = if self.greeted { String::new() } else { format!("retry: {RETRY_MS}\n") };
        self.greeted = true;
        let sample = self.samples.borrow_and_update().clone();
        let now = now_show::now(&self.site, self.language, sample.as_deref());
        let json = serde_json::to_string(&now).unwrap_or_else(|error| {
            tracing::error!(%error, "the load of now is not JSON");
            "{}".to_owned()
        });
        Some((Ok(format!("{greeting}data: {json}\n\n").into()), self))
    }
}
