//! The announcement for people: addresses first, then codes, then how to stop.

use std::io::{self, IsTerminal as _, Write};
use std::net::{IpAddr, SocketAddr};

use fast_qr::qr::QRBuilder;

use super::{Announcement, here};
use crate::addresses::{self, with_port};
use crate::i18n::Language;

/// Columns of white space around a QR code that scanners want (ISO/IEC 18004: four modules).
const QUIET_COLUMNS: usize = 4;

/// Prints it. One thing a line, so that each can be marked and copied.
pub(super) fn print(announcement: &Announcement, out: &mut impl Write) -> io::Result<()> {
    let language = language(|name| std::env::var(name).ok());
    writeln!(out, "\n  {}\n", language.t("announce.ready"))?;
    ways_in(announcement, language, out)?;
    fingerprint(announcement, language, out)?;
    if announcement.demo.is_some() {
        demo(announcement, language, out)?;
    }
    writeln!(out, "\n  {}\n", language.t("announce.stop"))
}

fn ways_in(announcement: &Announcement, language: Language, out: &mut impl Write) -> io::Result<()> {
    let mut line =
        |key: &str, address: &str| writeln!(out, "  {}", language.text(key, &[("address", address)]));
    if let Some(bound) = announcement.bound.https {
        for address in outside(announcement, bound) {
            line("announce.open", &url("https", address, bound.port()))?;
        }
        if bound.ip().is_unspecified() {
            for name in &announcement.names {
                line("announce.or_by_name", &with_port(&format!("https://{name}"), bound.port(), 443))?;
            }
        }
        line("announce.on_this_machine", &url("https", here(bound).ip(), bound.port()))?;
    }
    if let Some(bound) = announcement.bound.http {
        let address = outside(announcement, bound).first().copied().unwrap_or_else(|| here(bound).ip());
        line("announce.plain", &url("http", address, bound.port()))?;
    }
    Ok(())
}

/// In two lines, as it is too long for one on a terminal of 80 columns.
fn fingerprint(announcement: &Announcement, language: Language, out: &mut impl Write) -> io::Result<()> {
    let whole = announcement.fingerprint.as_str();
    let (first, second) = whole.split_at_checked(whole.len().div_ceil(2)).unwrap_or((whole, ""));
    writeln!(out, "\n  {}\n    {first}\n    {second}", language.t("announce.fingerprint"))
}

fn demo(announcement: &Announcement, language: Language, out: &mut impl Write) -> io::Result<()> {
    let (Some(demo), Some(bound)) = (&announcement.demo, announcement.bound.https) else { return Ok(()) };
    let address = outside(announcement, bound).first().copied().unwrap_or_else(|| here(bound).ip());
    let site = url("https", address, bound.port());
    let course = [("course", demo.course_title.as_str()), ("teacher", demo.teacher_name.as_str())];
    writeln!(out, "\n  {}", language.text("announce.course", &course))?;
    let link = format!("{site}{}", demo.teacher_path);
    // Alone in its line, so that it is not broken on a terminal of 80 columns.
    writeln!(out, "\n  {}\n    {link}", language.t("announce.teacher"))?;
    let join = [("address", site.as_str()), ("code", demo.join_code.as_str())];
    writeln!(out, "\n  {}\n    {}", language.t("announce.students"), language.text("announce.join", &join))?;
    qr(&format!("{site}/join/{}", demo.join_code), out)
}

/// A QR code in half blocks, left out on a terminal too narrow to show it whole.
fn qr(text: &str, out: &mut impl Write) -> io::Result<()> {
    let Ok(code) = QRBuilder::new(text).build() else { return Ok(()) };
    let columns = terminal_size::terminal_size().map_or(usize::MAX, |(width, _)| usize::from(width.0));
    if io::stdout().is_terminal() && columns < code.size + 2 * QUIET_COLUMNS {
        return Ok(());
    }
    writeln!(out)?;
    for line in code.to_str().lines() {
        writeln!(out, "    {line}")?;
    }
    Ok(())
}

/// The addresses by which other devices reach a socket.
fn outside(announcement: &Announcement, bound: SocketAddr) -> Vec<IpAddr> {
    addresses::outside(bound, &announcement.addresses)
}

fn url(scheme: &str, address: IpAddr, port: u16) -> String {
    let origin = format!("{scheme}://{}", addresses::host(address));
    with_port(&origin, port, if scheme == "https" { 443 } else { 80 })
}

/// Programs speak English in the POSIX locale; in any other that we do not have, Indonesian.
fn language(variable: impl Fn(&str) -> Option<String>) -> Language {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let locale = names.iter().find_map(|name| variable(name).filter(|locale| !locale.is_empty()));
    let tag = locale.as_deref().unwrap_or("C").split(['_', '.', '@']).next().unwrap_or_default().to_owned();
    match tag.as_str() {
        "C" | "POSIX" => Language::En,
        tag => Language::by_tag(tag).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use base::id::MeetingId;

    use super::*;
    use crate::demo::Demo;
    use crate::sockets::Bound;

    fn announcement() -> Announcement {
        Announcement {
            bound: Bound {
                https: Some("[::]:8443".parse().expect("an address")),
                http: Some("[::]:80".parse().expect("an address")),
                stun: None,
            },
            names: vec!["kelas.internal".to_owned()],
            addresses: [IpAddr::from([10, 42, 0, 1])].into(),
            authority: "/ca.crt".into(),
            fingerprint: ["AB"; 32].join(":"),
            demo: Some(Demo {
                course_title: "Matematika 7A".to_owned(),
                teacher_name: "Ibu Sari".to_owned(),
                meeting: MeetingId(1),
                join_code: "ABC234".to_owned(),
                teacher_path: format!("/link/x{}", "y".repeat(21)),
            }),
        }
    }

    #[test]
    fn a_person_finds_every_address_and_code() {
        let mut out = Vec::new();
        print(&announcement(), &mut out).expect("written");
        let text = String::from_utf8(out).expect("text");
        for part in [
            "    https://10.42.0.1:8443/link/xyyyyyyyyyyyyyyyyyyyyy\n",
            "https://kelas.internal:8443",
            "https://127.0.0.1:8443",
            "http://10.42.0.1",
            "ABC234",
            "AB:AB",
            "Ctrl-C",
            "█",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        let wide = text.lines().find(|line| line.chars().count() > 80);
        assert_eq!(wide, None, "broken on a terminal of 80 columns");
    }

    #[test]
    fn the_language_follows_the_locale() {
        let with = |locale: &'static str| language(move |name| (name == "LANG").then(|| locale.to_owned()));
        assert_eq!(with("id_ID.UTF-8"), Language::Id);
        assert_eq!(with("en_GB.UTF-8"), Language::En);
        assert_eq!(with("jv_ID"), Language::Id);
        assert_eq!(with("C.UTF-8"), Language::En);
        assert_eq!(language(|_| None), Language::En);
    }
}
