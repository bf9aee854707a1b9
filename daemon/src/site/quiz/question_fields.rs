//! The fields of a question: what a form shows of it, and what one that was sent says.

use std::collections::BTreeSet;

use base::decimal::Decimal;
use base::marking::Solution;
use base::{Code, Error, limits, score, text};
use store::{QuestionDraft, QuestionKind};

use super::quiz_teach::word;
use crate::i18n::Language;
use crate::site::form::{Field, Form};
use crate::site::page::Page;

/// Rows for choices that a new question shows; more appear when they are full.
const USUAL_CHOICES: usize = 5;

/// What a form shows.
pub(super) struct Fields {
    pub(super) kind: QuestionKind,
    pub(super) text: Field,
    pub(super) points: Field,
    pub(super) choices: Vec<ChoiceField>,
    /// What is wrong with the choices, or with which of them is right.
    pub(super) choices_error: Option<String>,
    pub(super) number: Field,
    pub(super) tolerance: Field,
    pub(super) spellings: Field,
}

/// A row for one choice.
pub(super) struct ChoiceField {
    /// Counted from 1.
    pub(super) place: usize,
    pub(super) text: String,
    pub(super) is_right: bool,
}

impl Fields {
    /// Of a new question.
    pub(super) fn empty(kind: QuestionKind) -> Self {
        Self {
            kind,
            text: Field::default(),
            points: Field::holding("1"),
            choices: rows(Vec::new(), &BTreeSet::new()),
            choices_error: None,
            number: Field::default(),
            tolerance: Field::holding("0"),
            spellings: Field::default(),
        }
    }

    /// Of one that is there.
    pub(super) fn of(draft: &QuestionDraft, language: Language) -> Self {
        let mut fields = Self::empty(draft.kind());
        fields.text = Field::holding(&draft.text);
        fields.points = Field::holding(&draft.points.to_string());
        let mut right = BTreeSet::new();
        match &draft.solution {
            Solution::Single(one) => right = BTreeSet::from([*one]),
            Solution::Multiple(several) => right.clone_from(several),
            Solution::Number(number, tolerance) => {
                fields.number = Field::holding(&language.decimal(*number));
                fields.tolerance = Field::holding(&language.decimal(*tolerance));
            }
            Solution::Text(spellings) => fields.spellings = Field::holding(&spellings.join("\n")),
        }
        fields.choices = rows(draft.choices.clone(), &right);
        fields
    }

    /// Of one that was sent.
    pub(super) fn sent(form: &Form, kind: QuestionKind) -> Self {
        let holding = |name| Field::holding(form.get(name));
        let texts = (1..=limits::CHOICES).map(|place| form.get(&format!("choice-{place}")).to_owned());
        let texts: Vec<String> = texts.collect();
        let filled = texts.iter().rposition(|text| !text.trim().is_empty()).map_or(0, |last| last + 1);
        Self {
            kind,
            text: holding("text"),
            points: holding("points"),
            choices: rows(texts.into_iter().take(filled).collect(), &ticked(form)),
            choices_error: None,
            number: holding("number"),
            tolerance: holding("tolerance"),
            spellings: holding("spellings"),
        }
    }

    /// What the kind is called.
    pub(super) fn word(&self, page: &Page) -> &'static str {
        word(page, self.kind)
    }

    /// Puts the error by the field that it is about. False if it is about none.
    pub(super) fn refuse(&mut self, language: Language, error: &Error) -> bool {
        let field = match (error.code, self.kind) {
            (Code::QuestionEmpty | Code::QuestionTooLong | Code::QuestionsTooMany | Code::QuizBegun, _) => {
                &mut self.text
            }
            (Code::PointsInvalid, _) => &mut self.points,
            (
                Code::ChoicesTooFew | Code::ChoicesAlike | Code::SolutionMissing | Code::ChoiceTooLong,
                kind,
            ) if kind.has_choices() => {
                self.choices_error = Some(language.error(error));
                return true;
            }
            (Code::SolutionMissing | Code::ChoiceTooLong | Code::SpellingsTooMany, QuestionKind::Text) => {
                &mut self.spellings
            }
            (Code::NumberUnreadable, _) if Decimal::read(&self.number.value).is_ok() => &mut self.tolerance,
            (Code::SolutionMissing | Code::NumberUnreadable, _) => &mut self.number,
            _ => return false,
        };
        field.refuse(language, error);
        true
    }
}

/// What a form that was sent says.
pub(super) fn draft(form: &Form, kind: QuestionKind) -> Result<QuestionDraft, Error> {
    let text = text::question(form.get("text"))?;
    let points = score::counted(form.get("points"), limits::QUESTION_POINTS, Code::PointsInvalid)?;
    let mut choices = Vec::new();
    let solution = match kind {
        QuestionKind::Single | QuestionKind::Multiple => {
            let right;
            (choices, right) = chosen(form)?;
            match (kind, right.first()) {
                (_, None) => return Err(Code::SolutionMissing.into()),
                (QuestionKind::Single, Some(one)) => Solution::Single(*one),
                (_, Some(_)) => Solution::Multiple(right),
            }
        }
        QuestionKind::Number => number(form)?,
        QuestionKind::Text => Solution::Text(spellings(form.get("spellings"))?),
    };
    Ok(QuestionDraft { text, points, choices, solution })
}

/// The choices without the rows that were left blank, and which of them are right.
fn chosen(form: &Form) -> Result<(Vec<String>, BTreeSet<usize>), Error> {
    let ticked = ticked(form);
    let (mut choices, mut right) = (Vec::new(), BTreeSet::new());
    for place in 1..=limits::CHOICES {
        let Some(choice) = text::choice(form.get(&format!("choice-{place}")))? else { continue };
        choices.push(choice);
        if ticked.contains(&place) {
            right.insert(choices.len());
        }
    }
    if choices.len() < 2 {
        return Err(Code::ChoicesTooFew.into());
    }
    if choices.iter().collect::<BTreeSet<_>>().len() < choices.len() {
        return Err(Code::ChoicesAlike.into());
    }
    Ok((choices, right))
}

fn number(form: &Form) -> Result<Solution, Error> {
    if form.get("number").trim().is_empty() {
        return Err(Code::SolutionMissing.into());
    }
    let tolerance = match form.get("tolerance").trim() {
        "" => Decimal(0),
        typed => Decimal(Decimal::read(typed)?.0.abs()),
    };
    Ok(Solution::Number(Decimal::read(form.get("number"))?, tolerance))
}

fn spellings(typed: &str) -> Result<Vec<String>, Error> {
    let read: Result<Vec<_>, _> = typed.lines().map(text::choice).collect();
    let spellings: Vec<String> = read?.into_iter().flatten().collect();
    if spellings.is_empty() {
        return Err(Code::SolutionMissing.into());
    }
    if spellings.len() > limits::SPELLINGS {
        return Err(Error::new(Code::SpellingsTooMany).with("most", limits::SPELLINGS));
    }
    Ok(spellings)
}

/// The rows that were ticked as right, counted from 1.
fn ticked(form: &Form) -> BTreeSet<usize> {
    form.all("right").filter_map(|place| place.parse().ok()).collect()
}

fn rows(texts: Vec<String>, right: &BTreeSet<usize>) -> Vec<ChoiceField> {
    let count = (texts.len() + 1).clamp(USUAL_CHOICES, limits::CHOICES);
    let padded = texts.into_iter().chain(std::iter::repeat(String::new())).take(count);
    let row = |(place, text)| ChoiceField { place, text, is_right: right.contains(&place) };
    (1..).zip(padded).map(row).collect()
}
