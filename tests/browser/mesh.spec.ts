// Seven people join one by one: all 42 streams flow. Run by `make test-mesh`.

import { test } from "./kelas";
import type { Person } from "./person";

test("seven people in one room", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const people: Person[] = [];
  for (let number = 1; number <= 7; number += 1) {
    const person = await school.person(`Siswa ${number}`);
    await person.comes(announcement);
    people.push(person);
    await test.step(`person ${number} is connected to all`, async () => {
      for (const each of people) await each.seesConnected(people.filter((other) => other !== each));
    });
  }
  for (const person of people) {
    for (const other of people) if (other !== person) await person.seesAndHears(other);
  }
  await people[0]?.page.screenshot({ path: "shots/mesh-1280-id.png" });
});
