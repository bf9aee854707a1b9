//! An emulated machine: started with a card, watched, cut off or waited for. Only
//! `image/bench/qemu.sh` knows how QEMU is called; here are the arguments of tests alone.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::net::UnixStream;
use tokio::process::{Child, Command};

use crate::Outcome;
use crate::air::{self, Air};
use crate::card::Card;
use crate::console::Console;
use crate::guest::{self, Guest};
use crate::monitor::Monitor;

/// From power-on to the answering site. Under load an emulated boot takes three minutes.
pub(crate) const BOOT: Duration = Duration::from_mins(15);
/// From the order to shut down to the end of QEMU.
const SHUTDOWN: Duration = Duration::from_mins(5);
/// QEMU makes its sockets before anything else.
const SOCKETS: Duration = Duration::from_mins(1);
/// Between two looks at something outside that tells of nothing by itself.
pub(crate) const LOOK: Duration = Duration::from_millis(200);

/// What is asked of the guest after a failure: its journal, its networks and firewall, and what the
/// stations say of theirs.
const EVIDENCE: &str = "journalctl --no-pager -b -o short-monotonic; systemctl --failed --no-pager; \
    set -x; nmcli device; nmcli connection; ip addr; ip route; cat /proc/sys/net/ipv4/ip_forward; iw dev; iw reg get; nft list ruleset; \
    head -n 50 /etc/NetworkManager/dnsmasq-shared.d/*; tr '\\0' ' ' </proc/$(cat /run/nm-dnsmasq-wlan0.pid)/cmdline; \
    for s in 1 2; do ip -n sta$s addr; ip -n sta$s route; done; tail -n 200 /run/station-*";

/// Larger than the image, so that there is something to grow into, and a power of two, as the
/// emulated Pi's card slot wants it.
pub(crate) const CARD_SIZE: u64 = 2 << 30;

/// What is emulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Board {
    /// QEMU's own machine, with a virtio port for a shell.
    Virt,
    /// A Raspberry Pi 3, its card in its slot, without a shell.
    Raspi3b,
}

/// Whether a cable is plugged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    Wired,
    None,
}

/// What the guest's time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// The host's, as fast as it emulates.
    Host,
    /// A nanosecond for each instruction, and the host's while all processors rest. Slower, as
    /// they take turns, but what a boot takes can be counted, whatever else the host does.
    Counted,
}

/// Where the site is found on this machine's loopback.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ports {
    pub(crate) http: u16,
    pub(crate) https: u16,
}

impl Ports {
    /// Two that nothing uses now. For one start only: the next one's are chosen when it begins, as
    /// somebody else may take these in between.
    pub(crate) fn free() -> Outcome<Self> {
        let listeners = [TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?];
        Ok(Self { http: listeners[0].local_addr()?.port(), https: listeners[1].local_addr()?.port() })
    }
}

/// How a machine is to be started.
#[derive(Clone, Debug)]
pub(crate) struct Setup<'a> {
    /// For people, and for the files that it leaves in `target/boot`.
    pub(crate) name: &'a str,
    /// The folder below `target/boot` of what its card has become; machines that have it in common
    /// share the card, one after the other.
    pub(crate) work: &'a str,
    pub(crate) board: Board,
    /// Another card than the freshly built one.
    pub(crate) card: Option<&'a Card>,
    /// In bytes, not less than the image.
    pub(crate) card_size: u64,
    pub(crate) ports: Ports,
    pub(crate) network: Network,
    pub(crate) memory_mb: u32,
    pub(crate) pace: Pace,
    /// Radios, and stations around the box; only on [`Board::Virt`].
    pub(crate) air: Option<&'a Air>,
    /// Another folder than the bench image's, with a card and what starts it.
    pub(crate) image: Option<&'a Path>,
}

impl<'a> Setup<'a> {
    /// The usual machine: the memory of the smallest board.
    pub(crate) fn new(name: &'a str, work: &'a str, ports: Ports) -> Self {
        let (board, network) = (Board::Virt, Network::Wired);
        Self {
            name,
            work,
            board,
            card: None,
            card_size: CARD_SIZE,
            ports,
            network,
            memory_mb: 512,
            pace: Pace::Host,
            air: None,
            image: None,
        }
    }

    fn command(&self, root: &Path, work: &Path) -> Command {
        // The parent-death signal ends QEMU even if the harness is killed; exec keeps it.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(root.join("image/bench/qemu.sh"));
        command.arg("--work").arg(work).args(["--card-size", &self.card_size.to_string(), "--qmp"]);
        match self.board {
            Board::Virt => {
                let mut words = guest::kernel_words();
                if let Some(air) = self.air {
                    words = format!("{words} {}", air::kernel_words());
                    air.attach_to(&mut command);
                }
                command.args(["--memory", &self.memory_mb.to_string(), "--shell", "--append", &words])
            }
            Board::Raspi3b => command.args(["--machine", "raspi3b"]),
        };
        if let Some(image) = self.image {
            command.arg("--image").arg(image);
        }
        if let Some(card) = self.card {
            command.arg("--card").arg(&card.path);
        }
        match self.network {
            Network::Wired => {
                command.args(["--http", &self.ports.http.to_string()]);
                command.args(["--https", &self.ports.https.to_string()])
            }
            Network::None => command.arg("--no-network"),
        };
        command.args(["--", "-no-reboot"]);
        if self.pace == Pace::Counted {
            command.args(["-icount", "shift=0"]);
        }
        command
    }
}

