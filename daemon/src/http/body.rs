//! A request's body that must arrive in time: who sends a byte now and then holds up a connection
//! and a handler. A small one must be whole in time; a large one, of which its route says so, must
//! go on at a least rate.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use base::limits;
use bytes::Bytes;
use hyper::body::{Body as _, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

const BODY_TIMEOUT: Duration = Duration::from_millis(limits::BODY_TIMEOUT_MS);

const WINDOW: Duration = Duration::from_millis(limits::UPLOAD_WINDOW_MS);

/// How a request's body is timed; lies in its extensions.
#[derive(Clone, Debug, Default)]
struct Pace(Arc<AtomicBool>);

/// Middleware of routes that take large bodies: those may take as long as they go on.
pub(crate) async fn by_rate(request: Request, next: Next) -> Response {
    if let Some(pace) = request.extensions().get::<Pace>() {
        pace.0.store(true, Ordering::Relaxed);
    }
    next.run(request).await
}

/// Whether a body did not arrive in time. What reads it sees an error without a name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Late(Arc<AtomicBool>);

impl Late {
    /// Whether it is.
    pub(crate) fn is_late(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Starts the time for the body of a request whose header has arrived.
pub(crate) fn limit(mut request: Request) -> (Request, Late) {
    let late = Late::default();
    if request.body().is_end_stream() {
        return (request, late);
    }
    let pace = Pace::default();
    request.extensions_mut().insert(pace.clone());
    let (told, deadline) = (late.clone(), Box::pin(sleep(BODY_TIMEOUT)));
    (request.map(|body| Body::new(Timely { body, deadline, late: told, pace, window: None })), late)
}

struct Timely {
    body: Body,
    deadline: Pin<Box<Sleep>>,
    late: Late,
    pace: Pace,
    /// Bytes of this window, of a body that is timed by its rate.
    window: Option<u64>,
}

impl Timely {
    /// Whether the time is over. A window that brought enough is followed by another.
    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        if self.window.is_none() && self.pace.0.load(Ordering::Relaxed) {
            self.begin_window();
        }
        while self.deadline.as_mut().poll(context).is_ready() {
            if self.window.is_none_or(|bytes| bytes < limits::UPLOAD_WINDOW_BYTES) {
                return true;
            }
            self.begin_window();
        }
        false
    }

    fn begin_window(&mut self) {
        self.window = Some(0);
        self.deadline = Box::pin(sleep(WINDOW));
    }
}

impl hyper::body::Body for Timely {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.is_over(context) {
            self.late.0.store(true, Ordering::Relaxed);
            let error = io::Error::from(io::ErrorKind::TimedOut);
            return Poll::Ready(Some(Err(axum::Error::new(error))));
        }
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if let (Poll::Ready(Some(Ok(frame))), Some(bytes)) = (&frame, &mut self.window) {
            *bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn;
    use axum::routing::post;
    use http::StatusCode;
    use tower::ServiceExt as _;

    use super::*;
    use crate::http::finish;

    /// What is answered to a body of `count` pieces, one every `pause`.
    async fn answer(path: &str, pieces: usize, bytes: usize, pause: Duration) -> StatusCode {
        let read = async |body: Body| {
            axum::body::to_bytes(body, usize::MAX).await.map_or(0, |bytes| bytes.len()).to_string()
        };
        let router =
            Router::new().route("/large", post(read)).layer(from_fn(by_rate)).route("/small", post(read));
        let body = futures_util::stream::unfold(0, move |sent| async move {
            sleep(pause).await;
            (sent < pieces).then(|| (Ok::<_, io::Error>(Bytes::from(vec![0; bytes])), sent + 1))
        });
        let request = Request::post(path).body(Body::from_stream(body)).expect("a request");
        let router = finish::wrap(router, Arc::default());
        router.oneshot(request).await.expect("infallible").status()
    }

    #[tokio::test(start_paused = true)]
    async fn a_large_body_may_take_as_long_as_it_goes_on_and_a_small_one_may_not() {
        let piece = Duration::from_secs(10);
        let enough = 16 * 1024;
        assert_eq!(answer("/small", 30, enough, piece).await, StatusCode::REQUEST_TIMEOUT);
        assert_eq!(answer("/large", 30, enough, piece).await, StatusCode::OK);
        assert_eq!(answer("/large", 30, 16, piece).await, StatusCode::REQUEST_TIMEOUT);
        assert_eq!(answer("/large", 2, enough, 2 * WINDOW).await, StatusCode::REQUEST_TIMEOUT);
    }
}
