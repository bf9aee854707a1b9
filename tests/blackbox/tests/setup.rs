//! Nobody but a technician sets the box up: every route of the wizard, for everybody who could
//! try; and the journal tells of each change without a secret.

use std::collections::BTreeSet;

use blackbox::{Answer, Client, Kelasd, Method};
use http::header;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// Everything below `/setup`, with a form that would do something if it were let through.
const ROUTES: [(&str, &[(&str, &str)]); 27] = [
    ("/setup", &[]),
    ("/setup/language", &[("language", "en")]),
    ("/setup/claim", &CLAIM),
    ("/setup/school", &[("school", "SMP Palsu"), ("box_name", "palsu")]),
    ("/setup/wifi", &[("wifi", "leave")]),
    ("/setup/wired", &[("wired", "none")]),
    ("/setup/time", &[("action", "keep")]),
    ("/setup/certificate", &[("action", "install"), ("chain", "x"), ("key", "y")]),
    ("/setup/review", &[]),
    ("/setup/apply", &[]),
    ("/setup/reconnect", &[]),
    ("/setup/progress", &[]),
    ("/setup/progress/state", &[]),
    ("/setup/roll-back", &[]),
    ("/setup/confirm", &[]),
    ("/setup/confirm/{key}", &[]),
    ("/setup/teacher", &[("name", "Bu Palsu"), ("by", "link")]),
    ("/setup/teacher/link/{token}", &[]),
    ("/setup/sheet", &[]),
    ("/setup/reset", &[("confirmation", "smpn3"), ("password", PASSWORD)]),
    ("/setup/restart", &[]),
    ("/setup/power-off", &[]),
    ("/setup/backup", &[("password", PASSWORD)]),
    ("/setup/restore", &[]),
    ("/setup/restore/copy", &[("copy", "1")]),
    ("/setup/restore/decide", &[("proof", PASSWORD)]),
    ("/setup/restore/give-up", &[]),
];

const PASSWORD: &str = "kata-sandi-teknisi-91";
const PASSPHRASE: &str = "frasa-sandi-wifi-82";
const CLAIM_CODE: &str = "kode-pemilik-73";
const CLAIM: [(&str, &str); 5] = [
    ("name", "Pak Made"),
    ("login", "teknisi"),
    ("password", PASSWORD),
    ("again", PASSWORD),
    ("code", CLAIM_CODE),
];

fn path(route: &str) -> String {
    ["{key}", "{token}"]
        .iter()
        .fold(route.to_owned(), |path, name| path.replace(name, "0123456789012345678901"))
}

/// A box with a network that belongs to nobody.
async fn unclaimed(arguments: &[&str]) -> Kelasd {
    Kelasd::configure().variable("KELASD_NETWORK", "pretend").arguments(arguments).start().await
}

