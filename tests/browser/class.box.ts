// A class meets on a booted box: the same people and browsers, at a site that somebody else
// started. Run by tests/boot, which makes the course and says where it is (KELAS_BOX).

import { expect, test } from "./kelas";

test("a teacher and a student meet on the booted box", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const tono = await school.person("Pak Tono");
  const budi = await school.person("Budi Santoso", { width: 360, height: 640, scheme: "dark" });
  await tono.signInAsTeacher(announcement);
  await tono.page.goto(`${tono.origin}/`);
  await tono.page.screenshot({ path: "shots/box-home-1280-id.png" });
  await tono.openRoom(announcement);
  await tono.enter();
  await budi.comes(announcement);
  await tono.seesConnected([budi]);
  await budi.seesConnected([tono]);
  await tono.seesAndHears(budi);
  await budi.seesAndHears(tono);
  await tono.says("Selamat pagi dari kartu SD");
  await expect.poll(() => budi.chat()).toEqual(["Selamat pagi dari kartu SD"]);
  await tono.page.screenshot({ path: "shots/box-room-1280-id.png" });
  await budi.page.screenshot({ path: "shots/box-room-360-id-dark.png" });
});
