// Somebody whose computer sleeps. The test waits for as long as the room does, so nothing waits for
// it: it runs beside all the others.

import { expect, test } from "./kelas";
import { Wifi } from "./proxy";

test("a laptop that slept for minutes comes back as if it had just come", async ({
  daemon,
  school,
}) => {
  const { announcement } = daemon;
  const wifi = await Wifi.to(announcement.https);
  const budi = await school.person("Budi");
  const sari = await school.person("Sari", { origin: wifi.address });
  await sari.comesAsTeacher(announcement);
  await budi.comes(announcement);
  await budi.seesAndHears(sari);
  await sari.markConnections();

  const session = await sari.context.newCDPSession(sari.page);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  wifi.cut();
  // For two minutes the room keeps her place; then she is gone for the others.
  const tile = budi.page.locator('[data-participant][data-role="teacher"]');
  await expect(tile).toHaveCount(0, { timeout: 150_000 });
  await budi.says("selama Ibu tidur");
  wifi.mend();
  await session.send("Page.setWebLifecycleState", { state: "active" });
  await sari.inRoom();
  await sari.seesConnected([budi]);
  await budi.seesAndHears(sari);
  await sari.seesAndHears(budi);
  await expect.poll(() => sari.chat()).toEqual(["selama Ibu tidur"]);
  expect(await sari.marks()).toEqual([false]);
  wifi.close();
});