/// Where a machine leaves its files.
pub(crate) fn folder(root: &Path, name: &str) -> PathBuf {
    root.join("target/boot").join(name.replace(' ', "-").replace('\'', ""))
}

/// Makes the folder of a machine's card anew, so that the next machine's card is freshly flashed.
pub(crate) fn fresh(root: &Path, work: &str) -> Outcome<()> {
    let folder = folder(root, work);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(std::fs::create_dir_all(&folder)?)
}

/// A machine that runs. It is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Machine {
    child: Child,
    pub(crate) console: Console,
    pub(crate) monitor: Monitor,
    /// Not on a board without a virtio port.
    guest: Option<Guest>,
    /// When it was switched on.
    pub(crate) began: Instant,
    folder: PathBuf,
    /// A short name for the card's folder: paths of sockets are short (unix(7)), and a checkout
    /// may lie deep.
    _work: TempDir,
}

impl Machine {
    /// Switches it on; its console is kept in `target/boot/NAME/console.log`.
    pub(crate) async fn start(root: &Path, setup: &Setup<'_>) -> Outcome<Self> {
        let kept = folder(root, setup.name);
        std::fs::create_dir_all(&kept)?;
        let short = tempfile::tempdir()?;
        let work = short.path().join("work");
        std::os::unix::fs::symlink(folder(root, setup.work), &work)?;
        for socket in ["qmp", "shell"] {
            // Of a machine that was cut off.
            remove_if_there(&work.join(socket))?;
        }
        let mut command = setup.command(root, &work);
        let stderr = std::fs::File::create(kept.join("qemu.log"))?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(stderr).kill_on_drop(true);
        let began = Instant::now();
        let mut child = command.spawn().map_err(|error| format!("setpriv (util-linux): {error}"))?;
        let output = child.stdout.take().ok_or("no console")?;
        let console = Console::follow(output, &kept.join("console.log")).await?;
        let guest = match setup.board {
            Board::Virt => Some(Guest::new(connected(&mut child, &work.join("shell"), &kept).await?)),
            Board::Raspi3b => None,
        };
        let monitor = Monitor::new(connected(&mut child, &work.join("qmp"), &kept).await?).await?;
        Ok(Self { child, console, monitor, guest, began, folder: kept, _work: short })
    }

    /// The shell inside.
    pub(crate) fn guest(&mut self) -> Outcome<&mut Guest> {
        self.guest.as_mut().ok_or_else(|| "this board has no port for a shell".into())
    }

    /// Fails if it has ended by itself.
    pub(crate) fn must_run(&mut self) -> Outcome<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => Err(format!("the machine ended ({status})").into()),
        }
    }

    /// Pulls the plug.
    pub(crate) async fn cut(mut self) -> Outcome<()> {
        Ok(self.child.kill().await?)
    }

    /// Waits until it has shut down by itself.
    pub(crate) async fn ended(mut self) -> Outcome<ExitStatus> {
        let ended = tokio::time::timeout(SHUTDOWN, self.child.wait()).await;
        Ok(ended.map_err(|_| format!("it did not shut down within {} s", SHUTDOWN.as_secs()))??)
    }

    /// A picture of the screen, in the machine's folder.
    pub(crate) async fn screenshot(&mut self, name: &str) -> Outcome<PathBuf> {
        let path = self.folder.join(name).with_extension("png");
        self.monitor.screenshot(&path).await?;
        Ok(path)
    }

    /// Leaves what helps to understand a failure, and says where.
    pub(crate) async fn leave_evidence(&mut self) {
        let mut left = vec![self.console.path().display().to_string()];
        match self.screenshot("screen").await {
            Ok(path) => left.push(path.display().to_string()),
            Err(error) => println!("     no picture of the screen: {error}"),
        }
        match self.journal().await {
            Ok(path) => left.push(path.display().to_string()),
            Err(error) => println!("     no journal: {error}"),
        }
        println!("     see {}", left.join(", "));
    }

    async fn journal(&mut self) -> Outcome<PathBuf> {
        let path = self.folder.join("journal.log");
        let guest = self.guest()?;
        let journal = guest.run(EVIDENCE).await?;
        std::fs::write(&path, journal.text)?;
        Ok(path)
    }
}

fn remove_if_there(path: &Path) -> Outcome<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Waits until QEMU takes a connection on a socket, whose file is there a moment before.
async fn connected(child: &mut Child, socket: &Path, folder: &Path) -> Outcome<UnixStream> {
    let deadline = Instant::now() + SOCKETS;
    loop {
        match UnixStream::connect(socket).await {
            Ok(stream) => return Ok(stream),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {}
            Err(error) => return Err(error.into()),
        }
        if let Some(status) = child.try_wait()? {
            let told = std::fs::read_to_string(folder.join("qemu.log"))?;
            return Err(format!("QEMU ended ({status}): {}", told.trim()).into());
        }
        if Instant::now() > deadline {
            return Err("QEMU did not start".into());
        }
        tokio::time::sleep(LOOK).await;
    }
}
