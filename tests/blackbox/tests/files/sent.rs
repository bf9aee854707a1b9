//! A teacher's browser as these tests need it: forms with files, and uploads in pieces.

use blackbox::{Answer, Client, Kelasd, Method};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// What stands between the parts of a form.
const BOUNDARY: &str = "----kelas";

/// The token that the forms of a signed-in person carry.
pub(crate) async fn token(client: &Client) -> String {
    let page = client.get("/account").await.text();
    let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    token.expect("a form's token").to_owned()
}

/// The demo's meeting.
pub(crate) fn meeting(kelasd: &Kelasd) -> String {
    format!("/meetings/{}", kelasd.announced.meeting.expect("--demo"))
}

/// Sends files to a meeting in one form, as a page without a script does.
pub(crate) async fn send_form(client: &Client, meeting: &str, files: &[(&str, &str, &[u8])]) -> Answer {
    send_fields(client, &format!("{meeting}/materials/files"), &[], files).await
}

/// Sends a form with fields and files.
pub(crate) async fn send_fields(
    client: &Client,
    path: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &str, &[u8])],
) -> Answer {
    let token = token(client).await;
    let mut body = Vec::new();
    for (name, value) in [("form_token", token.as_str())].iter().chain(fields) {
        let part =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for (name, declared, bytes) in files {
        let name = name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             Content-Type: {declared}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let mut request = client.request(Method::POST, path, body.into());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    for (name, value) in [
        ("content-type", kind.as_str()),
        ("origin", client.origin()),
        ("accept", "text/html"),
        ("cookie", &client.cookies()),
    ] {
        request.headers_mut().insert(name, value.parse().expect("a header"));
    }
    client.send(request).await
}

/// Addresses of the files on the meeting's page, in its order.
pub(crate) async fn addresses(client: &Client, meeting: &str) -> Vec<String> {
    let page = client.get(meeting).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    let found = text.split("href=\"/files/").skip(1).filter_map(|rest| rest.split('"').next());
    found.filter_map(|rest| rest.strip_suffix("?download")).map(|rest| format!("/files/{rest}")).collect()
}

/// A request of tus.
pub(crate) async fn tus(
    client: &Client,
    method: Method,
    path: &str,
    headers: &[(&'static str, &str)],
    body: Vec<u8>,
) -> Answer {
    let mut request = client.request(method, path, body.into());
    let own = [("tus-resumable", "1.0.0"), ("origin", client.origin())];
    for (name, value) in own.iter().chain(headers) {
        request.headers_mut().insert(*name, value.parse().expect("a header"));
    }
    client.send(request).await
}

/// Begins an upload and returns its address.
pub(crate) async fn begin(client: &Client, meeting: &str, name: &str, size: u64) -> String {
    let begun = try_begin(client, meeting, name, size).await;
    assert_eq!(begun.status, 201, "{}", begun.text());
    assert!(begun.header("upload-expires").is_some_and(|expires| expires.ends_with(" GMT")));
    begun.header("location").expect("an address").to_owned()
}

pub(crate) async fn try_begin(client: &Client, meeting: &str, name: &str, size: u64) -> Answer {
    let name = format!("filename {}", base64(name.as_bytes()));
    let headers = [("upload-length", size.to_string()), ("upload-metadata", name)];
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    tus(client, Method::POST, &format!("{meeting}/uploads"), &headers, Vec::new()).await
}

/// How much the box has of an upload.
pub(crate) async fn offset(client: &Client, upload: &str) -> u64 {
    let told = tus(client, Method::HEAD, upload, &[], Vec::new()).await;
    assert_eq!(told.status, 200);
    told.header("upload-offset").and_then(|offset| offset.parse().ok()).expect("an offset")
}

/// Sends bytes from `offset` on.
pub(crate) async fn patch(client: &Client, upload: &str, offset: u64, bytes: &[u8]) -> Answer {
    let offset = offset.to_string();
    let headers = [("upload-offset", offset.as_str()), ("content-type", "application/offset+octet-stream")];
    tus(client, Method::PATCH, upload, &headers, bytes.to_vec()).await
}

/// A `PATCH` that is under way: its header has been sent.
pub(crate) async fn open_patch(
    client: &Client,
    upload: &str,
    offset: u64,
    length: u64,
) -> Box<dyn blackbox::Stream> {
    let mut stream = client.connect().await.expect("connected");
    let (origin, cookies) = (client.origin(), client.cookies());
    let host = origin.split_once("://").expect("an origin").1;
    let head = format!(
        "PATCH {upload} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nCookie: {cookies}\r\n\
         Tus-Resumable: 1.0.0\r\nUpload-Offset: {offset}\r\nContent-Length: {length}\r\n\
         Content-Type: application/offset+octet-stream\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    stream
}

/// The whole answer to a request that was sent.
pub(crate) async fn answer(stream: &mut Box<dyn blackbox::Stream>) -> String {
    let mut answer = Vec::new();
    // A daemon that closes right behind its answer may do so without a word of TLS.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let block =
            chunk.iter().fold(0_u32, |block, byte| block << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let at = (block >> (18 - 6 * digit)) & 63;
            text.push(if digit <= chunk.len() { char::from(DIGITS[at as usize]) } else { '=' });
        }
    }
    text
}
