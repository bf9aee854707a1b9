//! `GET /load/presence.csv`: who was in which room and when, with numbers for names.

use axum::extract::State;
use axum::response::Response;

use super::export::{Csv, time};
use super::names::Numbers;
use super::period::Asked;
use super::staff::Staff;
use crate::site::Site;
use crate::site::refusal::Refusal;

pub(super) async fn export(
    State(site): State<Site>,
    Staff(_): Staff,
    asked: Asked,
) -> Result<Response, Refusal> {
    let range = asked.range.range(site.measurement.now());
    let presences = site.store.presences_between(range.from, range.until).await?;
    let mut numbers = Numbers::default();
    let mut csv = Csv::new(["person", "room", "joined", "last_seen", "ending"]);
    for presence in presences {
        csv.line([
            numbers.of(presence.person).to_string(),
            presence.meeting.to_string(),
            time(presence.joined_at),
            time(presence.seen_at),
            presence.ending.map_or("inside", store::PresenceEnding::name).to_owned(),
        ]);
    }
    Ok(csv.respond(&format!("kelas-presence-{}", asked.range.name())))
}
