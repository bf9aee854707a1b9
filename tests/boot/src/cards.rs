//! `boot cards`: bad cards and poor machines, one boot each. Each must end in a running site that
//! says what is wrong, or in one clear line on the console.

use std::fs;
use std::path::Path;
use std::time::Duration;

use blackbox::{Ended, Kelasd};

use crate::Outcome;
use crate::card::Card;
use crate::checks::{storage, system};
use crate::classroom;
use crate::machine::{self, BOOT, CARD_SIZE, Machine, Network, Ports, Setup};
use crate::report::Report;
use crate::site::Site;

/// Partitions by what is on them.
const START: usize = 1;
const ROOT_A: usize = 5;
const ROOT_B: usize = 6;
const DATA: usize = 7;

/// The units that find a problem tell the console before the site starts.
const AFTER_THE_SITE: Duration = Duration::from_mins(1);

/// What is wrong, and what must be said about it.
struct Case {
    name: &'static str,
    /// What is done to the freshly flashed card.
    spoil: fn(&Card) -> Outcome<()>,
    room: Room,
    told: Told,
}

/// Whether the card is larger than the image, so that the data partition has room to grow.
#[derive(PartialEq, Eq)]
enum Room {
    Grows,
    None,
}

/// How a person hears of it.
enum Told {
    /// The site runs and has this code among its problems; so has one line of the console.
    Site(&'static str),
    /// There is no site; one line of the console has all of this.
    Console(&'static [&'static str]),
}

const CASES: [Case; 9] = [
    Case {
        name: "a copy that broke off behind the system",
        spoil: |card| card.lose_from(card.partition(ROOT_B)?.start + (1 << 20)),
        room: Room::Grows,
        told: Told::Site("data-missing"),
    },
    Case {
        name: "a copy that broke off in the system",
        spoil: |card| card.lose_from(card.partition(ROOT_A)?.start + (16 << 20)),
        room: Room::Grows,
        told: Told::Console(&["kelas:", "squashfs"]),
    },
    Case {
        name: "no data partition",
        spoil: forget_data,
        room: Room::Grows,
        told: Told::Site("data-missing"),
    },
    Case {
        name: "an unreadable data partition",
        spoil: |card| card.write(&vec![0x5a; 4 << 20], card.partition(DATA)?.start),
        room: Room::Grows,
        told: Told::Site("data-damaged"),
    },
    Case {
        name: "somebody else's data partition",
        spoil: |card| put_data(card, "/photos", b"not ours"),
        room: Room::Grows,
        told: Told::Site("data-foreign"),
    },
    Case { name: "a full data partition", spoil: fill_data, room: Room::None, told: Told::Site("data-full") },
    Case {
        name: "a database of a newer Kelas",
        spoil: newer_database,
        room: Room::Grows,
        told: Told::Console(&["kelas:", "the database has version 9999"]),
    },
    Case {
        name: "a kelas.toml with errors",
        spoil: |card| card.put(START, "kelas.toml", "names = 7\n[listen]\nhttp = \"nowhere\"\nhtps = 1\n"),
        room: Room::Grows,
        told: Told::Site("settings-ignored"),
    },
    Case {
        name: "an unreadable boot partition",
        spoil: |card| card.write(&vec![0x5a; 1 << 20], card.partition(START)?.start),
        room: Room::Grows,
        told: Told::Site("boot-unreadable"),
    },
];

/// All of them, or those whose name contains `only`.
pub(crate) async fn test(root: &Path, report: &mut Report, only: &str) -> Outcome<()> {
    for case in CASES.iter().filter(|case| case.name.contains(only)) {
        let folder = format!("cards/{}", case.name);
        machine::fresh(root, &folder)?;
        let path = machine::folder(root, &folder).join("card.img");
        let card = Card::image(root).copy_to(&path)?;
        (case.spoil)(&card)?;
        let card_size = if case.room == Room::Grows { CARD_SIZE } else { fs::metadata(&path)?.len() };
        let setup = Setup { card: Some(&card), card_size, ..Setup::new(&folder, &folder, Ports::free()?) };
        let mut machine = Machine::start(root, &setup).await?;
        let said = async {
            match case.told {
                Told::Site(code) => {
                    said_by_site(&mut machine, setup.ports, code).await?;
                    let line = machine.console.line_with(&["kelas: card:", code], AFTER_THE_SITE).await?;
                    println!("     {line}");
                    Ok(())
                }
                Told::Console(parts) => {
                    let line = machine.console.line_with(parts, BOOT).await?;
                    println!("     {line}");
                    Ok(())
                }
            }
        };
        let passed = report.check(case.name, said).await.is_some();
        leave(machine, passed).await?;
    }
    if "no network, no radio".contains(only) {
        without_network(root, report).await?;
    }
    if "256 MB of memory".contains(only) {
        with_little_memory(root, report).await?;
    }
    Ok(())
}

async fn leave(mut machine: Machine, passed: bool) -> Outcome<()> {
    if passed {
        match machine.screenshot("screen").await {
            Ok(picture) => println!("     the screen: {}", picture.display()),
            // A kernel that gave up has ended the machine.
            Err(error) => println!("     no picture of the screen: {error}"),
        }
    } else {
        machine.leave_evidence().await;
    }
    machine.cut().await
}

/// The site runs, names the problem where programs look, and shows it to its technician.
async fn said_by_site(machine: &mut Machine, ports: Ports, code: &str) -> Outcome<()> {
    let site = Site::answering(machine, ports).await?;
    let health = site.client().get("/api/health").await.json();
    let problems = health["problems"].as_array().ok_or_else(|| format!("no problems: {health}"))?;
    if !problems.iter().any(|problem| problem == code) {
        return Err(format!("the site runs and tells of other problems: {health}").into());
    }
    let guest = machine.guest()?;
    guest.ready(BOOT).await?;
    let page = classroom::technician(guest, &site).await?.get("/").await.text();
    if !page.contains(&format!("<code>{code}</code>")) {
        return Err(format!("the page does not show {code}:\n{page}").into());
    }
    Ok(())
}

