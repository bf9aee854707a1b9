//! `/courses/import`: a teacher brings a course that was downloaded here or on another box. It becomes
//! a new course of drafts.

use askama::Template;
use axum::extract::{Request, State};
use axum::response::Response;
use base::id::CourseId;
use base::random::SystemRandom;
use base::{Code, Error, limits};

use super::course_change::back;
use crate::course_archive::{self, Brought};
use crate::site::Site;
use crate::site::file_form::{FileForm, Rules};
use crate::site::form::Field;
use crate::site::material::section::size;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

const RULES: Rules =
    Rules { most_files: 1, too_many: Code::FilesTooMany, file_bytes: limits::FILE_BYTES, refused: None };

#[derive(Template)]
#[template(path = "course/import.html")]
struct ImportPage<'a> {
    page: &'a Page,
    hint: String,
    files: Field,
}

impl<'a> ImportPage<'a> {
    async fn of(site: &Site, page: &'a Page) -> Result<Self, Error> {
        let free = size(page.language, site.files.room().await?);
        let most = size(page.language, limits::FILE_BYTES);
        let hint = page.language.text("course.import_file_hint", &[("most", &most), ("free", &free)]);
        Ok(Self { page, hint, files: Field::default() })
    }
}

pub(crate) async fn show(State(site): State<Site>, page: Page) -> Result<Response, Refusal> {
    staff(&page)?;
    Ok(page.show(&ImportPage::of(&site, &page).await?))
}

pub(crate) async fn submit(State(site): State<Site>, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let page = Page::of(&site, &parts).await?;
    staff(&page)?;
    let mut form = FileForm::open(Request::from_parts(parts, body)).await?;
    let page = page.at("/courses/import".to_owned());
    match take(&site, &page, &mut form).await {
        Ok(course) => Ok(back(course, "course.imported")),
        Err(error) => {
            form.drain().await;
            refused(&site, &page, error).await
        }
    }
}

async fn refused(site: &Site, page: &Page, error: Error) -> Result<Response, Refusal> {
    let is_told = matches!(
        error.code,
        Code::CourseArchiveForeign
            | Code::CourseArchiveDamaged
            | Code::CourseArchiveNewer
            | Code::FilesFull
            | Code::FileTooLarge
            | Code::FileMissing
            | Code::FileEmpty
            | Code::FilesTooMany
            | Code::StorageFull
    );
    if !is_told {
        return Err(error.into());
    }
    tracing::info!(code = error.code.name(), %error, "a course was not brought");
    let mut template = ImportPage::of(site, page).await?;
    template.files.refuse(page.language, &error);
    Ok(page.show_error(&error, &template))
}

async fn take(site: &Site, page: &Page, form: &mut FileForm) -> Result<CourseId, Error> {
    form.read(site, page, RULES).await?;
    let teacher = page.signed_in()?.person.id;
    let (mut archives, _) = form.take_files(teacher);
    let archive = archives.pop().ok_or(Code::FileMissing)?;
    let Brought { course, meetings, files } = course_archive::read(&site.files, &archive, teacher).await?;
    let store = site.store.clone();
    let brought = async move { store.bring_course(course, meetings, teacher, &mut SystemRandom).await };
    Ok(site.files.keep(files, brought).await?.id)
}

fn staff(page: &Page) -> Result<(), Error> {
    if page.signed_in()?.person.kind.is_staff() { Ok(()) } else { Err(Code::NotAllowed.into()) }
}
