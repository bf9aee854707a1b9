//! `/meetings/{meeting}/materials`: a teacher adds files, a link or a text.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::{Code, Error, limits, text};
use store::{Meeting, NewMaterial, NewMatter};

use super::section::size;
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::meeting;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "material/add.html")]
struct AddPage<'a> {
    page: &'a Page,
    meeting: &'a Meeting,
    /// How large a file may be, and how much room there is.
    files_hint: String,
    files: Field,
    link: Field,
    link_title: Field,
    text: Field,
    text_title: Field,
    has_problem: bool,
    /// What its script says, as JSON.
    words: String,
}

impl<'a> AddPage<'a> {
    async fn of(site: &Site, page: &'a Page, meeting: &'a Meeting) -> Result<Self, Error> {
        let free = size(page.language, site.files.room().await?);
        let most = size(page.language, limits::FILE_BYTES);
        let hint = [("most", most.as_str()), ("free", free.as_str())];
        Ok(Self {
            page,
            meeting,
            files_hint: page.language.text("material.files_hint", &hint),
            files: Field::default(),
            link: Field::default(),
            link_title: Field::default(),
            text: Field::default(),
            text_title: Field::default(),
            has_problem: false,
            words: words(page)?,
        })
    }

    /// Puts the error by the field that it is about. False if it is about none.
    fn refuse(&mut self, error: &Error) -> bool {
        let field = match error.code {
            Code::FilesFull
            | Code::FileTooLarge
            | Code::FileMissing
            | Code::FileEmpty
            | Code::StorageFull => &mut self.files,
            Code::LinkInvalid => &mut self.link,
            Code::MaterialEmpty | Code::MaterialTooLong => &mut self.text,
            Code::TitleTooLong if self.link.value.is_empty() => &mut self.text_title,
            Code::TitleTooLong => &mut self.link_title,
            _ => return false,
        };
        field.refuse(self.page.language, error);
        self.has_problem = true;
        true
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(meeting): Path<String>,
) -> Result<Response, Refusal> {
    let meeting = meeting::managed(&site, &page, &meeting).await?;
    Ok(page.show(&AddPage::of(&site, &page, &meeting).await?))
}

/// The page again, with what is wrong with the files that were sent.
pub(super) async fn show_refused_files(
    site: &Site,
    page: &Page,
    meeting: &Meeting,
    error: Error,
) -> Result<Response, Refusal> {
    let mut template = AddPage::of(site, page, meeting).await?;
    if template.refuse(&error) { Ok(page.show_error(&error, &template)) } else { Err(error.into()) }
}

/// `POST /meetings/{meeting}/materials/text`.
pub(super) async fn add_text(
    State(site): State<Site>,
    Path(meeting): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let meeting = meeting::managed(&site, &form.page, &meeting).await?;
    let (typed, typed_title) = (form.get("text").to_owned(), form.get("title").to_owned());
    let matter = text::material(&typed).map(NewMatter::Text);
    add(&site, form.page, &meeting, matter, &typed_title, |page| {
        page.text = Field::holding(&typed);
        page.text_title = Field::holding(&typed_title);
    })
    .await
}

/// `POST /meetings/{meeting}/materials/link`.
pub(super) async fn add_link(
    State(site): State<Site>,
    Path(meeting): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let meeting = meeting::managed(&site, &form.page, &meeting).await?;
    let (typed, typed_title) = (form.get("address").to_owned(), form.get("title").to_owned());
    let matter = text::link(&typed).map(NewMatter::Link);
    add(&site, form.page, &meeting, matter, &typed_title, |page| {
        page.link = Field::holding(&typed);
        page.link_title = Field::holding(&typed_title);
    })
    .await
}

/// Adds what was typed, or shows the page again with it.
async fn add(
    site: &Site,
    page: Page,
    meeting: &Meeting,
    matter: Result<NewMatter, Error>,
    typed_title: &str,
    fill_in: impl FnOnce(&mut AddPage<'_>),
) -> Result<Response, Refusal> {
    let new = matter.and_then(|matter| Ok(NewMaterial { title: title(typed_title)?, matter }));
    let error = match new {
        Ok(new) => {
            site.store.add_material(meeting.id, new, None).await?;
            return Ok(super::back(meeting, "material.added"));
        }
        Err(error) => error,
    };
    let page = page.at(format!("/meetings/{}/materials", meeting.id));
    let mut template = AddPage::of(site, &page, meeting).await?;
    fill_in(&mut template);
    if template.refuse(&error) { Ok(page.show_error(&error, &template)) } else { Err(error.into()) }
}

/// What the script may have to say: its own words, and why the box does not take a file.
pub(in crate::site) fn words(page: &Page) -> Result<String, Error> {
    let words = page.language.messages(&[
        "upload.",
        "error.course_archived",
        "error.file",
        "error.internal",
        "error.material",
        "error.member_removed",
        "error.not_allowed",
        "error.sign_in_required",
        "error.storage",
        "error.submission",
        "error.upload",
    ]);
    let json = serde_json::to_string(&words).map_err(|error| Error::new(Code::Internal).because(error))?;
    Ok(json.replace('<', "\\u003c"))
}

/// A title that may be left out.
pub(super) fn title(raw: &str) -> Result<Option<String>, Error> {
    match text::title(raw) {
        Ok(title) => Ok(Some(title)),
        Err(error) if error.code == Code::TitleEmpty => Ok(None),
        Err(error) => Err(error),
    }
}
