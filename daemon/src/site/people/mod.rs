//! The school's people: lists, one person, cards and PINs, rosters.
//!
//! Technicians look after everybody; teachers after students, whom they may add, correct, give new
//! PINs and cards, but not deactivate. To anybody else none of it exists.
//!
//! May use: all of `site`, `roster`. Used by: `site`.

mod card_sheet;
mod link_offer;
mod person_change;
mod person_create;
mod person_end;
mod person_list;
mod person_show;
mod pin_renew;
mod roster_apply;
mod roster_export;
mod roster_import;
mod roster_preview;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use base::id::PersonId;
use base::{Code, Error, limits};
use store::{Account, Person, PersonKind};

use super::Site;
use super::form::{Field, Form};
use super::page::Page;
use crate::http::routes::routes;

routes!(Site {
    "/people" => get(person_list::show),
    "/people/new" => get(person_create::show).post(person_create::submit),
    "/people/import" => get(roster_import::show)
        .post(roster_preview::submit)
        .layer(DefaultBodyLimit::max(limits::ROSTER_FORM_BYTES)),
    "/people/import/apply" =>
        post(roster_apply::submit).layer(DefaultBodyLimit::max(limits::ROSTER_FORM_BYTES)),
    "/people/export.csv" => get(roster_export::send),
    "/people/cards" => get(card_sheet::show).post(pin_renew::for_group),
    "/people/{person}" => get(person_show::show).post(person_change::submit),
    "/people/{person}/pin" => post(pin_renew::for_one),
    "/people/{person}/card" => post(pin_renew::with_card),
    "/people/{person}/link" => post(link_offer::submit),
    "/people/{person}/deactivate" => post(person_end::deactivate),
    "/people/{person}/reactivate" => post(person_end::reactivate),
    "/people/{person}/delete" => post(person_end::delete),
});

/// Who looks after people; `not_allowed` for students and guests.
fn staff(page: &Page) -> Result<&Person, Error> {
    let person = &page.signed_in()?.person;
    if person.kind.is_staff() { Ok(person) } else { Err(Code::NotAllowed.into()) }
}

/// Who may do what ends or begins somebody's account.
fn technician(page: &Page) -> Result<&Person, Error> {
    let person = staff(page)?;
    if person.kind == PersonKind::Technician { Ok(person) } else { Err(Code::NotAllowed.into()) }
}

/// The kinds of people that somebody looks after, the usual one first.
pub(super) fn in_care_of(person: &Person) -> &'static [PersonKind] {
    match person.kind {
        PersonKind::Technician => {
            &[PersonKind::Student, PersonKind::Teacher, PersonKind::Technician, PersonKind::Guest]
        }
        PersonKind::Teacher => &[PersonKind::Student],
        PersonKind::Student | PersonKind::Guest => &[],
    }
}

/// The person that an address names, if the visitor looks after them. To others there is none.
async fn account(site: &Site, page: &Page, number: &str) -> Result<Account, Error> {
    let visitor = staff(page)?;
    let id: PersonId = number.parse().map_err(|_| Code::NotFound)?;
    let account = site.store.account(id).await?.ok_or(Code::NotFound)?;
    if in_care_of(visitor).contains(&account.person.kind) { Ok(account) } else { Err(Code::NotFound.into()) }
}

/// The student that an address names.
async fn student(site: &Site, page: &Page, number: &str) -> Result<Account, Error> {
    let account = account(site, page, number).await?;
    if account.person.kind == PersonKind::Student { Ok(account) } else { Err(Code::NotFound.into()) }
}

/// What people are called that are of this kind.
fn kind_name(page: &Page, kind: PersonKind) -> &'static str {
    match kind {
        PersonKind::Technician => page.t("role.technician"),
        PersonKind::Teacher => page.t("role.teacher"),
        PersonKind::Student => page.t("role.student"),
        PersonKind::Guest => page.t("role.guest"),
    }
}

/// "7A" before "10A": digits count as the number that they write.
pub(super) fn in_natural_order(one: &str, other: &str) -> std::cmp::Ordering {
    natural(one).cmp(&natural(other)).then_with(|| one.cmp(other))
}

fn natural(name: &str) -> Vec<(u64, String)> {
    let mut parts = vec![(0_u64, String::new())];
    let mut in_number = false;
    for character in name.to_lowercase().chars() {
        let digit = character.to_digit(10).map(u64::from);
        if digit.is_some() && !in_number {
            parts.push((0, String::new()));
        }
        in_number = digit.is_some();
        let last = parts.last_mut().expect("it begins with one");
        match digit {
            Some(digit) => last.0 = last.0.saturating_mul(10).saturating_add(digit),
            None => last.1.push(character),
        }
    }
    parts
}

/// What a form about one person asks.
struct PersonFields {
    has_problem: bool,
    name: Field,
    number: Field,
    group: Field,
    login: Field,
}

impl PersonFields {
    fn empty() -> Self {
        let empty = Field::default;
        Self { has_problem: false, name: empty(), number: empty(), group: empty(), login: empty() }
    }

    /// As they are known.
    fn of(account: &Account) -> Self {
        let holding = |text: Option<&String>| Field::holding(text.map_or("", String::as_str));
        Self {
            has_problem: false,
            name: Field::holding(&account.person.name),
            number: holding(account.number.as_ref()),
            group: holding(account.group.as_ref()),
            login: holding(account.person.login.as_ref()),
        }
    }

    /// As they were typed.
    fn typed(form: &Form) -> Self {
        let typed = |name| Field::holding(form.get(name));
        Self {
            has_problem: false,
            name: typed("name"),
            number: typed("number"),
            group: typed("group"),
            login: typed("login"),
        }
    }

    /// Puts the error by the field that it is about. False if it is about none.
    fn refuse(&mut self, page: &Page, error: &Error) -> bool {
        let field = match error.code {
            Code::NameEmpty | Code::NameTooLong => &mut self.name,
            Code::NumberInvalid | Code::NumberTaken => &mut self.number,
            Code::GroupTooLong => &mut self.group,
            Code::LoginEmpty | Code::LoginTooLong | Code::LoginTaken => &mut self.login,
            _ => return false,
        };
        field.refuse(page.language, error);
        self.has_problem = true;
        true
    }
}

/// What a form says about a person; only students have a number and a group.
fn details(form: &Form, kind: PersonKind) -> Result<store::AccountDetails, Error> {
    let login = match form.get("login").trim() {
        "" => None,
        typed => Some(crate::auth::checked_login(typed)?),
    };
    let of_student = |name| if kind == PersonKind::Student { form.get(name) } else { "" };
    Ok(store::AccountDetails {
        name: base::text::name(form.get("name"))?,
        login,
        number: base::text::number(of_student("number"))?,
        group: base::text::group(of_student("group"))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_go_as_people_count() {
        let mut groups = ["XII TKJ 10", "10A", "7B", "XII TKJ 2", "7a", "VII"];
        groups.sort_by(|one, other| in_natural_order(one, other));
        assert_eq!(groups, ["7a", "7B", "10A", "VII", "XII TKJ 2", "XII TKJ 10"]);
    }
}
