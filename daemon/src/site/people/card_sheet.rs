//! `/people/cards`: sign-in cards on A4 paper, ten to a page. Looking at them, and printing them
//! again, changes nothing; the PINs are on them for as long as `auth` shows those that were just made.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use base::id::PersonId;
use base::limits::{PIN_SHEET_MS, SHEET_CARDS};
use base::{Code, Error};
use serde::Deserialize;
use store::Account;

use super::{in_natural_order, staff};
use crate::auth::PinWish;
use crate::site::Site;
use crate::site::next::encode;
use crate::site::page::Page;
use crate::site::reach::qr;
use crate::site::refusal::Refusal;
use crate::site::setup::outside;

/// Whose cards.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    /// Empty for those without a group.
    group: Option<String>,
    from: Option<u32>,
    person: Option<String>,
    /// Which PINs were just made.
    pins: Option<String>,
}

/// Whose cards are on a sheet.
pub(super) enum Choice {
    One(PersonId),
    Group {
        /// Empty for those without one.
        group: String,
        /// How many of it are on sheets before this one.
        from: u32,
    },
}

#[derive(Template)]
#[template(path = "people/groups.html")]
struct GroupsPage<'a> {
    page: &'a Page,
    groups: Vec<GroupRow>,
}

struct GroupRow {
    label: String,
    address: String,
    counted: String,
    pins: String,
}

#[derive(Template)]
#[template(path = "people/cards.html")]
struct SheetPage<'a> {
    page: &'a Page,
    title: String,
    back: String,
    school: String,
    typed_address: String,
    cards: Vec<Card>,
    /// The group whose PINs can be made here; none on the sheet of one person.
    group: Option<&'a str>,
    from: u32,
    without_pin: usize,
    /// What the PINs on it have to say, or those that are not shown any more.
    pins_say: Option<String>,
    /// Whether there are PINs on it.
    shows_pins: bool,
    wish: String,
    more: Option<String>,
}

struct Card {
    name: String,
    about: String,
    qr: String,
    pin: Option<String>,
    has_pin: bool,
}

impl Choice {
    /// Those on this sheet, and at most one more.
    pub(super) async fn accounts(&self, site: &Site, page: &Page) -> Result<Vec<Account>, Error> {
        match self {
            Self::One(person) => Ok(vec![super::student(site, page, &person.to_string()).await?]),
            Self::Group { group, from } => {
                let group = (!group.is_empty()).then(|| group.clone());
                site.store.group_accounts(group, *from, SHEET_CARDS).await
            }
        }
    }

    /// Where the sheet is, with the PINs that were just made.
    pub(super) fn address(&self, pins: Option<&PinWish>) -> String {
        let address = match self {
            Self::One(person) => format!("/people/cards?person={person}"),
            Self::Group { group, from: 0 } => format!("/people/cards?group={}", encode(group)),
            Self::Group { group, from } => format!("/people/cards?group={}&from={from}", encode(group)),
        };
        match pins {
            Some(wish) => format!("{address}&pins={}", wish.as_str()),
            None => address,
        }
    }

    fn back(&self) -> String {
        match self {
            Self::One(person) => format!("/people/{person}"),
            Self::Group { .. } => "/people/cards".to_owned(),
        }
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Query(wish): Query<Wish>,
) -> Result<Response, Refusal> {
    staff(&page)?;
    let choice = match (wish.person, wish.group) {
        (Some(person), _) => Choice::One(person.parse().map_err(|_| Code::NotFound)?),
        (None, Some(group)) => Choice::Group { group, from: wish.from.unwrap_or(0) },
        (None, None) => return Ok(show_groups(&site, &page).await?),
    };
    let accounts = choice.accounts(&site, &page).await?;
    if accounts.is_empty() {
        return Err(Code::NotFound.into());
    }
    let pins = match &wish.pins {
        Some(wish) => site.auth.made_pins(&PinWish::of(page.signed_in()?.session, wish)),
        None => Some(Vec::new()),
    };
    Ok(show_with_pins(&site, page, &choice, accounts, pins).await?)
}

async fn show_groups(site: &Site, page: &Page) -> Result<Response, Error> {
    let mut groups = site.store.groups().await?;
    groups.sort_by(|one, other| {
        let name = |group: &store::Group| group.name.clone().unwrap_or_default();
        // Those without a group come last.
        one.name.is_none().cmp(&other.name.is_none()).then_with(|| in_natural_order(&name(one), &name(other)))
    });
    let row = |group: store::Group| GroupRow {
        address: Choice::Group { group: group.name.clone().unwrap_or_default(), from: 0 }.address(None),
        counted: page.language.count("people.count", group.students as usize),
        pins: page.fill("cards.with_pin", "count", &group.with_pin.to_string()),
        label: group.name.unwrap_or_else(|| page.t("people.no_group").to_owned()),
    };
    let groups = groups.into_iter().map(row).collect();
    Ok(page.show(&GroupsPage { page, groups }))
}

/// The sheet, with the PINs that were just made; `None` if they are not shown any more.
async fn show_with_pins(
    site: &Site,
    page: Page,
    choice: &Choice,
    accounts: Vec<Account>,
    pins: Option<Vec<(PersonId, String)>>,
) -> Result<Response, Error> {
    let secrets = site.auth.cards().await?;
    let origin = outside::secure_address(site, &page);
    let are_gone = pins.is_none();
    let mut pins: HashMap<_, _> = pins.unwrap_or_default().into_iter().collect();
    pins.retain(|person, _| accounts.iter().any(|account| account.person.id == *person));
    let shows_pins = !pins.is_empty();
    let pins_say = match (shows_pins, are_gone) {
        (true, _) => Some(page.fill("cards.once", "minutes", &(PIN_SHEET_MS / 60_000).to_string())),
        (false, true) => Some(page.t("cards.pins_gone").to_owned()),
        (false, false) => None,
    };
    let full = accounts.len() >= SHEET_CARDS as usize;
    let without_pin =
        accounts.iter().filter(|account| !account.has_pin && !pins.contains_key(&account.person.id)).count();
    let mut cards = Vec::with_capacity(accounts.len());
    for Account { person, group, number, card, has_pin, .. } in accounts {
        cards.push(Card {
            about: [group, number].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            qr: qr(&format!("{origin}/card/{}", secrets.token(person.id, card))),
            pin: pins.remove(&person.id),
            has_pin,
            name: person.name,
        });
    }
    let kept = site.setup.kept().await?;
    let school = kept.in_force.or(Some(kept.draft)).and_then(|draft| draft.school);
    let (group, from) = match choice {
        Choice::One(_) => (None, 0),
        Choice::Group { group, from } => (Some(group.as_str()), *from),
    };
    let title = match (group, cards.first()) {
        (Some(""), _) => page.t("people.no_group").to_owned(),
        (Some(group), _) => group.to_owned(),
        (None, first) => first.map(|card| card.name.clone()).unwrap_or_default(),
    };
    let more = group.filter(|_| full);
    let more = more.map(|group| {
        Choice::Group { group: group.to_owned(), from: from.saturating_add(SHEET_CARDS) }.address(None)
    });
    Ok(page.show(&SheetPage {
        title,
        back: choice.back(),
        school: school.map(|school| school.name).unwrap_or_default(),
        typed_address: outside::typed_address(site, &page),
        cards,
        group,
        from,
        without_pin,
        pins_say,
        shows_pins,
        wish: PinWish::text(),
        more,
        page: &page,
    }))
}
