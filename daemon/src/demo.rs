//! `--demo`: a course to try things with, made once, and a fresh sign-in link at each start.
//!
//! May use: `store`, `auth`, `i18n`. Used by: `run`.

use base::id::{CourseId, MeetingId, PersonId};
use base::random::SystemRandom;
use base::{Code, Error, Result};
use serde::{Deserialize, Serialize};
use store::{NewPerson, PersonKind, Store};

use crate::auth::{Auth, Offer};
use crate::i18n::Language;

/// Where the store remembers which course is the demo's.
const KEY: &str = "demo";

/// What a person needs to try things.
#[derive(Clone, Debug)]
pub(crate) struct Demo {
    pub(crate) course_title: String,
    pub(crate) teacher_name: String,
    pub(crate) meeting: MeetingId,
    pub(crate) join_code: String,
    /// Path of the teacher's one-time sign-in link. A secret.
    pub(crate) teacher_path: String,
}

/// What is remembered between starts.
#[derive(Debug, Serialize, Deserialize)]
struct Made {
    teacher: PersonId,
    course: CourseId,
    meeting: MeetingId,
}

/// Finds the demo's course or makes it, and makes a new link for its teacher.
pub(crate) async fn open(store: &Store, auth: &Auth) -> Result<Demo> {
    let made = match remembered(store).await? {
        Some(made) => made,
        None => make(store).await?,
    };
    let lost = || Error::new(Code::Internal).because("the demo's course is remembered but gone");
    let course = store.course(made.course).await?.ok_or_else(lost)?;
    let teacher = store.person(made.teacher).await?.ok_or_else(lost)?;
    let token = auth.offer_link(made.teacher, Offer::Invitation).await?;
    Ok(Demo {
        course_title: course.title,
        teacher_name: teacher.name,
        meeting: made.meeting,
        join_code: course.join_code,
        teacher_path: format!("/link/{token}"),
    })
}

async fn remembered(store: &Store) -> Result<Option<Made>> {
    let Some(text) = store.setting(KEY).await? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|error| Error::new(Code::Internal).because(error))
}

/// A power cut in the middle leaves a course that nobody remembers; the next start makes another.
async fn make(store: &Store) -> Result<Made> {
    let language = Language::default();
    let teacher = NewPerson {
        kind: PersonKind::Teacher,
        name: language.t("demo.teacher").to_owned(),
        login: None,
        password: None,
    };
    let teacher = store.create_person(teacher).await?.id;
    let course = store.create_course(language.t("demo.course"), teacher, &mut SystemRandom).await?.id;
    let meeting = store.create_meeting(course, language.t("demo.meeting")).await?.id;
    let made = Made { teacher, course, meeting };
    let text = serde_json::to_string(&made).map_err(|error| Error::new(Code::Internal).because(error))?;
    store.set_setting(KEY, &text).await?;
    Ok(made)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use base::clock::{TestClock, Timestamp};
    use base::secret::TokenHash;
    use store::LinkState;

    use super::*;

    #[tokio::test]
    async fn the_course_is_made_once_and_each_start_has_its_own_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(TestClock::at(Timestamp(1_000)));
        let mut codes = Vec::new();
        let mut links = Vec::new();
        for _ in 0..2 {
            let store = Store::open(folder.path().join("kelas.sqlite"), clock.clone()).expect("a store");
            let auth = Auth::new(store.clone(), clock.clone(), Arc::new(|_| ())).expect("a hash");
            let demo = open(&store, &auth).await.expect("a demo");
            let token = demo.teacher_path.strip_prefix("/link/").expect("a link").to_owned();
            let state = store.sign_in_link(TokenHash::of(&token)).await.expect("an answer");
            assert!(matches!(state, LinkState::Usable { person, .. } if person.name == demo.teacher_name));
            codes.push((demo.join_code, demo.meeting));
            links.push(token);
            store.close().await.expect("closed");
        }
        assert_eq!(codes[0], codes[1]);
        assert_ne!(links[0], links[1]);
    }
}
