//! The box's Wi-Fi: seen from inside of the box, and by a station in the air.

use std::time::{Duration, Instant};

use crate::Outcome;
use crate::air::{Lease, Station};
use crate::guest::Guest;
use crate::machine::{LOOK, Machine};

/// The box in its own Wi-Fi.
pub(crate) const BOX: &str = "10.42.0.1";
/// The radio that is the box's.
const RADIO: &str = "wlan0";
/// From the daemon's start to the open hotspot, on a busy host.
const OPENS: Duration = Duration::from_mins(5);
/// What "at once" may take when the processor is emulated; a connection that nobody refuses takes
/// a minute and more.
const AT_ONCE_MS: u64 = 4_000;
/// The longest time for which a station may keep an answer about a name, in seconds.
const NAME_KEPT_S: u64 = 10;

/// What a Wi-Fi that is open for setting the box up is called: by its radio's hardware address.
pub(crate) async fn setup_name(guest: &mut Guest) -> Outcome<String> {
    let address = guest.ask(&format!("cat /sys/class/net/{RADIO}/address")).await?;
    let digits: String = address.split(':').skip(4).collect();
    Ok(format!("Kelas-{}", digits.to_uppercase()))
}

/// Waits until the radio is an access point with this name, and its addresses are given out.
pub(crate) async fn opens(guest: &mut Guest, ssid: &str) -> Outcome<()> {
    let began = Instant::now();
    loop {
        let radio = guest.ask(&format!("iw dev {RADIO} info; ip -4 addr show dev {RADIO}")).await?;
        let stands = |wanted: &str| radio.lines().any(|line| line.trim().starts_with(wanted));
        if stands("type AP") && stands(&format!("ssid {ssid}")) && stands(&format!("inet {BOX}/24")) {
            return Ok(());
        }
        if began.elapsed() > OPENS {
            let state =
                guest.run("nmcli device; nmcli connection; journalctl -b -u kelasd --no-pager | tail -n 20");
            let state = state.await?.text;
            return Err(format!("no {ssid} within {} s: {radio}\n{state}", OPENS.as_secs()).into());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Seconds from `began` to the moment when the radio last became an access point, by
/// NetworkManager's word.
pub(crate) async fn opened_after(machine: &mut Machine, began: Instant) -> Outcome<f64> {
    let guest = machine.guest()?;
    let told = guest
        .ask(&format!(
            "journalctl -b -u NetworkManager -o short-monotonic --no-pager | grep '({RADIO}): Activation: successful' | tail -n 1; cat /proc/uptime"
        ))
        .await?;
    let numbers: Vec<f64> = told
        .lines()
        .filter_map(|line| line.trim_start_matches(['[', ' ']).split([']', ' ']).next()?.parse().ok())
        .collect();
    let [then, now] = numbers[..] else { return Err(format!("no times in {told}").into()) };
    Ok(began.elapsed().as_secs_f64() - (now - then))
}

/// A station was given what it needs, the way out included: phones leave a Wi-Fi without one.
pub(crate) fn lease_is_whole(lease: &Lease) -> Outcome<()> {
    let Lease { address, netmask, router, resolver, seconds } = lease;
    let of_the_box = address.starts_with("10.42.0.") && address != BOX;
    if of_the_box && netmask == "255.255.255.0" && router == BOX && resolver == BOX && *seconds >= 3_600 {
        return Ok(());
    }
    Err(format!("{lease:?}").into())
}

/// The kernel has our rules, and none that NetworkManager made up.
pub(crate) async fn rules_are_loaded(guest: &mut Guest) -> Outcome<()> {
    let rules = guest.ask("nft list ruleset").await?;
    let tables: Vec<&str> = rules.lines().filter(|line| line.starts_with("table ")).collect();
    let drops = rules.matches("policy drop").count();
    if tables != ["table inet kelas {"] || drops < 2 || !rules.contains("tcp reset") {
        return Err(format!("the rules are not ours:\n{rules}").into());
    }
    Ok(())
}

/// An answer about a name.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: String,
    /// How long it may be kept, in seconds, and what it says.
    records: Vec<(u64, String)>,
}

/// Every name is the box, for IPv4 and for nothing else, whomever the station asks.
pub(crate) async fn names_lead_to_the_box(guest: &mut Guest, station: Station) -> Outcome<()> {
    let questions = [
        (BOX, "kelas.internal", "A", Some(BOX)),
        (BOX, "connectivitycheck.gstatic.com", "A", Some(BOX)),
        (BOX, "sekolah.example", "A", Some(BOX)),
        (BOX, "dns.msftncsi.com", "A", Some("131.107.255.255")),
        ("8.8.8.8", "dns.google", "A", Some(BOX)),
        (BOX, "kelas.internal", "AAAA", None),
        (BOX, "sekolah.example", "AAAA", None),
        (BOX, "kelas.internal", "HTTPS", None),
        (BOX, "sekolah.example", "HTTPS", None),
    ];
    let words = questions.map(|(server, name, kind, _)| format!("@{server} {name} {kind}")).join(" ");
    let told =
        station.asks(guest, &format!("dig +noall +comments +answer +time=5 +tries=1 {words}")).await?.text;
    let answers = answers(&told);
    for (index, (server, name, kind, expected)) in questions.into_iter().enumerate() {
        let wanted: Vec<&str> = expected.into_iter().collect();
        let found = answers
            .get(index)
            .ok_or_else(|| format!("{name} {kind} at {server} is not answered:\n{told}"))?;
        let values: Vec<&str> = found.records.iter().map(|(_, value)| value.as_str()).collect();
        let short = found.records.iter().all(|(kept, _)| *kept <= NAME_KEPT_S);
        if found.status != "NOERROR" || values != wanted || !short {
            return Err(format!("{name} {kind} at {server}: {found:?}").into());
        }
    }
    Ok(())
}

/// Takes dig's output apart, which has a part for each question.
fn answers(told: &str) -> Vec<Answer> {
    let status = |part: &str| part.split_once("status: ")?.1.split(',').next().map(str::to_owned);
    let record = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, kept, "IN", _, value, ..] = fields[..] else { return None };
        Some((kept.parse().ok()?, value.to_owned()))
    };
    let answer = |part: &str| {
        let records = part.lines().filter(|line| !line.starts_with(';')).filter_map(record).collect();
        Answer { status: status(part).unwrap_or_default(), records }
    };
    told.split(";; Got answer:").skip(1).map(answer).collect()
}