/// The value of a hidden field of a page's last form; above it stands the one for the language.
fn hidden(page: &str, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.rsplit_once(&field).unwrap_or_default();
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Looks at a page, so that its form can be sent as a browser does.
async fn answer(client: &Client, form: &str, fields: &[(&str, &str)]) -> Answer {
    let page = client.get(form).await.text();
    let (token, seen) = (hidden(&page, "form_token"), hidden(&page, "seen"));
    let mut all = vec![("form_token", token.as_str()), ("seen", seen.as_str())];
    all.extend(fields);
    client.post_form(form, &all).await
}

async fn claimed(kelasd: &Kelasd) -> Client {
    let technician = kelasd.client();
    let claim = answer(&technician, "/setup/claim", &CLAIM).await;
    assert_eq!((claim.status, claim.header("location")), (303, Some("/setup/school")), "{}", claim.text());
    technician
}

/// A teacher whom the technician makes, signed in by the link that the page shows.
async fn a_teacher(technician: &Client) -> Client {
    let link = a_teachers_link(technician).await;
    let teacher = technician.stranger();
    assert_eq!(teacher.post_form(&link, &[]).await.status, 303);
    teacher
}

/// The path of the link on the page that making a teacher leads to.
async fn a_teachers_link(technician: &Client) -> String {
    let made = answer(technician, "/setup/teacher", &[("name", "Bu Wayan"), ("by", "link")]).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let shown = made.header("location").expect("the page of the link");
    let link = shown.strip_prefix("/setup/teacher").expect("below the form");
    for _ in 0..2 {
        let page = technician.get(shown).await;
        assert_eq!(page.status, 200, "also when it is loaded again: {}", page.text());
        assert!(page.text().contains(&format!("{link}</code>")), "{}", page.text());
    }
    link.to_owned()
}

/// Somebody who joins the class of `teacher` with its code.
async fn a_guest(teacher: &Client, joins: Client) -> Client {
    let token = hidden(&teacher.get("/account").await.text(), "form_token");
    let made = teacher.post_form("/courses", &[("form_token", &token), ("title", "Fisika")]).await;
    let course = made.header("location").expect("the course").split('?').next().expect("a path").to_owned();
    let page = teacher.get(&course).await.text();
    let code = page.split("class=\"code-shown\">").nth(1).and_then(|rest| rest.split('<').next());
    let joined = joins.post_form("/join", &[("code", code.expect("a code").trim()), ("name", "Siti")]).await;
    assert_eq!(joined.status, 303, "{}", joined.text());
    joins
}

/// Makes whoever the link of `technician`'s page is for a student of the school: what the page
/// itself cannot do yet. Nobody else may use the database meanwhile.
async fn a_students_link(kelasd: Kelasd, technician: &Client) -> String {
    let link = a_teachers_link(technician).await;
    let database = kelasd.data().join("kelas.sqlite");
    kelasd.stop().await;
    let database = rusqlite::Connection::open(database).expect("nobody uses it");
    let changed = database.execute("UPDATE person SET kind = 'student' WHERE kind = 'teacher'", []);
    assert_eq!(changed.expect("a kind that there is"), 1);
    link
}

#[test]
fn the_table_has_every_route() {
    let sources = [
        include_str!("../../../daemon/src/site/setup/mod.rs"),
        include_str!("../../../daemon/src/site/backup/mod.rs"),
    ];
    let path = |line: &'static str| line.trim().strip_prefix('"')?.split_once("\" =>").map(|(path, _)| path);
    let routes: BTreeSet<&str> = sources.into_iter().flat_map(str::lines).filter_map(path).collect();
    assert_eq!(routes, ROUTES.iter().map(|(route, _)| *route).collect());
}

#[tokio::test]
async fn while_nobody_owns_the_box_there_is_the_wizards_beginning_and_nothing_else() {
    let kelasd = unclaimed(&[]).await;
    for client in [kelasd.client(), kelasd.plain_client()] {
        for page in ["/", "/account", "/courses/1", "/rooms/1", "/sign-in", "/join/ABC234"] {
            assert_eq!(client.get(page).await.code(), "not_set_up", "{page}");
        }
        for (route, fields) in ROUTES {
            let read = client.get(&path(route)).await;
            let open = matches!(route, "/setup" | "/setup/language" | "/setup/claim" | "/setup/restore");
            assert!(open == (read.status < 400), "GET {route}: {}", read.status);
            if route != "/setup/language" {
                let sent = client.post_form(&path(route), fields).await;
                assert!(sent.status >= 400, "POST {route}: {}", sent.status);
            }
        }
    }
    claimed(&kelasd).await;
}

#[tokio::test]
async fn of_two_who_claim_at_once_one_gets_it_and_nobody_after_them() {
    let kelasd = unclaimed(&[]).await;
    let (one, other) = (kelasd.client(), kelasd.client());
    let (first, second) =
        tokio::join!(answer(&one, "/setup/claim", &CLAIM), answer(&other, "/setup/claim", &CLAIM));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409], "{}{}", first.text(), second.text());
    let late = kelasd.client().post_form("/setup/claim", &CLAIM).await;
    assert_eq!((late.status, late.text().contains("already_claimed")), (409, true), "{}", late.text());
}

