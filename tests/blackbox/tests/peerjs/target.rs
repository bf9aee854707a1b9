//! What is tested: kelasd, or the real PeerServer, started for one test with the same options.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use blackbox::{Client, Kelasd};

/// Which server a behaviour is shown on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which {
    Kelasd,
    PeerServer,
}

/// Options that both servers know.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    pub(crate) allow_discovery: bool,
    pub(crate) concurrent_limit: Option<u32>,
    pub(crate) alive_timeout_ms: Option<u32>,
    pub(crate) expire_timeout_ms: Option<u32>,
}

/// A running server that speaks the dialect under `/peerjs`.
pub(crate) struct Target {
    pub(crate) client: Client,
    _process: Process,
}

enum Process {
    Kelasd { _kelasd: Box<Kelasd> },
    PeerServer { node: Child },
}

impl Which {
    pub(crate) async fn start(self, options: Options) -> Target {
        match self {
            Self::Kelasd => Target::kelasd(options).await,
            Self::PeerServer => {
                tokio::task::spawn_blocking(move || Target::peerserver(options)).await.expect("started")
            }
        }
    }
}

impl Target {
    pub(crate) async fn kelasd(options: Options) -> Self {
        let discovery = options.allow_discovery.to_string();
        let mut configuration = Kelasd::configure().variable("KELASD_PEERJS_ALLOW_DISCOVERY", &discovery);
        for (variable, value) in [
            ("KELASD_PEERJS_CONCURRENT_LIMIT", options.concurrent_limit),
            ("KELASD_PEERJS_ALIVE_TIMEOUT_MS", options.alive_timeout_ms),
            ("KELASD_PEERJS_EXPIRE_TIMEOUT_MS", options.expire_timeout_ms),
        ] {
            if let Some(value) = value {
                configuration = configuration.variable(variable, &value.to_string());
            }
        }
        let kelasd = configuration.start().await;
        Self { client: kelasd.plain_client(), _process: Process::Kelasd { _kelasd: Box::new(kelasd) } }
    }

    fn peerserver(options: Options) -> Self {
        let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../peers"));
        assert!(
            folder.join("node_modules/peer").is_dir(),
            "the real PeerServer is not installed: `make test-rust` installs it into tests/peers"
        );
        let mut given = serde_json::json!({ "allow_discovery": options.allow_discovery });
        for (name, value) in [
            ("concurrent_limit", options.concurrent_limit),
            ("alive_timeout", options.alive_timeout_ms),
            ("expire_timeout", options.expire_timeout_ms),
        ] {
            if let Some(value) = value {
                given[name] = value.into();
            }
        }
        let mut node = Command::new("node")
            .arg(folder.join("peerserver.mjs"))
            .arg(given.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node is installed");
        let mut line = String::new();
        let stdout = node.stdout.take().expect("stdout is piped");
        BufReader::new(stdout).read_line(&mut line).expect("readable");
        let process = Process::PeerServer { node };
        let port: u16 = line.trim().parse().expect("PeerServer says its port");
        Self { client: Client::new(&format!("http://127.0.0.1:{port}"), None), _process: process }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Self::PeerServer { node } = self {
            node.kill().expect("our own child");
            node.wait().expect("our own child");
        }
    }
}
