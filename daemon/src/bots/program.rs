//! `kelasd bots`: reads its order, sends the bots in one by one, and tells how far they are.
//!
//! It ends when its time is over, when the daemon closes its line or is gone, when it is told to
//! stop, or when no bot is left.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use base::limits;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};
use tokio_rustls::TlsConnector;

use super::bot::{Bot, Told};
use super::order::{Order, Report};
use crate::args::Crew;
use crate::exit::Exit;
use crate::signals::Signals;
use crate::tasks::Tasks;

/// How often it tells what changed.
const TELL_EVERY: Duration = Duration::from_millis(250);
/// For all bots to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// Runs the crew to its end.
pub(crate) fn run(crew: &Crew) -> Exit {
    // One thread: the bots must not take more of the box than they have to.
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("kelasd bots: cannot start: {error}");
            return Exit::Fault;
        }
    };
    let exit = match runtime.block_on(act(crew)) {
        Ok(()) => Exit::Stopped,
        Err(why) => {
            eprintln!("kelasd bots: {why}");
            Exit::Usage
        }
    };
    // Standard input is read on a thread that nothing can wake.
    runtime.shutdown_background();
    exit
}

async fn act(crew: &Crew) -> Result<(), String> {
    let mut signals = Signals::new().map_err(|error| error.to_string())?;
    let mut line = BufReader::new(tokio::io::stdin());
    let order = read(&mut line).await?;
    let order =
        Order { room: crew.room.unwrap_or(order.room), count: crew.count.unwrap_or(order.count), ..order };
    check(&order)?;
    let tls = trusting(&order.authority)?;
    let tasks = Tasks::default();
    let stay = Duration::from_millis(order.stay_ms);
    let reports = send_in(order, &tls, &tasks);
    tokio::select! {
        () = tell(reports) => {}
        () = closed(&mut line) => {}
        () = signals.stop() => {}
        () = tokio::time::sleep(stay) => {}
    }
    tasks.stop(GOODBYE).await;
    Ok(())
}

fn send_in(order: Order, tls: &TlsConnector, tasks: &Tasks) -> mpsc::Receiver<Told> {
    let order = Arc::new(order);
    let (told, reports) = mpsc::channel(64);
    for number in 1..=order.count {
        let bot = Bot { order: Arc::clone(&order), tls: tls.clone(), number, told: told.clone() };
        tasks.spawn("bot", bot.live(tasks.stopping()));
    }
    reports
}

async fn read(line: &mut (impl AsyncBufRead + Unpin)) -> Result<Order, String> {
    let mut text = String::new();
    let read = line.take(limits::BOTS_LINE_BYTES).read_line(&mut text).await;
    read.map_err(|error| error.to_string())?;
    // Not the text nor what is wrong with it: it has a secret in it.
    serde_json::from_str(&text).map_err(|_| {
        "no order on standard input; bots are sent by the running daemon, from a meeting's page or its API"
            .to_owned()
    })
}

/// The daemon keeps to these; whoever else starts the program must too.
fn check(order: &Order) -> Result<(), String> {
    let within = (1..=limits::BOTS).contains(&order.count)
        && order.every_ms <= limits::BOTS_EVERY_S * 1_000
        && order.stay_ms <= limits::BOTS_STAY_S * 1_000;
    within
        .then_some(())
        .ok_or_else(|| format!("1 to {} bots, for {} s at most", limits::BOTS, limits::BOTS_STAY_S))
}

fn trusting(authority: &str) -> Result<TlsConnector, String> {
    let mut roots = RootCertStore::empty();
    let certificate =
        CertificateDer::from_pem_slice(authority.as_bytes()).map_err(|error| error.to_string())?;
    roots.add(certificate).map_err(|error| error.to_string())?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Tells how far the bots are until none is left, or until nobody listens.
async fn tell(mut reports: mpsc::Receiver<Told>) {
    let mut report = Report::default();
    let mut told = None;
    let mut due = interval(TELL_EVERY);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            news = reports.recv() => {
                let Some(news) = news else { break };
                take(&mut report, news);
            }
            _ = due.tick(), if told.as_ref() != Some(&report) => {
                if print(&report).await.is_err() {
                    return;
                }
                told = Some(report.clone());
            }
        }
    }
    // Nobody may listen to the end any more.
    let _ = print(&report).await;
}

fn take(report: &mut Report, news: Told) {
    match news {
        Told::Came => report.present += 1,
        Told::Signals(sent) => report.signals += sent,
        Told::Went => report.present = report.present.saturating_sub(1),
        Told::Lost { was_in, why } => {
            report.present = report.present.saturating_sub(usize::from(was_in));
            report.lost += 1;
            report.problem = Some(why);
        }
    }
}

async fn print(report: &Report) -> io::Result<()> {
    let line = serde_json::to_string(report).map_err(io::Error::other)?;
    let mut output = tokio::io::stdout();
    output.write_all(format!("{line}\n").as_bytes()).await?;
    output.flush().await
}

/// Waits until the daemon closes its line; what it might say meanwhile means nothing.
async fn closed(line: &mut (impl AsyncBufRead + Unpin)) {
    let mut rest = [0; 256];
    while line.read(&mut rest).await.is_ok_and(|count| count > 0) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_counts_who_came_and_who_was_lost() {
        let mut report = Report::default();
        for news in [
            Told::Came,
            Told::Signals(6),
            Told::Came,
            Told::Lost { was_in: true, why: "bot 2: gone".into() },
            Told::Lost { was_in: false, why: "bot 3: refused".into() },
        ] {
            take(&mut report, news);
        }
        let expected = Report { present: 1, lost: 2, signals: 6, problem: Some("bot 3: refused".into()) };
        assert_eq!(report, expected);
    }

    #[tokio::test]
    async fn what_is_no_order_is_refused_without_being_repeated() {
        let error = read(&mut BufReader::new(&b"{\"token\":\"hush\"}\n"[..])).await.expect_err("no order");
        assert!(!error.contains("hush"), "{error}");
    }
}
