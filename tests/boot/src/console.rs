//! The serial console of a machine: kept in a file, and watched for what it says.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::watch;

use crate::Outcome;

/// Everything that was said so far; told of by `news`, which closes when the machine falls silent.
#[derive(Clone, Debug)]
pub(crate) struct Console {
    said: Arc<Mutex<Vec<u8>>>,
    news: watch::Receiver<usize>,
    path: PathBuf,
}

impl Console {
    /// Copies `from` to the file at `path` as it comes.
    pub(crate) async fn follow(
        mut from: impl AsyncRead + Unpin + Send + 'static,
        path: &Path,
    ) -> Outcome<Self> {
        let mut file = File::create(path).await?;
        let said = Arc::new(Mutex::new(Vec::new()));
        let (tell, news) = watch::channel(0);
        let kept = Arc::clone(&said);
        tokio::spawn(async move {
            let mut chunk = [0; 4_096];
            while let Ok(length @ 1..) = from.read(&mut chunk).await {
                let part = &chunk[..length];
                if let Err(error) = file.write_all(part).await {
                    eprintln!("boot: the console's log cannot be written: {error}");
                }
                let length = {
                    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                    kept.extend_from_slice(part);
                    kept.len()
                };
                tell.send_replace(length);
            }
        });
        Ok(Self { said, news, path: path.to_owned() })
    }

    /// All of it, without the escape sequences of terminals and with plain line ends.
    pub(crate) fn text(&self) -> String {
        plain(&String::from_utf8_lossy(&self.said.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// The file that has it as it came.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Waits until a line contains all of `wanted` and returns that line.
    pub(crate) async fn line_with(&self, wanted: &[&str], limit: Duration) -> Outcome<String> {
        let mut news = self.news.clone();
        let seen = async {
            loop {
                news.borrow_and_update();
                let text = self.text();
                if let Some(line) = text.lines().find(|line| wanted.iter().all(|part| line.contains(part))) {
                    return Ok(line.to_owned());
                }
                if news.changed().await.is_err() {
                    return Err(format!("the machine ended and its console never said {wanted:?}"));
                }
            }
        };
        let in_time = tokio::time::timeout(limit, seen).await;
        in_time
            .map_err(|_| format!("the console did not say {wanted:?} within {} s", limit.as_secs()))?
            .map_err(Into::into)
    }
}

/// Without ECMA-48 control sequences and carriage returns.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\r' => {}
            '\u{1b}' => match rest.next() {
                Some('[') => {
                    while rest.next_if(|it| !matches!(it, '@'..='~')).is_some() || {
                        rest.next();
                        false
                    } {}
                }
                // A charset's designation has one character more.
                Some('(' | ')') => drop(rest.next()),
                // An operating system command ends with BEL or ST.
                Some(']') => while rest.next().is_some_and(|it| it != '\u{7}' && it != '\\') {},
                // Others are one character long.
                Some(_) | None => {}
            },
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_are_taken_out() {
        assert_eq!(
            plain("\u{1b}[0;32m  OK  \u{1b}[0m] up\r\n\u{1b}]0;title\u{7}x\u{1b}(By"),
            "  OK  ] up\nxy"
        );
        assert_eq!(plain("half \u{1b}[3"), "half ");
    }

    #[tokio::test]
    async fn a_line_is_found_when_it_comes_and_missed_when_it_never_does() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut guest, here) = tokio::io::duplex(64);
        let console = Console::follow(here, &folder.path().join("console.log")).await.expect("a file");
        let limit = Duration::from_mins(1);
        let (found, ()) = tokio::join!(console.line_with(&["kelas:", "data-full"], limit), async {
            guest.write_all(b"noise\r\nkelas: card: data-").await.expect("taken");
            guest.write_all(b"full: no room\r\n").await.expect("taken");
        });
        assert_eq!(found.expect("said"), "kelas: card: data-full: no room");
        let (missed, ()) = tokio::join!(console.line_with(&["never"], limit), async { drop(guest) });
        assert!(missed.expect_err("never said").to_string().contains("ended"));
    }
}
