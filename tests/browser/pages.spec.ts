// Every page that the server writes, as each of those who may see it finds it.

import type { Page } from "@playwright/test";
import type { Announcement } from "./daemon";
import { expect, test } from "./kelas";
import { isAccessible, survey } from "./page";

/** Somebody joins without a browser. */
async function joinAs({ http, joinCode }: Announcement, name: string): Promise<void> {
  const body = new URLSearchParams({ code: joinCode, name });
  const joined = await fetch(`${http}/join`, { method: "POST", body, redirect: "manual" });
  expect(joined.status).toBe(303);
}

/** Opens the only course of whoever is signed in; its path. */
async function openCourse(page: Page, origin: string): Promise<string> {
  await page.goto(origin);
  await page.locator("main h2 a").first().click();
  await page.waitForURL(/\/courses\/\d+$/);
  return new URL(page.url()).pathname;
}

test("pages of a stranger", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const { page } = await school.person("Tamu", { provoked: [400, 404] });
  const go = (path: string) => async () => {
    await page.goto(announcement.https + path);
  };
  await survey(page, "welcome", go("/"));
  await survey(page, "join", go(`/join/${announcement.joinCode}`));
  await survey(page, "join-unknown", go("/join/ZZZZZZ"));
  await survey(page, "join-refused", async () => {
    await page.goto(`${announcement.https}/`);
    await page.locator('main input[name="code"]').fill("zzzzzz");
    await page.locator('main button[type="submit"]').click();
    await page.locator("#code-error, #name-error").first().waitFor();
  });
  await survey(page, "sign-in", go("/sign-in"));
  await survey(page, "link", go(new URL(announcement.teacherLink).pathname));
  await survey(page, "link-unknown", go("/link/0123456789012345678901"));
  await survey(page, "trust", go("/trust"));
  await survey(page, "not-found", go("/nowhere"));
});

test("the sign-in page of somebody who guesses", async ({ daemon, school }) => {
  const { page } = await school.person("Tamu", { provoked: [401, 403, 429] });
  const guess = async () => {
    // A guess that must wait is no guess; one that need not makes the wait longer.
    await page.goto(`${daemon.announcement.https}/sign-in`);
    await page.locator("#login").fill("guru");
    await page.locator("#password").fill("bukan ini");
    await page.locator('main button[type="submit"]').click();
    await page.locator("#sign-in-error").waitFor();
  };
  await survey(page, "sign-in-wrong", guess);
  const throttled = page.locator("#sign-in-error").filter({ hasText: /\d+ (detik|seconds)/ });
  await survey(page, "sign-in-throttled", async () => {
    do await guess();
    while ((await throttled.count()) === 0);
  });
});

test("pages of a teacher", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [400, 403, 410] });
  const { page } = sari;
  const go = (path: string) => async () => {
    await page.goto(announcement.https + path);
  };
  await sari.signInAsTeacher(announcement);
  await survey(page, "link-used", go(new URL(announcement.teacherLink).pathname));
  await survey(page, "password", go("/account/password"));
  await survey(page, "password-refused", async () => {
    await page.goto(`${announcement.https}/account/password`);
    await page.locator("#login").fill("sari");
    await page.locator("#password").fill("pendek");
    await page.locator("#again").fill("pendek");
    await page.locator('main button[type="submit"]').click();
    await page.locator("#password-error").waitFor();
  });
  const course = await openCourse(page, announcement.https);
  await survey(page, "course-new", go(course));

  // A class of forty, with a guest at the door.
  const names = ["Siti Nurhaliza Rahmawati", "Budi", "Made Wirawan", "Maria Goreti Lelu"];
  for (let student = 0; student < 38; student += 1) {
    await joinAs(announcement, `${names[student % names.length]} ${student + 1}`);
  }
  await page.locator('input[name="policy"][value="ask"]').check();
  await page.locator('form[action$="/guests"] button').click();
  await page.locator(".notice").waitFor();
  for (const name of ["Tamu dari luar", "Raden Ajeng Kusumaningrum-Prawirodirdjo"]) {
    await joinAs(announcement, name);
  }
  await survey(page, "course-teacher", go(course));
  await survey(page, "course-notice", go(`${course}?notice=member.admitted`));
  await survey(page, "meeting-refused", async () => {
    await page.goto(announcement.https + course);
    await page.locator('form[action$="/meetings"] button').click();
    await page.locator("#title-error").waitFor();
  });
  await survey(page, "course-members", go(`${course}/members`));
  await page.locator(".sure summary").first().click();
  await isAccessible(page, "remove a member");
  await survey(page, "board", go(`${course}/show`));
  await survey(page, "home-teacher", go("/"));
  await survey(page, "account-teacher", go("/account"));
  await survey(page, "room-shell", async () => {
    await page.route("**/room-*.js", (route) => route.fulfill({ body: "" }));
    await page.goto(`${announcement.https}/rooms/${announcement.meeting}`);
  });
});

test("pages of a student", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const budi = await school.person("Budi", { provoked: [403] });
  const { page } = budi;
  const go = (path: string) => async () => {
    await page.goto(announcement.https + path);
  };
  await budi.joinCourse(announcement);
  const course = await openCourse(page, announcement.https);
  await survey(page, "course-student", go(course));
  await survey(page, "home-student", go("/"));
  await survey(page, "account-student", go("/account"));
  await survey(page, "forbidden", go(`${course}/show`));
});

test("pages at the plain address", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const origin = `http://kelas.internal:${new URL(announcement.http).port}`;
  const budi = await school.person("Budi", { origin, provoked: [] });
  const { page } = budi;
  const go = (path: string) => async () => {
    await page.goto(origin + path);
  };
  await survey(page, "plain-welcome", go("/"));
  await survey(page, "plain-sign-in", go("/sign-in"));
  await survey(page, "plain-trust", go("/trust"));
  await survey(page, "plain-link", go(new URL(announcement.teacherLink).pathname));
  await budi.joinCourse(announcement);
  await survey(page, "plain-course", go(await openCourse(page, origin)));
  await survey(page, "plain-handover", async () => {
    await page.goto(`${origin}/`);
    await page.locator('form[action="/handover"] button').click();
    await page.locator('main a[href*="/link/"]').waitFor();
  });
});

test("from the QR code into the class in three taps", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const budi = await school.person("Budi", { width: 360, height: 640, provoked: [] });
  const { page } = budi;
  await page.goto(`${announcement.https}/join/${announcement.joinCode}`);
  await page.locator('input[name="name"]').click();
  await page.keyboard.type("Budi");
  await page.locator('main form button[type="submit"]').click();
  await page.locator('[data-action="join"]:not([disabled])').click();
  await budi.inRoom();
});
