//! A course on the box, made as a school makes it: who is not there yet comes in by a link of
//! `kelasd invite`, and the rest are forms of the site.

use blackbox::{Answer, Client};

use crate::Outcome;
use crate::guest::Guest;
use crate::site::Site;

/// The course's name; looked for again after each boot.
const COURSE: &str = "Ilmu Pengetahuan Alam 8B";

/// What was made.
#[derive(Clone, Debug)]
pub(crate) struct Classroom {
    /// The teacher's browser.
    pub(crate) teacher: Client,
    pub(crate) course: String,
    pub(crate) meeting: i64,
    pub(crate) join_code: String,
    /// A second person's way in, for a real browser: the path of a one-time link.
    pub(crate) link: String,
}

impl Classroom {
    /// Invites two technicians, and lets the first make a course with a meeting.
    pub(crate) async fn open(guest: &mut Guest, site: &Site) -> Outcome<Self> {
        let [first, link] = invite(guest, site, ["Bu Sari", "Pak Tono"]).await?;
        Self::make(signed_in(site, &first).await?, link).await
    }

    /// Invites one person more, and lets `teacher` make a course with a meeting.
    pub(crate) async fn open_by(teacher: Client, guest: &mut Guest, site: &Site) -> Outcome<Self> {
        let [link] = invite(guest, site, ["Pak Tono"]).await?;
        Self::make(teacher, link).await
    }

    /// A way in for one person more.
    pub(crate) async fn invite_again(&mut self, guest: &mut Guest, site: &Site) -> Outcome<()> {
        [self.link] = invite(guest, site, ["Pak Tono"]).await?;
        Ok(())
    }

    async fn make(teacher: Client, link: String) -> Outcome<Self> {
        let token = form_token(&teacher.get("/").await)?;
        let made = teacher.post_form("/courses", &[("form_token", &token), ("title", COURSE)]).await;
        let course = redirected(&made)?;
        let course = course.split('?').next().unwrap_or(&course).to_owned();
        let fields = [("form_token", token.as_str()), ("title", "Fotosintesis")];
        redirected(&teacher.post_form(&format!("{course}/meetings"), &fields).await)?;
        let page = teacher.get(&course).await.text();
        let meeting = between(&page, "href=\"/rooms/", "\"")?.parse()?;
        let join_code = between(&page, "class=\"code-shown\">", "<")?.trim().to_owned();
        Ok(Self { teacher, course, meeting, join_code, link })
    }

    /// The same teacher at the site as it is after a boot.
    pub(crate) fn teacher_at(&self, site: &Site) -> Outcome<Client> {
        let session = self.teacher.cookie("__Host-kelas").ok_or("the teacher is not signed in")?;
        let client = site.client();
        client.set_cookie("__Host-kelas", &session);
        Ok(client)
    }

    /// The course is there, and the teacher is still signed in.
    pub(crate) async fn is_there(&self, site: &Site) -> Outcome<()> {
        let answer = self.teacher_at(site)?.get(&self.course).await;
        let page = answer.text();
        if answer.status != 200 || !page.contains(COURSE) || !page.contains(&self.join_code) {
            return Err(format!("{} answers {}:\n{page}", self.course, answer.status).into());
        }
        Ok(())
    }
}

/// A technician's browser, signed in.
pub(crate) async fn technician(guest: &mut Guest, site: &Site) -> Outcome<Client> {
    let [link] = invite(guest, site, ["Bu Sari"]).await?;
    signed_in(site, &link).await
}

/// Paths of one-time links for technicians, made while the daemon is stopped, as its manual says.
async fn invite<const COUNT: usize>(
    guest: &mut Guest,
    site: &Site,
    names: [&str; COUNT],
) -> Outcome<[String; COUNT]> {
    let mut links = [const { String::new() }; COUNT];
    guest.ask("systemctl stop kelasd.service").await?;
    for (name, path) in names.iter().zip(&mut links) {
        let user = "setpriv --reuid kelas --regid kelas --clear-groups";
        let told = guest.ask(&format!("{user} kelasd invite --role technician --name '{name}'")).await?;
        let link = told.lines().last().unwrap_or_default();
        let known = link.strip_prefix("https://kelas.internal");
        known.ok_or_else(|| format!("no link: {told}"))?.clone_into(path);
    }
    guest.ask("systemctl start kelasd.service").await?;
    site.answers_again().await?;
    Ok(links)
}

async fn signed_in(site: &Site, link: &str) -> Outcome<Client> {
    let client = site.client();
    redirected(&client.post_form(link, &[]).await)?;
    Ok(client)
}

fn redirected(answer: &Answer) -> Outcome<String> {
    match (answer.status, answer.header("location")) {
        (303, Some(location)) => Ok(location.to_owned()),
        (status, _) => Err(format!("a form was answered with {status}:\n{}", answer.text()).into()),
    }
}

fn form_token(page: &Answer) -> Outcome<String> {
    Ok(between(&page.text(), "name=\"form_token\" value=\"", "\"")?.to_owned())
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Outcome<&'a str> {
    let found = text.split_once(before).and_then(|(_, rest)| rest.split_once(after));
    Ok(found.ok_or_else(|| format!("{before} is not in\n{text}"))?.0)
}