/// What the box cannot give is refused before anybody waits for it; and no address of the
/// internet is a way around the portal.
pub(crate) async fn closed_doors_are_refused_at_once(guest: &mut Guest, station: Station) -> Outcome<()> {
    for door in ["https://8.8.8.8/", "https://8.8.8.8:853/", "https://10.42.0.1:853/", "http://10.42.0.1:22/"]
    {
        let began = "curl --silent --show-error --insecure --max-time 60";
        let told = station.asks(guest, &format!("{began} {door}")).await?;
        let after =
            told.text.split_once(" after ").and_then(|(_, rest)| rest.split(' ').next()?.parse::<u64>().ok());
        // 7 is curl's "could not connect".
        if told.status != 7 || after.is_none_or(|after| after > AT_ONCE_MS) {
            return Err(format!("{door} ended with {}: {}", told.status, told.text).into());
        }
    }
    Ok(())
}

/// Stations reach each other: sound and pictures of a class go from one to the other.
pub(crate) async fn stations_reach_each_other(guest: &mut Guest, from: Station, to: &Lease) -> Outcome<()> {
    let told = from.asks(guest, &format!("busybox ping -c 1 -W 10 {}", to.address)).await?;
    if told.status == 0 { Ok(()) } else { Err(told.text.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digs_answers_are_read_one_by_one() {
        let told = ";; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 9038\n\n\
            ;; ANSWER SECTION:\nkelas.internal.\t\t10\tIN\tA\t10.42.0.1\n\n\
            ;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: REFUSED, id: 1019\n";
        let expected = [
            Answer { status: "NOERROR".into(), records: vec![(10, "10.42.0.1".into())] },
            Answer { status: "REFUSED".into(), records: vec![] },
        ];
        assert_eq!(answers(told), expected);
    }
}
