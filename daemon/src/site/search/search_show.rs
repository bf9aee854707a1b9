//! `GET /search`: what was found, kind by kind, with the words that were searched for.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use store::{Found, Hit, HitKind, Piece, SearchWords};

use crate::site::Site;
use crate::site::form::Field;
use crate::site::page::Page;
use crate::site::people::in_care_of;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "search/show.html")]
struct SearchPage<'a> {
    page: &'a Page,
    query: Field,
    /// What there is to say instead of anything found, and what to do next.
    nothing: Option<(String, &'static str)>,
    groups: Vec<Group>,
}

/// What was found of one kind.
struct Group {
    id: &'static str,
    title: &'static str,
    hits: Vec<Row>,
    more: bool,
}

struct Row {
    address: String,
    title: Vec<Piece>,
    text: Vec<Piece>,
    /// Where and when.
    place: String,
}

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let person = page.signed_in()?.person.clone();
    let mut template =
        SearchPage { page: &page, query: Field::holding(&asked.q), nothing: None, groups: Vec::new() };
    let words = match SearchWords::read(&asked.q) {
        Ok(words) => words,
        Err(error) => {
            template.query.refuse(page.language, &error);
            return Ok(page.show_error(&error, &template));
        }
    };
    let Some(words) = words else {
        let asks = if asked.q.trim().is_empty() { "search.what" } else { "search.no_words" };
        template.nothing = Some((page.t(asks).to_owned(), page.t("search.hint")));
        return Ok(page.show(&template));
    };
    let found = site.store.search(&person, in_care_of(&person), words.clone()).await?;
    if found.is_empty() {
        let none = page.fill("search.none", "words", asked.q.trim());
        template.nothing = Some((none, page.t("search.none_hint")));
    }
    template.groups = found.iter().map(|found| group(&page, &words, found)).collect();
    Ok(page.show(&template))
}

fn group(page: &Page, words: &SearchWords, found: &Found) -> Group {
    let (id, title) = match found.kind {
        HitKind::Course => ("courses", page.t("search.courses")),
        HitKind::Meeting => ("meetings", page.t("meeting.list")),
        HitKind::Material => ("materials", page.t("material.list")),
        HitKind::Assignment => ("assignments", page.t("assignment.list")),
        HitKind::Notice => ("notices", page.t("notice.list")),
        HitKind::Message => ("messages", page.t("search.messages")),
        HitKind::Person => ("people", page.t("search.people")),
    };
    let hits = found.hits.iter().map(|hit| row(page, words, found.kind, hit)).collect();
    Group { id, title, hits, more: found.more }
}

fn row(page: &Page, words: &SearchWords, kind: HitKind, hit: &Hit) -> Row {
    let title = if hit.title.is_empty() { page.t("search.untitled") } else { &hit.title };
    let course = hit.course.as_ref().filter(|_| kind != HitKind::Course).map(|(_, title)| title.clone());
    let meeting = hit.meeting.as_ref().map(|(_, title)| title.clone());
    let at = hit.at.map(|at| page.language.date(at));
    Row {
        address: address(kind, hit),
        title: words.excerpt(title),
        text: hit.text.as_deref().map(|text| words.excerpt(text)).unwrap_or_default(),
        place: [course, meeting, at].into_iter().flatten().collect::<Vec<_>>().join(" · "),
    }
}

/// Where it is shown: a chat message on the page of its meeting, from which a door leads to the chat.
fn address(kind: HitKind, hit: &Hit) -> String {
    let course = hit.course.as_ref().map_or(0, |(course, _)| course.0);
    let meeting = hit.meeting.as_ref().map_or(0, |(meeting, _)| meeting.0);
    let id = hit.id;
    match kind {
        HitKind::Course => format!("/courses/{id}"),
        HitKind::Meeting => format!("/meetings/{id}"),
        HitKind::Material => format!("/meetings/{meeting}#material-{id}"),
        HitKind::Assignment => format!("/assignments/{id}"),
        HitKind::Notice => format!("/courses/{course}/notices#notice-{id}"),
        HitKind::Message => format!("/meetings/{meeting}#room"),
        HitKind::Person => format!("/people/{id}"),
    }
}
