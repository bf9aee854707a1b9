//! `POST /courses/{course}/meetings`: a teacher makes a meeting, for the students at once or as a
//! draft to be filled first.

use axum::extract::{Path, State};
use axum::response::Response;
use base::Code;
use store::Visibility;

use super::course_change::back;
use super::course_show;
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::meeting;
use crate::site::refusal::Refusal;

pub(crate) async fn create(
    State(site): State<Site>,
    Path(course): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let course = super::managed(&site, &form.page, &course).await?;
    let visibility = Visibility::parse(form.get("visibility")).unwrap_or(Visibility::Published);
    let made = match meeting::draft(&form) {
        Ok(draft) => site.store.add_meeting(course.id, draft, visibility).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(made) if visibility == Visibility::Draft => Ok(meeting::back(made.id, "meeting.created_draft")),
        Ok(_) => Ok(back(course.id, "meeting.created")),
        Err(error) if is_about_the_title(error.code) => {
            let mut field = Field::holding(form.get("title"));
            field.refuse(form.page.language, &error);
            let page = form.page.at(format!("/courses/{}", course.id));
            course_show::show_again(&site, &page, course, field, &error).await
        }
        Err(error) => Err(error.into()),
    }
}

fn is_about_the_title(code: Code) -> bool {
    matches!(code, Code::TitleEmpty | Code::TitleTooLong | Code::MeetingsFull)
}
