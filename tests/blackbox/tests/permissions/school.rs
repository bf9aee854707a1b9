//! A school with one course, and everybody signed in: what the table is tried on.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use blackbox::{Client, Kelasd, Method, binary};
use tempfile::TempDir;

use crate::people::Who;
use crate::table::{Row, Rule};

/// How many of each thing there are for those who use one up.
const SPARE: usize = 4;

/// A signed-in browser, or a stranger's.
pub(crate) struct Browser {
    pub(crate) client: Client,
    /// What its forms carry.
    pub(crate) form_token: String,
}

/// A box with a course and its people.
pub(crate) struct School {
    browsers: BTreeMap<Who, Browser>,
    /// `{name}` in an address becomes this; what students do not see is called `draft name`.
    things: BTreeMap<String, String>,
    /// Things of which each success uses up one.
    spare: Mutex<BTreeMap<String, Vec<String>>>,
    kelasd: Kelasd,
    _folder: TempDir,
}

impl School {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let start = || Kelasd::configure().data(folder.path()).variable("KELASD_NETWORK", "pretend");
        start().start().await.stop().await;
        let invite = |role, name| link(folder.path(), role, name);
        let technician = invite("technician", "Pak Tono");
        let outsider = invite("teacher", "Bu Rini");
        let colleague = invite("teacher", "Bu Sri");
        let kelasd = start().arguments(&["--demo"]).start().await;
        let teacher = kelasd.announced.teacher_link.clone().expect("--demo");
        let mut browsers = BTreeMap::new();
        let links = [
            (Who::Technician, technician),
            (Who::Outsider, outsider),
            (Who::Colleague, colleague),
            (Who::Teacher, teacher),
        ];
        for (who, link) in links {
            browsers.insert(who, signed_in(kelasd.client(), &link).await);
        }
        browsers.insert(Who::Stranger, Browser { client: kelasd.client(), form_token: String::new() });
        let (things, spare) = (BTreeMap::new(), Mutex::default());
        let mut school = Self { browsers, things, spare, kelasd, _folder: folder };
        school.gather_people().await;
        school.make_things().await;
        school
    }

    pub(crate) fn browser(&self, who: Who) -> &Browser {
        &self.browsers[&who]
    }

    /// The address of `row` for `who`, with things for its names.
    pub(crate) fn address(&self, who: Who, row: &Row<'_>) -> String {
        let mut path = row.path.to_owned();
        if row.uses_up {
            let (_, rest) = row.path.split_once('{').expect("what is used up");
            let name = rest.split('}').next().expect("a name");
            let mut spare = self.spare.lock().expect("whole");
            let left = spare.get_mut(name).unwrap_or_else(|| panic!("no spare {name}"));
            let one = left.last().unwrap_or_else(|| panic!("too few spare {name}")).clone();
            if row.rule.refuses(who).is_none() {
                left.pop();
            }
            path = path.replacen(&format!("{{{name}}}"), &one, 1);
        }
        if row.rule == Rule::TeachersOfDraft {
            path = path.replace('{', "{draft ");
        }
        self.filled(&path)
    }

    /// `text` with things for the names in it.
    pub(crate) fn filled(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        for (name, value) in &self.things {
            filled = filled.replace(&format!("{{{name}}}"), value);
        }
        assert!(!filled.contains('{'), "say in school.rs what stands for this: {filled}");
        filled
    }

    /// Everybody who comes with a code.
    async fn gather_people(&mut self) {
        let code = self.kelasd.announced.join_code.clone().expect("--demo");
        let course = self.one("SELECT id FROM course");
        self.sends(Who::Outsider, "/courses", &[("title", "Kimia")]).await;
        let other = self.one("SELECT join_code FROM course WHERE title = 'Kimia'");
        for (who, code, name) in [
            (Who::Student, &code, "Budi"),
            (Who::Removed, &code, "Cici"),
            (Who::OtherStudent, &other, "Dodi"),
        ] {
            let browser = joined(self.kelasd.client(), code, name).await;
            self.browsers.insert(who, browser);
        }
        joined(self.kelasd.client(), &code, "Eka").await;
        self.sends(Who::Colleague, "/join", &[("code", &code)]).await;
        let removed = self.one("SELECT id FROM person WHERE name = 'Cici'");
        self.sends(Who::Teacher, &format!("/courses/{course}/members/{removed}/remove"), &[]).await;
        self.sends(Who::Teacher, &format!("/courses/{course}/guests"), &[("policy", "ask")]).await;
        let guest = joined(self.kelasd.client(), &code, "Ani").await;
        self.browsers.insert(Who::Guest, guest);
        self.keep("course", course);
        self.keep("code", "ZZZZZZ".to_owned());
        self.keep("person", self.one("SELECT id FROM person WHERE name = 'Eka'"));
    }

    /// What addresses are about.
    async fn make_things(&mut self) {
        let meeting = self.kelasd.announced.meeting.expect("--demo").to_string();
        let meetings = format!("/courses/{}/meetings", self.things["course"]);
        self.sends(Who::Teacher, &meetings, &[("title", "Rahasia")]).await;
        let draft = self.one("SELECT max(id) FROM meeting");
        self.sends(Who::Teacher, &format!("/meetings/{draft}/hide"), &[]).await;
        for (prefix, meeting) in [("", &meeting), ("draft ", &draft)] {
            self.uploads(meeting).await;
            self.keep(&format!("{prefix}meeting"), meeting.clone());
            let of = format!("FROM material WHERE meeting = {meeting}");
            self.keep(&format!("{prefix}material"), self.one(&format!("SELECT id {of}")));
            self.keep(&format!("{prefix}file"), self.one(&format!("SELECT file {of}")));
            self.keep(&format!("{prefix}name"), "catatan.txt".to_owned());
            let assignment = self.assigns(meeting).await;
            self.keep(&format!("{prefix}assignment"), assignment);
            let quiz = self.asks(meeting).await;
            let question = self.one(&format!("SELECT id FROM question WHERE quiz = {quiz}"));
            self.keep(&format!("{prefix}quiz"), quiz);
            self.keep(&format!("{prefix}question"), question);
            let person = self.things["person"].clone();
            self.keep(&format!("{prefix}person"), person);
        }
        let notices = format!("/courses/{}/notices", self.things["course"]);
        self.sends(Who::Teacher, &notices, &[("title", "Libur")]).await;
        self.keep("notice", self.one("SELECT max(id) FROM notice"));
        for _ in 0..SPARE {
            self.sends(Who::Teacher, &notices, &[("title", "Cadangan")]).await;
            self.spare("notice", self.one("SELECT max(id) FROM notice"));
            self.sends(Who::Teacher, &meetings, &[("title", "Cadangan")]).await;
            self.spare("meeting", self.one("SELECT max(id) FROM meeting"));
            self.uploads(&meeting).await;
            self.spare("material", self.one("SELECT max(id) FROM material"));
            let assignment = self.assigns(&meeting).await;
            self.spare("assignment", assignment);
            let quiz = self.asks(&meeting).await;
            self.spare("quiz", quiz);
        }
        self.keep("upload", self.begins_upload(&meeting).await);
        let form = [("name", "Uji"), ("meeting", meeting.as_str())];
        for _ in 0..SPARE {
            let run = self.sends(Who::Teacher, "/load/runs", &form).await;
            self.sends(Who::Teacher, &format!("/load/runs/{run}/stop"), &[]).await;
            self.spare("run", run);
        }
        let run = self.sends(Who::Teacher, "/load/runs", &form).await;
        self.keep("run", run);
        // Secrets that nobody was told, and numbers that nothing has.
        for name in ["token", "key", "connection"] {
            self.keep(name, "0123456789012345678901".to_owned());
        }
        for name in ["session", "number"] {
            self.keep(name, "9999".to_owned());
        }
        self.keep("*rest", "peerjs/id".to_owned());
    }

    fn keep(&mut self, name: &str, value: String) {
        self.things.insert(name.to_owned(), value);
    }

    fn spare(&self, name: &str, value: String) {
        self.spare.lock().expect("whole").entry(name.to_owned()).or_default().push(value);
    }

    /// What the database says. The daemon goes on meanwhile: SQLite lets others read.
    fn one(&self, question: &str) -> String {
        let path = self.kelasd.data().join("kelas.sqlite");
        let database = rusqlite::Connection::open(path).expect("a database");
        let value: rusqlite::types::Value =
            database.query_row(question, [], |row| row.get(0)).expect("one row");
        match value {
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text,
            other => panic!("{question}: {other:?}"),
        }
    }

    /// Sends a form that must be taken, and returns the number in the address that it leads to.
    async fn sends(&self, who: Who, path: &str, fields: &[(&str, &str)]) -> String {
        let browser = self.browser(who);
        let mut all = vec![("form_token", browser.form_token.as_str())];
        all.extend(fields);
        let answer = browser.client.post_form(path, &all).await;
        assert_eq!(answer.status, 303, "{path}: {}", answer.text());
        let location = answer.header("location").expect("a location");
        let number = location.split(['/', '?', '#']).find(|part| part.parse::<i64>().is_ok());
        number.unwrap_or_default().to_owned()
    }

    /// Gives a meeting an assignment that students see if they see the meeting.
    async fn assigns(&self, meeting: &str) -> String {
        let form = [("title", "Soal"), ("points", "100"), ("action", "publish")];
        self.sends(Who::Teacher, &format!("/meetings/{meeting}/assignments"), &form).await
    }

    /// Gives a meeting a quiz of one question that students see if they see the meeting.
    async fn asks(&self, meeting: &str) -> String {
        let form = [("title", "Kuis"), ("attempts", "1")];
        let quiz = self.sends(Who::Teacher, &format!("/meetings/{meeting}/quizzes"), &form).await;
        let question = [("kind", "text"), ("text", "2 + 2?"), ("points", "1"), ("spellings", "empat")];
        self.sends(Who::Teacher, &format!("/quizzes/{quiz}/questions"), &question).await;
        self.sends(Who::Teacher, &format!("/quizzes/{quiz}/publish"), &[]).await;
        quiz
    }

    /// Puts a file of five bytes into a meeting.
    async fn uploads(&self, meeting: &str) {
        let upload = self.begins_upload(meeting).await;
        let headers = [("upload-offset", "0"), ("content-type", "application/offset+octet-stream")];
        self.tus(Method::PATCH, &format!("/uploads/{upload}"), &headers, "halo\n").await;
    }

    async fn begins_upload(&self, meeting: &str) -> String {
        let headers = [("upload-length", "5"), ("upload-metadata", "filename Y2F0YXRhbi50eHQ=")];
        self.tus(Method::POST, &format!("/meetings/{meeting}/uploads"), &headers, "").await
    }

    /// Sends a request of tus that must be taken, and returns the number in the address it tells.
    async fn tus(
        &self,
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
        body: &'static str,
    ) -> String {
        let client = &self.browser(Who::Teacher).client;
        let mut request = client.request(method, path, body.into());
        for (name, value) in [("tus-resumable", "1.0.0"), ("origin", client.origin())].iter().chain(headers) {
            request.headers_mut().insert(*name, value.parse().expect("a header's value"));
        }
        let answer = client.send(request).await;
        assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.text());
        answer.header("location").and_then(|place| place.rsplit('/').next()).unwrap_or_default().to_owned()
    }
}

fn link(data: &Path, role: &str, name: &str) -> String {
    let mut command = Command::new(binary());
    command.args(["invite", "--boot-config", "/nonexistent", "--role", role, "--name", name, "--data"]);
    let output = command.arg(data).env_remove("KELASD_DATA").output().expect("kelasd can be executed");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    printed.strip_prefix("https://kelas.internal").expect("a link").trim_end().to_owned()
}

async fn signed_in(client: Client, link: &str) -> Browser {
    assert_eq!(client.post_form(link, &[]).await.status, 303);
    with_token(client).await
}

async fn joined(client: Client, code: &str, name: &str) -> Browser {
    let answer = client.post_form("/join", &[("code", code), ("name", name)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    with_token(client).await
}

async fn with_token(client: Client) -> Browser {
    let page = client.get("/account").await.text();
    let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let form_token = token.expect("a form's token").to_owned();
    Browser { client, form_token }
}
