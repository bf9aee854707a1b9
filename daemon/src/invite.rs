//! `kelasd invite`: a one-time sign-in link, printed for the first technician, a new teacher, or
//! somebody who has lost the password.
//!
//! May use: `auth`, `settings`, `store`. Used by: `main`. Whoever runs it can read the data
//! folder and is asked for nothing more.

use std::sync::Arc;

use base::clock::{Clock, SystemClock};
use base::id::PersonId;
use base::{Code, Error, Result, text};
use store::{NewPerson, PersonKind, Store};

use crate::args::{Invitation, InvitedRole};
use crate::auth::{Auth, Offer};
use crate::check;
use crate::exit::Exit;
use crate::settings::{self, Settings};

/// Makes the link and prints it on standard output.
pub(crate) fn run(invitation: &Invitation) -> Exit {
    let settings = match settings::read(&invitation.options, settings::environment()) {
        Ok(effective) => {
            check::tell_left_out(&effective.left_out);
            effective.settings
        }
        Err(problems) => return check::complain(&problems),
    };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let database = settings.data.join("kelas.sqlite");
    if !database.exists() {
        // Made here, it would perhaps belong to another user than the daemon's.
        return fail(
            &format_args!("there is no {}; start kelasd once first", database.display()),
            Exit::Storage,
        );
    }
    let store = match Store::open(database, Arc::clone(&clock)) {
        Ok(store) => store,
        Err(error) => return fail(&error, Exit::Storage),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error, Exit::Fault),
    };
    match runtime.block_on(offer(invitation, store, clock)) {
        Ok(token) => {
            println!("{}", address(&settings, &token));
            Exit::Stopped
        }
        Err(error) if error.code == Code::Internal => fail(&error, Exit::Storage),
        Err(error) => fail(&error, Exit::Usage),
    }
}

/// The link's secret, when it is safely stored.
async fn offer(invitation: &Invitation, store: Store, clock: Arc<dyn Clock>) -> Result<String> {
    let person = person(invitation, &store).await?;
    let auth = Auth::new(store.clone(), clock, Arc::new(|_| ()))?;
    let token = auth.offer_link(person, Offer::Invitation).await?;
    store.close().await?;
    Ok(token)
}

async fn person(invitation: &Invitation, store: &Store) -> Result<PersonId> {
    if let Some(login) = &invitation.login {
        let known = store.person_by_login(login).await?;
        let unknown = || Error::new(Code::NotFound).because("nobody signs in with this name");
        return known.map(|(person, _)| person.id).ok_or_else(unknown);
    }
    let kind = match invitation.role {
        Some(InvitedRole::Technician) => PersonKind::Technician,
        Some(InvitedRole::Teacher) | None => PersonKind::Teacher,
    };
    let name = text::name(invitation.name.as_deref().unwrap_or_default())?;
    Ok(store.create_person(NewPerson { kind, name, login: None, password: None }).await?.id)
}

/// By the box's first name, at the port that it listens on.
fn address(settings: &Settings, token: &str) -> String {
    let name = settings.names.first().map_or("kelas.internal", String::as_str);
    let port = settings.listen_https.first().map_or(443, std::net::SocketAddr::port);
    let port = if port == 443 { String::new() } else { format!(":{port}") };
    format!("https://{name}{port}/link/{token}")
}

fn fail(error: &dyn std::fmt::Display, exit: Exit) -> Exit {
    eprintln!("kelasd: no link: {error}");
    exit
}
