//! `/courses/{course}/notices/new` and `/notices/{notice}`: a teacher writes a notice, or changes one.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::{Code, Error, text};
use store::{Course, Notice, NoticeDraft};

use crate::site::Site;
use crate::site::course;
use crate::site::form::{Field, Form};
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "notice/edit.html")]
struct EditPage<'a> {
    page: &'a Page,
    course: &'a Course,
    /// Which one is changed; a new one without.
    notice: Option<&'a Notice>,
    title: Field,
    text: Field,
    has_problem: bool,
}

impl<'a> EditPage<'a> {
    fn of(page: &'a Page, course: &'a Course, notice: Option<&'a Notice>) -> Self {
        let draft = notice.map(|notice| &notice.draft);
        let title = Field::holding(draft.map_or("", |draft| &draft.title));
        let text = Field::holding(draft.and_then(|draft| draft.text.as_deref()).unwrap_or_default());
        Self { page, course, notice, title, text, has_problem: false }
    }
}

/// `GET /courses/{course}/notices/new`.
pub(super) async fn show_new(
    State(site): State<Site>,
    page: Page,
    Path(course): Path<String>,
) -> Result<Response, Refusal> {
    let course = course::managed(&site, &page, &course).await?;
    Ok(page.show(&EditPage::of(&page, &course, None)))
}

/// `POST /courses/{course}/notices`.
pub(super) async fn create(
    State(site): State<Site>,
    Path(course): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let course = course::managed(&site, &form.page, &course).await?;
    let author = form.page.signed_in()?.person.id;
    let made = async { site.store.create_notice(course.id, author, draft(&form)?).await };
    match made.await {
        Ok(_) => Ok(super::back(course.id, "notice.created")),
        Err(error) => show_again(&form, &course, None, error),
    }
}

/// `GET /notices/{notice}`.
pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(notice): Path<String>,
) -> Result<Response, Refusal> {
    let (notice, course) = super::managed(&site, &page, &notice).await?;
    Ok(page.show(&EditPage::of(&page, &course, Some(&notice))))
}

/// `POST /notices/{notice}`.
pub(super) async fn save(
    State(site): State<Site>,
    Path(notice): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let (notice, course) = super::managed(&site, &form.page, &notice).await?;
    let saved = async { site.store.change_notice(notice.id, draft(&form)?).await };
    match saved.await {
        Ok(()) => Ok(super::back(course.id, "notice.saved")),
        Err(error) => show_again(&form, &course, Some(&notice), error),
    }
}

/// The form with what was typed, and the error by the field that it is about.
fn show_again(
    form: &Form,
    course: &Course,
    notice: Option<&Notice>,
    error: Error,
) -> Result<Response, Refusal> {
    let mut template = EditPage::of(&form.page, course, notice);
    template.title = Field::holding(form.get("title"));
    template.text = Field::holding(form.get("text"));
    template.has_problem = true;
    let field = match error.code {
        Code::TitleEmpty | Code::TitleTooLong | Code::NoticesTooMany => &mut template.title,
        Code::NoticeTooLong => &mut template.text,
        _ => return Err(error.into()),
    };
    field.refuse(form.page.language, &error);
    Ok(form.page.show_error(&error, &template))
}

fn draft(form: &Form) -> Result<NoticeDraft, Error> {
    Ok(NoticeDraft { title: text::title(form.get("title"))?, text: text::notice(form.get("text"))? })
}
