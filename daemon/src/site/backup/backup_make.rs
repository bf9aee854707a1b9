//! `/setup/backup`: everything as one file, for a technician who makes sure with a password; and the
//! copies that the box makes by itself.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use base::{Code, Error};
use http::header;

use crate::backup::DailyCopy;
use crate::files::disposition;
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::material::section::size;
use crate::site::page::Page;
use crate::site::refusal::Refusal;
use crate::site::setup::{journal, technician};

#[derive(Template)]
#[template(path = "backup/make.html")]
struct BackupPage<'a> {
    page: &'a Page,
    /// About how large a backup is.
    size: String,
    copies: Vec<DailyCopy>,
    has_password: bool,
    password: Field,
    problem: Option<String>,
}

impl<'a> BackupPage<'a> {
    async fn of(site: &Site, page: &'a Page) -> Result<Self, Error> {
        Ok(Self {
            page,
            size: size(page.language, site.backup.size_bytes()),
            copies: site.backup.copies().await?,
            has_password: page.signed_in()?.person.login.is_some(),
            password: Field::default(),
            problem: None,
        })
    }

    fn is_wrong(&self) -> bool {
        self.problem.is_some() || self.password.error.is_some()
    }

    fn made(&self, copy: &DailyCopy) -> String {
        self.page.language.date(copy.made_at)
    }

    fn size(&self, copy: &DailyCopy) -> String {
        size(self.page.language, copy.size_bytes)
    }

    fn refuse(&mut self, error: &Error) -> bool {
        let language = self.page.language;
        match error.code {
            Code::PasswordWrong | Code::SignInThrottled => self.password.refuse(language, error),
            Code::BackupBusy | Code::FilesFull | Code::StorageFull => {
                self.problem = Some(language.error(error));
            }
            _ => return false,
        }
        true
    }
}

pub(super) async fn show(State(site): State<Site>, page: Page) -> Result<Response, Refusal> {
    technician(&site, &page).await?;
    Ok(page.show(&BackupPage::of(&site, &page).await?))
}

pub(super) async fn make(State(site): State<Site>, form: Form) -> Result<Response, Refusal> {
    let page = &form.page;
    let person = technician(&site, page).await?;
    let made = if site.auth.confirm(&page.visitor, person, form.get("password")).await? {
        site.backup.make().await
    } else {
        Err(Code::PasswordWrong.into())
    };
    journal::log(person, "backup", made.as_ref().err());
    match made {
        Ok(body) => {
            let headers = [
                (header::CONTENT_TYPE, "application/zip".to_owned()),
                (header::CONTENT_DISPOSITION, disposition(false, &name(&site))),
                (header::CACHE_CONTROL, "no-store".to_owned()),
            ];
            Ok((headers, body).into_response())
        }
        Err(error) => {
            let mut template = BackupPage::of(&site, page).await?;
            if !template.refuse(&error) {
                return Err(error.into());
            }
            Ok(page.show_error(&error, &template))
        }
    }
}

/// Such as `kelas-backup-2026-11-29.zip`: the same in both languages, as files are sorted by it.
fn name(site: &Site) -> String {
    let day = crate::i18n::local::written(site.setup.now());
    format!("kelas-backup-{}.zip", day.split('T').next().unwrap_or_default())
}
