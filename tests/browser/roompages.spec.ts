// The room's screens, for eyes, screen readers and slow air.

import { expect, test } from "./kelas";
import { fitsEnlarged, isAccessible, isLight } from "./page";

// Its script holds a whole call.
const ROOM = { script: 40_000, style: 10_000 };

test("each screen of the room is accessible, enlarged too", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [] });
  const budi = await school.person("Budi", { width: 360, height: 640, provoked: [] });
  await sari.signInAsTeacher(announcement);
  await sari.openRoom(announcement);
  await sari.page.locator('[data-action="join"]:not([disabled])').waitFor();
  await isAccessible(sari.page, "preview");
  await isLight(sari.page, "room", ROOM);
  await fitsEnlarged(sari.page, "preview");
  await sari.page.setViewportSize({ width: 1280, height: 800 });
  await sari.enter();
  await budi.joinCourse(announcement);
  await budi.openRoom(announcement);
  await budi.enter();
  await sari.seesConnected([budi]);
  await isAccessible(sari.page, "in the room");
  await sari.says("Selamat pagi");
  await budi.says("Pagi, Bu");
  for (const panel of ["chat", "people", "settings"] as const) {
    for (const person of [sari, budi]) {
      await person.openPanel(panel);
      await isAccessible(person.page, `${panel}, ${person.name}`);
      await person.page.screenshot({ path: `shots/pages-room-${panel}-${person.name}.png` });
      // On a phone the panel lies over the buttons.
      await person.page.locator(".panel-head button").click();
    }
  }
  await sari.openPanel("people");
  await sari.page.locator('select[data-action="lobby"]').selectOption("everyone");
  const ani = await school.person("Ani", { width: 360, height: 640 });
  await ani.joinCourse(announcement);
  await ani.openRoom(announcement);
  await ani.page.locator('[data-action="join"]:not([disabled])').click();
  await ani.page.locator('.room[data-state="waiting"]').waitFor();
  await isAccessible(ani.page, "lobby");
  await sari.page.locator("[data-waiting]").waitFor();
  await isAccessible(sari.page, "somebody waits");
  await sari.page.locator('[data-panel="people"] [data-action="end"]').click();
  await isAccessible(sari.page, "are you sure");
  await sari.page.locator('[data-action="confirm"]').click();
  for (const person of [ani, budi]) {
    await person.page.locator('.room[data-state="ended"]').waitFor();
    await isAccessible(person.page, `ended, ${person.name}`);
  }
  await fitsEnlarged(budi.page, "ended");
  await expect(budi.page.locator('[data-action="come-back"]')).toHaveCount(0);
});

test("a guest whom the course page admits comes out of the lobby", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [] });
  await sari.signInAsTeacher(announcement);
  await sari.page.goto(`${announcement.https}/courses/1`);
  await sari.page.locator('input[name="policy"][value="ask"]').check();
  await sari.page.locator('form[action$="/guests"] button').click();
  await sari.page.locator(".notice").waitFor();
  const tamu = await school.person("Tamu");
  await tamu.joinCourse(announcement);
  await tamu.openRoom(announcement);
  await tamu.page.locator('[data-action="join"]:not([disabled])').click();
  await tamu.page.locator('.room[data-state="waiting"]').waitFor();
  await sari.page.reload();
  await sari.page.locator('form[action$="/admit"] button').click();
  await tamu.inRoom();
});
