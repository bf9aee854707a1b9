//! The command line. What it says is also the manual page kelasd(8).

use std::path::PathBuf;
use std::str::FromStr as _;

use base::id::MeetingId;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::settings::key;

/// The classroom server of Kelas.
///
/// One process serves the class site over HTTPS and HTTP, introduces browsers to each other so
/// that they talk peer to peer (WebRTC, with a STUN responder), and keeps chat and course work
/// in one SQLite database. It needs no internet.
#[derive(Debug, Parser)]
#[command(name = "kelasd", version, after_long_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
SETTINGS
  Settings come in layers; a later one wins:
    1. built in
    2. /usr/share/kelas/kelasd.toml        what the image ships
    3. /data/kelas/kelasd.toml             what the site's pages changed
    4. kelas.toml on the boot partition    what a technician put on the card; all of it is
                                           left out if anything in it is wrong
    5. every --config file, in order
    6. KELASD_* in the environment, for example KELASD_LISTEN_HTTP
    7. flags
  `kelasd check` prints each setting in force and where it comes from.

SIGNALS
  SIGTERM, SIGINT   stop: rooms are told, everything committed; a second one ends at once
  SIGHUP            read the settings again for the log level, and issue the certificate anew

EXIT STATUS
  0   stopped as asked
  64  the command line is wrong
  69  an address to listen on is taken or not there
  70  a fault of kelasd itself; the log says which
  74  the data folder or the database cannot be used
  77  not permitted to listen on an address
  78  a setting is wrong; every problem is printed. `serve` starts all the same if only
      kelas.toml on the boot partition is wrong, and leaves that file out
  130 told twice to stop

ENVIRONMENT
  NOTIFY_SOCKET, WATCHDOG_USEC, LISTEN_FDS, LISTEN_FDNAMES, JOURNAL_STREAM
      as systemd sets them. Sockets named http, https and stun replace the listen settings.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve until told to stop.
    Serve(Options),
    /// Print every setting in force with its source, or all that is wrong with them.
    ///
    /// Secrets are not printed. Ends with status 78 if a setting is wrong.
    Check(Options),
    /// Print a one-time sign-in link: for a new person, or for one who has lost the way in.
    ///
    /// The daemon must not run, because it alone uses the database. The link works once, within
    /// 24 hours, over HTTPS.
    #[command(
        override_usage = "kelasd invite --role <ROLE> --name <NAME> [OPTIONS]\n       kelasd invite --login <LOGIN> [OPTIONS]"
    )]
    Invite(Invitation),
    /// Bring a backup back: it is verified whole now, and the next start of the daemon runs by it.
    ///
    /// What is there now stays until the daemon has started with the backup, and returns if it does
    /// not. Run it as the user of the daemon.
    Restore(Restoration),
    /// Join a room as bots, to show what the box carries. The running daemon starts this.
    ///
    /// Bots signal to each other as browsers do, over TLS and WebSocket, without sound and picture.
    /// Where and how they get in comes on standard input, from the daemon alone; they leave when it
    /// is closed, and after the time that they were given.
    Bots(Crew),
    /// Print the manual page in roff.
    #[command(hide = true)]
    Manual,
    /// Print every address that is answered, one a line, with `{…}` for what varies.
    #[command(hide = true)]
    Routes,
}

