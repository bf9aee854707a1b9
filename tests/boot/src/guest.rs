//! A root shell inside of the machine, for the tests alone: the card carries none. PID 1 takes a
//! unit from the kernel's command line (systemd-debug-generator(8), `systemd.extra-unit.*`), and
//! that unit carries out what comes over a virtio port.
//!
//! A line to the guest is a token and a command in base64; its answer is the token, the exit
//! status and the output in base64. So no terminal, echo or stray line can be taken for an answer.

use std::time::Duration;

use data_encoding::BASE64;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

use crate::Outcome;

/// How long a command may take; the guest is emulated and slow.
const ANSWER: Duration = Duration::from_mins(5);

/// What is said when the shell begins to read.
const READY: &str = "ready";

/// The unit; the port is the one of qemu.sh. It waits for the port itself: a unit's wait for a
/// device ends after 90 s, which a busy emulator may need.
const UNIT: &str = r"[Unit]
Description=Root shell of the boot tests
DefaultDependencies=no
[Service]
ExecStart=sh -c 'p=/dev/virtio-ports/kelas.shell; until [ -e $$p ]; do sleep 1; done; exec <>$$p >&0; b() { busybox base64 $$* || base64 $$*; }; echo ready; while read -r t c; do echo $$c | b -d >/run/t.sh; sh /run/t.sh </dev/null >/run/t 2>&1; echo $$t $$? $$(b -w0 /run/t); done'
";

/// A connected shell.
#[derive(Debug)]
pub(crate) struct Guest {
    stream: BufReader<UnixStream>,
    tokens: u64,
}

/// What a command did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) status: i32,
    /// Both streams, in the order in which they were written.
    pub(crate) text: String,
}

/// The words of the kernel's command line that put the shell into the guest.
pub(crate) fn kernel_words() -> String {
    extra_unit("kelas-test", UNIT)
}

/// Words with which PID 1 starts a unit that the card does not have.
pub(crate) fn extra_unit(name: &str, unit: &str) -> String {
    let encoded = BASE64.encode(unit.as_bytes());
    format!(
        "systemd.set_credential_binary=systemd.extra-unit.{name}.service:{encoded} systemd.wants={name}.service"
    )
}

impl Guest {
    /// On a connection to QEMU's end of the port.
    pub(crate) fn new(stream: UnixStream) -> Self {
        Self { stream: BufReader::new(stream), tokens: 0 }
    }

    /// Waits until the guest reads commands.
    pub(crate) async fn ready(&mut self, limit: Duration) -> Outcome<()> {
        let ready = async {
            while self.line().await? != READY {}
            Ok(())
        };
        let in_time = tokio::time::timeout(limit, ready).await;
        in_time.map_err(|_| format!("no shell in the guest within {} s", limit.as_secs()))?
    }

    /// Carries out a command of the shell and returns how it ended.
    pub(crate) async fn run(&mut self, command: &str) -> Outcome<Output> {
        self.tokens += 1;
        let token = format!("t{}", self.tokens);
        let line = format!("{token} {}\n", BASE64.encode(format!("{command}\n").as_bytes()));
        self.stream.get_mut().write_all(line.as_bytes()).await?;
        let answer = async {
            loop {
                // An answer to what nobody waits for any more comes before ours.
                if let Some(answer) = self.line().await?.strip_prefix(&format!("{token} ")) {
                    return output(answer);
                }
            }
        };
        let in_time = tokio::time::timeout(ANSWER, answer).await;
        in_time.map_err(|_| format!("no answer within {} s to: {command}", ANSWER.as_secs()))?
    }

    /// The trimmed output of a command that must succeed.
    pub(crate) async fn ask(&mut self, command: &str) -> Outcome<String> {
        let Output { status, text } = self.run(command).await?;
        if status != 0 {
            return Err(format!("`{command}` ended with {status}: {}", text.trim()).into());
        }
        Ok(text.trim().to_owned())
    }

    /// A number that a command prints.
    pub(crate) async fn number(&mut self, command: &str) -> Outcome<u64> {
        let text = self.ask(command).await?;
        text.parse().map_err(|_| format!("`{command}` printed no number: {text}").into())
    }

    async fn line(&mut self) -> Outcome<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).await? == 0 {
            return Err("the machine ended".into());
        }
        Ok(line.trim_end().to_owned())
    }
}

/// Takes `STATUS BASE64` apart; without output there is no second word.
fn output(answer: &str) -> Outcome<Output> {
    let (status, text) = answer.split_once(' ').unwrap_or((answer, ""));
    let text = BASE64.decode(text.as_bytes())?;
    Ok(Output { status: status.parse()?, text: String::from_utf8_lossy(&text).into_owned() })
}

#[cfg(test)]
mod tests {
    use tokio::process::Command;

    use super::*;

    /// The shell's own loop, as the unit has it, on this machine.
    fn script() -> String {
        let (_, script) = UNIT.split_once("exec <>$$p >&0; ").expect("the loop");
        script.trim_end().trim_end_matches('\'').replace("$$", "$")
    }

    #[tokio::test]
    async fn status_and_output_come_back_whatever_they_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let script = script().replace("/run/t", &folder.path().join("t").display().to_string());
        let (ours, theirs) = std::os::unix::net::UnixStream::pair().expect("sockets");
        let theirs = std::os::fd::OwnedFd::from(theirs);
        let mut shell = Command::new("sh")
            .args(["-c", &script])
            .stdin(theirs.try_clone().expect("a copy"))
            .stdout(theirs)
            .kill_on_drop(true)
            .spawn()
            .expect("a shell");
        ours.set_nonblocking(true).expect("a socket of ours");
        let stream = BufReader::new(UnixStream::from_std(ours).expect("a socket of ours"));
        let mut guest = Guest { stream, tokens: 0 };
        guest.ready(ANSWER).await.expect("a shell");
        let hostile = "printf 'a\\nt2 0 eA==\\n\\033[0m%s' '$x'; echo \"it's\" >&2; exit 3";
        let output = guest.run(hostile).await.expect("an answer");
        assert_eq!(output, Output { status: 3, text: "a\nt2 0 eA==\n\u{1b}[0m$xit's\n".to_owned() });
        assert_eq!(guest.run("true").await.expect("an answer"), Output { status: 0, text: String::new() });
        assert_eq!(guest.number("seq 50000 | tail -n1").await.expect("a number"), 50_000);
        assert!(guest.ask("echo gone; false").await.expect_err("fails").to_string().contains("gone"));
        shell.kill().await.expect("our own child");
        assert!(guest.run("true").await.is_err());
    }

    #[test]
    fn the_words_leave_room_on_the_kernels_command_line() {
        // COMMAND_LINE_SIZE is 2048 on arm64; the card's own words take some 300.
        let words = format!("{} {}", kernel_words(), crate::air::kernel_words());
        assert!(words.len() < 1_500, "{} characters", words.len());
        assert_eq!(words.split(' ').count(), 4);
        assert!(!words.contains('"'));
    }
}
