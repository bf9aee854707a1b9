//! What the page of every step has: where one is, the way back, and what was seen of the answer.

use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Code, Error};

use crate::hotspot::Manager;
use crate::i18n::Language;
use crate::setup::{Draft, Step};
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::page::Page;

/// The frame of a step.
pub(super) struct Frame {
    step: Step,
    /// The steps of this box that are counted.
    steps: Vec<Step>,
    /// What the form must carry of the answer that it was made from.
    pub(super) seen: String,
    /// A sentence that belongs to no field.
    pub(super) problem: Option<String>,
    /// Whether something beside a field is wrong.
    pub(super) is_wrong: bool,
    pretends: bool,
}

impl Frame {
    pub(super) fn new(site: &Site, step: Step, draft: &Draft) -> Self {
        let counted = Step::ALL.into_iter().filter(|step| *step != Step::Language && site.setup.asks(*step));
        Self {
            step,
            steps: counted.collect(),
            seen: draft.mark(step),
            problem: None,
            is_wrong: false,
            pretends: site.setup.network().manager == Manager::Pretended,
        }
    }

    /// The step's path, where its form goes.
    pub(super) const fn path(&self) -> &'static str {
        self.step.path()
    }

    /// Its heading.
    pub(super) fn title(&self, page: &Page) -> &'static str {
        page.t(&format!("setup.{}.title", self.step.name()))
    }

    /// What it is for.
    pub(super) fn lead(&self, page: &Page) -> &'static str {
        page.t(&format!("setup.{}.lead", self.step.name()))
    }

    /// "Step 3 of 7".
    pub(super) fn count(&self, page: &Page) -> String {
        let (number, all) = (self.number().to_string(), self.steps.len().to_string());
        page.language.text("setup.count", &[("number", &number), ("all", &all)])
    }

    /// For each step whether it lies before this one, is this one, or comes after it.
    pub(super) fn marks(&self) -> impl Iterator<Item = &'static str> {
        self.steps.iter().map(|step| match step.cmp(&self.step) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "here",
            std::cmp::Ordering::Greater => "open",
        })
    }

    /// The step before; none where nothing before can be changed any more.
    pub(super) fn back(&self) -> Option<&'static str> {
        let before = self.steps.iter().rev().find(|step| **step < self.step)?;
        (*before != Step::Claim).then(|| before.path())
    }

    /// Whether the network is only pretended.
    pub(super) const fn pretends(&self) -> bool {
        self.pretends
    }

    /// Says what belongs to no field: `true` if it is one of those that a form tells.
    pub(super) fn refuse(&mut self, language: Language, error: &Error) -> bool {
        let told = matches!(error.code, Code::SetupStale | Code::NetworkTrialOpen);
        if told {
            self.problem = Some(language.error(error));
            self.is_wrong = true;
        }
        told
    }

    /// Puts the error beside `field`.
    pub(super) fn refuse_field(&mut self, field: &mut Field, language: Language, error: &Error) {
        field.refuse(language, error);
        self.is_wrong = true;
    }

    fn number(&self) -> usize {
        self.steps.iter().position(|step| *step == self.step).map_or(1, |at| at + 1)
    }
}

/// Keeps an answer and goes on: to the next step, or back to the review if nothing is open.
pub(super) async fn keep(
    site: &Site,
    form: &Form,
    step: Step,
    answer: impl FnOnce(&mut Draft) + Send + 'static,
) -> Result<Response, Error> {
    let kept = site.setup.answer(step, form.get("seen"), answer).await?;
    Ok(Redirect::to(following(site, step, &kept.draft).path()).into_response())
}

/// The step after `step` on this box.
pub(super) fn following(site: &Site, step: Step, draft: &Draft) -> Step {
    if site.setup.open_step(draft) == Step::Review {
        return Step::Review;
    }
    let mut following = Step::ALL.into_iter().filter(|next| *next > step && site.setup.asks(*next));
    let leaves = draft.answers(Step::Wired) && draft.wired.is_none();
    following.find(|next| !(leaves && *next == Step::Wired)).unwrap_or(Step::Review)
}
