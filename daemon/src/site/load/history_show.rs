//! `GET /load/history`: charts of what was kept, tables of the same, and who came and went.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use base::clock::Timestamp;
use base::{Code, Error};
use serde::Serialize;
use store::Presence;

use super::figures;
use super::names::{Known, Numbers};
use super::period::{Asked, Period};
use super::staff::Staff;
use super::table::{self, ChartView};
use crate::load::Range;
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// Most events that are listed and drawn; of more nobody could tell one from the next.
const EVENTS: usize = 400;

#[derive(Template)]
#[template(path = "load/history.html")]
struct HistoryPage<'a> {
    page: &'a Page,
    periods: Vec<PeriodLink>,
    range: &'static str,
    from: String,
    until: String,
    /// The same in milliseconds since 1970, for the charts' axis.
    range_ms: (i64, i64),
    charts: Vec<ChartView>,
    shows_people: bool,
    events: Vec<Event>,
    /// JSON without `<`, so that nothing in it can end the element that carries it.
    marks: String,
    is_cut: bool,
}

struct PeriodLink {
    name: &'static str,
    label: &'static str,
    chosen: bool,
}

/// Somebody came or went.
#[derive(Serialize)]
pub(super) struct Event {
    /// Milliseconds since 1970.
    pub(super) at: i64,
    /// When, in words.
    #[serde(skip)]
    pub(super) time: String,
    /// Who did what, in words.
    pub(super) text: String,
}

pub(super) async fn show(
    State(site): State<Site>,
    Staff(page): Staff,
    asked: Asked,
) -> Result<Response, Refusal> {
    let period = asked.range;
    let range = period.range(site.measurement.now());
    let history = site.load.history(range, &figures::drawn()).await?;
    let charts = figures::CHARTS.iter().map(|chart| table::view(page.language, *chart, &history));
    let mut events = if period.shows_people() { events(&site, &page, range).await? } else { Vec::new() };
    let is_cut = events.len() > EVENTS;
    events.drain(..events.len().saturating_sub(EVENTS));
    let periods = Period::ALL.map(|known| PeriodLink {
        name: known.name(),
        label: page.t(&format!("load.range.{}", known.name())),
        chosen: known == period,
    });
    Ok(page.show(&HistoryPage {
        page: &page,
        periods: periods.into(),
        range: period.name(),
        from: page.language.date(range.from),
        until: page.language.date(range.until),
        range_ms: (range.from.0, range.until.0),
        charts: charts.filter(|chart| !chart.lines.is_empty()).collect(),
        shows_people: period.shows_people(),
        marks: json(&events)?,
        events,
        is_cut,
    }))
}

/// Who came and went in `range`, in order.
async fn events(site: &Site, page: &Page, range: Range) -> Result<Vec<Event>, Error> {
    let presences = site.store.presences_between(range.from, range.until).await?;
    let known = Known::to(site, page).await?;
    let mut numbers = Numbers::default();
    let mut events = Vec::new();
    for presence in presences {
        let name = if known.has(presence.course) {
            presence.person_name.clone()
        } else {
            numbers.name(page.language, presence.person)
        };
        if presence.joined_at >= range.from {
            events.push(event(page, "load.event.joined", &name, &presence, presence.joined_at));
        }
        if presence.ending.is_some() {
            events.push(event(page, "load.event.left", &name, &presence, presence.seen_at));
        }
    }
    events.sort_by_key(|event| event.at);
    Ok(events)
}

fn event(page: &Page, key: &str, name: &str, presence: &Presence, at: Timestamp) -> Event {
    let room = presence.meeting_title.as_str();
    Event {
        at: at.0,
        time: page.language.date(at),
        text: page.language.text(key, &[("name", name), ("room", room)]),
    }
}

/// For the page's script.
pub(super) fn json<T: Serialize>(value: &T) -> Result<String, Error> {
    let json = serde_json::to_string(value).map_err(|error| Error::new(Code::Internal).because(error))?;
    Ok(json.replace('<', "\\u003c"))
}
