// The chat: as long as it may be, and as far back as it goes.

import type { Announcement } from "./daemon";
import { expect, test } from "./kelas";
import type { Person } from "./person";

/** Says so many things at once and waits until all are stored. A client of its own. */
async function sayAll(person: Person, { meeting }: Announcement, texts: string[]): Promise<void> {
  await person.page.evaluate(
    ({ meeting, texts }) =>
      new Promise<void>((resolve, reject) => {
        const socket = new WebSocket(
          `wss://${location.host}/api/rooms/${meeting}/live`,
          "kelas.v1",
        );
        const media = { audio: false, video: false, screen: false, hand: false };
        const send = (message: object) => socket.send(JSON.stringify(message));
        let stored = 0;
        socket.onopen = () => send({ type: "join", key: "h".repeat(22), media });
        socket.onclose = () => reject(new Error("closed before all was stored"));
        socket.onmessage = ({ data }) => {
          const message = JSON.parse(String(data));
          if (message.type === "error") reject(new Error(message.code));
          if (message.type === "joined") {
            for (const [index, text] of texts.entries())
              send({ type: "chat", key: `${index}`, text });
          }
          if (message.type !== "chat" || message.key === undefined) return;
          stored += 1;
          if (stored < texts.length) return;
          socket.onclose = () => resolve();
          send({ type: "leave" });
        };
      }),
    { meeting, texts },
  );
}

test("4,000 characters are said, and 120 messages can be scrolled back through", async ({
  daemon,
  school,
}) => {
  const { announcement } = daemon;
  const all: string[] = [];
  // One person may say twenty things at once.
  for (let number = 1; number <= 6; number += 1) {
    const writer = await school.person(`Penulis ${number}`);
    await writer.joinCourse(announcement);
    const texts = Array.from({ length: 20 }, (_, index) => `pesan ${number}.${index}`);
    await sayAll(writer, announcement, texts);
    all.push(...texts);
    await writer.page.close();
  }
  const ani = await school.person("Ani", { width: 360, height: 640 });
  await ani.joinCourse(announcement);
  await ani.openRoom(announcement);
  await ani.page.locator('[data-action="watch"]').click();
  await ani.inRoom();
  expect(await ani.chat()).toEqual(all.slice(-50));

  const list = ani.page.locator(".messages");
  const older = ani.page.locator(".older");
  for (const count of [100, 120]) {
    await list.evaluate((element) => element.scrollTo(0, 20));
    const first = ani.page.locator("[data-message]").first();
    const id = await first.getAttribute("data-message");
    const mark = ani.page.locator(`[data-message="${id}"]`);
    const before = (await mark.boundingBox())?.y ?? Number.NaN;
    await older.click();
    await expect(ani.page.locator("[data-message]")).toHaveCount(count);
    const after = (await mark.boundingBox())?.y ?? Number.NaN;
    // The byline of the first one may go when another of the same person stands before it.
    expect(Math.abs(after - before)).toBeLessThan(60);
  }
  await expect(older).toHaveCount(0);
  expect(await ani.chat()).toEqual(all);
  expect(await list.evaluate((element) => element === document.activeElement)).toBe(true);

  const text = `${"panjang ".repeat(499)}selesai!`;
  expect(text.length).toBe(4_000);
  const field = ani.page.locator('[data-panel="chat"] textarea');
  const send = ani.page.locator(".compose .send");
  await field.fill(`${text}!`);
  await expect(send).toBeDisabled();
  await field.fill(text);
  // What is being written survives closing the panel.
  await ani.page.keyboard.press("Escape");
  await expect(ani.page.locator('[data-panel="chat"]')).toHaveCount(0);
  await expect(ani.page.locator('.controls [data-action="chat"]')).toBeFocused();
  await ani.openPanel("chat");
  await expect(field).toHaveValue(text);
  await send.click();
  await expect.poll(async () => (await ani.chat()).pop()).toBe(text);
  await expect(field).toHaveValue("");
});
