//! `/meetings/{meeting}/assignments` and `/assignments/{assignment}/edit`: what a teacher says about
//! an assignment.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::{Code, Error, score, text};
use store::{Assignment, AssignmentDraft, LatePolicy, Meeting, Visibility};

use crate::i18n::local;
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::meeting;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// Of what most schools count.
const USUAL_POINTS: &str = "100";

#[derive(Template)]
#[template(path = "assignment/edit.html")]
struct EditPage<'a> {
    page: &'a Page,
    meeting: &'a Meeting,
    /// Which one is changed; a new one without.
    assignment: Option<&'a Assignment>,
    title: Field,
    text: Field,
    due_at: Field,
    refuses_late: bool,
    points: Field,
    has_problem: bool,
}

impl<'a> EditPage<'a> {
    fn of(page: &'a Page, meeting: &'a Meeting, assignment: Option<&'a Assignment>) -> Self {
        let draft = assignment.map(|assignment| &assignment.draft);
        let due_at = draft.and_then(|draft| draft.due_at).map(local::written).unwrap_or_default();
        let points = draft.map_or_else(|| USUAL_POINTS.to_owned(), |draft| draft.points.to_string());
        Self {
            page,
            meeting,
            assignment,
            title: Field::holding(draft.map_or("", |draft| &draft.title)),
            text: Field::holding(draft.and_then(|draft| draft.text.as_deref()).unwrap_or_default()),
            due_at: Field::holding(&due_at),
            refuses_late: draft.is_some_and(|draft| draft.late == LatePolicy::Refuse),
            points: Field::holding(&points),
            has_problem: false,
        }
    }

    fn sent(form: &'a Form, meeting: &'a Meeting, assignment: Option<&'a Assignment>) -> Self {
        let holding = |name| Field::holding(form.get(name));
        Self {
            page: &form.page,
            meeting,
            assignment,
            title: holding("title"),
            text: holding("text"),
            due_at: holding("due_at"),
            refuses_late: late(form) == LatePolicy::Refuse,
            points: holding("points"),
            has_problem: true,
        }
    }

    /// Puts the error by the field that it is about. False if it is about none.
    fn refuse(&mut self, error: &Error) -> bool {
        let field = match error.code {
            Code::TitleEmpty | Code::TitleTooLong | Code::AssignmentsTooMany => &mut self.title,
            Code::InstructionsTooLong => &mut self.text,
            Code::TimeInvalid => &mut self.due_at,
            Code::PointsInvalid | Code::ScoreInvalid => &mut self.points,
            _ => return false,
        };
        if error.code == Code::ScoreInvalid {
            field.error = Some(self.page.t("assignment.points_below_score").to_owned());
        } else {
            field.refuse(self.page.language, error);
        }
        true
    }
}

/// `GET /meetings/{meeting}/assignments`.
pub(super) async fn show_new(
    State(site): State<Site>,
    page: Page,
    Path(meeting): Path<String>,
) -> Result<Response, Refusal> {
    let meeting = meeting::managed(&site, &page, &meeting).await?;
    Ok(page.show(&EditPage::of(&page, &meeting, None)))
}

/// `POST /meetings/{meeting}/assignments`.
pub(super) async fn create(
    State(site): State<Site>,
    Path(meeting): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let meeting = meeting::managed(&site, &form.page, &meeting).await?;
    let made = async {
        let assignment = site.store.create_assignment(meeting.id, draft(&form)?).await?;
        if form.get("action") == "publish" {
            site.store.show_assignment(assignment.id, Visibility::Published).await?;
            return Ok((assignment, "assignment.published"));
        }
        Ok((assignment, "assignment.created"))
    };
    match made.await {
        Ok((assignment, notice)) => Ok(super::back(assignment.id, notice)),
        Err(error) => show_again(&form, &meeting, None, error),
    }
}

/// `GET /assignments/{assignment}/edit`.
pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(assignment): Path<String>,
) -> Result<Response, Refusal> {
    let seen = super::managed(&site, &page, &assignment).await?;
    Ok(page.show(&EditPage::of(&page, &seen.meeting, Some(&seen.assignment))))
}

/// `POST /assignments/{assignment}/edit`.
pub(super) async fn save(
    State(site): State<Site>,
    Path(assignment): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let seen = super::managed(&site, &form.page, &assignment).await?;
    let id = seen.assignment.id;
    let saved = async { site.store.change_assignment(id, draft(&form)?).await };
    match saved.await {
        Ok(()) => Ok(super::back(id, "assignment.saved")),
        Err(error) => show_again(&form, &seen.meeting, Some(&seen.assignment), error),
    }
}

fn show_again(
    form: &Form,
    meeting: &Meeting,
    assignment: Option<&Assignment>,
    error: Error,
) -> Result<Response, Refusal> {
    let mut template = EditPage::sent(form, meeting, assignment);
    if template.refuse(&error) { Ok(form.page.show_error(&error, &template)) } else { Err(error.into()) }
}

fn draft(form: &Form) -> Result<AssignmentDraft, Error> {
    let due_at = match form.get("due_at").trim() {
        "" => None,
        typed => Some(local::read(typed)?),
    };
    Ok(AssignmentDraft {
        title: text::title(form.get("title"))?,
        text: text::instructions(form.get("text"))?,
        due_at,
        late: late(form),
        points: score::points(form.get("points"))?,
    })
}

fn late(form: &Form) -> LatePolicy {
    LatePolicy::parse(form.get("late")).unwrap_or(LatePolicy::Accept)
}
