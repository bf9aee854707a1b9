// A class meets: real browsers, real media, the real daemon.

import { expect, test } from "./kelas";
import { Wifi } from "./proxy";

test("a teacher and two students see, hear and write to each other", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari");
  const budi = await school.person("Budi Santoso", { width: 360, height: 640, scheme: "dark" });
  const ani = await school.person("Ani Rahmawati", { language: "en" });
  await sari.signInAsTeacher(announcement);
  await sari.openRoom(announcement);
  await sari.page.screenshot({ path: "shots/preview-1280-id.png" });
  await sari.enter();
  for (const student of [budi, ani]) {
    await student.joinCourse(announcement);
    await student.openRoom(announcement);
    if (student === budi) await student.page.screenshot({ path: "shots/preview-360-id-dark.png" });
    await student.enter();
  }
  const all = [sari, budi, ani];
  for (const person of all) await person.seesConnected(all.filter((other) => other !== person));
  for (const person of all) {
    for (const other of all) if (other !== person) await person.seesAndHears(other);
  }
  for (const [person, name] of [
    [sari, "room-1280-id"],
    [budi, "room-360-id-dark"],
    [ani, "room-1280-en"],
  ] as const) {
    await person.page.screenshot({ path: `shots/${name}.png` });
  }
  await ani.page.setViewportSize({ width: 360, height: 640 });
  // The tiles glide into their places.
  await expect
    .poll(() =>
      ani.page.locator(".tile").evaluateAll((tiles) =>
        tiles.every((tile) => {
          const { left, right, top, bottom } = tile.getBoundingClientRect();
          return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
        }),
      ),
    )
    .toBe(true);
  await ani.page.screenshot({ path: "shots/room-360-en.png" });

  const lines = [
    "Selamat pagi, Anak-anak! 👋",
    "Pagi, Bu. Apa kabar? 🌱",
    "Good morning! <b>é ñ 漢字</b>",
  ];
  await sari.says(lines[0] ?? "");
  await expect.poll(() => budi.chat()).toEqual(lines.slice(0, 1));
  await budi.says(lines[1] ?? "");
  await expect.poll(() => ani.chat()).toEqual(lines.slice(0, 2));
  await ani.says(lines[2] ?? "");
  for (const person of all) await expect.poll(() => person.chat()).toEqual(lines);
  await budi.page.screenshot({ path: "shots/chat-360-id-dark.png" });
  await sari.openPanel("people");
  await sari.page.screenshot({ path: "shots/people-1280-id.png" });
});

test("one leaves and comes back, and the other sees both", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const budi = await school.person("Budi");
  const ani = await school.person("Ani");
  for (const person of [budi, ani]) await person.comes(announcement);
  await budi.seesConnected([ani]);
  await budi.seesAndHears(ani);
  await budi.says("Ani, jangan pergi");
  await ani.leave();
  await budi.seesConnected([]);
  await ani.openRoom(announcement);
  await ani.enter();
  await budi.seesConnected([ani]);
  await ani.seesConnected([budi]);
  await budi.seesAndHears(ani);
  await ani.seesAndHears(budi);
  await expect.poll(() => ani.chat()).toEqual(["Ani, jangan pergi"]);
});

test("one loses the connection, misses nothing and drops nobody", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const wifi = await Wifi.to(announcement.https);
  const budi = await school.person("Budi");
  const ani = await school.person("Ani", { origin: wifi.address });
  for (const person of [budi, ani]) await person.comes(announcement);
  await budi.seesConnected([ani]);
  await ani.seesConnected([budi]);
  await budi.says("sebelum");
  await expect.poll(() => ani.chat()).toEqual(["sebelum"]);
  for (const person of [budi, ani]) await person.markConnections();

  wifi.cut();
  await ani.page.locator('.room[data-state="lost"]').waitFor();
  await budi.says("selama terputus");
  await ani.says("dari Ani, selama terputus");
  await ani.page.locator(".banner.warning").waitFor();
  await ani.page.screenshot({ path: "shots/reconnecting-1280-id.png" });
  // Media goes from peer to peer: it flows on without the daemon.
  await ani.seesAndHears(budi);
  wifi.mend();
  await ani.inRoom();
  const lines = ["sebelum", "selama terputus", "dari Ani, selama terputus"];
  await expect.poll(() => ani.chat()).toEqual(lines);
  await expect.poll(() => budi.chat()).toEqual(lines);
  await ani.seesAndHears(budi);
  await budi.seesAndHears(ani);
  for (const person of [budi, ani]) expect(await person.marks()).toEqual([true]);
  wifi.close();
});

test("the daemon restarts, and the call goes on", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const budi = await school.person("Budi");
  const ani = await school.person("Ani");
  for (const person of [budi, ani]) await person.comes(announcement);
  await budi.seesConnected([ani]);
  await budi.says("sebelum");
  await budi.markConnections();
  const again = await daemon.restart();
  try {
    for (const person of [budi, ani]) await person.inRoom();
    await budi.seesConnected([ani]);
    await ani.seesConnected([budi]);
    await ani.says("sesudah");
    await expect.poll(() => budi.chat()).toEqual(["sebelum", "sesudah"]);
    await budi.seesAndHears(ani);
    expect(await budi.marks()).toEqual([true]);
  } finally {
    await again.stop();
  }
});

test("somebody at the plain address watches and writes", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari");
  const origin = announcement.http.replace("127.0.0.1", "kelas.internal");
  const budi = await school.person("Budi", { origin, width: 360, height: 640 });
  await sari.comesAsTeacher(announcement);
  await budi.joinCourse(announcement);
  await budi.openRoom(announcement);
  await budi.page.screenshot({ path: "shots/preview-360-id-http.png" });
  await budi.enterToWatch();
  await budi.seesConnected([sari]);
  await budi.seesAndHears(sari);
  await expect(budi.page.locator('.controls [data-action="camera"]')).toBeDisabled();
  await budi.says("Saya menonton");
  await expect.poll(() => sari.chat()).toEqual(["Saya menonton"]);
});
