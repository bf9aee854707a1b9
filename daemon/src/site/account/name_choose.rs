//! `/sign-in/name`: a student chooses the group, then their own name. Only those who have a PIN stand
//! there.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::Error;
use base::limits::SIGN_IN_NAMES;
use serde::Deserialize;
use store::Account;

use crate::site::Site;
use crate::site::next::{self, encode};
use crate::site::page::Page;
use crate::site::people::in_natural_order;
use crate::site::refusal::Refusal;

/// How far the choice has come.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Choice {
    /// Empty for those without one.
    group: Option<String>,
    /// A part of the name, in a long list.
    name: String,
    next: String,
}

#[derive(Template)]
#[template(path = "account/group.html")]
struct GroupPage<'a> {
    page: &'a Page,
    back: String,
    groups: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "account/name.html")]
struct NamePage<'a> {
    page: &'a Page,
    back: String,
    next: &'a str,
    group: &'a str,
    label: &'a str,
    text: &'a str,
    is_long: bool,
    names: Vec<NameChoice>,
}

/// A name to choose.
struct NameChoice {
    name: String,
    /// What tells two of one name apart; empty where nobody else has it.
    apart: String,
    address: String,
}

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Query(choice): Query<Choice>,
) -> Result<Response, Refusal> {
    let next = next::local(&choice.next);
    if page.person().is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    // The PIN may cross encrypted air alone; what leads there says so at once.
    if page.is_plain() {
        return Ok(Redirect::to(&next::with("/sign-in", next)).into_response());
    }
    let Some(group) = choice.group.as_deref() else { return Ok(show_groups(&site, &page, next).await?) };
    let of = (!group.is_empty()).then(|| group.to_owned());
    let text = choice.name.trim();
    let people = site.store.pin_holders(of, text, SIGN_IN_NAMES).await?;
    Ok(page.show(&NamePage {
        back: next::with("/sign-in/name", next),
        next,
        group,
        label: if group.is_empty() { page.t("people.no_group") } else { group },
        text,
        is_long: people.len() >= SIGN_IN_NAMES as usize,
        names: choices(people, next),
        page: &page,
    }))
}

fn choices(people: Vec<Account>, next: &str) -> Vec<NameChoice> {
    let mut counted = HashMap::<String, u32>::new();
    for account in &people {
        *counted.entry(account.person.name.to_lowercase()).or_default() += 1;
    }
    let choice = |account: Account| {
        let is_shared = counted.get(&account.person.name.to_lowercase()).is_some_and(|count| *count > 1);
        NameChoice {
            address: next::with(&format!("/sign-in/name/{}", account.person.id), next),
            apart: account.number.or(account.person.login).filter(|_| is_shared).unwrap_or_default(),
            name: account.person.name,
        }
    };
    people.into_iter().map(choice).collect()
}

async fn show_groups(site: &Site, page: &Page, next: &str) -> Result<Response, Error> {
    let groups = site.store.groups().await?.into_iter().filter(|group| group.with_pin > 0);
    let mut names: Vec<_> = groups.map(|group| group.name.unwrap_or_default()).collect();
    // Those without a group come last.
    names.sort_by(|one, other| {
        one.is_empty().cmp(&other.is_empty()).then_with(|| in_natural_order(one, other))
    });
    let onward = if next == "/" { String::new() } else { format!("&next={}", encode(next)) };
    let choice = |name: String| {
        let address = format!("/sign-in/name?group={}{onward}", encode(&name));
        (if name.is_empty() { page.t("people.no_group").to_owned() } else { name }, address)
    };
    let groups = names.into_iter().map(choice).collect();
    Ok(page.show(&GroupPage { page, back: next::with("/sign-in", next), groups }))
}
