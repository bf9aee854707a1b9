//! The sorts of failure, and the HTTP status of each.

/// What sort of failure it is; the HTTP status follows from it alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request cannot be understood or breaks a rule: change it before trying again.
    Invalid,
    /// Nobody is signed in.
    Unauthenticated,
    /// Somebody is signed in who may not do this.
    Forbidden,
    /// There is no such thing, or it is not to be known.
    NotFound,
    /// The method is not one that the address answers.
    Method,
    /// The state of things forbids it now.
    Conflict,
    /// It was there and is no more.
    Gone,
    /// More bytes than the limit.
    TooLarge,
    /// The request did not arrive in time.
    Timeout,
    /// A form of content that is not understood.
    MediaType,
    /// More often than the limit.
    TooMany,
    /// The disk has no room.
    Full,
    /// Not now: starting, stopping or overloaded.
    Unavailable,
    /// Our fault; the journal knows more.
    Internal,
}

impl Kind {
    /// The HTTP status (RFC 9110, 15; RFC 6585 for 429; RFC 4918 for 507).
    pub const fn status(self) -> u16 {
        match self {
            Self::Invalid => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Method => 405,
            Self::Timeout => 408,
            Self::Conflict => 409,
            Self::Gone => 410,
            Self::TooLarge => 413,
            Self::MediaType => 415,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
            Self::Full => 507,
        }
    }
}
