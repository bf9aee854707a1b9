// What a teacher may do, and what the others see of it.

import { expect, test } from "./kelas";

test("the lobby: who waits is let in", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari");
  const budi = await school.person("Budi", { width: 360, height: 640 });
  await sari.comesAsTeacher(announcement);
  await sari.openPanel("people");
  await sari.page.locator('select[data-action="lobby"]').selectOption("everyone");
  await budi.joinCourse(announcement);
  await budi.openRoom(announcement);
  await budi.page.locator('[data-action="join"][data-with="both"]:not([disabled])').click();
  await budi.page.locator('.room[data-state="waiting"]').waitFor();
  await budi.page.screenshot({ path: "shots/waiting-360-id.png" });
  await sari.page.locator('[data-waiting] [data-action="admit"]').click();
  await budi.inRoom();
  await sari.seesConnected([budi]);
  await budi.seesAndHears(sari);
});

test("muting, lowering a hand, deleting a message, removing", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari");
  const budi = await school.person("Budi");
  await sari.comesAsTeacher(announcement);
  await budi.comes(announcement);
  await sari.seesConnected([budi]);
  await sari.openPanel("people");
  const row = sari.page.locator("[data-person]").filter({ hasText: "Budi" });

  const microphone = budi.page.locator('.controls [data-action="microphone"]');
  await expect(microphone).toHaveAttribute("aria-pressed", "true");
  await row.locator('[data-action="mute"]').click();
  await expect(microphone).toHaveAttribute("aria-pressed", "false");
  await expect(sari.page.locator('[data-participant][data-name="Budi"]')).toHaveAttribute(
    "data-audio",
    "false",
  );

  const hand = budi.page.locator('.controls [data-action="hand"]');
  await budi.page.keyboard.press("Alt+KeyH");
  await expect(hand).toHaveAttribute("aria-pressed", "true");
  await row.locator('[data-action="lower-hand"]').click();
  await expect(hand).toHaveAttribute("aria-pressed", "false");

  await budi.says("kata yang buruk");
  await expect.poll(() => sari.chat()).toEqual(["kata yang buruk"]);
  await sari.page.locator("[data-message]").hover();
  await sari.page.locator('[data-message] [data-action="erase"]').click();
  await sari.page.locator('[data-action="confirm"]').click();
  await expect(budi.page.locator("[data-message] .words.deleted")).toHaveCount(1);
  expect(await budi.chat()).not.toContain("kata yang buruk");

  await sari.openPanel("people");
  await row.locator('[data-action="remove"]').click();
  await sari.page.locator('[data-action="confirm"]').click();
  await budi.page.locator('.room[data-state="ended"]').waitFor();
  await sari.seesConnected([]);
});

test("ending the meeting ends it for everybody", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari");
  const budi = await school.person("Budi");
  await sari.comesAsTeacher(announcement);
  await budi.comes(announcement);
  await sari.openPanel("people");
  await sari.page.locator('[data-action="end"]').click();
  await sari.page.locator('[data-action="confirm"]').click();
  for (const person of [sari, budi]) {
    await person.page.locator('.room[data-state="ended"]').waitFor();
  }
  await budi.page.screenshot({ path: "shots/ended-1280-id.png" });
});
