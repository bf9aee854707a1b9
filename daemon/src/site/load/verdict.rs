//! Whether there is room for more, in plain words.

use serde::Serialize;

use super::figures::shown;
use crate::i18n::Language;
use crate::load::{Resource, Room, Unit, Verdict};

/// Up to so many more is tight: half a row of desks.
const TIGHT: u32 = 5;
/// From so many on it is not counted, as [`Verdict`] tells no larger number.
const MANY: u32 = 200;

/// What the page says of it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct VerdictView {
    /// `ok`, `tight`, `full` or `unknown`, for its colour; the words say the same.
    pub(super) level: &'static str,
    pub(super) text: String,
    /// What runs out first and what each takes of it, or what is not known yet.
    pub(super) hint: String,
}

/// Of what the log has found.
pub(super) fn view(language: Language, verdict: &Verdict) -> VerdictView {
    let Some(room) = verdict.scarcest() else {
        let (level, key) = if verdict.is_measured { ("ok", "plenty") } else { ("unknown", "unknown") };
        return VerdictView {
            level,
            text: language.t(&format!("load.verdict.{key}")).to_owned(),
            hint: language.t(&format!("load.verdict.{key}_hint")).to_owned(),
        };
    };
    let count = |key: &str, number: u32| language.text(key, &[("count", &number.to_string())]);
    let (level, text) = match room.more {
        0 => ("full", language.t("load.verdict.full").to_owned()),
        MANY.. => ("ok", count("load.verdict.many", MANY)),
        more if more > TIGHT => ("ok", count("load.verdict.more", more)),
        more => ("tight", count("load.verdict.more", more)),
    };
    VerdictView { level, text, hint: hint(language, room) }
}

fn hint(language: Language, room: &Room) -> String {
    let (name, unit) = match room.resource {
        Resource::Seats => ("seats", Unit::Count),
        Resource::Cpu => ("cpu", Unit::Permille),
        Resource::Memory => ("memory", Unit::Bytes),
    };
    let when = if room.more == 0 { "full" } else { "first" };
    let shown = shown(unit);
    let each = format!("{}\u{a0}{}", shown.number(language, room.each), shown.unit(language));
    language.text(&format!("load.verdict.{when}.{name}"), &[("each", &each)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(room: Option<(u32, Resource, f64)>, is_measured: bool) -> VerdictView {
        let rooms = room.map(|(more, resource, each)| Room { resource, more, each });
        view(Language::En, &Verdict { rooms: rooms.into_iter().collect(), is_measured })
    }

    #[test]
    fn it_says_for_how_many_and_what_runs_out_first() {
        let seats = told(Some((12, Resource::Seats, 1.0)), true);
        assert_eq!((seats.level, &*seats.text), ("ok", "Room for about 12 more"));
        assert!(seats.hint.contains("Wi-Fi"), "{seats:?}");
        let cpu = told(Some((5, Resource::Cpu, 14.2)), true);
        assert_eq!(cpu.level, "tight");
        assert!(cpu.hint.contains("1.4\u{a0}%"), "{cpu:?}");
        let full = told(Some((0, Resource::Memory, 2_500_000.0)), true);
        assert_eq!(full.level, "full");
        assert!(full.hint.contains("memory"), "{full:?}");
        let many = told(Some((200, Resource::Memory, 2_500_000.0)), true);
        assert_eq!((many.level, &*many.text), ("ok", "Room for over 200 more"));
        assert!(many.hint.contains("2.5\u{a0}MB"), "{many:?}");
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        assert_eq!(told(None, false).level, "unknown");
        assert_eq!(told(None, true).level, "ok", "what does not grow limits nothing");
    }
}
