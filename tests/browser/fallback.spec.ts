// Where WebSockets fail, as on iOS behind a certificate that was merely accepted.

import { expect, test } from "./kelas";

test("the room works over events and POST", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const budi = await school.person("Budi");
  const ani = await school.person("Ani");
  await ani.context.addInitScript(() => {
    // Refuses like a browser does: asynchronously, and without a reason.
    class RefusedWebSocket extends EventTarget {
      static readonly OPEN = 1;
      readonly readyState = 3;
      onclose: (() => void) | null = null;
      constructor() {
        super();
        setTimeout(() => this.onclose?.(), 0);
      }
      close(): void {}
      send(): void {}
    }
    Object.assign(window, { WebSocket: RefusedWebSocket });
  });
  for (const person of [budi, ani]) await person.comes(announcement);
  await expect(ani.page.locator(".room")).toHaveAttribute("data-transport", "events");
  await budi.seesConnected([ani]);
  await budi.seesAndHears(ani);
  await ani.seesAndHears(budi);
  await ani.says("lewat POST 📮");
  await budi.says("lewat WebSocket");
  for (const person of [budi, ani]) {
    await expect.poll(() => person.chat()).toEqual(["lewat POST 📮", "lewat WebSocket"]);
  }
  await ani.leave();
  await budi.seesConnected([]);
});
