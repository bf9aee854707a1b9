//! Whose names a visitor reads, and what stands in their place otherwise.

use std::collections::{HashMap, HashSet};

use base::Error;
use base::id::{CourseId, PersonId};
use store::{CourseRole, PersonKind};

use crate::i18n::Language;
use crate::site::Site;
use crate::site::page::Page;

/// The courses whose people a visitor knows by name.
pub(super) enum Known {
    /// A technician's: all.
    All,
    /// A teacher's own.
    Own(HashSet<CourseId>),
}

impl Known {
    /// Those of whoever looks at `page`.
    pub(super) async fn to(site: &Site, page: &Page) -> Result<Self, Error> {
        let person = &page.signed_in()?.person;
        if person.kind == PersonKind::Technician {
            return Ok(Self::All);
        }
        let mut own = HashSet::new();
        for course in site.store.courses_of(person.id).await? {
            let membership = site.store.membership(course.id, person.id).await?;
            if membership.is_some_and(|membership| membership.role == CourseRole::Teacher) {
                own.insert(course.id);
            }
        }
        Ok(Self::Own(own))
    }

    /// Whether the visitor knows the people of `course`.
    pub(super) fn has(&self, course: CourseId) -> bool {
        match self {
            Self::All => true,
            Self::Own(own) => own.contains(&course),
        }
    }
}

/// Numbers people from 1 on in the order in which they are met.
#[derive(Debug, Default)]
pub(super) struct Numbers(HashMap<PersonId, usize>);

impl Numbers {
    /// The number of a person.
    pub(super) fn of(&mut self, person: PersonId) -> usize {
        let next = self.0.len() + 1;
        *self.0.entry(person).or_insert(next)
    }

    /// Such as "Person 3".
    pub(super) fn name(&mut self, language: Language, person: PersonId) -> String {
        language.text("load.person", &[("number", &self.of(person).to_string())])
    }
}