/// What `serve`, `check` and `invite` understand. A flag that is absent leaves the setting to the
/// other layers; of one that is given twice, the last counts.
#[derive(Clone, Debug, Default, Args)]
#[command(args_override_self = true)]
pub(crate) struct Options {
    /// Folder of everything that is kept: database, certificates, files.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<String>,
    /// Read this file of settings (TOML) too; may be given several times, later files win.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Vec<PathBuf>,
    /// The settings that a technician put on the card.
    #[arg(long, value_name = "FILE", default_value = "/boot/firmware/kelas.toml")]
    pub(crate) boot_config: PathBuf,
    /// Folder in which the system tells what is wrong with the card.
    #[arg(long, value_name = "DIR", default_value = "/run/kelas/problems")]
    pub(crate) problems: PathBuf,
    /// Keep what a screen at the box should show in this file, 80 columns by 25 lines.
    #[arg(long, value_name = "FILE")]
    pub(crate) console: Option<String>,
    /// Where to answer HTTP: addresses with port, separated by commas. Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESSES")]
    pub(crate) listen_http: Option<String>,
    /// Where to answer HTTPS.
    #[arg(long, value_name = "ADDRESSES")]
    pub(crate) listen_https: Option<String>,
    /// Where to answer STUN, over UDP.
    #[arg(long, value_name = "ADDRESSES")]
    pub(crate) listen_stun: Option<String>,
    /// Make a course to try things with, and print a teacher's sign-in link and a join code.
    #[arg(long)]
    pub(crate) demo: bool,
    /// What to print on standard output when ready.
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) announce: Option<Announce>,
    /// What to log: error, warn, info, debug, trace, or a filter such as
    /// `info,kelasd::http=debug`.
    #[arg(long, value_name = "LEVEL")]
    pub(crate) log: Option<String>,
}

/// Whom `invite` makes a link for.
#[derive(Clone, Debug, Args)]
pub(crate) struct Invitation {
    /// What a new person may do.
    #[arg(long, value_enum, requires = "name", required_unless_present = "login")]
    pub(crate) role: Option<InvitedRole>,
    /// The new person's name, as others will see it.
    #[arg(long, requires = "role", conflicts_with = "login")]
    pub(crate) name: Option<String>,
    /// The sign-in name of a person who is known already.
    #[arg(long, conflicts_with = "role")]
    pub(crate) login: Option<String>,
    #[command(flatten)]
    pub(crate) options: Options,
}

/// Which backup comes back.
#[derive(Clone, Debug, Args)]
pub(crate) struct Restoration {
    /// The backup, as a technician has downloaded it.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) options: Options,
}

/// Which bots join which room; what is absent stands in the order on standard input.
#[derive(Clone, Debug, Args)]
pub(crate) struct Crew {
    /// Number of the meeting whose room it is.
    #[arg(long, value_name = "MEETING", value_parser = MeetingId::from_str)]
    pub(crate) room: Option<MeetingId>,
    /// How many.
    #[arg(long, value_name = "N")]
    pub(crate) count: Option<usize>,
}

/// What an invited person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InvitedRole {
    /// Makes courses and teaches them.
    Teacher,
    /// A teacher in every course, who may also read the metrics.
    Technician,
}

/// The form of the announcement on standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Announce {
    /// Addresses, codes and a QR code, for people.
    Text,
    /// One line of JSON, for programs.
    Json,
    /// Nothing.
    None,
}

/// The manual page kelasd(8) in roff.
pub(crate) fn manual() -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let command = Arguments::command();
    clap_mangen::Man::new(command.clone()).section("8").manual("Kelas").render(&mut page)?;
    for name in ["serve", "check", "invite", "restore", "bots"] {
        let Some(part) = command.find_subcommand(name) else { continue };
        let part = clap_mangen::Man::new(part.clone());
        page.extend_from_slice(format!(".SH \"KELASD {}\"\n", name.to_uppercase()).as_bytes());
        part.render_description_section(&mut page)?;
        part.render_options_section(&mut page)?;
    }
    page.extend_from_slice(b".SH \"EVERY SETTING\"\n");
    for key in key::all() {
        let default = if key.default.is_empty() { "empty" } else { key.default };
        let text = format!("{} Default: {default}. Allowed: {}.", key.about, key.allowed);
        let escaped = text.replace('\\', "\\\\").replace('-', "\\-");
        page.extend_from_slice(format!(".TP\n\\fB{}\\fR\n{escaped}\n", key.name).as_bytes());
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_manual_names_every_flag_and_setting() {
        let page = String::from_utf8(manual().expect("roff")).expect("text").replace('\\', "");
        for argument in Arguments::command().find_subcommand("serve").expect("serve").get_arguments() {
            let Some(flag) = argument.get_long() else { continue };
            assert!(page.contains(&format!("--{flag}")), "{flag}");
        }
        for key in key::all() {
            assert!(page.contains(key.name) && page.contains(key.about), "{}", key.name);
        }
    }
}
