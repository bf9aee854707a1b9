//! `POST /load/runs/{run}/bots` and `…/bots/stop`: bots come into the room of a run, one by one, to
//! show what the box would carry.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::id::{MeetingId, RunId};
use base::limits::{BOTS, BOTS_EVERY_S, BOTS_STAY_S};
use base::{Code, Error};

use super::run_show;
use super::staff::StaffForm;
use crate::bots::Wanted;
use crate::i18n::Language;
use crate::site::Site;
use crate::site::form::Field;
use crate::site::next;
use crate::site::refusal::Refusal;

/// After the last one has come, they stay so long: its window, and a look around.
const AFTER_S: u64 = 5 * 60;

/// The form for bots, and what they do.
#[derive(Debug, Default)]
pub(super) struct BotsView {
    pub(super) count: Field,
    /// The bounds of it, in words.
    pub(super) count_hint: String,
    pub(super) every: Field,
    /// Whether some are in this run's room.
    pub(super) running: bool,
    /// How far they are, in words; empty if there were none.
    pub(super) state: String,
}

/// What is shown of bots in the room of a meeting; the thesis's seven, a minute apart, are offered.
pub(super) fn view(site: &Site, language: Language, meeting: Option<MeetingId>) -> BotsView {
    let status = site.bots.status();
    let is_here = status.meeting.is_some() && status.meeting == meeting;
    let (present, wanted, lost) =
        (status.present.to_string(), status.wanted.to_string(), status.lost.to_string());
    let numbers = [("present", present.as_str()), ("wanted", wanted.as_str()), ("lost", lost.as_str())];
    BotsView {
        count: Field::holding("7"),
        count_hint: language.text(
            "run.bots.count_hint",
            &[("most", &BOTS.to_string()), ("minutes", &(BOTS_STAY_S / 60).to_string())],
        ),
        every: Field::holding("60"),
        running: is_here && status.running,
        state: match (is_here, status.running) {
            (false, _) => String::new(),
            (true, true) => language.text("run.bots.present", &numbers),
            (true, false) => language.text("run.bots.gone", &numbers),
        },
    }
}

/// Sends them in.
pub(super) async fn send(
    State(site): State<Site>,
    Path(run): Path<String>,
    StaffForm(form): StaffForm,
) -> Result<Response, Refusal> {
    let page = &form.page;
    let run = run_show::held(&site, page, &run).await?;
    let meeting = run.meeting.filter(|_| run.ending.is_none()).ok_or(Code::NotFound)?;
    match wanted(meeting, form.get("count"), form.get("every")).and_then(|wanted| site.bots.start(wanted)) {
        Ok(()) => Ok(back(run.id, "run.bots.sent")),
        Err(error) => {
            let mut bots = view(&site, page.language, Some(meeting));
            bots.count.value = form.get("count").to_owned();
            bots.every.value = form.get("every").to_owned();
            bots.count.refuse(page.language, &error);
            run_show::show_again(&site, page, run, bots, &error).await
        }
    }
}

/// Sends them away; again is harmless.
pub(super) async fn dismiss(
    State(site): State<Site>,
    Path(run): Path<String>,
    StaffForm(form): StaffForm,
) -> Result<Response, Refusal> {
    let run = run_show::held(&site, &form.page, &run).await?;
    if run.meeting.is_some() && site.bots.status().meeting == run.meeting {
        site.bots.stop();
    }
    Ok(back(run.id, "run.bots.dismissed"))
}

/// `bots_wanted` for what is no number or out of bounds.
fn wanted(meeting: MeetingId, count: &str, every: &str) -> Result<Wanted, Error> {
    let refused = || Error::new(Code::BotsWanted).with("most", BOTS).with("minutes", BOTS_STAY_S / 60);
    let count: u32 = count.trim().parse().map_err(|_| refused())?;
    let every: u64 = every.trim().parse().map_err(|_| refused())?;
    let every = Some(every).filter(|every| *every <= BOTS_EVERY_S).ok_or_else(refused)?;
    let stay = (u64::from(count).saturating_mul(every) + AFTER_S).min(BOTS_STAY_S);
    Ok(Wanted {
        meeting,
        count: usize::try_from(count).map_err(|_| refused())?,
        every: Duration::from_secs(every),
        stay: Duration::from_secs(stay),
    })
}

fn back(run: RunId, notice: &str) -> Response {
    Redirect::to(&next::noticed(&format!("/load/runs/{run}"), notice)).into_response()
}
