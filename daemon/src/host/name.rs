//! The machine's name in the network, as it stands in `/etc/hostname`.
//!
//! May use: `base`. Used by: `host`, `setup`.

use std::fmt;

use base::{Code, Error, Result};

/// Bytes of a label (RFC 1035, 2.3.4).
const MOST: usize = 63;

/// A label of lower-case letters, digits and dashes (RFC 952, RFC 1123 2.1), 1 to 63 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HostName(String);

#[allow(dead_code, reason = "the wizard asks for it")]
impl HostName {
    /// A name as typed; case and space around it do not matter.
    ///
    /// # Errors
    /// `host_name_invalid`.
    pub(crate) fn parse(raw: &str) -> Result<Self> {
        let name = raw.trim().to_ascii_lowercase();
        let is_label = (1..=MOST).contains(&name.len())
            && !name.starts_with('-')
            && !name.ends_with('-')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if is_label { Ok(Self(name)) } else { Err(Error::new(Code::HostNameInvalid).with("most", MOST)) }
    }

    /// The name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_label() {
        assert_eq!(HostName::parse(" SMPN-3 ").expect("a label").as_str(), "smpn-3");
        for wrong in ["", " ", "-a", "a-", "a.b", "a b", "a_b", "kélas", "a\nb", &"x".repeat(64)] {
            assert_eq!(HostName::parse(wrong).expect_err(wrong).code, Code::HostNameInvalid, "{wrong:?}");
        }
    }
}
