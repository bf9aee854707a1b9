//! A request's body that must arrive whole in time: who sends a byte now and then holds up a
//! connection and a handler.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use base::limits;
use bytes::Bytes;
use hyper::body::{Body as _, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

const BODY_TIMEOUT: Duration = Duration::from_millis(limits::BODY_TIMEOUT_MS);

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
pub(crate) fn limit(request: Request) -> (Request, Late) {
    let late = Late::default();
    if request.body().is_end_stream() {
        return (request, late);
    }
    let told = late.clone();
    let deadline = Box::pin(sleep(BODY_TIMEOUT));
    (request.map(|body| Body::new(Timely { body, deadline, late: told })), late)
}

struct Timely {
    body: Body,
    deadline: Pin<Box<Sleep>>,
    late: Late,
}

impl hyper::body::Body for Timely {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.deadline.as_mut().poll(context).is_ready() {
            self.late.0.store(true, Ordering::Relaxed);
            let error = io::Error::from(io::ErrorKind::TimedOut);
            return Poll::Ready(Some(Err(axum::Error::new(error))));
        }
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
