//! Peers that Debian packages: installed by the bench itself, as root, in the release's version.
//! The services that come with them are neither started nor kept for the next start.

use std::path::PathBuf;
use std::process::Command;

use crate::Outcome;

/// A peer and which version it is.
pub(crate) struct Packaged {
    pub(crate) program: PathBuf,
    pub(crate) version: String,
}

/// `program` of `package`, installed if it is not there.
pub(crate) fn packaged(package: &str, program: &str) -> Outcome<Packaged> {
    if find(program).is_none() {
        eprintln!("installing {package}");
        run(Command::new("apt-get")
            .args(["install", "--yes", "--quiet", "--no-install-recommends", package])
            .env("DEBIAN_FRONTEND", "noninteractive"))?;
        if find("systemctl").is_some() {
            run(Command::new("systemctl").args(["--quiet", "disable", package]))?;
        }
    }
    let program = find(program).ok_or_else(|| format!("{package} has no program {program}"))?;
    let output = Command::new("dpkg-query").args(["--show", "--showformat=${Version}", package]).output()?;
    Ok(Packaged { program, version: String::from_utf8(output.stdout)? })
}

/// As if no service manager ran: with this, systemctl(1) starts nothing.
fn run(command: &mut Command) -> Outcome<()> {
    let status = command.env("SYSTEMD_OFFLINE", "1").stdout(std::process::Stdio::null()).status()?;
    if status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {status} (it needs root and apt-get update)").into())
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
