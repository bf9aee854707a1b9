//! curl as somebody's browser: a real HTTP client on this machine that reaches the box through a
//! station's door, asks for it by the names and addresses that the station uses, and checks its
//! certificate for them. It keeps cookies, and follows a redirect only when told.

use std::fs;
use std::path::PathBuf;

use blackbox::Probe;
use tempfile::TempDir;
use tokio::process::Command;

use crate::Outcome;
use crate::machine::Ports;

/// For a request and its answer; the box is emulated, and hashes passwords.
const ANSWER: &str = "120";

/// How Chrome on a phone calls itself.
pub(crate) const CHROME: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
    Chrome/140.0.0.0 Mobile Safari/537.36";
/// How the small browser that an iPhone opens for a portal calls itself.
pub(crate) const APPLE_SHEET: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";

/// One browser.
#[derive(Debug)]
pub(crate) struct Curl {
    door: Ports,
    agent: &'static str,
    folder: TempDir,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) url: String,
    pub(crate) status: u16,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Curl {
    /// A browser that has been nowhere yet and trusts nobody.
    pub(crate) fn new(door: Ports, agent: &'static str) -> Outcome<Self> {
        Ok(Self { door, agent, folder: tempfile::tempdir()? })
    }

    /// Reaches the box by another door from now on.
    pub(crate) fn goes_to(&mut self, door: Ports) {
        self.door = door;
    }

    /// Installs the authority that the box hands out.
    pub(crate) fn trusts(&self, pem: &str) -> Outcome<()> {
        Ok(fs::write(self.file("authority.pem"), pem)?)
    }

    pub(crate) async fn get(&self, url: &str) -> Outcome<Page> {
        self.browse(url, vec![]).await
    }

    /// What a system asks by itself, with the lines that it sends and no others.
    pub(crate) async fn probe(&self, probe: &Probe) -> Outcome<Page> {
        let mut words = vec![format!("--http{}", probe.version)];
        // Otherwise curl says what it takes, who it is and what it knows.
        let own = ["Accept", "User-Agent"];
        let lines = own.map(|name| format!("{name}:")).into_iter().chain(probe.headers.iter().cloned());
        words.extend(lines.flat_map(|line| ["--header".to_owned(), line]));
        self.send(&format!("http://{}{}", probe.host, probe.path), &words).await
    }

    /// Sends a form as a browser does from a page of the same site.
    pub(crate) async fn post(&self, url: &str, fields: &[(String, String)]) -> Outcome<Page> {
        let mut words = vec!["--header".to_owned(), format!("Origin: {}", origin(url)?)];
        for (name, value) in fields {
            words.extend(["--data-urlencode".to_owned(), format!("{name}={value}")]);
        }
        if fields.is_empty() {
            words.extend(["--data".to_owned(), String::new()]);
        }
        self.browse(url, words).await
    }

    /// Where a page leads, followed up to its end.
    pub(crate) async fn follow(&self, mut page: Page) -> Outcome<Page> {
        for _ in 0..8 {
            let Some(next) = page.redirect()? else { return Ok(page) };
            page = self.get(&next).await?;
        }
        Err(format!("redirects without end, at {}", page.url).into())
    }

    /// A cookie that it was given.
    pub(crate) fn cookie(&self, name: &str) -> Outcome<String> {
        // Netscape's format: seven fields, the last two being name and value.
        let jar = fs::read_to_string(self.file("cookies"))?;
        let mut cookies = jar.lines().filter_map(|line| line.rsplit_once('\t'));
        let found = cookies.find(|(head, _)| head.ends_with(&format!("\t{name}")));
        found.map(|(_, value)| value.to_owned()).ok_or_else(|| format!("no cookie {name}").into())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// With what a browser says of itself.
    async fn browse(&self, url: &str, mut words: Vec<String>) -> Outcome<Page> {
        for line in ["Accept: text/html,*/*;q=0.8", "Accept-Language: id", "Upgrade-Insecure-Requests: 1"] {
            words.extend(["--header".to_owned(), line.to_owned()]);
        }
        words.extend(["--user-agent".to_owned(), self.agent.to_owned()]);
        self.send(url, &words).await
    }

    async fn send(&self, url: &str, words: &[String]) -> Outcome<Page> {
        let jar = self.file("cookies");
        let mut curl = Command::new("curl");
        curl.args([
            "--silent",
            "--show-error",
            "--include",
            "--http1.1",
            "--noproxy",
            "*",
            "--max-time",
            ANSWER,
        ]);
        curl.args(["--connect-to", &format!(":80:127.0.0.1:{}", self.door.http)]);
        curl.args(["--connect-to", &format!(":443:127.0.0.1:{}", self.door.https)]);
        curl.arg("--cookie").arg(&jar).arg("--cookie-jar").arg(&jar);
        // Without this file nobody is trusted, also none of this machine's own authorities.
        curl.arg("--cacert").arg(self.file("authority.pem"));
        let output = curl.args(words).arg(url).kill_on_drop(true).output().await;
        let output = output.map_err(|error| format!("curl cannot be run: {error}"))?;
        if !output.status.success() {
            let told = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{url}: {}", told.trim()).into());
        }
        Page::parse(url, &String::from_utf8_lossy(&output.stdout))
    }
}

impl Page {
    /// Takes an answer as it came over HTTP/1.1 apart.
    fn parse(url: &str, answer: &str) -> Outcome<Self> {
        let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| format!("no answer: {answer}"))?;
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
        let headers = lines.filter_map(|line| line.split_once(':'));
        Ok(Self {
            url: url.to_owned(),
            status: status.parse().map_err(|_| format!("no status: {head}"))?,
            headers: headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect(),
            body: body.to_owned(),
        })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// The address to which it redirects, if it does.
    pub(crate) fn redirect(&self) -> Outcome<Option<String>> {
        match (self.status, self.header("location")) {
            (301..=303 | 307 | 308, Some(to)) => self.address(to).map(Some),
            _ => Ok(None),
        }
    }

    /// What a link or a form of this page means, absolute.
    pub(crate) fn address(&self, link: &str) -> Outcome<String> {
        if link.contains("://") {
            return Ok(link.to_owned());
        }
        let own = self.url.split(['?', '#']).next().unwrap_or_default();
        match link {
            "" => Ok(own.to_owned()),
            _ if link.starts_with('/') => Ok(format!("{}{link}", origin(own)?)),
            _ if link.starts_with('?') => Ok(format!("{own}{link}")),
            _ => Err(format!("{link} is relative to a folder").into()),
        }
    }

    /// Fails with all of it unless it is shown as a page.
    pub(crate) fn shown(self) -> Outcome<Self> {
        if self.status == 200 { Ok(self) } else { Err(self.told().into()) }
    }

    /// For a failure's report.
    pub(crate) fn told(&self) -> String {
        format!("{} answers {} {:?}:\n{}", self.url, self.status, self.headers, self.body)
    }
}

/// Scheme and host of an address.
fn origin(url: &str) -> Outcome<String> {
    let (scheme, rest) = url.split_once("://").ok_or_else(|| format!("{url} is no address"))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    Ok(format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_apart_and_leads_on() {
        let answer = "HTTP/1.1 303 See Other\r\nLocation: /setup/claim\r\n\r\nbody";
        let page = Page::parse("https://10.42.0.1/setup?x", answer).expect("an answer");
        assert_eq!((page.status, page.body.as_str()), (303, "body"));
        let next = page.redirect().expect("absolute");
        assert_eq!(next.as_deref(), Some("https://10.42.0.1/setup/claim"));
        assert_eq!(page.address("").expect("itself"), "https://10.42.0.1/setup");
        assert_eq!(page.address("http://kelas.internal/").expect("absolute"), "http://kelas.internal/");
        assert!(page.address("claim").is_err());
        assert!(Page::parse("http://x/", "nothing").is_err());
    }
}
