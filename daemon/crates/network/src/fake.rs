//! A network that exists in memory only, for the tests of those who use the port, and for trying
//! the pages on a machine whose network is nobody's business.
//!
//! It follows the same plan as the real one and can be told to fail, to go away, and to let the
//! time to confirm run out. It proves nothing about NetworkManager.
//!
//! May use: the model, the plan, the port. Used by: tests, and the daemon where it is told to pretend.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base::limits::NETWORK_TRIAL_S;
use base::{Code, Error, Result};
use tokio::sync::watch;

use crate::model::{Activity, Connection, Observed, Ours, Profile, Role, Switch, Wanted};
use crate::plan::{Settling, Step, plan};
use crate::port::{Answer, Applied, Network, Status};

/// A network in memory.
#[derive(Debug)]
pub struct FakeNetwork {
    state: Mutex<State>,
    status: watch::Sender<Status>,
}

#[derive(Debug)]
struct State {
    observed: Observed,
    here: bool,
    trial: Option<Trial>,
    trials: u64,
    failures: VecDeque<Code>,
    fails_always: Option<Code>,
}

#[derive(Debug)]
struct Trial {
    before: Observed,
    settling: Vec<Settling>,
}

impl FakeNetwork {
    /// A network where `observed` is what there is.
    pub fn new(observed: Observed) -> Self {
        let status = watch::Sender::new(Status::Here(Arc::new(observed.clone())));
        let state = State {
            observed,
            here: true,
            trial: None,
            trials: 0,
            failures: VecDeque::new(),
            fails_always: None,
        };
        Self { state: Mutex::new(state), status }
    }

    /// Lets the next change fail with `code` after its first step, so that it has to be taken back.
    pub fn fail_next(&self, code: Code) {
        self.state().failures.push_back(code);
    }

    /// Lets every change that brings something up fail with `code`, for example because something
    /// else holds the radio.
    pub fn fail_always(&self, code: Code) {
        self.state().fails_always = Some(code);
    }

    /// Something else changed, for example a cable.
    pub fn change(&self, change: impl FnOnce(&mut Observed)) {
        let mut state = self.state();
        change(&mut state.observed);
        self.publish(&state);
    }

    /// The service goes away. What was only on trial is lost, as after a power cut.
    pub fn leave(&self) {
        let mut state = self.state();
        state.here = false;
        state.take_back();
        self.publish(&state);
    }

    /// The service is back.
    pub fn come_back(&self) {
        let mut state = self.state();
        state.here = true;
        self.publish(&state);
    }

    /// How many changes were on trial so far.
    pub fn trials(&self) -> u64 {
        self.state().trials
    }

    /// Nobody confirmed the `trial`th change in time. An earlier one leaves a later one alone.
    pub fn run_out_of_time(&self, trial: u64) {
        let mut state = self.state();
        if state.trials == trial {
            state.take_back();
        }
        self.publish(&state);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self, state: &State) {
        let status = if state.here { Status::Here(Arc::new(state.observed.clone())) } else { Status::Away };
        self.status.send_replace(status);
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> Result<T>) -> Result<T> {
        let mut state = self.state();
        if !state.here {
            return Err(Error::new(Code::NetworkUnavailable));
        }
        let result = act(&mut state);
        self.publish(&state);
        result
    }
}

impl Network for FakeNetwork {
    fn observe(&self) -> Answer<'_, Observed> {
        Box::pin(async { self.with(|state| Ok(state.observed.clone())) })
    }

    fn apply<'a>(&'a self, wanted: &'a Wanted) -> Answer<'a, Applied> {
        Box::pin(async { self.with(|state| state.apply(wanted)) })
    }

    fn take_up<'a>(&'a self, wanted: &'a Wanted) -> Answer<'a, Option<u32>> {
        Box::pin(async { self.with(|state| state.take_up(wanted)) })
    }

    fn confirm(&self) -> Answer<'_, ()> {
        Box::pin(async {
            self.with(|state| {
                let trial = state.trial.take().ok_or_else(|| Error::new(Code::NetworkTrialOver))?;
                for settling in trial.settling {
                    settle(&mut state.observed, settling);
                }
                Ok(())
            })
        })
    }

    fn roll_back(&self) -> Answer<'_, ()> {
        Box::pin(async {
            self.with(|state| {
                state.take_back().then_some(()).ok_or_else(|| Error::new(Code::NetworkTrialOver))
            })
        })
    }

    fn watch(&self) -> watch::Receiver<Status> {
        self.status.subscribe()
    }
}

impl State {
    fn apply(&mut self, wanted: &Wanted) -> Result<Applied> {
        if self.trial.is_some() {
            return Err(Error::new(Code::NetworkTrialOpen));
        }
        let plan = plan(&self.observed, wanted)?;
        if plan.is_empty() {
            return Ok(Applied::Unchanged);
        }
        self.trials += 1;
        self.trial = Some(Trial { before: self.observed.clone(), settling: plan.settling });
        for step in plan.steps {
            let brings_up = matches!(step, Step::Activate(_));
            carry_out(&mut self.observed, step);
            if let Some(code) = self.failures.pop_front().or(self.fails_always.filter(|_| brings_up)) {
                self.take_back();
                return Err(Error::new(code));
            }
        }
        Ok(Applied::OnTrial)
    }

    /// It has no clock: the whole time is left.
    fn take_up(&mut self, wanted: &Wanted) -> Result<Option<u32>> {
        if self.trial.is_none() {
            return Ok(None);
        }
        if plan(&self.observed, wanted)?.is_carried_out(&self.observed) {
            return Ok(Some(NETWORK_TRIAL_S));
        }
        self.take_back();
        Ok(None)
    }

    /// Whether there was something to take back.
    fn take_back(&mut self) -> bool {
        let Some(trial) = self.trial.take() else { return false };
        self.observed = trial.before;
        true
    }
}

/// What `step` makes of `observed`, if it succeeds.
pub fn carry_out(observed: &mut Observed, step: Step) {
    match step {
        Step::SwitchOn => observed.radios = Switch::On,
        Step::Deactivate(role) => {
            for profile in ours_mut(observed, role) {
                profile.activity = Activity::Idle;
            }
        }
        Step::Write(connection) => write(observed, connection),
        Step::Activate(role) => {
            for profile in ours_mut(observed, role) {
                profile.activity = Activity::Active;
            }
        }
    }
}

/// What `settling` makes of `observed`.
pub fn settle(observed: &mut Observed, settling: Settling) {
    match settling {
        Settling::Keep(role) => {
            for profile in ours_mut(observed, role) {
                profile.kept = true;
            }
        }
        Settling::Remove(role) => {
            observed.profiles.retain(|profile| profile.ours.as_ref().is_none_or(|ours| ours.role != role));
        }
    }
}

fn write(observed: &mut Observed, connection: Connection) {
    let role = connection.role();
    let ours = Some(Ours { role, connection: Some(connection) });
    if let Some(profile) = ours_mut(observed, role).next() {
        profile.ours = ours;
        profile.kept = false;
        return;
    }
    let uuid = format!("fake-{role:?}");
    observed.profiles.push(Profile { uuid, ours, kept: false, activity: Activity::Idle });
}

fn ours_mut(observed: &mut Observed, role: Role) -> impl Iterator<Item = &mut Profile> {
    let is_ours = move |profile: &&mut Profile| profile.ours.as_ref().is_some_and(|ours| ours.role == role);
    observed.profiles.iter_mut().filter(is_ours)
}
