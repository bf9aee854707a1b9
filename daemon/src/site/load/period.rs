//! How far back the history looks.

use axum::extract::{FromRequestParts, Query};
use base::clock::Timestamp;
use base::{Code, Error};
use http::request::Parts;
use serde::Deserialize;

use crate::load::Range;
use crate::site::Site;
use crate::site::refusal::Refusal;

const HOUR_MS: i64 = 60 * 60 * 1_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A stretch of time up to now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Period {
    Hour,
    #[default]
    Day,
    Week,
    Month,
    Term,
    Years,
}

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// How far back.
    #[serde(default)]
    pub(super) range: Period,
    /// Given: every measure, of an export.
    pub(super) all: Option<String>,
}

impl FromRequestParts<Site> for Asked {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Self, Refusal> {
        let query = Query::<Self>::try_from_uri(&parts.uri);
        let Query(asked) = query.map_err(|error| Error::new(Code::BadRequest).because(error))?;
        Ok(asked)
    }
}

impl Period {
    /// All, the shortest first.
    pub(super) const ALL: [Self; 6] =
        [Self::Hour, Self::Day, Self::Week, Self::Month, Self::Term, Self::Years];

    /// Its name in addresses and catalogues.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Term => "term",
            Self::Years => "years",
        }
    }

    /// Whether single people can be told apart on its axis.
    pub(super) const fn shows_people(self) -> bool {
        matches!(self, Self::Hour | Self::Day)
    }

    /// From when until when, at `now`.
    pub(super) fn range(self, now: Timestamp) -> Range {
        let long = match self {
            Self::Hour => HOUR_MS,
            Self::Day => DAY_MS,
            Self::Week => 7 * DAY_MS,
            Self::Month => 31 * DAY_MS,
            Self::Term => 183 * DAY_MS,
            Self::Years => 5 * 366 * DAY_MS,
        };
        Range { from: now.plus(-long), until: now.plus(1) }
    }
}