#[tokio::test]
async fn five_wrong_claim_codes_slow_down() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("kelas.toml");
    std::fs::write(&file, format!("[setup]\nclaim_code = \"{CLAIM_CODE}\"\n")).expect("written");
    let kelasd = unclaimed(&["--config", file.to_str().expect("text")]).await;
    let client = kelasd.client();
    let mut wrong = CLAIM;
    wrong[4].1 = "tebakan";
    for attempt in 0..5 {
        assert_eq!(answer(&client, "/setup/claim", &wrong).await.status, 403, "{attempt}");
    }
    let held = answer(&client, "/setup/claim", &CLAIM).await;
    assert_eq!(held.status, 429, "also the right one: {}", held.text());
}

#[tokio::test]
async fn every_route_is_closed_to_everybody_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = || Kelasd::configure().variable("KELASD_NETWORK", "pretend").data(folder.path()).start();
    let kelasd = start().await;
    let first = claimed(&kelasd).await;
    let link = a_students_link(kelasd, &first).await;
    let kelasd = start().await;
    let session = first.cookie("__Host-kelas").expect("signed in");
    let technician = kelasd.client();
    technician.set_cookie("__Host-kelas", &session);
    let student = kelasd.client();
    assert_eq!(student.post_form(&link, &[]).await.status, 303);
    assert_eq!(student.get("/account").await.status, 200);
    let teacher = a_teacher(&technician).await;
    let guest = a_guest(&teacher, kelasd.client()).await;
    let plain_guest = a_guest(&teacher, kelasd.plain_client()).await;
    let plain_technician = kelasd.plain_client();
    plain_technician.set_cookie("kelas_plain", &session);
    plain_technician.set_cookie("__Host-kelas", &session);
    let people = [
        ("stranger", kelasd.client(), 401),
        ("stranger over http", kelasd.plain_client(), 401),
        ("student", student, 403),
        ("guest", guest, 403),
        ("guest over http", plain_guest, 403),
        ("teacher", teacher, 403),
        ("technician over http", plain_technician, 401),
    ];
    for (who, client, status) in people {
        let token = hidden(&client.get("/account").await.text(), "form_token");
        for (route, fields) in ROUTES {
            let keyed = route == "/setup/confirm/{key}";
            let read = client.get(&path(route)).await;
            // The page of a one-time key shows nothing but that it is not valid.
            let closed = read.status == status || read.status == 405 || (keyed && read.status >= 400);
            assert!(closed, "{who}: GET {route}: {} {}", read.status, read.text());
            let mut all = vec![("form_token", token.as_str())];
            all.extend(fields);
            let sent = client.post_form(&path(route), &all).await;
            let closed = match route {
                "/setup/claim" => sent.status == 409,
                _ if keyed => sent.status >= 400,
                _ => sent.status == status || sent.status == 405,
            };
            assert!(closed, "{who}: POST {route}: {} {}", sent.status, sent.text());
        }
    }
    assert_eq!(technician.get("/setup/school").await.status, 200, "nothing was answered or erased");
    assert!(!technician.get("/setup/school").await.text().contains("Palsu"));
}

#[tokio::test]
async fn the_technicians_own_forms_need_origin_and_token() {
    let kelasd = unclaimed(&[]).await;
    let technician = claimed(&kelasd).await;
    let token = hidden(&technician.get("/account").await.text(), "form_token");
    let mut actions = 0;
    for (route, fields) in ROUTES {
        let send = async |token: &str, origin: Option<&str>| {
            let mut body = format!("form_token={token}");
            for (name, value) in fields {
                body = format!("{body}&{name}={}", value.replace(' ', "+"));
            }
            let mut request = technician.request(Method::POST, &path(route), body.into());
            let headers = request.headers_mut();
            let form = "application/x-www-form-urlencoded".parse().expect("a media type");
            headers.insert(header::CONTENT_TYPE, form);
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().expect("an origin"));
            }
            technician.send(request).await
        };
        let own = technician.origin();
        let foreign = send(&token, Some("https://evil.example")).await;
        assert_eq!((foreign.status, foreign.code().as_str()), (403, "origin_refused"), "{route}");
        let without = send(&token, None).await;
        if without.status == 405 {
            continue;
        }
        assert_eq!((without.status, without.code().as_str()), (403, "origin_refused"), "{route}");
        for wrong in ["", "AAAAAAAAAAAAAAAAAAAAAA"] {
            let stale = send(wrong, Some(own)).await;
            assert_eq!((stale.status, stale.code().as_str()), (403, "form_stale"), "{route}");
            actions += 1;
        }
    }
    assert_eq!(actions, 2 * 20, "each action, with no token and with another's");
}

