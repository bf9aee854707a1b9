//! Who is meant by a row: found by number, else by sign-in name, else by name and group.

use std::collections::HashMap;

use base::id::PersonId;
use store::{AccountDetails, PersonKind, RosterPerson};

use super::Note;

/// Those whom the box knows, to be found in three ways.
pub(super) struct Known<'a> {
    people: &'a [RosterPerson],
    by_number: HashMap<String, usize>,
    by_login: HashMap<String, usize>,
    by_name: HashMap<(String, String), Vec<usize>>,
    /// Students' names without regard to group.
    namesakes: HashMap<String, usize>,
}

impl<'a> Known<'a> {
    pub(super) fn new(people: &'a [RosterPerson]) -> Self {
        let mut known = Self {
            people,
            by_number: HashMap::new(),
            by_login: HashMap::new(),
            by_name: HashMap::new(),
            namesakes: HashMap::new(),
        };
        for (at, person) in people.iter().enumerate() {
            let details = &person.details;
            if let Some(number) = &details.number {
                known.by_number.insert(fold(number), at);
            }
            if let Some(login) = &details.login {
                known.by_login.insert(fold(login), at);
            }
            if person.kind == PersonKind::Student {
                known.by_name.entry(name_and_group(details)).or_default().push(at);
                known.namesakes.insert(fold(&details.name), at);
            }
        }
        known
    }

    /// The student that a row means, `None` for a new one, or why that cannot be told.
    pub(super) fn find(&self, row: &AccountDetails) -> Result<Option<&'a RosterPerson>, Note> {
        let by_number = row.number.as_deref().and_then(|number| self.by_number.get(&fold(number)));
        let by_login = row.login.as_deref().and_then(|login| self.by_login.get(&fold(login)));
        let at = match (by_number, by_login) {
            (Some(one), Some(other)) if one != other => {
                return Err(Note::new("roster.login_elsewhere").with("name", self.name(*other)));
            }
            (Some(at), _) | (None, Some(at)) => *at,
            (None, None) => match self.by_name(row)? {
                Some(at) => at,
                None => return Ok(None),
            },
        };
        let person = &self.people[at];
        if person.kind != PersonKind::Student {
            return Err(Note::new("roster.no_student").with("name", &person.details.name));
        }
        // Found by a sign-in name, but with a number of their own: two people in one row.
        if let (None, Some(row), Some(known)) = (by_number, &row.number, &person.details.number) {
            let note = Note::new("roster.number_differs").with("known", known).with("number", row);
            return Err(note);
        }
        Ok(Some(person))
    }

    /// A student of this name anywhere in the school.
    pub(super) fn namesake(&self, name: &str) -> Option<&'a RosterPerson> {
        self.namesakes.get(&fold(name)).map(|at| &self.people[*at])
    }

    /// Those of this name and group who have no other number and no other sign-in name.
    fn by_name(&self, row: &AccountDetails) -> Result<Option<usize>, Note> {
        let Some(same) = self.by_name.get(&name_and_group(row)) else { return Ok(None) };
        let may_be = |known: &AccountDetails| {
            (row.number.is_none() || known.number.is_none()) && (row.login.is_none() || known.login.is_none())
        };
        let fitting: Vec<_> = same.iter().filter(|at| may_be(&self.people[**at].details)).collect();
        match fitting[..] {
            [] => Ok(None),
            [at] => Ok(Some(*at)),
            _ => Err(Note::new("roster.ambiguous").with("count", fitting.len())),
        }
    }

    fn name(&self, at: usize) -> &str {
        &self.people[at].details.name
    }
}

/// What the rows above have said already.
#[derive(Default)]
pub(super) struct Above {
    numbers: HashMap<String, u64>,
    logins: HashMap<String, u64>,
    people: HashMap<PersonId, u64>,
    names: HashMap<(String, String), (u64, bool)>,
}

impl Above {
    /// Whether a row can stand below those above; a warning, if two of one name do.
    pub(super) fn add(
        &mut self,
        line: u64,
        row: &AccountDetails,
        person: Option<PersonId>,
    ) -> Result<Option<Note>, Note> {
        let number = row.number.as_deref().map(fold);
        let login = row.login.as_deref().map(fold);
        let twice = |key, line: &u64| Err(Note::new(key).with("line", line));
        if let Some(before) = number.as_ref().and_then(|number| self.numbers.get(number)) {
            return twice("roster.number_twice", before);
        }
        if let Some(before) = login.as_ref().and_then(|login| self.logins.get(login)) {
            return twice("roster.login_twice", before);
        }
        if let Some(before) = person.and_then(|person| self.people.get(&person)) {
            return twice("roster.person_twice", before);
        }
        let told_apart = number.is_some() || login.is_some();
        let before = self.names.get(&name_and_group(row)).copied();
        if let Some((before, apart)) = before
            && !(apart && told_apart)
        {
            return twice("roster.name_twice", &before);
        }
        self.names.entry(name_and_group(row)).or_insert((line, told_apart));
        self.numbers.extend(number.map(|number| (number, line)));
        self.logins.extend(login.map(|login| (login, line)));
        self.people.extend(person.map(|person| (person, line)));
        Ok(before.map(|(before, _)| Note::new("roster.namesake_above").with("line", before)))
    }
}

fn name_and_group(details: &AccountDetails) -> (String, String) {
    (fold(&details.name), fold(details.group.as_deref().unwrap_or_default()))
}

fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}
