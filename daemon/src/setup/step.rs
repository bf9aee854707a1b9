//! The steps of the wizard and their order.
//!
//! May use: nothing. Used by: `draft`, `site::setup`.

/// A step that somebody answers. The language comes before the count of seven: it is asked over
/// plain HTTP too, where nothing else may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// In which language the box speaks.
    Language,
    /// Whose the box is.
    Claim,
    /// The school's name, and the box's.
    School,
    /// The Wi-Fi for the class.
    Wifi,
    /// The cable.
    Wired,
    /// The clock.
    Time,
    /// By which certificate the box is trusted.
    Certificate,
    /// Everything once more, and the button that applies it.
    Review,
}

impl Step {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 8] = [
        Self::Language,
        Self::Claim,
        Self::School,
        Self::Wifi,
        Self::Wired,
        Self::Time,
        Self::Certificate,
        Self::Review,
    ];

    /// Its name: the last part of its path, and of its texts' keys.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Claim => "claim",
            Self::School => "school",
            Self::Wifi => "wifi",
            Self::Wired => "wired",
            Self::Time => "time",
            Self::Certificate => "certificate",
            Self::Review => "review",
        }
    }

    /// Where it is answered.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Language => "/setup/language",
            Self::Claim => "/setup/claim",
            Self::School => "/setup/school",
            Self::Wifi => "/setup/wifi",
            Self::Wired => "/setup/wired",
            Self::Time => "/setup/time",
            Self::Certificate => "/setup/certificate",
            Self::Review => "/setup/review",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_stand_in_their_order_and_each_has_its_path() {
        assert!(Step::ALL.is_sorted());
        for step in Step::ALL {
            assert_eq!(step.path(), format!("/setup/{}", step.name()));
        }
    }
}