/// No cable and no radio: nobody can come, so the site is asked from inside, and the screen says
/// how to get one.
async fn without_network(root: &Path, report: &mut Report) -> Outcome<()> {
    let folder = "cards/no network";
    machine::fresh(root, folder)?;
    let setup = Setup { network: Network::None, ..Setup::new(folder, folder, Ports::free()?) };
    let mut machine = Machine::start(root, &setup).await?;
    let guest = machine.guest()?;
    let works = async {
        guest.ready(BOOT).await?;
        let devices = guest.ask("ls /sys/class/net /sys/class/ieee80211 2>/dev/null; true").await?;
        if devices.lines().any(|line| line.starts_with("eth") || line.starts_with("phy")) {
            return Err(format!("there is a network after all: {devices}").into());
        }
        system::all_units_run(guest).await?;
        let health = guest.ask("wget -q -O - http://127.0.0.1/api/health").await?;
        let screen = guest.ask("cat /run/kelasd/console").await?;
        println!("     the screen says:\n{screen}");
        if health.contains("\"status\":\"ok\"") { Ok(()) } else { Err(health.into()) }
    };
    let passed = report.check("no network and no radio: the site runs inside", works).await.is_some();
    leave(machine, passed).await
}

/// Half of what the smallest board has: everything runs, and nothing is killed for memory.
async fn with_little_memory(root: &Path, report: &mut Report) -> Outcome<()> {
    let folder = "cards/256 MB";
    machine::fresh(root, folder)?;
    let setup = Setup { memory_mb: 256, ..Setup::new(folder, folder, Ports::free()?) };
    let mut machine = Machine::start(root, &setup).await?;
    let works = async {
        let site = Site::answering(&mut machine, setup.ports).await?;
        let guest = machine.guest()?;
        guest.ready(BOOT).await?;
        system::all_units_run(guest).await?;
        let killed = guest.run("journalctl -b --no-pager -o cat -k | grep -i 'out of memory'").await?;
        if killed.status == 0 {
            return Err(killed.text.into());
        }
        storage::data_fills_the_card(guest, CARD_SIZE).await?;
        let used = system::memory_used_kb(guest).await?;
        println!("     {used} kB in use; HTTPS answered {:.0} s after power-on", site.seconds);
        Ok(())
    };
    let passed = report.check("256 MB of memory: every unit runs", works).await.is_some();
    leave(machine, passed).await
}

/// Takes the data partition out of the table: the sector of the partition before it leads nowhere.
fn forget_data(card: &Card) -> Outcome<()> {
    let before = card.partition(ROOT_B)?.table;
    card.write(&[0; 16], before + 446 + 16)?;
    match card.partition(DATA) {
        Ok(left) => Err(format!("still there: {left:?}").into()),
        Err(_) => Ok(()),
    }
}

/// Puts a file on the data partition, as the owner of the daemon's folder where it is inside.
fn put_data(card: &Card, path: &str, content: &[u8]) -> Outcome<()> {
    let file = tempfile::NamedTempFile::new()?;
    fs::write(&file, content)?;
    card.debugfs(DATA, &format!("write {} {path}", file.path().display()))?;
    let kept = card.debugfs(DATA, &format!("stat {path}"))?;
    if kept.contains(&format!("Size: {}", content.len())) { Ok(()) } else { Err(kept.into()) }
}

/// The daemon's user, as `systemd/sysusers.d` numbers it.
const DAEMON: u32 = 440;

/// What is left free of a full card: less than the system wants, enough for a database to begin.
const LEFT_FREE: usize = 3 << 20;

/// A card without room to grow, on which somebody put something large.
fn fill_data(card: &Card) -> Outcome<()> {
    card.debugfs(DATA, "mkdir /kelas")?;
    let room = card.debugfs(DATA, "stats -h")?;
    let number = |name: &str| -> Outcome<usize> {
        let line = room.lines().find_map(|line| line.strip_prefix(name));
        Ok(line.ok_or_else(|| format!("no {name} in\n{room}"))?.trim().parse()?)
    };
    let (free, reserved) = (number("Free blocks:")?, number("Reserved block count:")?);
    // Not a single byte is zero, which would take no room.
    let size = (free - reserved) * number("Block size:")? - LEFT_FREE;
    put_data(card, "/kelas/large", &vec![0x5a; size])
}

/// A database that this Kelas made, marked as a later one's (SQLite's file format, 1.3.16: the
/// user version).
fn newer_database(card: &Card) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_owned();
    // With a runtime of its own: this function is called from inside of ours.
    let make = move || -> Outcome<Ended> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(runtime.block_on(async { Kelasd::configure().data(&data).start().await.stop().await }))
    };
    let ran = std::thread::spawn(make).join().map_err(|_| "kelasd did not run here")??;
    if !ran.status.success() {
        return Err(ran.output.into());
    }
    let mut database = fs::read(folder.path().join("kelas.sqlite"))?;
    database[60..64].copy_from_slice(&9_999_u32.to_be_bytes());
    card.debugfs(DATA, "mkdir /kelas")?;
    put_data(card, "/kelas/kelas.sqlite", &database)?;
    for path in ["/kelas", "/kelas/kelas.sqlite"] {
        for field in ["uid", "gid"] {
            card.debugfs(DATA, &format!("sif {path} {field} {DAEMON}"))?;
        }
    }
    Ok(())
}
