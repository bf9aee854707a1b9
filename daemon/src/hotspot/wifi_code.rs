//! What cameras read as a Wi-Fi to join, in the form that the `ZXing` project defined.

use network::model::{Protection, Ssid};

/// The text of the QR code.
pub(crate) fn wifi_code(ssid: &Ssid, protection: &Protection) -> String {
    let ssid = escaped(&ssid.to_string());
    match protection {
        Protection::Open => format!("WIFI:T:nopass;S:{ssid};;"),
        Protection::Wpa2(passphrase) => format!("WIFI:T:WPA;S:{ssid};P:{};;", escaped(passphrase.reveal())),
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | ';' | ',' | ':' | '"') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use network::model::Passphrase;

    use super::*;

    #[test]
    fn what_has_a_meaning_in_the_code_is_escaped() {
        let ssid = Ssid::parse("SMP; \"3\"").expect("fits");
        let protection = Protection::Wpa2(Passphrase::parse("a:b,c\\d12").expect("fits"));
        assert_eq!(wifi_code(&ssid, &protection), "WIFI:T:WPA;S:SMP\\; \\\"3\\\";P:a\\:b\\,c\\\\d12;;");
        assert_eq!(wifi_code(&ssid, &Protection::Open), "WIFI:T:nopass;S:SMP\\; \\\"3\\\";;");
    }
}
