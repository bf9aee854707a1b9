//! The wizard, from a box that belongs to nobody to a school's.

mod after;
mod before;
mod change;
mod network;

use super::*;
use crate::setup::Progress;

/// What a technician types to claim the box.
const CLAIM: [(&str, &str); 4] = [
    ("name", "Pak Made"),
    ("login", "teknisi"),
    ("password", "kata sandi panjang"),
    ("again", "kata sandi panjang"),
];
const WIFI: [(&str, &str); 6] = [
    ("wifi", "own"),
    ("country", "ID"),
    ("ssid", "SMPN 3"),
    ("protection", "wpa2"),
    ("passphrase", "rahasia sekali"),
    ("channel", "2-6"),
];

fn pretends(pretence: Pretence) -> Look {
    Look { networking: Networking::Pretend(pretence), ..Look::default() }
}

impl School {
    /// A box that belongs to nobody, once its network has been seen.
    async fn unclaimed(look: &Look) -> Self {
        let school = Self::new(look);
        if look.networking != Networking::None {
            let mut status = school.hotspot.status();
            status.wait_for(|status| status.observed.is_some()).await.expect("the keeper lives");
        }
        school
    }

    /// Waits until the change on its way has come so far.
    async fn comes_to(&self, stage: &str) -> Progress {
        let mut progress = self.setup.follow();
        let reached = progress.wait_for(|progress| progress.stage().name() == stage).await;
        reached.expect("the wizard lives").clone()
    }
}

impl Browser<'_> {
    /// Makes the box this browser's.
    async fn claim(&mut self) {
        self.get("/setup/claim").await;
        let answer = self.post("/setup/claim", &CLAIM).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, "/setup/school"),
            "{}",
            answer.body
        );
    }

    /// Looks at the step and answers it.
    async fn answer(&mut self, step: &str, fields: &[(&str, &str)]) -> Answer {
        let path = format!("/setup/{step}");
        let page = self.get(&path).await;
        let seen = page.seen();
        let fields: Vec<_> = fields.iter().copied().chain([("seen", seen.as_str())]).collect();
        self.post(&path, &fields).await
    }

    /// The same, which is taken and leads to `next`.
    async fn answers(&mut self, step: &str, fields: &[(&str, &str)], next: &str) {
        let answer = self.answer(step, fields).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, next), "{}", answer.body);
    }

    /// From the claim to the review.
    async fn walk_to_review(&mut self) {
        self.claim().await;
        self.answers("school", &[("school", "SMP Negeri 3"), ("box_name", "smpn3")], "/setup/wifi").await;
        self.answers("wifi", &WIFI, "/setup/wired").await;
        self.answers("wired", &[("wired", "none")], "/setup/time").await;
        self.answers("time", &[("action", "keep")], "/setup/certificate").await;
        self.answers("certificate", &[], "/setup/review").await;
    }

    /// Applies what the review shows.
    async fn apply(&mut self) -> Answer {
        let seen = self.get("/setup/review").await.seen();
        self.post("/setup/apply", &[("seen", &seen)]).await
    }
}

impl Answer {
    /// What the page's form has seen of the answer.
    fn seen(&self) -> String {
        let (_, rest) = self.body.split_once("name=\"seen\" value=\"").unwrap_or_default();
        rest.split('"').next().unwrap_or_default().to_owned()
    }
}
