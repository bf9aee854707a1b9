//! A question with what somebody answered and what is right, as students and teachers look at it
//! afterwards.

use base::id::QuestionId;
use base::marking::{Solution, chosen};
use base::score::Score;
use store::{Answers, Question};

use crate::i18n::Language;
use crate::site::material::markdown;

/// What is told besides the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tell {
    /// What it earned.
    Score,
    /// Also what is right.
    Solution,
}

/// A question that was answered, or not.
pub(super) struct Answered {
    pub(super) id: QuestionId,
    /// Its place, counted from 1.
    pub(super) number: usize,
    /// What it asks, as HTML of ours.
    pub(super) html: String,
    /// Such as "2 of 3 points".
    pub(super) earned: String,
    /// `right`, `part` or `wrong`, for the looks.
    pub(super) mark: &'static str,
    /// The same in a word.
    pub(super) verdict: &'static str,
    /// What could be chosen.
    pub(super) choices: Vec<Shown>,
    /// What was typed, where nothing could be chosen.
    pub(super) typed: Option<String>,
    /// What is right, where nothing could be chosen and it is told.
    pub(super) right: Option<String>,
    /// Whether this was typed, is wrong, and a teacher could take it for right.
    pub(super) may_accept: bool,
}

/// A choice.
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) is_chosen: bool,
    /// Whether it is told to be right.
    pub(super) is_right: bool,
}

pub(super) fn all(
    language: Language,
    questions: &[Question],
    answers: &Answers,
    tell: Tell,
) -> Vec<Answered> {
    (1..).zip(questions).map(|(number, question)| one(language, number, question, answers, tell)).collect()
}

fn one(language: Language, number: usize, question: &Question, answers: &Answers, tell: Tell) -> Answered {
    let draft = &question.draft;
    let score = question.earned(answers);
    let answer = answers.get(&question.id).map(String::as_str);
    let (mark, key) = match score {
        Score(0) if answer.is_none() => ("wrong", "quiz.unanswered"),
        Score(0) => ("wrong", "quiz.wrong"),
        score if score.0 < draft.points * 100 => ("part", "quiz.partly_right"),
        _ => ("right", "quiz.right"),
    };
    let told = tell == Tell::Solution;
    let picked = chosen(answer.unwrap_or_default());
    let choice = |(place, text): (usize, &String)| Shown {
        text: text.clone(),
        is_chosen: picked.contains(&place),
        is_right: told && is_right(&draft.solution, place),
    };
    let is_typed = !draft.kind().has_choices();
    Answered {
        id: question.id,
        number,
        html: markdown::render(&draft.text),
        earned: earned(language, score, draft.points),
        mark,
        verdict: language.t(key),
        choices: (1..).zip(&draft.choices).map(choice).collect(),
        typed: answer.filter(|_| is_typed).map(str::to_owned),
        right: (told && is_typed).then(|| solution(language, &draft.solution)),
        may_accept: matches!(draft.solution, Solution::Text(_)) && answer.is_some() && score == Score(0),
    }
}

/// "Score 2.5 of 4".
pub(super) fn earned(language: Language, score: Score, points: i64) -> String {
    let args = [("score", language.score(score)), ("points", points.to_string())];
    language.text("submission.score_of", &args.each_ref().map(|(name, value)| (*name, value.as_str())))
}

/// Whether a choice, counted from 1, is right.
pub(super) fn is_right(solution: &Solution, place: usize) -> bool {
    match solution {
        Solution::Single(right) => *right == place,
        Solution::Multiple(right) => right.contains(&place),
        Solution::Number(..) | Solution::Text(_) => false,
    }
}

/// What is right, where nothing can be chosen.
pub(super) fn solution(language: Language, solution: &Solution) -> String {
    match solution {
        Solution::Number(number, tolerance) if tolerance.0 == 0 => language.decimal(*number),
        Solution::Number(number, tolerance) => {
            format!("{} ± {}", language.decimal(*number), language.decimal(*tolerance))
        }
        Solution::Text(spellings) => spellings.join(" / "),
        Solution::Single(_) | Solution::Multiple(_) => String::new(),
    }
}
