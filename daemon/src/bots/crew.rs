//! The program of the bots as the daemon sees it: started, told its order, listened to, let go.
//!
//! On the box the service manager starts it at the other end of a socket, because the daemon's
//! sandbox allows no connection to anywhere (`systemd/kelas-bots@.service`). Elsewhere it is a child.
//! Both get their order and end by the same line.

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use base::limits;
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::UnixStream;
use tokio::process::{Child, Command};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::order::{Order, Report};

/// Beyond its time, before it is ended by force: for goodbye.
const OVERTIME: Duration = Duration::from_secs(10);
/// After the line was closed.
const GOODBYE: Duration = Duration::from_secs(3);

/// Starts the program, through the service manager if it listens on `socket`, and looks after it
/// until it ends or is `dismissed`. `heard` is called with each report.
pub(super) async fn run(
    socket: &Path,
    order: &Order,
    dismissed: CancellationToken,
    heard: impl FnMut(Report),
) -> io::Result<()> {
    if socket.as_os_str().is_empty() {
        let mut child = start(order)?;
        let (Some(reports), Some(line)) = (child.stdout.take(), child.stdin.take()) else {
            return Err(io::Error::other("the child has no standard input and output"));
        };
        let ended = converse(reports, line, order, dismissed, heard).await;
        let closed = end(&mut child).await;
        return ended.and(closed);
    }
    let stream = UnixStream::connect(socket).await?;
    let (reports, line) = stream.into_split();
    converse(reports, line, order, dismissed, heard).await
}

/// The child inherits nothing of what the daemon was told in its environment.
fn start(order: &Order) -> io::Result<Child> {
    Command::new(std::env::current_exe()?)
        .arg("bots")
        .args(["--room", &order.room.to_string(), "--count", &order.count.to_string()])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
}

/// Gives the order, hears the reports, and closes the line when it is time.
async fn converse(
    reports: impl AsyncRead + Unpin,
    mut line: impl AsyncWrite + Unpin,
    order: &Order,
    dismissed: CancellationToken,
    mut heard: impl FnMut(Report),
) -> io::Result<()> {
    let told = serde_json::to_string(order).map_err(io::Error::other)?;
    line.write_all(format!("{told}\n").as_bytes()).await?;
    line.flush().await?;
    let overtime = Duration::from_millis(order.stay_ms) + OVERTIME;
    let mut reports = BufReader::new(reports);
    tokio::select! {
        ended = listen(&mut reports, &mut heard) => return ended,
        () = dismissed.cancelled() => {}
        () = tokio::time::sleep(overtime) => {}
    }
    line.shutdown().await?;
    drop(line);
    // Until it has said goodbye; a program that does not is ended by whoever started it.
    match timeout(GOODBYE, listen(&mut reports, &mut heard)).await {
        Ok(ended) => ended,
        Err(_) => Ok(()),
    }
}

async fn listen(
    reports: &mut BufReader<impl AsyncRead + Unpin>,
    heard: &mut impl FnMut(Report),
) -> io::Result<()> {
    loop {
        let mut text = String::new();
        if reports.take(limits::BOTS_LINE_BYTES).read_line(&mut text).await? == 0 {
            return Ok(());
        }
        heard(serde_json::from_str(&text)?);
    }
}

/// Waits for a child that has been let go of, and ends one that stays.
async fn end(child: &mut Child) -> io::Result<()> {
    let status = match timeout(GOODBYE, child.wait()).await {
        Ok(status) => status?,
        Err(_) => return child.kill().await,
    };
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("the program ended with {status}"))) }
}

#[cfg(test)]
mod tests {
    use base::id::MeetingId;
    use tokio::io::duplex;

    use super::*;

    fn order() -> Order {
        Order {
            room: MeetingId(3),
            count: 2,
            every_ms: 0,
            stay_ms: 60_000,
            address: ([127, 0, 0, 1], 443).into(),
            authority: "pem".into(),
            token: "secret".into(),
        }
    }

    #[tokio::test]
    async fn the_program_hears_its_order_and_is_let_go_when_it_is_dismissed() {
        let (ours, theirs) = duplex(4096);
        let dismissed = CancellationToken::new();
        let dismiss = dismissed.clone();
        let program = async move {
            let (read, mut write) = tokio::io::split(theirs);
            let mut read = BufReader::new(read);
            let mut line = String::new();
            read.read_line(&mut line).await.expect("an order");
            let order: Order = serde_json::from_str(&line).expect("the order");
            assert_eq!((order.count, order.token.as_str()), (2, "secret"));
            write.write_all(b"{\"present\":2,\"lost\":0,\"signals\":12}\n").await.expect("somebody listens");
            dismiss.cancel();
            let mut rest = String::new();
            read.read_to_string(&mut rest).await.expect("closed");
            assert_eq!(rest, "");
        };
        let (read, write) = tokio::io::split(ours);
        let mut reports = Vec::new();
        let order = order();
        let ours = converse(read, write, &order, dismissed, |report| reports.push(report));
        let ((), ended) = tokio::join!(program, ours);
        ended.expect("in order");
        assert_eq!(reports, [Report { present: 2, lost: 0, signals: 12, problem: None }]);
    }

    #[tokio::test]
    async fn a_program_that_says_nonsense_is_a_failure() {
        let reports = &b"Segmentation fault\n"[..];
        let (_theirs, line) = duplex(4096);
        let failed = converse(reports, line, &order(), CancellationToken::new(), |_| ()).await;
        assert_eq!(failed.expect_err("nonsense").kind(), io::ErrorKind::InvalidData);
    }
}
