//! What a lesson was, made out from who was in its room and when; and the marks that follow from it.
//!
//! Pure. Used by: `lesson_kept`, `attendance`.
//!
//! The rule: a lesson begins when it was planned to, or when the first teacher came into the room if
//! that was later, and goes on until the last teacher is gone. Who was there meanwhile was present;
//! late who came in more than [`LATE_MINUTES`] after it began; absent who never came. Where no
//! teacher was, nobody is said to be anything.

use std::collections::BTreeMap;

use base::clock::Timestamp;
use base::id::PersonId;
use base::limits::LATE_MINUTES;

use crate::words::Mark;

/// When a lesson was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// When it began; `None` if no teacher was there.
    pub began_at: Option<Timestamp>,
    /// When the last teacher was seen; anybody, if none was there or one is still.
    pub ended_at: Timestamp,
    /// Whether a teacher is in the room now.
    pub is_on: bool,
}

/// How long somebody other than a teacher was at a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// When they first came in.
    pub first_at: Timestamp,
    /// When they were last seen.
    pub last_at: Timestamp,
    /// How long they were there while the lesson was on; two pages at once count once.
    pub present_ms: i64,
}

/// One time that a page was in the room.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) person: PersonId,
    pub(crate) teaches: bool,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
    pub(crate) is_inside: bool,
}

/// A lesson and who was at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// `None` while nobody has been in the room.
    pub(crate) lesson: Option<Lesson>,
    pub(crate) stays: BTreeMap<PersonId, Stay>,
}

/// What `spans` tell of a lesson that was planned to begin at `planned`.
pub(crate) fn record(spans: &[Span], planned: Option<Timestamp>) -> Record {
    let Some(lesson) = lesson(spans, planned) else { return Record::default() };
    let from = lesson.began_at.unwrap_or(Timestamp(i64::MIN));
    let mut times: BTreeMap<PersonId, Vec<(Timestamp, Timestamp)>> = BTreeMap::new();
    for span in spans.iter().filter(|span| !span.teaches) {
        // Who is inside is there still, though it is written down only once a minute.
        let until = if span.is_inside { span.until.max(lesson.ended_at) } else { span.until };
        if until >= from && span.from <= lesson.ended_at {
            times.entry(span.person).or_default().push((span.from, until));
        }
    }
    let stays = times.into_iter().filter_map(|(person, times)| {
        let first_at = times.iter().map(|(from, _)| *from).min()?;
        let last_at = times.iter().map(|(_, until)| *until).max()?;
        let clipped = |(start, end): (Timestamp, Timestamp)| (start.max(from), end.min(lesson.ended_at));
        let present_ms = covered_ms(times.into_iter().map(clipped).collect());
        Some((person, Stay { first_at, last_at, present_ms }))
    });
    Record { lesson: Some(lesson), stays: stays.collect() }
}

fn lesson(spans: &[Span], planned: Option<Timestamp>) -> Option<Lesson> {
    let seen_at = spans.iter().map(|span| span.until).max()?;
    let teachers = || spans.iter().filter(|span| span.teaches);
    let Some(came_at) = teachers().map(|span| span.from).min() else {
        return Some(Lesson { began_at: None, ended_at: seen_at, is_on: false });
    };
    let is_on = teachers().any(|span| span.is_inside);
    let gone_at = teachers().map(|span| span.until).max().unwrap_or(came_at);
    let ended_at = if is_on { seen_at.max(gone_at) } else { gone_at };
    // A plan that the lesson did not keep to says nothing.
    let planned = planned.filter(|planned| *planned <= ended_at);
    let began_at = planned.map_or(came_at, |planned| planned.max(came_at));
    Some(Lesson { began_at: Some(began_at), ended_at, is_on })
}

/// How much time the spans cover together, each moment once.
fn covered_ms(mut spans: Vec<(Timestamp, Timestamp)>) -> i64 {
    spans.sort_unstable();
    let mut covered = 0;
    let mut reached = Timestamp(i64::MIN);
    for (from, until) in spans {
        let from = from.max(reached);
        if until > from {
            covered += until.0.saturating_sub(from.0);
            reached = until;
        }
    }
    covered
}