/// A chain and a key for the box's first name.
fn certificate() -> (String, String) {
    let (above, key) = (KeyPair::generate().expect("a key"), KeyPair::generate().expect("a key"));
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = authority.self_signed(&above).expect("signed");
    let mut leaf = CertificateParams::new(["kelas.internal".to_owned()]).expect("a name");
    leaf.distinguished_name = rcgen::DistinguishedName::new();
    leaf.distinguished_name.push(rcgen::DnType::CommonName, "kelas.internal");
    let leaf = leaf.signed_by(&key, &Issuer::new(authority, above)).expect("signed");
    (leaf.pem() + &root.pem(), key.serialize_pem())
}

#[tokio::test]
async fn the_journal_tells_of_every_change_and_of_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("kelas.toml");
    std::fs::write(&file, format!("[setup]\nclaim_code = \"{CLAIM_CODE}\"\n")).expect("written");
    let kelasd = unclaimed(&["--config", file.to_str().expect("text"), "--log", "debug"]).await;
    let technician = claimed(&kelasd).await;
    let (chain, key) = certificate();
    let wifi = [
        ("wifi", "own"),
        ("country", "ID"),
        ("ssid", "SMPN 3"),
        ("protection", "wpa2"),
        ("passphrase", PASSPHRASE),
        ("channel", "2-6"),
    ];
    let steps: [(&str, &[(&str, &str)]); 7] = [
        ("/setup/school", &[("school", "SMP Negeri 3"), ("box_name", "smpn3")]),
        ("/setup/wifi", &wifi),
        ("/setup/wired", &[("wired", "none")]),
        ("/setup/time", &[("action", "keep")]),
        ("/setup/certificate", &[("action", "install"), ("chain", "rusak"), ("key", &key)]),
        ("/setup/certificate", &[("action", "install"), ("chain", &chain), ("key", &key)]),
        ("/setup/certificate", &[]),
    ];
    for (step, fields) in steps {
        let status = answer(&technician, step, fields).await.status;
        let wanted = if fields.contains(&("chain", "rusak")) { 400 } else { 303 };
        assert_eq!(status, wanted, "{step}");
    }
    let seen = hidden(&technician.get("/setup/review").await.text(), "seen");
    let token = hidden(&technician.get("/account").await.text(), "form_token");
    let applied = technician.post_form("/setup/apply", &[("form_token", &token), ("seen", &seen)]).await;
    assert_eq!(applied.header("location"), Some("/setup/reconnect"), "{}", applied.text());
    technician.get("/setup/reconnect").await;
    kelasd.logged("the new network is on trial").await;
    while answer(&technician, "/setup/confirm", &[]).await.status != 303 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    kelasd.logged("what=\"setup\"").await;
    a_teacher(&technician).await;
    let wrong = [("confirmation", "smpn3"), ("password", "bukan-ini-64")];
    assert_eq!(answer(&technician, "/setup/reset", &wrong).await.status, 403);
    let right = [("confirmation", "smpn3"), ("password", PASSWORD)];
    assert_eq!(answer(&technician, "/setup/reset", &right).await.status, 200);

    let log = kelasd.log();
    for what in ["claim", "certificate_install", "setup", "teacher_create", "forget"] {
        let tells = |line: &str| line.contains("teknisi") && line.contains(&format!("what=\"{what}\""));
        assert!(log.lines().any(tells), "nothing of {what} in\n{log}");
    }
    assert!(log.contains("password_wrong") && log.contains("certificate_missing"), "{log}");
    let session = technician.cookie("__Host-kelas").expect("signed in");
    let in_key = key.lines().nth(1).expect("a line of the key");
    for secret in [PASSWORD, PASSPHRASE, CLAIM_CODE, "bukan-ini-64", in_key, &session, &token] {
        assert!(!log.contains(secret), "{secret} is in\n{log}");
    }
}
