//! PINs that were just made, for the browser that made them: a page that is loaded again, because a
//! phone forgot it while something was printed or because somebody pulled it down, shows the same
//! ones and makes no others; and a button that is pressed twice makes them once.
//!
//! In memory alone, for a quarter of an hour; in the database there are hashes.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use base::clock::Monotonic;
use base::id::{PersonId, SessionId};
use base::random::{Random as _, SystemRandom};
use base::{Code, Error, Result, limits};
use tokio::sync::Semaphore;

use super::Auth;

/// Characters of a wish (`Random::token`).
const WISH_CHARACTERS: usize = 22;

/// One press of a button: which browser, and what tells it from the other times. A form carries it,
/// so that the same form that is sent twice is one wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PinWish {
    session: SessionId,
    text: String,
}

impl PinWish {
    /// What a form is made with.
    pub(crate) fn text() -> String {
        SystemRandom.token()
    }

    /// The wish that a form carries, or a new one if it carries none of ours.
    pub(crate) fn of(session: SessionId, text: &str) -> Self {
        let is_ours = text.len() == WISH_CHARACTERS
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        Self { session, text: if is_ours { text.to_owned() } else { Self::text() } }
    }

    /// As it stands in the address of the page that shows the PINs.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

/// What else becomes void.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Along {
    /// The old PINs alone.
    Nothing,
    /// The cards, and whoever uses them is signed out.
    Cards,
}

/// What a wish has made, in the order in which they were made.
pub(super) struct PinSheets {
    /// One at a time, so that the second of two equal wishes finds what the first has made.
    making: Semaphore,
    sheets: Mutex<VecDeque<Sheet>>,
}

struct Sheet {
    wish: PinWish,
    people: Vec<PersonId>,
    made: Monotonic,
    pins: Vec<(PersonId, String)>,
}

impl Default for PinSheets {
    fn default() -> Self {
        Self { making: Semaphore::new(1), sheets: Mutex::default() }
    }
}

impl PinSheets {
    /// The sheets of a wish that are still shown. A list of students is one form with many buttons,
    /// so there may be several.
    fn of<T>(&self, now: Monotonic, wish: &PinWish, read: impl Fn(&Sheet) -> T) -> Vec<T> {
        let mut sheets = self.sheets.lock().unwrap_or_else(PoisonError::into_inner);
        sheets.retain(|sheet| now.since(sheet.made) < limits::PIN_SHEET_MS);
        sheets.iter().filter(|sheet| sheet.wish == *wish).map(read).collect()
    }

    fn keep(&self, sheet: Sheet) {
        let mut sheets = self.sheets.lock().unwrap_or_else(PoisonError::into_inner);
        if sheets.len() >= limits::PIN_SHEETS {
            sheets.pop_front();
        }
        sheets.push_back(sheet);
    }

    /// PINs of these are void: no page shows them any more.
    pub(super) fn forget(&self, people: &[PersonId]) {
        let mut sheets = self.sheets.lock().unwrap_or_else(PoisonError::into_inner);
        for sheet in sheets.iter_mut() {
            sheet.pins.retain(|(person, _)| !people.contains(person));
        }
    }
}

impl Auth {
    /// Gives each of these students a new PIN, once for each wish.
    pub(crate) async fn make_pins(&self, wish: &PinWish, people: &[PersonId], along: Along) -> Result<()> {
        let sheets = &self.0.pin_sheets;
        let permit = sheets.making.acquire().await;
        let _permit = permit.map_err(|closed| Error::new(Code::Internal).because(closed))?;
        let has_all = |sheet: &Sheet| people.iter().all(|person| sheet.people.contains(person));
        if sheets.of(self.0.clock.monotonic(), wish, has_all).contains(&true) {
            return Ok(());
        }
        if along == Along::Cards {
            for person in people {
                self.renew_card(*person).await?;
            }
        }
        let pins = self.renew_pins(people).await?;
        let made = self.0.clock.monotonic();
        sheets.keep(Sheet { wish: wish.clone(), people: people.to_vec(), made, pins });
        Ok(())
    }

    /// The PINs that this wish has made, for a quarter of an hour and for its browser alone; without
    /// those that another wish has made void. `None` if there is nothing to show any more.
    pub(crate) fn made_pins(&self, wish: &PinWish) -> Option<Vec<(PersonId, String)>> {
        let sheets = self.0.pin_sheets.of(self.0.clock.monotonic(), wish, |sheet| sheet.pins.clone());
        if sheets.is_empty() { None } else { Some(sheets.concat()) }
    }
}
