//! How a person recognises the authority, and how Apple's devices install it.

use std::fmt::Write;

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use crate::authority::Authority;

/// What a device shows while it installs the profile; both in the reader's language.
#[derive(Clone, Copy, Debug)]
pub struct ProfileText<'a> {
    /// One line, beside which the authority's name stands.
    pub title: &'a str,
    /// A sentence or two about what the profile is for.
    pub description: &'a str,
}

impl Authority {
    /// SHA-256 of the certificate as pairs of hexadecimal digits with colons: what a person
    /// compares with what the device shows before installing.
    pub fn fingerprint(&self) -> String {
        let mut text = String::with_capacity(95);
        for (index, byte) in Sha256::digest(self.certificate_der()).iter().enumerate() {
            let colon = if index == 0 { "" } else { ":" };
            write!(text, "{colon}{byte:02X}").expect("writing to a String does not fail");
        }
        text
    }

    /// `ca.mobileconfig`: a configuration profile with the certificate
    /// (`application/x-apple-aspen-config`; Apple, "Configuration Profile Reference",
    /// `com.apple.security.root`). The same authority always gives the same identifiers, so
    /// installing again replaces instead of adding.
    pub fn mobile_profile(&self, text: ProfileText<'_>) -> String {
        let name = escape(self.name());
        let file = escape(&self.name().to_lowercase().replace(' ', "-"));
        let (title, description) = (escape(text.title), escape(text.description));
        let (profile, payload) = (self.uuid("profile"), self.uuid("certificate"));
        let certificate = BASE64.encode(self.certificate_der());
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>PayloadContent</key>
	<array>
		<dict>
			<key>PayloadCertificateFileName</key>
			<string>{file}.crt</string>
			<key>PayloadContent</key>
			<data>{certificate}</data>
			<key>PayloadDescription</key>
			<string>{description}</string>
			<key>PayloadDisplayName</key>
			<string>{name}</string>
			<key>PayloadIdentifier</key>
			<string>internal.kelas.authority.{payload}</string>
			<key>PayloadType</key>
			<string>com.apple.security.root</string>
			<key>PayloadUUID</key>
			<string>{payload}</string>
			<key>PayloadVersion</key>
			<integer>1</integer>
		</dict>
	</array>
	<key>PayloadDescription</key>
	<string>{description}</string>
	<key>PayloadDisplayName</key>
	<string>{title} ({name})</string>
	<key>PayloadIdentifier</key>
	<string>internal.kelas.profile.{profile}</string>
	<key>PayloadRemovalDisallowed</key>
	<false/>
	<key>PayloadType</key>
	<string>Configuration</string>
	<key>PayloadUUID</key>
	<string>{profile}</string>
	<key>PayloadVersion</key>
	<integer>1</integer>
</dict>
</plist>
"#
        )
    }

    /// A UUID made of the certificate and `purpose` (version 8; RFC 9562, 5.8).
    fn uuid(&self, purpose: &str) -> String {
        let digest = Sha256::new().chain_update(self.certificate_der()).chain_update(purpose).finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        let bits = u128::from_be_bytes(bytes);
        let bits = bits & !(0xf << 76) | 8 << 76;
        let bits = bits & !(0b11 << 62) | 0b10 << 62;
        let hex = format!("{bits:032X}");
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }
}

/// Text as XML holds it; control characters, which XML 1.0 forbids, are left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => {}
            character if character.is_control() && !matches!(character, '\t' | '\n' | '\r') => {}
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_text_stays_text() {
        assert_eq!(escape("SMA \"1\" & <b>'\u{0}\u{7}\n"), "SMA &quot;1&quot; &amp; &lt;b&gt;&apos;\n");
    }
}
