//! What a roster would change: every row with its fate and everything there is to say about it.

use base::random::URL_SAFE;
use base::secret::TokenHash;
use base::{Code, Result, text};
use store::{AccountDetails, RosterChange, RosterPerson};

use super::Note;
use super::columns::Columns;
use super::matching::{Above, Known};
use super::table::{self, Row, Table};
use crate::auth;

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// A new student.
    Create,
    /// A known one, something of whom changes.
    Update,
    /// A known one as the row says.
    Keep,
    /// Nothing; the notes say why.
    Refuse,
}

/// One row of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlannedRow {
    /// In which line of the file it begins.
    pub(crate) line: u64,
    /// As it would be, or as it was written if it cannot be.
    pub(crate) details: AccountDetails,
    /// What becomes of it.
    pub(crate) fate: Fate,
    /// Why it is refused, or what to look at.
    pub(crate) notes: Vec<Note>,
}

/// What a roster would change.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Every row, in the order of the file.
    pub(crate) rows: Vec<PlannedRow>,
    /// What the store is asked to do.
    pub(crate) changes: Vec<RosterChange>,
    /// How the columns were understood.
    pub(crate) columns: Columns,
}

impl Plan {
    /// How many rows have this fate.
    pub(crate) fn count(&self, fate: &Fate) -> usize {
        self.rows.iter().filter(|row| row.fate == *fate).count()
    }

    /// Tells this plan from another: what was looked at is what is done, or nothing.
    pub(crate) fn digest(&self) -> String {
        URL_SAFE.encode(&TokenHash::of(&format!("{:?}", self.changes)).0)
    }
}

/// Holds the roster in `text` against `people`, everybody whom the box knows. The errors are about
/// the file as a whole; those of rows stand in the plan.
pub(crate) fn plan(text: &str, people: &[RosterPerson]) -> Result<Plan> {
    let Table { columns, rows } = table::read(text)?;
    let known = Known::new(people);
    let mut above = Above::default();
    let mut plan = Plan { rows: Vec::with_capacity(rows.len()), changes: Vec::new(), columns };
    for row in rows {
        let planned = match details(&plan.columns, &row) {
            Ok(details) => plan_row(&known, &mut above, row.line, details, &mut plan.changes),
            Err((details, notes)) => PlannedRow { line: row.line, details, fate: Fate::Refuse, notes },
        };
        plan.rows.push(planned);
    }
    Ok(plan)
}

fn plan_row(
    known: &Known<'_>,
    above: &mut Above,
    line: u64,
    row: AccountDetails,
    changes: &mut Vec<RosterChange>,
) -> PlannedRow {
    let found = known.find(&row);
    let placed = found.and_then(|person| {
        let warning = above.add(line, &row, person.map(|person| person.id))?;
        Ok((person, warning))
    });
    let (person, warning) = match placed {
        Ok(placed) => placed,
        Err(note) => return PlannedRow { line, details: row, fate: Fate::Refuse, notes: vec![note] },
    };
    let mut notes = Vec::from_iter(warning);
    let Some(person) = person else {
        if let Some(namesake) = known.namesake(&row.name) {
            notes.push(namesake_note(namesake));
        }
        changes.push(RosterChange::Create(row.clone()));
        return PlannedRow { line, details: row, fate: Fate::Create, notes };
    };
    if !person.active {
        notes.push(Note::new("roster.inactive"));
    }
    let details = merged(&person.details, row);
    let fate = if details == person.details { Fate::Keep } else { Fate::Update };
    changes.push(match fate {
        Fate::Update => RosterChange::Update(person.id, details.clone()),
        _ => RosterChange::Keep(person.id),
    });
    PlannedRow { line, details, fate, notes }
}

/// An empty cell leaves what is known.
fn merged(known: &AccountDetails, row: AccountDetails) -> AccountDetails {
    AccountDetails {
        name: row.name,
        login: row.login.or_else(|| known.login.clone()),
        number: row.number.or_else(|| known.number.clone()),
        group: row.group.or_else(|| known.group.clone()),
    }
}

fn namesake_note(person: &RosterPerson) -> Note {
    let details = &person.details;
    let which = [details.group.as_deref(), details.number.as_deref()];
    let which: Vec<&str> = which.into_iter().flatten().collect();
    Note::new("roster.namesake").with("which", if which.is_empty() { "–".into() } else { which.join(", ") })
}

/// A row's cells, cleaned; or what is wrong with them, all at once.
fn details(columns: &Columns, row: &Row) -> Result<AccountDetails, (AccountDetails, Vec<Note>)> {
    let raw = |at| row.cell(at);
    let (name, number) = (raw(Some(columns.name)), raw(columns.number));
    let (group, login) = (raw(columns.group), raw(columns.login));
    let mut notes = Vec::<Note>::new();
    let mut details = AccountDetails { name: shown(name), ..AccountDetails::default() };
    match text::name(name) {
        Ok(name) => details.name = name,
        // The sentence for a form speaks to whoever types their own name.
        Err(error) if error.code == Code::NameEmpty => notes.push(Note::new("roster.name_missing")),
        Err(error) => notes.push(error.into()),
    }
    match text::number(number) {
        Ok(number) => details.number = number,
        Err(_) if is_shortened(number) => {
            notes.push(Note::new("roster.number_shortened").with("number", shown(number)));
        }
        Err(error) => notes.push(error.into()),
    }
    match text::group(group) {
        Ok(group) => details.group = group,
        Err(error) => notes.push(error.into()),
    }
    if !login.is_empty() {
        match auth::checked_login(login) {
            Ok(login) => details.login = Some(login),
            Err(error) => notes.push(error.into()),
        }
    }
    if notes.is_empty() { Ok(details) } else { Err((details, notes)) }
}

/// How a spreadsheet writes a long number that it took for one: the last digits are lost.
fn is_shortened(number: &str) -> bool {
    let number = number.trim().to_ascii_lowercase();
    let Some((digits, exponent)) = number.split_once("e+") else { return false };
    let is_number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.'));
    is_number(digits) && is_number(exponent)
}

/// As much of a cell as fits in a sentence.
fn shown(cell: &str) -> String {
    cell.chars().filter(|character| !character.is_control()).take(60).collect()
}
