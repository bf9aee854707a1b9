// A class meets on a booted box: the same people and browsers, at a site that somebody else
// started. Run by tests/boot, which makes the course and says where it is (KELAS_BOX); the student
// may be on the box's Wi-Fi, the teacher is on the cable.

import { expect, test } from "./kelas";

test("a teacher and a student meet on the booted box", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const tono = await school.person("Pak Tono");
  const origin = announcement.station ?? tono.origin;
  const look = { width: 360, height: 640, scheme: "dark" } as const;
  const budi = await school.person("Budi Santoso", { ...look, origin });
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
  const words = announcement.station ? "Selamat pagi lewat Wi-Fi" : "Selamat pagi dari kartu SD";
  await tono.says(words);
  await expect.poll(async () => (await budi.chat()).at(-1)).toEqual(words);
  await tono.page.screenshot({ path: "shots/box-room-1280-id.png" });
  await budi.page.screenshot({ path: "shots/box-room-360-id-dark.png" });
});
