//! `/people`: a list with search, and what to do next with those in it.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use base::limits::PEOPLE_PAGE;
use serde::Deserialize;
use store::{Account, AccountFilter, PersonKind};

use super::{in_care_of, in_natural_order, kind_name, staff};
use crate::auth::PinWish;
use crate::i18n::Language;
use crate::site::Site;
use crate::site::next::encode;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// Which part of which list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    /// What to look for.
    q: String,
    group: String,
    kind: String,
    /// `inactive` for those who may not sign in.
    state: String,
    /// Counted from one; nonsense is the first.
    page: String,
}

#[derive(Template)]
#[template(path = "people/list.html")]
struct ListPage<'a> {
    page: &'a Page,
    text: &'a str,
    kinds: Vec<Choice>,
    groups: Vec<Choice>,
    inactive: bool,
    /// Whether it is a list of students.
    of_students: bool,
    /// Whether nothing narrows the list.
    whole: bool,
    rows: Vec<PersonRow>,
    counted: String,
    before: Option<String>,
    after: Option<String>,
    wish: String,
}

/// One of a list to choose from.
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

struct PersonRow {
    id: base::id::PersonId,
    name: String,
    about: String,
    tags: Vec<&'static str>,
    /// Whether a new PIN is one tap away.
    can_renew_pin: bool,
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Query(wish): Query<Wish>,
) -> Result<Response, Refusal> {
    let visitor = staff(&page)?;
    let in_care = in_care_of(visitor);
    let asked = PersonKind::parse(&wish.kind).filter(|kind| in_care.contains(kind));
    let kind = asked.unwrap_or(PersonKind::Student);
    let of_students = kind == PersonKind::Student;
    let inactive = wish.state == "inactive";
    let group = (of_students && !wish.group.is_empty()).then(|| wish.group.clone());
    let text = wish.q.trim();
    let filter = AccountFilter { kind, active: !inactive, group: group.clone(), text: text.to_owned() };
    let number = wish.page.parse::<u32>().unwrap_or(1).clamp(1, 10_000) - 1;
    let found = site.store.accounts(filter, number * PEOPLE_PAGE, PEOPLE_PAGE).await?;
    let address = |number: u32| {
        let query = [
            ("q", text),
            ("group", group.as_deref().unwrap_or_default()),
            ("kind", kind.name()),
            ("state", if inactive { "inactive" } else { "" }),
        ];
        let mut address = format!("/people?page={}", number + 1);
        for (name, value) in query.into_iter().filter(|(_, value)| !value.is_empty()) {
            address = format!("{address}&{name}={}", encode(value));
        }
        address
    };
    Ok(page.show(&ListPage {
        text,
        kinds: in_care
            .iter()
            .map(|of| Choice {
                value: of.name().into(),
                label: kind_name(&page, *of).into(),
                chosen: *of == kind,
            })
            .collect(),
        groups: if of_students { groups(&site, group.as_deref()).await? } else { Vec::new() },
        inactive,
        of_students,
        whole: text.is_empty() && group.is_none() && !inactive,
        counted: page.language.count("people.count", found.all as usize),
        before: (number > 0).then(|| address(number - 1)),
        after: ((number + 1) * PEOPLE_PAGE < found.all).then(|| address(number + 1)),
        rows: found.accounts.into_iter().map(|account| row(page.language, account)).collect(),
        wish: PinWish::text(),
        page: &page,
    }))
}

async fn groups(site: &Site, chosen: Option<&str>) -> Result<Vec<Choice>, base::Error> {
    let mut names: Vec<_> = site.store.groups().await?.into_iter().filter_map(|group| group.name).collect();
    names.sort_by(|one, other| in_natural_order(one, other));
    let choice = |name: String| Choice { chosen: chosen == Some(&*name), label: name.clone(), value: name };
    Ok(names.into_iter().map(choice).collect())
}

fn row(language: Language, account: Account) -> PersonRow {
    let is_student = account.person.kind == PersonKind::Student;
    let active = account.deactivated_at.is_none();
    let mut tags = Vec::new();
    if account.pin_failures >= base::limits::PIN_FAILURES {
        tags.push(language.t("people.pin_locked"));
    }
    if account.signed_in_at.is_none() {
        tags.push(language.t("people.never_signed_in"));
    }
    let about = [account.group, account.number, account.person.login];
    PersonRow {
        id: account.person.id,
        name: account.person.name,
        about: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        tags,
        can_renew_pin: is_student && active,
    }
}
