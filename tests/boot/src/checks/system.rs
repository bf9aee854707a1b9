//! systemd, its journal, and the daemon's process.

use std::collections::BTreeMap;

use crate::Outcome;
use crate::guest::Guest;
use crate::journal;

/// Capability sets of a process (`proc_pid_status(5)`).
const CAPABILITIES: [&str; 5] = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"];

/// Waits until everything that boots has booted, and finds all of it running.
pub(crate) async fn all_units_run(guest: &mut Guest) -> Outcome<()> {
    let state = guest.run("systemctl is-system-running --wait").await?;
    let failed = guest.ask("systemctl list-units --failed --plain --no-legend --all").await?;
    if !failed.is_empty() || state.text.trim() != "running" {
        return Err(format!("{}; failed: {failed}", state.text.trim()).into());
    }
    Ok(())
}

/// No ordering cycle, which systemd breaks by leaving out a job.
pub(crate) async fn no_ordering_cycle(guest: &mut Guest) -> Outcome<()> {
    let found = guest.run("journalctl -b --no-pager -o cat _PID=1 | grep -i 'ordering cycle'").await?;
    if found.status == 0 { Err(found.text.into()) } else { Ok(()) }
}

/// Every warning of this boot stands in the list of those that are expected.
pub(crate) async fn no_unexpected_warning(guest: &mut Guest, seen: &mut journal::Seen) -> Outcome<()> {
    let lines = guest.ask("journalctl -b -p warning -o json --no-pager").await?;
    let unexpected = seen.judge(&journal::entries(&lines)?);
    if unexpected.is_empty() {
        return Ok(());
    }
    let told: Vec<String> = unexpected.iter().map(ToString::to_string).collect();
    Err(format!("{} unexpected:\n       {}", told.len(), told.join("\n       ")).into())
}

/// The daemon is nobody: its own user, no capability, no way to gain one, a system call filter.
pub(crate) async fn daemon_has_no_power(guest: &mut Guest) -> Outcome<()> {
    let status =
        guest.ask("cat /proc/$(systemctl show --property MainPID --value kelasd.service)/status").await?;
    let fields: BTreeMap<&str, &str> = status
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(key, value)| (key, value.trim()))
        .collect();
    let user = guest.ask("id -u kelas").await?;
    let field = |name: &str| fields.get(name).copied().unwrap_or("missing");
    if field("Name") != "kelasd" || !field("Uid").split_whitespace().all(|id| id == user) {
        return Err(format!("{} runs as {}, not as {user}", field("Name"), field("Uid")).into());
    }
    for name in CAPABILITIES {
        if u64::from_str_radix(field(name), 16) != Ok(0) {
            return Err(format!("{name} is {}", field(name)).into());
        }
    }
    if (field("NoNewPrivs"), field("Seccomp")) != ("1", "2") {
        return Err(format!("NoNewPrivs {}, Seccomp {}", field("NoNewPrivs"), field("Seccomp")).into());
    }
    Ok(())
}

/// Nobody can log in: no getty, no other program that asks for a password.
pub(crate) async fn no_login(guest: &mut Guest) -> Outcome<()> {
    // One that ends while they are listed is none to worry about.
    let processes = guest.ask("cat /proc/[0-9]*/comm 2>/dev/null || [ -r /proc/1/comm ]").await?;
    let found: Vec<&str> = processes
        .lines()
        .filter(|name| ["agetty", "getty", "login", "sulogin", "sshd", "dropbear"].contains(name))
        .collect();
    if found.is_empty() { Ok(()) } else { Err(found.join(", ").into()) }
}

/// Memory in use, in kB, as the kernel counts what cannot be had back.
pub(crate) async fn memory_used_kb(guest: &mut Guest) -> Outcome<u64> {
    let text = guest.ask("cat /proc/meminfo").await?;
    let kb = |name: &str| -> Outcome<u64> {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let value = line.and_then(|rest| rest.trim_start_matches(':').split_whitespace().next());
        Ok(value.ok_or_else(|| format!("no {name} in /proc/meminfo"))?.parse()?)
    };
    Ok(kb("MemTotal")? - kb("MemAvailable")?)
}
