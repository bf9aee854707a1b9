//! A large file to a whole class over HTTPS, beside nginx.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use blackbox::{Client, Method};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;

use crate::Outcome;
use crate::process::Server;
use crate::socket::Dialer;

/// Bytes of the file: a short film for phones.
const FILE_BYTES: usize = 16 * 1024 * 1024;
const NAME: &str = "film.bin";
/// How much a client reads at once.
const READ_BYTES: usize = 64 * 1024;
/// For a server to begin answering.
const PATIENCE: Duration = Duration::from_secs(10);
const GLANCE: Duration = Duration::from_millis(50);
const BOUNDARY: &str = "----kelas-bench";

/// Where a file is, and who may have it.
pub(crate) struct Source {
    pub(crate) port: u16,
    pub(crate) path: String,
    pub(crate) cookie: String,
}

/// Bytes that no compression makes less.
pub(crate) fn film() -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut film = Vec::with_capacity(FILE_BYTES);
    while film.len() < FILE_BYTES {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        film.extend_from_slice(&state.to_le_bytes());
    }
    film
}

/// `kelasd`'s file: material of the demo's meeting, sent by its teacher.
pub(crate) async fn material(server: &Server, film: &[u8]) -> Outcome<Source> {
    let origin = server.text("https")?;
    let ca = std::fs::read_to_string(server.text("ca")?)?;
    let teacher = Client::new(&origin, Some(&ca));
    let redeemed = teacher.post_form(&server.text("teacherLink")?, &[]).await;
    if redeemed.status != 303 {
        return Err(format!("the teacher's link: {}", redeemed.status).into());
    }
    let meeting = format!("/meetings/{}", server.number("meeting")?);
    let page = teacher.get(&meeting).await.text();
    let body = form(form_token(&page)?, film);
    let mut request = teacher.request(Method::POST, &format!("{meeting}/materials/files"), body.into());
    for (name, value) in [
        ("content-type", format!("multipart/form-data; boundary={BOUNDARY}")),
        ("origin", origin.clone()),
        ("accept", "text/html".to_owned()),
        ("cookie", teacher.cookies()),
    ] {
        request.headers_mut().insert(name, value.parse()?);
    }
    let sent = teacher.send(request).await;
    let page = teacher.get(&meeting).await.text();
    let address = page.split_once("href=\"/files/").and_then(|(_, rest)| rest.split_once(['"', '?']));
    let (address, _) = address.ok_or_else(|| format!("the file was not taken: {}", sent.status))?;
    Ok(Source { port: port_of(&origin)?, path: format!("/files/{address}"), cookie: teacher.cookies() })
}

/// nginx with the same file, one process as `kelasd` is.
pub(crate) async fn nginx(
    program: &Path,
    folder: &Path,
    (key, certificate): &(PathBuf, PathBuf),
    film: &[u8],
) -> Outcome<(Server, Source)> {
    std::fs::write(folder.join(NAME), film)?;
    // It does not tell which port it was given, so one is chosen that is free a moment before.
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let folder = folder.display();
    let configuration = format!(
        "daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr crit;\n\
         events {{ worker_connections 256; }}\n\
         http {{\n\
         access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n\
         fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;\n\
         server {{ listen 127.0.0.1:{port} ssl; root {folder};\n\
         ssl_certificate {}; ssl_certificate_key {}; }}\n}}\n",
        certificate.display(),
        key.display()
    );
    let settings = format!("{folder}/nginx.conf");
    std::fs::write(&settings, configuration)?;
    let server = Server::silent(Command::new(program).args(["-c", &settings]))?;
    let deadline = Instant::now() + PATIENCE;
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        if Instant::now() > deadline {
            return Err("nginx does not answer".into());
        }
        // A port that nobody has opened yet is refused at once.
        tokio::time::sleep(GLANCE).await;
    }
    Ok((server, Source { port, path: format!("/{NAME}"), cookie: String::new() }))
}

/// Megabytes that `server` hands out to `clients` at once for each second of CPU.
pub(crate) async fn megabytes_per_second(
    server: &Server,
    dialer: &Dialer,
    source: &Source,
    clients: usize,
) -> Outcome<f64> {
    let mut streams = Vec::with_capacity(clients);
    for number in 0..clients {
        streams.push(dialer.stream(source.port, number).await?);
    }
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nCookie: {}\r\n\r\n",
        source.path, source.port, source.cookie
    );
    let before = server.cpu_us()?;
    let mut running = tokio::task::JoinSet::new();
    for mut stream in streams {
        let request = request.clone();
        running.spawn(async move {
            stream.write_all(request.as_bytes()).await?;
            fetch(BufReader::with_capacity(READ_BYTES, stream)).await
        });
    }
    let fetched: usize = running.join_all().await.into_iter().sum::<Outcome<usize>>()?;
    #[allow(clippy::cast_precision_loss)] // below 2^52
    let bytes = fetched as f64;
    // Bytes for each microsecond are megabytes for each second.
    Ok(bytes / (server.cpu_us()? - before))
}

/// Reads one answer and returns how long its body was, which has to be the whole file.
async fn fetch<S: tokio::io::AsyncRead + Unpin>(mut stream: BufReader<S>) -> Outcome<usize> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    if !line.starts_with("HTTP/1.1 200") {
        return Err(format!("no file: {}", line.trim()).into());
    }
    while line.trim_end() != "" {
        line.clear();
        stream.read_line(&mut line).await?;
    }
    let (mut left, mut buffer) = (FILE_BYTES, vec![0; READ_BYTES]);
    while left > 0 {
        let most = left.min(READ_BYTES);
        match stream.read(&mut buffer[..most]).await? {
            0 => return Err(format!("{left} bytes are missing").into()),
            read => left -= read,
        }
    }
    Ok(FILE_BYTES)
}

fn form(token: &str, film: &[u8]) -> Vec<u8> {
    let mut body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{token}\r\n\
         --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{NAME}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(film);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    body
}

fn form_token(page: &str) -> Outcome<&str> {
    let token = page.split_once("name=\"form_token\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
    Ok(token.ok_or("a page without a form")?.0)
}

fn port_of(origin: &str) -> Outcome<u16> {
    Ok(origin.rsplit_once(':').ok_or("an address without a port")?.1.parse()?)
}
