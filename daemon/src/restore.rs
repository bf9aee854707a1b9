//! `kelasd restore`: a backup comes back at the next start of the daemon, for whoever has a shell on
//! the box, and for backups that are too large to be uploaded.
//!
//! May use: `backup`, `settings`. Used by: `main`.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::Arc;

use base::Error;
use base::clock::{Clock, SystemClock};

use crate::args::Restoration;
use crate::backup::{self, Summary};
use crate::check;
use crate::exit::Exit;
use crate::i18n::Language;
use crate::settings;

/// Looks the backup through, and decides that the next start takes it.
pub(crate) fn run(restoration: &Restoration) -> Exit {
    let settings = match settings::read(&restoration.options, settings::environment()) {
        Ok(effective) => {
            check::tell_left_out(&effective.left_out);
            effective.settings
        }
        Err(problems) => return check::complain(&problems),
    };
    if let Err(told) = is_owner(&settings.data) {
        return fail(&told, Exit::Storage);
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error, Exit::Fault),
    };
    match runtime.block_on(backup::restore(&settings.data, restoration.file.clone(), clock)) {
        Ok(summary) => {
            tell(&summary);
            Exit::Stopped
        }
        Err(error) => fail(&sentence(&error), Exit::Storage),
    }
}

/// What root or somebody else writes here, the daemon could not read.
fn is_owner(data: &Path) -> Result<(), String> {
    let metadata = fs::metadata(data).map_err(|error| format!("{}: {error}", data.display()))?;
    if metadata.uid() == nix::unistd::geteuid().as_raw() {
        return Ok(());
    }
    Err(format!(
        "run it as the owner of {}, such as by `runuser -u kelas -- kelasd restore …`",
        data.display()
    ))
}

fn tell(summary: &Summary) {
    let school = summary.school.as_deref().unwrap_or("a box without a school");
    let date = Language::En.date(summary.created_at());
    println!("{school}, {date}, kelasd {}: {} files, all verified.", summary.version, summary.files);
    if summary.lost > 0 {
        println!("{} files could not be read any more when the backup was made.", summary.lost);
    }
    println!("Start kelasd again (`systemctl restart kelasd`) to run by it.");
}

fn sentence(error: &Error) -> String {
    let sentence = Language::En.error(error);
    match std::error::Error::source(error) {
        Some(cause) => format!("{sentence} ({cause})"),
        None => sentence,
    }
}

fn fail(error: &dyn std::fmt::Display, exit: Exit) -> Exit {
    eprintln!("kelasd: nothing is restored: {error}");
    exit
}
