//! Marks and times as people read them.

use store::{Attendee, Mark, Stay};

use crate::i18n::Language;

/// "Present".
pub(super) fn word(language: Language, mark: Mark) -> &'static str {
    match mark {
        Mark::Present => language.t("attendance.present"),
        Mark::Late => language.t("attendance.late"),
        Mark::Excused => language.t("attendance.excused"),
        Mark::Sick => language.t("attendance.sick"),
        Mark::Absent => language.t("attendance.absent"),
    }
}

/// As it stands in a table, such as "P".
pub(super) fn letter(language: Language, mark: Mark) -> &'static str {
    match mark {
        Mark::Present => language.t("attendance.letter_present"),
        Mark::Late => language.t("attendance.letter_late"),
        Mark::Excused => language.t("attendance.letter_excused"),
        Mark::Sick => language.t("attendance.letter_sick"),
        Mark::Absent => language.t("attendance.letter_absent"),
    }
}

/// "62 minutes · 07.14–08.40".
pub(super) fn stay(language: Language, stay: &Stay) -> String {
    let minutes = usize::try_from(stay.present_ms / 60_000).unwrap_or(0);
    let (first, last) = (language.clock(stay.first_at), language.clock(stay.last_at));
    format!("{} · {first}–{last}", language.count("attendance.minutes", minutes))
}

/// How many have each mark.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    marks: [usize; Mark::ALL.len()],
    /// Those without one.
    pub(super) unmarked: usize,
}

impl Counts {
    pub(super) fn of<'a>(students: impl Iterator<Item = &'a Attendee>) -> Self {
        let mut counts = Self::default();
        students.for_each(|attendee| counts.add(attendee.mark()));
        counts
    }

    pub(super) fn add(&mut self, mark: Option<Mark>) {
        match mark {
            Some(mark) => self.marks[mark as usize] += 1,
            None => self.unmarked += 1,
        }
    }

    /// For each mark in their order.
    pub(super) const fn all(&self) -> [usize; Mark::ALL.len()] {
        self.marks
    }

    /// "Present 30 · Sick 2 · Not marked 1": those that there are.
    pub(super) fn summary(&self, language: Language) -> String {
        let marks = Mark::ALL.iter().zip(self.marks);
        let marks = marks.map(|(mark, count)| (word(language, *mark), count));
        let all = marks.chain([(language.t("attendance.unmarked"), self.unmarked)]);
        let parts = all.filter(|(_, count)| *count > 0).map(|(word, count)| format!("{word} {count}"));
        parts.collect::<Vec<_>>().join(" · ")
    }
}