impl Record {
    /// This, and what is known of later times in the same room.
    pub(crate) fn and(mut self, later: Self) -> Self {
        self.lesson = match (self.lesson, later.lesson) {
            (Some(before), Some(after)) => Some(Lesson {
                began_at: before.began_at.or(after.began_at),
                ended_at: before.ended_at.max(after.ended_at),
                is_on: after.is_on,
            }),
            (before, after) => before.or(after),
        };
        for (person, stay) in later.stays {
            self.stays
                .entry(person)
                .and_modify(|known| {
                    *known = Stay {
                        first_at: known.first_at.min(stay.first_at),
                        last_at: known.last_at.max(stay.last_at),
                        present_ms: known.present_ms.saturating_add(stay.present_ms),
                    };
                })
                .or_insert(stay);
        }
        self
    }

    /// What somebody's mark would be who belongs to the course since `joined_at`. While the lesson
    /// is on, who is missing may still come.
    pub(crate) fn proposes(&self, person: PersonId, joined_at: Timestamp) -> Option<Mark> {
        let lesson = self.lesson?;
        let began_at = lesson.began_at?;
        match self.stays.get(&person) {
            Some(stay) if stay.first_at > began_at.plus(LATE_MINUTES * 60_000) => Some(Mark::Late),
            Some(_) => Some(Mark::Present),
            None if lesson.is_on || joined_at > lesson.ended_at => None,
            None => Some(Mark::Absent),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEACHER: PersonId = PersonId(1);
    const BUDI: PersonId = PersonId(2);
    const START: Timestamp = Timestamp(1_790_000_000_000);

    fn minute(minutes: i64) -> Timestamp {
        START.plus(minutes * 60_000)
    }

    fn span(person: PersonId, from: i64, until: i64) -> Span {
        Span {
            person,
            teaches: person == TEACHER,
            from: minute(from),
            until: minute(until),
            is_inside: false,
        }
    }

    /// First, last and minutes of Budi's stay, if there is one.
    fn stay(record: &Record) -> Option<(i64, i64, i64)> {
        let minutes = |at: Timestamp| (at.0 - START.0) / 60_000;
        let stay = record.stays.get(&BUDI)?;
        Some((minutes(stay.first_at), minutes(stay.last_at), stay.present_ms / 60_000))
    }

    #[test]
    fn times_are_put_together_and_each_moment_counts_once() {
        for (about, times, expected) in [
            ("once", vec![(0, 60)], Some((0, 60, 60))),
            ("a reconnection", vec![(0, 20), (25, 60)], Some((0, 60, 55))),
            ("two pages at once", vec![(0, 40), (10, 50)], Some((0, 50, 50))),
            ("one page within the other", vec![(0, 60), (10, 20)], Some((0, 60, 60))),
            ("the same twice", vec![(5, 60), (5, 60)], Some((5, 60, 55))),
            ("one after the other without a gap", vec![(0, 30), (30, 60)], Some((0, 60, 60))),
            ("in any order", vec![(40, 60), (0, 10), (5, 20)], Some((0, 60, 40))),
            ("early, and longer than the teacher", vec![(-15, 90)], Some((-15, 90, 60))),
            ("for a moment", vec![(30, 30)], Some((30, 30, 0))),
            ("gone before it began", vec![(-20, -5)], None),
            ("only after it", vec![(90, 95)], None),
            ("before and after it", vec![(-20, -5), (90, 95)], None),
            ("again after it", vec![(0, 60), (200, 210)], Some((0, 60, 60))),
            ("never", vec![], None),
        ] {
            let mut spans = vec![span(TEACHER, 0, 60)];
            spans.extend(times.into_iter().map(|(from, until)| span(BUDI, from, until)));
            assert_eq!(stay(&record(&spans, None)), expected, "{about}");
        }
    }

    #[test]
    fn a_lesson_begins_as_planned_or_with_its_teacher_if_that_is_later() {
        for (about, teacher, planned, began) in [
            ("no plan", Some((5, 60)), None, Some(5)),
            ("the room was opened before", Some((-30, 60)), Some(0), Some(0)),
            ("the teacher came late", Some((12, 60)), Some(0), Some(12)),
            ("held days later than planned", Some((3_000, 3_060)), Some(0), Some(3_000)),
            ("held days before it was planned", Some((0, 60)), Some(3_000), Some(0)),
            ("nobody who teaches", None, Some(0), None),
        ] {
            let mut spans = vec![span(BUDI, -1, 20)];
            spans.extend(teacher.map(|(from, until)| span(TEACHER, from, until)));
            let lesson = record(&spans, planned.map(minute)).lesson.expect(about);
            assert_eq!(lesson.began_at, began.map(minute), "{about}");
        }
        assert_eq!(record(&[], Some(START)), Record::default(), "nobody was there");
    }

    #[test]
    fn marks_follow_from_when_somebody_was_first_seen() {
        let mark = |came: Option<i64>, joined: i64, teacher: Span| {
            let mut spans = vec![teacher];
            spans.extend(came.map(|from| span(BUDI, from, 55)));
            record(&spans, None).proposes(BUDI, minute(joined))
        };
        let over = span(TEACHER, 0, 60);
        let on = Span { is_inside: true, ..over };
        let nobody = span(PersonId(3), 0, 60);
        for (came, joined, teacher, expected) in [
            (Some(-5), -99, over, Some(Mark::Present)),
            (Some(LATE_MINUTES), -99, over, Some(Mark::Present)),
            (Some(LATE_MINUTES + 1), -99, over, Some(Mark::Late)),
            (None, -99, over, Some(Mark::Absent)),
            (None, 61, over, None),
            (None, -99, on, None),
            (Some(11), -99, on, Some(Mark::Late)),
            (Some(0), -99, nobody, None),
            (None, -99, nobody, None),
        ] {
            assert_eq!(mark(came, joined, teacher), expected, "came {came:?}, joined {joined}");
        }
    }

    #[test]
    fn who_comes_while_it_is_on_is_there_before_the_teacher_is_seen_again() {
        let teacher = Span { is_inside: true, ..span(TEACHER, 0, 4) };
        let budi = Span { is_inside: true, ..span(BUDI, 5, 5) };
        assert_eq!(stay(&record(&[teacher, budi], None)), Some((5, 5, 0)));
    }

    #[test]
    fn later_times_in_the_same_room_are_added() {
        let first = record(&[span(TEACHER, 0, 60), span(BUDI, 5, 50)], None);
        let second = record(&[span(TEACHER, 100, 160), span(BUDI, 110, 130)], None);
        let both = first.clone().and(second);
        assert_eq!(stay(&both), Some((5, 130, 65)));
        let lesson = both.lesson.expect("there");
        assert_eq!((lesson.began_at, lesson.ended_at), (Some(minute(0)), minute(160)));
        assert_eq!(first.clone().and(Record::default()), first);
        assert_eq!(Record::default().and(first.clone()), first);
    }

    proptest! {
        #[test]
        fn minutes_are_those_in_which_any_page_was_there(
            times in proptest::collection::vec((-30..90_i64, 0..60_i64), 0..8),
        ) {
            let mut spans = vec![span(TEACHER, 0, 60)];
            spans.extend(times.iter().map(|(from, long)| span(BUDI, *from, from + long)));
            let there = |minute: i64| times.iter().any(|(from, long)| *from <= minute && minute < from + long);
            let expected = (0..60).filter(|minute| there(*minute)).count();
            let found = record(&spans, None).stays.get(&BUDI).map_or(0, |stay| stay.present_ms / 60_000);
            prop_assert_eq!(usize::try_from(found).expect("no negative time"), expected);
        }
    }
}
