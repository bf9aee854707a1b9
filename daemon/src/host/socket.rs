//! The helper that runs as root, over its Unix stream: one connection for each command.
//!
//! A line `command argument` and perhaps a text go there, then the end; `ok` or `error <reason>`
//! comes back. `/usr/lib/kelas/host` on the card is the other end, and checks everything anew.
//!
//! May use: `host`, `base`, tokio. Used by: `host`.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use base::clock::Timestamp;
use base::limits::{HOST_ANSWER_BYTES, HOST_ANSWER_S};
use base::{Code, Error, Result};
use network::model::Country;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;

use crate::host::{Answer, Host, HostName, Sharing};

/// The helper.
#[derive(Debug)]
pub(crate) struct Socket {
    path: PathBuf,
}

impl Socket {
    /// The helper that listens at `path`.
    pub(crate) const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    fn ask(&self, command: &'static str, argument: String, text: String) -> Answer<'_, ()> {
        Box::pin(async move {
            let line = if argument.is_empty() { command.to_owned() } else { format!("{command} {argument}") };
            let limit = Duration::from_secs(HOST_ANSWER_S);
            let answer = tokio::time::timeout(limit, self.converse(&line, &text)).await;
            let answer = answer.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
            let answer = answer.map_err(|error| Error::new(Code::HostUnavailable).because(error))?;
            judge(&answer).inspect(|()| tracing::info!(command = line, "the machine was told"))
        })
    }

    async fn converse(&self, line: &str, text: &str) -> io::Result<String> {
        let mut stream = UnixStream::connect(&self.path).await?;
        stream.write_all(format!("{line}\n{text}").as_bytes()).await?;
        stream.shutdown().await?;
        let mut answer = Vec::new();
        stream.take(HOST_ANSWER_BYTES).read_to_end(&mut answer).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

/// `ok`, or the reason why not.
fn judge(answer: &str) -> Result<()> {
    let line = answer.lines().next().unwrap_or_default();
    match line.split_once(' ').unwrap_or((line, "")) {
        ("ok", "") => Ok(()),
        ("error", "clock-implausible") => Err(Error::new(Code::ClockImplausible)),
        ("error", reason) if !reason.is_empty() => {
            Err(Error::new(Code::HostRefused).with("reason", reason.escape_default()))
        }
        _ => Err(Error::new(Code::HostUnavailable).because(format!("it said {line:?}"))),
    }
}

impl Host for Socket {
    fn is_ours(&self) -> bool {
        true
    }

    fn set_clock(&self, now: Timestamp) -> Answer<'_, ()> {
        self.ask("clock", now.0.div_euclid(1_000).to_string(), String::new())
    }

    fn set_name<'a>(&'a self, name: &'a HostName) -> Answer<'a, ()> {
        self.ask("name", name.to_string(), String::new())
    }

    fn set_country(&self, country: Country) -> Answer<'_, ()> {
        self.ask("country", country.to_string(), String::new())
    }

    fn share(&self, sharing: Sharing) -> Answer<'_, ()> {
        let word = match sharing {
            Sharing::On => "on",
            Sharing::Off => "off",
        };
        self.ask("sharing", word.to_owned(), String::new())
    }

    fn restart(&self) -> Answer<'_, ()> {
        self.ask("restart", String::new(), String::new())
    }

    fn power_off(&self) -> Answer<'_, ()> {
        self.ask("power-off", String::new(), String::new())
    }

    fn forget(&self) -> Answer<'_, ()> {
        self.ask("forget", String::new(), String::new())
    }

    fn write_boot_errors<'a>(&'a self, text: &'a str) -> Answer<'a, ()> {
        self.ask("boot-errors", String::new(), text.to_owned())
    }

    fn settings_applied(&self) -> Answer<'_, ()> {
        self.ask("settings-applied", String::new(), String::new())
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::UnixListener;

    use super::*;

    /// What a helper that answers `answer` hears, and what is made of its answer.
    async fn hears<'a>(
        answer: &str,
        ask: impl FnOnce(&'a Socket) -> Answer<'a, ()>,
        socket: &'a Socket,
    ) -> (String, Result<()>) {
        let listener = UnixListener::bind(&socket.path).expect("a folder of its own");
        let serve = async {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut heard = String::new();
            stream.read_to_string(&mut heard).await.expect("text");
            stream.write_all(answer.as_bytes()).await.expect("somebody reads");
            drop(stream);
            heard
        };
        tokio::join!(serve, ask(socket))
    }

    fn socket(folder: &tempfile::TempDir) -> Socket {
        Socket::new(folder.path().join("host"))
    }

    #[tokio::test]
    async fn a_command_is_one_line_and_ok_is_ok() {
        let folder = tempfile::tempdir().expect("a folder");
        let host = socket(&folder);
        let (heard, done) = hears("ok\n", |host| host.set_clock(Timestamp(1_800_000_000_999)), &host).await;
        assert_eq!(heard, "clock 1800000000\n");
        done.expect("ok");
    }

    #[tokio::test]
    async fn a_text_follows_the_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let host = socket(&folder);
        let (heard, done) = hears("ok\n", |host| host.write_boot_errors("one\ntwo\n"), &host).await;
        assert_eq!(heard, "boot-errors\none\ntwo\n");
        done.expect("ok");
    }

    #[tokio::test]
    async fn a_refusal_keeps_its_reason_and_silence_is_none() {
        for (answer, code) in [
            ("error clock-implausible\n", Code::ClockImplausible),
            ("error name-not-kept\n", Code::HostRefused),
            ("error \n", Code::HostUnavailable),
            ("okay\n", Code::HostUnavailable),
            ("", Code::HostUnavailable),
        ] {
            let folder = tempfile::tempdir().expect("a folder");
            let host = socket(&folder);
            let (_, done) = hears(answer, |host| host.restart(), &host).await;
            assert_eq!(done.expect_err("refused").code, code, "{answer:?}");
        }
    }

    #[tokio::test]
    async fn a_helper_that_is_not_there_is_unavailable() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = socket(&folder).forget().await.expect_err("nobody listens");
        assert_eq!(error.code, Code::HostUnavailable);
    }
}
