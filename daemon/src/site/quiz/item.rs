//! What the answers of a class say about each question: pure counting.

use std::collections::BTreeMap;

use base::marking::{chosen, plain};
use base::score::Score;
use store::{Answers, Question, score_of};

/// From so many attempts on, halves of a class say something.
const HALVES: usize = 4;

/// What is known about a question.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    /// Of all that could be earned, how much was, in percent. Nothing if nobody has taken the quiz.
    pub(super) percent: Option<f64>,
    /// By how many percentage points the better half of the class did better than the other half.
    pub(super) apart: Option<f64>,
    /// How many left it out.
    pub(super) unanswered: usize,
    /// How many chose each choice.
    pub(super) choices: Vec<usize>,
    /// What was typed, and by how many; the most frequent first.
    pub(super) typed: Vec<Typed>,
}

/// An answer that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) text: String,
    pub(super) count: usize,
    pub(super) is_right: bool,
}

/// Looks at each question in the attempts that count.
pub(super) fn items(questions: &[Question], taken: &[&Answers]) -> Vec<Item> {
    let mut ranked = taken.to_vec();
    ranked.sort_by_key(|answers| score_of(questions, answers));
    questions.iter().map(|question| item(question, &ranked)).collect()
}

fn item(question: &Question, ranked: &[&Answers]) -> Item {
    let given = || ranked.iter().filter_map(|answers| answers.get(&question.id));
    let half = ranked.len() / 2;
    let apart = (ranked.len() >= HALVES).then(|| {
        let better = percent(question, &ranked[ranked.len() - half..]);
        Some(better? - percent(question, &ranked[..half])?)
    });
    let count = |place| given().filter(|answer| chosen(answer).contains(&place)).count();
    Item {
        percent: percent(question, ranked),
        apart: apart.flatten(),
        unanswered: ranked.len() - given().count(),
        choices: (1..=question.draft.choices.len()).map(count).collect(),
        typed: if question.draft.kind().has_choices() { Vec::new() } else { typed(question, given()) },
    }
}

#[allow(clippy::cast_precision_loss, reason = "points of a class are far below 2^52")]
fn percent(question: &Question, of: &[&Answers]) -> Option<f64> {
    let earned: i64 = of.iter().map(|answers| question.earned(answers).0).sum();
    let possible = question.draft.points * i64::try_from(of.len()).ok()?;
    (possible > 0).then(|| earned as f64 / possible as f64)
}

fn typed<'a>(question: &Question, given: impl Iterator<Item = &'a String>) -> Vec<Typed> {
    let mut counts: BTreeMap<String, Typed> = BTreeMap::new();
    for text in given {
        let is_right = question.draft.solution.earned(text, 1) > Score(0);
        let alike = counts.entry(plain(text)).or_insert(Typed { text: text.clone(), count: 0, is_right });
        alike.count += 1;
    }
    let mut all: Vec<Typed> = counts.into_values().collect();
    all.sort_by_key(|typed| std::cmp::Reverse(typed.count));
    all
}

#[cfg(test)]
mod tests {
    use base::id::{QuestionId, QuizId};
    use base::marking::Solution;
    use store::QuestionDraft;

    use super::*;

    fn question(id: i64, choices: usize, solution: Solution) -> Question {
        let choices = (0..choices).map(|number| format!("{number}")).collect();
        let draft = QuestionDraft { text: "?".into(), points: 2, choices, solution };
        Question { id: QuestionId(id), quiz: QuizId(1), draft }
    }

    fn answers(choice: &str, text: &str) -> Answers {
        let given = [(1, choice), (2, text)].into_iter().filter(|(_, answer)| !answer.is_empty());
        given.map(|(id, answer)| (QuestionId(id), answer.to_owned())).collect()
    }

    #[test]
    fn counts_shares_and_halves_are_those_of_the_class() {
        let questions =
            [question(1, 3, Solution::Single(2)), question(2, 0, Solution::Text(vec!["newton".into()]))];
        let class = [
            answers("2", "Newton"),
            answers("2", "newton "),
            answers("2", "Neuton"),
            answers("1", ""),
            answers("3", "Neuton"),
        ];
        let taken: Vec<&Answers> = class.iter().collect();
        let [choice, text] = items(&questions, &taken).try_into().expect("two");
        assert_eq!((choice.percent, choice.choices, choice.unanswered), (Some(60.0), vec![1, 3, 1], 0));
        // The two best against the two last; who stands between counts for neither.
        assert_eq!((choice.apart, text.apart), (Some(100.0), Some(100.0)));
        assert_eq!((text.percent, text.unanswered), (Some(40.0), 1));
        let typed = |text: &str, count, is_right| Typed { text: text.into(), count, is_right };
        assert_eq!(text.typed, [typed("Neuton", 2, false), typed("Newton", 2, true)]);
    }

    #[test]
    fn of_nobody_and_of_few_nothing_is_said() {
        let questions = [question(1, 3, Solution::Single(2))];
        let nobody = &items(&questions, &[])[0];
        assert_eq!((nobody.percent, nobody.apart, nobody.choices.as_slice()), (None, None, &[0, 0, 0][..]));
        let one = answers("2", "");
        let few = &items(&questions, &[&one, &one, &one])[0];
        assert_eq!((few.percent, few.apart), (Some(100.0), None));
    }
}
