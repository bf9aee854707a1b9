//! Bots: a bounded crew that joins a room by the real live protocol and signals as browsers do,
//! without sound and picture, to show what the box would carry.
//!
//! The bots are a program of its own (`program`, `bot`, `words`), so that what they cost is not
//! counted as the daemon's. The daemon starts it (`crew`), gives it its order (`order`) with a pass
//! made for this crew (`pass`), and hears how far it is. It ends by itself when its time is over or
//! when the daemon lets go of it.
//!
//! May use: `tasks`, `settings`, `sockets`, `base`, `room` (the messages), rustls, tungstenite.
//! Used by: `live`, which lets them in; `run`; `main`, for the program.

mod bot;
mod crew;
mod order;
mod pass;
mod program;
mod words;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base::id::MeetingId;
use base::random::{Random as _, SystemRandom};
use base::{Code, Error, Result, limits};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::tasks::Tasks;
use order::{Order, Report};
pub(crate) use pass::Bot;
use pass::Pass;
pub(crate) use program::run;

/// The daemon's way to its bots. Clones share it.
#[derive(Clone)]
pub(crate) struct Bots(Arc<Parts>);

/// What they need to find their way.
pub(crate) struct Needs {
    /// Where HTTPS is answered, if it is.
    pub(crate) https: Option<SocketAddr>,
    /// The box's authority as PEM.
    pub(crate) authority: String,
    /// Socket of the service manager that starts the program; empty: it is a child of the daemon.
    pub(crate) socket: PathBuf,
    /// Runs what looks after it.
    pub(crate) tasks: Tasks,
}

struct Parts {
    needs: Needs,
    crew: Mutex<Option<Crew>>,
}

/// The crew of now, or the last one.
struct Crew {
    meeting: MeetingId,
    wanted: usize,
    pass: Pass,
    report: Report,
    /// Cancelled to send it away.
    dismissed: CancellationToken,
    ended: bool,
}

/// What somebody wants to try.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// In which meeting's room.
    pub(crate) meeting: MeetingId,
    /// How many.
    pub(crate) count: usize,
    /// The pause from one to the next.
    pub(crate) every: Duration,
    /// How long they stay, counted from the first.
    pub(crate) stay: Duration,
}

/// How far the crew is, or how far the last one came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Status {
    /// Whether it is still there.
    pub(crate) running: bool,
    /// Where; `None` if there was never one.
    pub(crate) meeting: Option<MeetingId>,
    /// How many were wanted.
    pub(crate) wanted: usize,
    /// How many are in the room.
    pub(crate) present: usize,
    /// How many came and were lost before their time, or did not come in.
    pub(crate) lost: usize,
    /// Signals that they have sent.
    pub(crate) signals: u64,
    /// Why one was lost, in English, for the journal and for whoever searches the cause.
    pub(crate) problem: Option<String>,
}

impl Bots {
    /// Nobody yet.
    pub(crate) fn new(needs: Needs) -> Self {
        Self(Arc::new(Parts { needs, crew: Mutex::new(None) }))
    }

    /// Sends a crew into a room.
    ///
    /// # Errors
    /// `bots_busy` while there is one, in whichever room; `bots_wanted` for numbers out of bounds;
    /// `bots_failed` if HTTPS is not answered, so that there is no way in.
    pub(crate) fn start(&self, wanted: Wanted) -> Result<()> {
        check(wanted)?;
        let address = self.0.needs.https.ok_or_else(|| Error::new(Code::BotsFailed).because("no HTTPS"))?;
        let mut crew = self.crew();
        if crew.as_ref().is_some_and(|crew| !crew.ended) {
            return Err(Code::BotsBusy.into());
        }
        let token = SystemRandom.token();
        let dismissed = self.0.needs.tasks.stopping().child_token();
        *crew = Some(Crew {
            meeting: wanted.meeting,
            wanted: wanted.count,
            pass: Pass::new(wanted.meeting, wanted.count, &token),
            report: Report::default(),
            dismissed: dismissed.clone(),
            ended: false,
        });
        drop(crew);
        let order = Order {
            room: wanted.meeting,
            count: wanted.count,
            every_ms: milliseconds(wanted.every),
            stay_ms: milliseconds(wanted.stay),
            address: reachable(address),
            authority: self.0.needs.authority.clone(),
            token,
        };
        tracing::info!(meeting = wanted.meeting.0, count = wanted.count, "bots are sent into a room");
        self.0.needs.tasks.spawn("bots", self.clone().look_after(order, dismissed));
        Ok(())
    }

