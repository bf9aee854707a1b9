//! `/meetings/{meeting}/edit`: a teacher renames a meeting or plans when it begins.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::clock::Timestamp;
use base::{Code, Error, text};
use store::{Meeting, MeetingDraft};

use crate::i18n::local;
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "meeting/edit.html")]
struct EditPage<'a> {
    page: &'a Page,
    meeting: &'a Meeting,
    title: Field,
    starts_at: Field,
    has_problem: bool,
}

impl<'a> EditPage<'a> {
    fn of(page: &'a Page, meeting: &'a Meeting) -> Self {
        let starts_at = meeting.starts_at.map(local::written).unwrap_or_default();
        let (title, starts_at) = (Field::holding(&meeting.title), Field::holding(&starts_at));
        Self { page, meeting, title, starts_at, has_problem: false }
    }

    fn sent(form: &'a Form, meeting: &'a Meeting) -> Self {
        let (title, starts_at) = (Field::holding(form.get("title")), Field::holding(form.get("starts_at")));
        Self { page: &form.page, meeting, title, starts_at, has_problem: true }
    }

    fn refuse(&mut self, error: &Error) -> bool {
        let field = match error.code {
            Code::TitleEmpty | Code::TitleTooLong => &mut self.title,
            Code::TimeInvalid => &mut self.starts_at,
            _ => return false,
        };
        field.refuse(self.page.language, error);
        true
    }
}

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(meeting): Path<String>,
) -> Result<Response, Refusal> {
    let meeting = super::managed(&site, &page, &meeting).await?;
    Ok(page.show(&EditPage::of(&page, &meeting)))
}

pub(crate) async fn submit(
    State(site): State<Site>,
    Path(meeting): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let meeting = super::managed(&site, &form.page, &meeting).await?;
    match draft(&form) {
        Ok(draft) => {
            site.store.set_meeting(meeting.id, draft).await?;
            Ok(super::back(meeting.id, "meeting.saved"))
        }
        Err(error) => {
            let mut template = EditPage::sent(&form, &meeting);
            if !template.refuse(&error) {
                return Err(error.into());
            }
            Ok(form.page.show_error(&error, &template))
        }
    }
}

/// What a form says about a meeting: a title, and perhaps when it begins.
pub(crate) fn draft(form: &Form) -> Result<MeetingDraft, Error> {
    let title = text::title(form.get("title"))?;
    Ok(MeetingDraft { title, starts_at: starts_at(form)? })
}

fn starts_at(form: &Form) -> Result<Option<Timestamp>, Error> {
    match form.get("starts_at").trim() {
        "" => Ok(None),
        typed => local::read(typed).map(Some),
    }
}
