//! QEMU's machine protocol, as far as the tests need it: a picture of the screen, and how much the
//! machine has done.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

use crate::Outcome;

/// How long QEMU itself may take; its main loop stalls when the host is busy.
const ANSWER: Duration = Duration::from_mins(1);

/// A connection on which commands are allowed.
#[derive(Debug)]
pub(crate) struct Monitor {
    stream: BufReader<UnixStream>,
}

impl Monitor {
    /// On a connection to QEMU's socket.
    pub(crate) async fn new(stream: UnixStream) -> Outcome<Self> {
        let mut monitor = Self { stream: BufReader::new(stream) };
        monitor.command("qmp_capabilities", json!({})).await?;
        Ok(monitor)
    }

    /// Writes what stands on the screen to a PNG file.
    pub(crate) async fn screenshot(&mut self, path: &Path) -> Outcome<()> {
        let path = path.to_str().ok_or("a path that is no text")?;
        self.command("screendump", json!({"filename": path, "format": "png"})).await?;
        Ok(())
    }

    /// The instructions carried out since power-on, of a machine that counts them
    /// ([`crate::machine::Pace::Counted`]).
    pub(crate) async fn instructions(&mut self) -> Outcome<u64> {
        let answer = self.command("query-replay", json!({})).await?;
        let count = answer["icount"].as_u64().filter(|count| *count > 0);
        count.ok_or_else(|| format!("QEMU counts no instructions: {answer}").into())
    }

    async fn command(&mut self, name: &str, arguments: Value) -> Outcome<Value> {
        let line = format!("{}\n", json!({"execute": name, "arguments": arguments}));
        self.stream.get_mut().write_all(line.as_bytes()).await?;
        let answer = async {
            loop {
                let mut line = String::new();
                if self.stream.read_line(&mut line).await? == 0 {
                    return Err("QEMU ended".into());
                }
                let mut message: Value = serde_json::from_str(&line)?;
                // The greeting and events come in between.
                if let Some(error) = message.get("error") {
                    return Err(format!("QEMU refuses {name}: {error}").into());
                }
                if message.get("return").is_some() {
                    return Ok(message["return"].take());
                }
            }
        };
        tokio::time::timeout(ANSWER, answer).await.map_err(|_| format!("QEMU does not answer {name}"))?
    }
}