    /// Sends the crew away, if there is one. They are gone from the room within a moment.
    pub(crate) fn stop(&self) {
        if let Some(crew) = self.crew().as_mut() {
            crew.dismissed.cancel();
            crew.pass.expire();
        }
    }

    /// How far it is.
    pub(crate) fn status(&self) -> Status {
        let crew = self.crew();
        let Some(crew) = crew.as_ref() else { return Status::default() };
        Status {
            running: !crew.ended,
            meeting: Some(crew.meeting),
            wanted: crew.wanted,
            present: crew.report.present,
            lost: crew.report.lost,
            signals: crew.report.signals,
            problem: crew.report.problem.clone(),
        }
    }

    /// Lets a bot in that shows the pass of the crew.
    ///
    /// # Errors
    /// `not_allowed` for everybody else.
    pub(crate) fn admit(&self, meeting: MeetingId, number: usize, token: &str) -> Result<Bot> {
        let mut crew = self.crew();
        let pass = crew.as_mut().filter(|crew| !crew.ended).map(|crew| &mut crew.pass);
        pass.and_then(|pass| pass.admit(meeting, number, token)).ok_or_else(|| Code::NotAllowed.into())
    }

    async fn look_after(self, order: Order, dismissed: CancellationToken) {
        let heard = self.clone();
        let ended =
            crew::run(&self.0.needs.socket, &order, dismissed, move |report| heard.note(report)).await;
        let mut crew = self.crew();
        let Some(crew) = crew.as_mut() else { return };
        crew.ended = true;
        crew.pass.expire();
        crew.report.present = 0;
        match ended {
            Ok(()) => tracing::info!(lost = crew.report.lost, "the bots are gone"),
            Err(error) => {
                tracing::error!(%error, "the bots failed");
                crew.report.problem = Some(error.to_string());
            }
        }
    }

    fn note(&self, report: Report) {
        if let Some(crew) = self.crew().as_mut() {
            crew.report = report;
        }
    }

    fn crew(&self) -> MutexGuard<'_, Option<Crew>> {
        self.0.crew.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check(wanted: Wanted) -> Result<()> {
    let longest = Duration::from_secs(limits::BOTS_STAY_S);
    let most = Duration::from_secs(limits::BOTS_EVERY_S);
    if (1..=limits::BOTS).contains(&wanted.count)
        && wanted.every <= most
        && (Duration::from_secs(1)..=longest).contains(&wanted.stay)
    {
        return Ok(());
    }
    Err(Error::new(Code::BotsWanted).with("most", limits::BOTS).with("minutes", limits::BOTS_STAY_S / 60))
}

/// The address by which a program on this box reaches what is bound to `bound`.
fn reachable(bound: SocketAddr) -> SocketAddr {
    if bound.ip().is_unspecified() { (Ipv4Addr::LOCALHOST, bound.port()).into() } else { bound }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bots() -> Bots {
        Bots::new(Needs {
            https: Some(([0, 0, 0, 0], 443).into()),
            authority: String::new(),
            // Nobody listens there, so that a crew fails at once.
            socket: "/nowhere/bots".into(),
            tasks: Tasks::default(),
        })
    }

    fn wanted(count: usize) -> Wanted {
        Wanted { meeting: MeetingId(1), count, every: Duration::ZERO, stay: Duration::from_mins(1) }
    }

    #[tokio::test]
    async fn what_is_wanted_is_bounded() {
        for wrong in [
            wanted(0),
            wanted(limits::BOTS + 1),
            Wanted { stay: Duration::from_secs(limits::BOTS_STAY_S + 1), ..wanted(1) },
            Wanted { every: Duration::from_secs(limits::BOTS_EVERY_S + 1), ..wanted(1) },
        ] {
            assert_eq!(bots().start(wrong).expect_err("out of bounds").code, Code::BotsWanted);
        }
    }

    #[tokio::test]
    async fn one_crew_at_a_time_and_a_program_that_is_not_there_is_told() {
        let bots = bots();
        bots.start(wanted(2)).expect("the first");
        assert_eq!(bots.start(wanted(2)).expect_err("while it is there").code, Code::BotsBusy);
        assert_eq!(bots.0.needs.tasks.stop(Duration::from_secs(5)).await, Vec::<&str>::new());
        let status = bots.status();
        assert!(!status.running && status.problem.is_some(), "{status:?}");
    }

    #[test]
    fn everywhere_is_reached_over_loopback() {
        let reached = |bound: &str| reachable(bound.parse().expect("an address")).to_string();
        assert_eq!(reached("0.0.0.0:443"), "127.0.0.1:443");
        assert_eq!(reached("[::]:8443"), "127.0.0.1:8443");
        assert_eq!(reached("10.42.0.1:443"), "10.42.0.1:443");
    }
}
