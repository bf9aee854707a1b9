//! What passing a message over TLS costs when nothing is done with it: two streams, the same
//! runtime, the same TLS, no WebSocket, no JSON, no room. No server of this kind gets below that.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional_with_sizes};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::Outcome;
use crate::cores::Cores;
use crate::process::Server;
use crate::socket::{Dialer, Stream};
use crate::workload::{Rate, rate};

/// Bytes of a candidate with what the protocol puts around it.
const MESSAGE_BYTES: usize = 400;
/// How much is read at once, as `kelasd` does.
const READ_BYTES: usize = 1024;

/// Runs the relay with a key and a certificate as PEM files: the first two connections are a pair,
/// then the next two. Prints its port as a line of JSON.
pub(crate) async fn serve(key: &Path, certificate: &Path) -> Outcome<()> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_file(certificate)?],
            PrivateKeyDer::from_pem_file(key)?,
        )?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut output = std::io::stdout();
    writeln!(output, "{{\"port\":{}}}", listener.local_addr()?.port())?;
    output.flush()?;
    loop {
        let mut pair = Vec::new();
        while pair.len() < 2 {
            let (tcp, _) = listener.accept().await?;
            tcp.set_nodelay(true)?;
            pair.push(acceptor.accept(tcp).await?);
        }
        tokio::spawn(async move {
            let [one, other] = &mut pair[..] else { return };
            // Ends when the clients go, in whatever way.
            let _ = copy_bidirectional_with_sizes(one, other, READ_BYTES, READ_BYTES).await;
        });
    }
}

/// Starts it as a process of its own and passes `rounds` times `window` messages from each of
/// `people` to their partners.
pub(crate) async fn measure(
    files: (PathBuf, PathBuf),
    cores: Cores,
    people: usize,
    rounds: usize,
    window: usize,
) -> Outcome<Rate> {
    let (key, certificate) = files;
    let mut command = cores.command(&std::env::current_exe()?)?;
    let server = Server::start(command.arg("relay").arg(&key).arg(&certificate)).await?;
    let port = u16::try_from(server.number("port")?)?;
    let dialer = Dialer::new(&certificate)?;
    let mut streams = Vec::new();
    for number in 0..people {
        streams.push(dialer.stream(port, number).await?);
    }
    let (cpu, start) = (server.cpu_us()?, Instant::now());
    let mut running = tokio::task::JoinSet::new();
    for stream in streams {
        running.spawn(pass(stream, rounds, window));
    }
    let ended = running.join_all().await;
    let (elapsed, cpu) = (start.elapsed(), server.cpu_us()? - cpu);
    // The streams live until here, so that closing them is not counted.
    let _streams = ended.into_iter().collect::<Outcome<Vec<Stream>>>()?;
    server.stop().await?;
    Ok(rate(people * rounds * window, elapsed, cpu))
}

async fn pass(mut stream: Stream, rounds: usize, window: usize) -> Outcome<Stream> {
    let message = vec![b'x'; MESSAGE_BYTES];
    let mut heard = vec![0; MESSAGE_BYTES * window];
    for _ in 0..rounds {
        // Each by itself, as browsers send them.
        for _ in 0..window {
            stream.write_all(&message).await?;
            stream.flush().await?;
        }
        stream.read_exact(&mut heard).await?;
    }
    Ok(stream)
}
