//! People as those see them who look after the school's people: with number, group, and how each
//! signs in. Changes of them stand in `account_change`, whole rosters in `roster`.

use base::Result;
use base::clock::Timestamp;
use base::id::PersonId;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::failure::Outcome;
use crate::person::{PasswordHash, Person};
use crate::statement::statements;
use crate::store::Store;
use crate::words::PersonKind;

/// A person with what is known of them at school and of how they sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Who.
    pub person: Person,
    /// The school's own number.
    pub number: Option<String>,
    /// The group at school, such as "7A".
    pub group: Option<String>,
    /// Whether a password was set.
    pub has_password: bool,
    /// Whether a PIN was made.
    pub has_pin: bool,
    /// Wrong PINs since the last right one.
    pub pin_failures: u32,
    /// Which of the person's cards signs in.
    pub card: i64,
    /// When somebody last signed in as this person.
    pub signed_in_at: Option<Timestamp>,
    /// Since when the person may not sign in any more.
    pub deactivated_at: Option<Timestamp>,
}

/// Which people to list. All conditions hold at once.
#[derive(Clone, Debug)]
pub struct AccountFilter {
    /// Of this kind.
    pub kind: PersonKind,
    /// Whether those who may sign in are meant, or those who may not any more.
    pub active: bool,
    /// Of this group.
    pub group: Option<String>,
    /// With this in name, number or sign-in name; empty for everybody.
    pub text: String,
}

/// A part of a list, and how long all of it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounts {
    /// This part, in the order of names.
    pub accounts: Vec<Account>,
    /// How many there are in all.
    pub all: u32,
}

/// A group of students.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name; `None` for the students without one.
    pub name: Option<String>,
    /// Students in it who may sign in.
    pub students: u32,
    /// Those of them who have a PIN.
    pub with_pin: u32,
}

/// Who signs in with a PIN, and what it is held against.
#[derive(Clone, Debug)]
pub struct PinHolder {
    /// Who.
    pub person: Person,
    /// The group at school.
    pub group: Option<String>,
    /// The PIN's hash.
    pub pin: PasswordHash,
    /// Wrong PINs since the last right one.
    pub failures: u32,
}

statements! {
    ACCOUNT = "
        SELECT id, kind, name, login, created_at, number, group_name, password IS NOT NULL AS has_password,
            pin IS NOT NULL AS has_pin, pin_failures, card, signed_in_at, deactivated_at
        FROM person WHERE id = :person";
    ACCOUNTS = "
        SELECT id, kind, name, login, created_at, number, group_name, password IS NOT NULL AS has_password,
            pin IS NOT NULL AS has_pin, pin_failures, card, signed_in_at, deactivated_at
        FROM person
        WHERE kind = :kind AND (deactivated_at IS NULL) = :active
            AND (:group IS NULL OR group_name = :group)
            AND (:text = '' OR instr(lower(name), :text) OR instr(lower(number), :text) OR instr(login, :text))
        ORDER BY name COLLATE NOCASE LIMIT :limit OFFSET :skip";
    ACCOUNTS_COUNTED = "
        SELECT count(*) FROM person
        WHERE kind = :kind AND (deactivated_at IS NULL) = :active
            AND (:group IS NULL OR group_name = :group)
            AND (:text = '' OR instr(lower(name), :text) OR instr(lower(number), :text) OR instr(login, :text))";
    GROUPS = "
        SELECT group_name, count(*) AS students, count(pin) AS with_pin FROM person
        WHERE kind = 'student' AND deactivated_at IS NULL GROUP BY group_name";
    GROUP_ACCOUNTS = "
        SELECT id, kind, name, login, created_at, number, group_name, password IS NOT NULL AS has_password,
            pin IS NOT NULL AS has_pin, pin_failures, card, signed_in_at, deactivated_at
        FROM person WHERE kind = 'student' AND group_name IS :group AND deactivated_at IS NULL
        ORDER BY name COLLATE NOCASE LIMIT :limit OFFSET :skip";
    PIN_HOLDERS = "
        SELECT id, kind, name, login, created_at, number, group_name, password IS NOT NULL AS has_password,
            pin IS NOT NULL AS has_pin, pin_failures, card, signed_in_at, deactivated_at
        FROM person
        WHERE kind = 'student' AND group_name IS :group AND deactivated_at IS NULL AND pin IS NOT NULL
            AND (:text = '' OR instr(lower(name), :text))
        ORDER BY name COLLATE NOCASE LIMIT :limit";
    PIN_HOLDER = "
        SELECT id, kind, name, login, created_at, group_name, pin, pin_failures FROM person
        WHERE id = :person AND kind = 'student' AND deactivated_at IS NULL AND pin IS NOT NULL";
}

