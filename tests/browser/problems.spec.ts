// A card with problems: what people read on top of each page, and that it is in nobody's way.

import { expect, test } from "./kelas";
import { survey } from "./page";

test.use({
  problems: {
    "data-missing": "partition 7 is missing",
    "settings-ignored": `kelas.toml: ${"long".repeat(30)}: there is no such setting`,
  },
});

test("a card that keeps nothing", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari");
  await sari.signInAsTeacher(announcement);
  await survey(sari.page, "problems-teacher", async () => {
    await sari.page.goto(announcement.https);
  });
  const summary = sari.page.locator(".card-problems summary").first();
  await summary.focus();
  await sari.page.keyboard.press("Enter");
  await expect(sari.page.getByText("partition 7 is missing")).toBeVisible();

  const budi = await school.person("Budi");
  await budi.joinCourse(announcement);
  await survey(budi.page, "problems-student", async () => {
    await budi.page.goto(announcement.https);
  });
  await expect(budi.page.locator(".card-problems > *")).toHaveCount(1);
  await expect(budi.page.locator(".card-problems > *")).toContainText("Beri tahu guru");
});

test("a room on a small phone with a card that keeps nothing", async ({ daemon, school }) => {
  const sari = await school.person("Sari", { width: 360, height: 640 });
  await sari.signInAsTeacher(daemon.announcement);
  await sari.openRoom(daemon.announcement);
  await sari.page.screenshot({ path: "shots/problems-preview-360.png" });
  await sari.enter();
  await sari.page.screenshot({ path: "shots/problems-room-360.png" });
});
