//! Boots the card in an emulator and looks at it, from inside and from outside.
//!
//! `boot test` is part of `make test`; `boot air`, `boot watch`, `boot cards`, `boot pi` and
//! `boot bench` are run by hand, as `make help` says. Every check has a name and a line; what helps
//! to understand a failure is left in `target/boot`. Nothing here sleeps for a while and hopes: each
//! wait is for an event, with a limit. QEMU ends with this program, however that ends.

mod air;
mod arrival;
mod bench;
mod boots;
mod browser;
mod card;
mod cards;
mod checks;
mod classroom;
mod console;
mod curl;
mod expected;
mod form;
mod guest;
mod headless;
mod journal;
mod machine;
mod monitor;
mod pi;
mod report;
mod setup_hotspot;
mod site;
mod talk;
mod variations;
mod watch;
mod wizard;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};

use report::Report;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str = "usage: boot test|air|watch|cards [PART OF A NAME]|pi|bench";

/// Where this repository lies.
fn root() -> Outcome<PathBuf> {
    Ok(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?)
}

// One thread: the parent-death signal of QEMU is sent when the thread that started it ends.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut interrupted = match signal(SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(error) => {
            eprintln!("boot: {error}");
            return ExitCode::FAILURE;
        }
    };
    // A check that panics has failed; its reason is printed with it, and a trace would hide it.
    std::panic::set_hook(Box::new(|panic| {
        if let Some(place) = panic.location() {
            println!("     panicked at {place}: {}", panic.payload_as_str().unwrap_or_default());
        }
    }));
    let words: Vec<String> = std::env::args().skip(1).collect();
    tokio::select! {
        result = run(&words) => match result {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => {
                eprintln!("boot: {error}");
                ExitCode::FAILURE
            }
        },
        _ = tokio::signal::ctrl_c() => ExitCode::from(130),
        _ = interrupted.recv() => ExitCode::from(143),
    }
}

async fn run(words: &[String]) -> Outcome<bool> {
    let root = root()?;
    if words == ["bench"] {
        bench::measure(&root).await?;
        return Ok(true);
    }
    let mut report = Report::new();
    let carried_out = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["test"] => boots::test(&root, &mut report).await,
        ["air"] => {
            variations::test(&root, &mut report).await?;
            headless::test(&root, &mut report).await
        }
        ["watch"] => watch::test(&root, &mut report).await,
        ["cards"] => cards::test(&root, &mut report, "").await,
        ["cards", only] => cards::test(&root, &mut report, only).await,
        ["pi"] => pi::test(&root, &mut report).await,
        _ => return Err(USAGE.into()),
    };
    if let Err(error) = carried_out {
        report.check("every check can be made", async { Err::<(), _>(error) }).await;
    }
    Ok(report.close())
}