impl Store {
    /// Everything about one person.
    pub async fn account(&self, person: PersonId) -> Result<Option<Account>> {
        self.read(move |connection| find(connection, person)).await
    }

    /// Those whom `filter` lets through, in the order of their names: at most `limit`, after the
    /// first `skip`.
    pub async fn accounts(&self, filter: AccountFilter, skip: u32, limit: u32) -> Result<Accounts> {
        self.read(move |connection| {
            let text = filter.text.to_lowercase();
            let (kind, active, group) = (filter.kind, filter.active, filter.group);
            let counted = named_params! {":kind": kind, ":active": active, ":group": group, ":text": text};
            let all = connection.prepare_cached(ACCOUNTS_COUNTED)?.query_row(counted, |row| row.get(0))?;
            let mut statement = connection.prepare_cached(ACCOUNTS)?;
            let rows = statement.query_map(
                named_params! {
                    ":kind": kind, ":active": active, ":group": group, ":text": text,
                    ":limit": limit, ":skip": skip,
                },
                from_row,
            )?;
            Ok(Accounts { accounts: rows.collect::<rusqlite::Result<_>>()?, all })
        })
        .await
    }

    /// The groups of the students who may sign in; first those without one.
    pub async fn groups(&self) -> Result<Vec<Group>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(GROUPS)?;
            let rows = statement.query_map([], |row| {
                Ok(Group {
                    name: row.get("group_name")?,
                    students: row.get("students")?,
                    with_pin: row.get("with_pin")?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// The students of a group, or those without one, who may sign in, in the order of their names.
    pub async fn group_accounts(&self, group: Option<String>, skip: u32, limit: u32) -> Result<Vec<Account>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(GROUP_ACCOUNTS)?;
            let parameters = named_params! {":group": group, ":limit": limit, ":skip": skip};
            let rows = statement.query_map(parameters, from_row)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// The students of a group, or those without one, who can sign in with a PIN and have `text` in
    /// their name; at most `limit`.
    pub async fn pin_holders(&self, group: Option<String>, text: &str, limit: u32) -> Result<Vec<Account>> {
        let text = text.to_lowercase();
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(PIN_HOLDERS)?;
            let parameters = named_params! {":group": group, ":text": text, ":limit": limit};
            let rows = statement.query_map(parameters, from_row)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// A student who may sign in with a PIN; nobody else.
    pub async fn pin_holder(&self, person: PersonId) -> Result<Option<PinHolder>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(PIN_HOLDER)?;
            let found = statement.query_row(named_params! {":person": person.0}, |row| {
                Ok(PinHolder {
                    person: crate::person::from_row(row)?,
                    group: row.get("group_name")?,
                    pin: PasswordHash(row.get("pin")?),
                    failures: row.get("pin_failures")?,
                })
            });
            Ok(found.optional()?)
        })
        .await
    }
}

pub(crate) fn find(connection: &Connection, person: PersonId) -> Outcome<Option<Account>> {
    let mut statement = connection.prepare_cached(ACCOUNT)?;
    Ok(statement.query_row(named_params! {":person": person.0}, from_row).optional()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Account> {
    let moment = |name| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(name)?.map(Timestamp));
    Ok(Account {
        person: crate::person::from_row(row)?,
        number: row.get("number")?,
        group: row.get("group_name")?,
        has_password: row.get("has_password")?,
        has_pin: row.get("has_pin")?,
        pin_failures: row.get("pin_failures")?,
        card: row.get("card")?,
        signed_in_at: moment("signed_in_at")?,
        deactivated_at: moment("deactivated_at")?,
    })
}
