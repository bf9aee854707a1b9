//! `GET /load`: what the box carries at the moment, in few numbers, and whether there is room.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::figures::shown;
use super::staff::Staff;
use super::verdict::{self, VerdictView};
use crate::i18n::Language;
use crate::load::{Measure, Sample};
use crate::site::Site;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "load/now.html")]
struct NowPage<'a> {
    page: &'a crate::site::page::Page,
    now: Now,
}

/// The page's numbers, which its script is sent anew each second.
#[derive(Serialize)]
pub(super) struct Now {
    /// When, in words.
    pub(super) at: String,
    /// What the log itself takes, in words.
    pub(super) cost: String,
    /// Whether there is room for more; none in the first second.
    pub(super) verdict: Option<VerdictView>,
    pub(super) cards: Vec<Card>,
}

/// One big number.
#[derive(Serialize)]
pub(super) struct Card {
    pub(super) key: &'static str,
    #[serde(skip)]
    pub(super) label: &'static str,
    pub(super) value: String,
    pub(super) hint: String,
}

pub(super) async fn show(State(site): State<Site>, Staff(page): Staff) -> Result<Response, Refusal> {
    let now = now(&site, page.language, site.load.now().as_deref());
    Ok(page.show(&NowPage { page: &page, now }))
}

/// What `sample` says; everything is unknown in the first second, and what this machine does not
/// have is left out.
pub(super) fn now(site: &Site, language: Language, sample: Option<&Sample>) -> Now {
    let at = sample.map_or_else(String::new, |sample| language.date(sample.at));
    let cards = sample.map(|sample| cards(site, language, sample)).unwrap_or_default();
    let verdict = sample.map(|_| verdict::view(language, &site.load.verdict()));
    let spent = sample.and_then(|sample| sample.value(Measure::SamplingCpu));
    let cost = spent.map(|spent| format!("{}\u{a0}%", language.number(spent / 10.0, 2)));
    let cost = cost.map_or_else(String::new, |cost| language.text("load.cost", &[("cpu", &cost)]));
    Now { at, cost, verdict, cards }
}

fn cards(site: &Site, language: Language, sample: &Sample) -> Vec<Card> {
    let number = |measure: Measure| {
        let shown = shown(measure.unit());
        let value = sample.value(measure)?;
        Some(format!("{}\u{a0}{}", shown.number(language, value), shown.unit(language)).trim().to_owned())
    };
    let hint = |key: &str, name: &str, value: Option<String>| {
        value.map_or_else(String::new, |value| language.text(key, &[(name, &value)]))
    };
    let whole = |measure: Measure| sample.value(measure).map(|value| language.number(value, 0));
    let part = |of: Measure, free: Measure| {
        let (all, free) = (sample.value(of)?, sample.value(free)?);
        (all > 0.0).then(|| format!("{}\u{a0}%", language.number(100.0 * (1.0 - free / all), 0)))
    };
    let gigabytes = |bytes: f64| format!("{}\u{a0}GB", language.number(bytes / 1e9, 1));
    let seats = site.hotspot.now().seats().map(|seats| seats.to_string());
    let all = [
        ("people", whole(Measure::PeopleOnline), rooms(language, sample)),
        ("seats", whole(Measure::Stations), hint("load.hint.seats", "seats", seats)),
        ("cpu", number(Measure::CpuBusy), hint("load.hint.daemon_cpu", "cpu", number(Measure::DaemonCpu))),
        (
            "memory",
            part(Measure::MemoryTotal, Measure::MemoryAvailable),
            hint("load.hint.daemon_memory", "memory", number(Measure::DaemonPss)),
        ),
        (
            "signal",
            number(Measure::StationSignalWeakest),
            hint("load.hint.signal", "signal", number(Measure::StationSignal)),
        ),
        ("temperature", number(Measure::Temperature), throttled(language, sample)),
        (
            "disk",
            sample.value(Measure::DataUsed).map(|used| format!("{}\u{a0}%", language.number(used / 10.0, 0))),
            hint("load.hint.disk", "free", sample.value(Measure::DataFree).map(gigabytes)),
        ),
    ];
    let known = all.into_iter().filter_map(|(key, value, hint)| Some((key, value?, hint)));
    known
        .map(|(key, value, hint)| Card { key, label: language.t(&format!("load.card.{key}")), value, hint })
        .collect()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few rooms")]
fn rooms(language: Language, sample: &Sample) -> String {
    let rooms = sample.value(Measure::Rooms);
    rooms.map_or_else(String::new, |rooms| language.count("load.hint.rooms", rooms as usize))
}

fn throttled(language: Language, sample: &Sample) -> String {
    let is = |measure| sample.value(measure).is_some_and(|flag| flag > 0.0);
    if is(Measure::UnderVoltage) {
        language.t("load.hint.under_voltage").to_owned()
    } else if is(Measure::Throttled) || is(Measure::FrequencyCapped) {
        language.t("load.hint.throttled").to_owned()
    } else {
        String::new()
    }
}
