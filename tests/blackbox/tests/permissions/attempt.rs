//! One cell of the table: somebody asks.

use blackbox::Method;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;

use crate::people::Who;
use crate::school::School;
use crate::table::{ANY, Kind, Row};

/// Which token a form carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// That of who sends it.
    Own,
    /// One that another site's page made up.
    Wrong,
}

/// The status of an answer, and the code of a refusal.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    code: String,
    head_only: bool,
}

impl Answered {
    /// Whether this is what the table calls `expected`: a status, or a code.
    pub(crate) fn is(&self, expected: &str) -> bool {
        expected.split('|').any(|one| self.is_one(one))
    }

    fn is_one(&self, expected: &str) -> bool {
        if let Ok(status) = expected.parse::<u16>() {
            return self.status == status;
        }
        // An answer to HEAD has no body that could hold a code.
        let status = match expected {
            "sign_in_required" => 401,
            "not_found" => 404,
            "upload_gone" => 410,
            _ => 403,
        };
        if self.head_only { self.status == status } else { self.code == expected }
    }
}

/// Sends what `row` says as `who`. Only the head of a success is waited for: a stream of events
/// does not end.
pub(crate) async fn attempt(school: &School, who: Who, row: &Row<'_>, token: Token) -> Answered {
    let browser = school.browser(who);
    let method: Method = if row.method == ANY { "GET" } else { row.method }.parse().expect("a method");
    let body = body(school, &browser.form_token, row, token);
    let mut request = browser.client.request(method.clone(), &school.address(who, row), body);
    let mut put = |name: &'static str, value: &str| {
        request.headers_mut().insert(name, value.parse().expect("a header's value"));
    };
    put("origin", browser.client.origin());
    if method == Method::POST && row.kind != Kind::Tus {
        put(
            "content-type",
            match row.kind {
                Kind::Json => "application/json",
                Kind::Files => "multipart/form-data; boundary=kelas",
                Kind::Form | Kind::Tus => "application/x-www-form-urlencoded",
            },
        );
    }
    if row.kind == Kind::Tus {
        for (name, value) in TUS {
            put(name, value);
        }
    }
    let stream = browser.client.connect().await.expect("a connection");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("HTTP");
    let driver = tokio::spawn(connection);
    let response = sender.send_request(request).await.expect("an answer");
    let status = response.status().as_u16();
    let body = if status < 400 {
        Bytes::new()
    } else {
        response.into_body().collect().await.expect("a body").to_bytes()
    };
    driver.abort();
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let code = problem["code"].as_str().unwrap_or_default().to_owned();
    Answered { status, code, head_only: method == Method::HEAD }
}

/// What a request of tus carries; together they suit each of its methods.
const TUS: [(&str, &str); 4] = [
    ("tus-resumable", "1.0.0"),
    ("upload-length", "5"),
    ("upload-offset", "0"),
    ("content-type", "application/offset+octet-stream"),
];

fn body(school: &School, form_token: &str, row: &Row<'_>, token: Token) -> Bytes {
    match row.kind {
        Kind::Json => Bytes::from_static(b"{\"count\":0}"),
        Kind::Files => {
            let token = if token == Token::Own { form_token } else { "made-up" };
            let part = "--kelas\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n";
            let nothing = "--kelas\r\nContent-Disposition: form-data; name=\"files\"; filename=\"\"\r\n\r\n";
            format!("{part}{token}\r\n{nothing}\r\n--kelas--\r\n").into()
        }
        Kind::Form if row.method == "POST" => {
            let token = if token == Token::Own { form_token } else { "made-up" };
            let fields = row.fields.iter().map(|(name, value)| format!("&{name}={}", school.filled(value)));
            format!("form_token={token}{}", fields.collect::<String>()).into()
        }
        Kind::Form | Kind::Tus => Bytes::new(),
    }
}
