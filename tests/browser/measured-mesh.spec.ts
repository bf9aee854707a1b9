// The thesis's experiment: seven browsers join one by one. Run by `make test-mesh`.

import { test } from "./kelas";
import { experiment } from "./measured";

test("seven browsers join one by one, and the table has their rows", async ({ daemon, school }) => {
  await experiment(daemon, school, 7);
});
