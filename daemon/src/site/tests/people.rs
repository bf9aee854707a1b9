//! The school's people: who may do what, cards, PINs, and rosters from the file to the sign-in.

mod rights;
mod roster;
mod signing_in;

use super::*;
use store::AccountDetails;

impl School {
    /// A student as a roster makes one.
    async fn pupil(&self, name: &str, number: &str, group: &str) -> PersonId {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let details =
            AccountDetails { name: name.into(), login: None, number: some(number), group: some(group) };
        self.store.create_account(PersonKind::Student, details).await.expect("a student")
    }

    async fn technician(&self) -> Person {
        self.person(PersonKind::Technician, "Pak Made").await
    }
}

/// What stands on the first card of a sheet: the path of its QR code cannot be read from a picture,
/// so it is asked for where it is made.
async fn card_path(school: &School, person: PersonId) -> String {
    let account = school.store.account(person).await.expect("read").expect("known");
    let cards = school.auth.cards().await.expect("cards");
    format!("/card/{}", cards.token(person, account.card))
}

/// Sends a form that makes PINs, and opens the sheet that it leads to.
async fn made(desk: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    let sent = desk.post(path, fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let address = sent.location().to_owned();
    desk.get(&address).await
}

/// The PINs on a sheet.
fn pins(answer: &Answer) -> Vec<String> {
    let found = answer.body.split("card-pin\">PIN <strong>").skip(1);
    found.map(|rest| rest.split('<').next().expect("a PIN").to_owned()).collect()
}
