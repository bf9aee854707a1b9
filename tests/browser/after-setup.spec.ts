// What a technician does once the box is the school's: its certificate, the first teacher, the
// sheet for the wall, erasing. The network is pretended.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { SCHOOL_NAME } from "./authority";
import type { Announcement } from "./daemon";
import { expect, test } from "./kelas";
import { survey } from "./page";

const run = promisify(execFile);
const SSID = 'SMP "3"; Kelas\\Ruang: A';
const PASSPHRASE = "bunga-mawar;12:34";
const PASSWORD = "kata sandi panjang";

// A box with a network, called by a name that a school may have a certificate for.
test.use({
  unclaimed: { KELASD_NETWORK: "pretend", KELASD_NAMES: `kelas.internal,${SCHOOL_NAME}` },
});

/** Makes the box somebody's. */
async function claim(page: Page, { https }: Announcement): Promise<void> {
  await page.goto(`${https}/setup/claim`);
  await page.locator("#name").fill("Pak Made");
  await page.locator("#login").fill("teknisi");
  for (const field of ["#password", "#again"]) await page.locator(field).fill(PASSWORD);
  await page.locator("main form button.primary").click();
  await page.waitForURL(/school$/);
}

/** Answers the wizard with a Wi-Fi whose name and passphrase have every difficult character. */
async function setUp(page: Page, origin: string): Promise<void> {
  const next = () => page.locator("main form button.primary[type=submit]").click();
  await page.goto(`${origin}/setup/school`);
  await page.locator("#school").fill("SMP Negeri 3 Sukamaju");
  await page.locator("#box_name").fill("smpn3");
  await next();
  await page.locator("#ssid").fill(SSID);
  await page.locator("#passphrase").fill(PASSPHRASE);
  await next();
  await page.waitForURL(/wired$/);
  await next();
  await page.waitForURL(/time$/);
  await page.locator('button[value="keep"]').click();
  await page.waitForURL(/certificate$/);
  await next();
  await page.waitForURL(/review$/);
  await next();
  await page.goto(`${origin}/setup/confirm`);
  await expect(async () => {
    await page.goto(`${origin}/setup/confirm`);
    await page.locator("main form button.primary").click({ timeout: 1_000 });
  }).toPass();
  await expect(page.locator("main form button.primary")).toHaveCount(0);
}

type Pair = { chain: string; key: string };

const CONFIGURATION = `[ca]
default_ca = world
[world]
database = index.txt
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
rand_serial = yes
default_md = sha256
unique_subject = no
policy = any
[any]
commonName = supplied
`;

/** Certificates of an authority of the world outside, made with openssl. */
class World {
  private constructor(private readonly folder: string) {}

  static async make(): Promise<World> {
    const world = new World(await mkdtemp(join(tmpdir(), "kelas-world-")));
    const subject = ["-subj", "/CN=Otoritas Dunia", "-keyout", "ca.key", "-out", "ca.pem"];
    await world.openssl(
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "900",
      ...subject,
    );
    await world.write("ca.cnf", CONFIGURATION);
    await world.write("index.txt", "");
    return world;
  }

  /** A leaf and its chain; `days` may lie in the past. */
  async sign(name: string, from = "20200101000000Z", until = "20991231000000Z"): Promise<Pair> {
    const leaf = ["-subj", `/CN=${name}`, "-keyout", "leaf.key", "-out", "leaf.csr"];
    await this.openssl("req", "-newkey", "rsa:2048", "-nodes", ...leaf);
    await this.write("leaf.ext", `subjectAltName=DNS:${name}\n`);
    const dates = ["-startdate", from, "-enddate", until];
    const files = ["-in", "leaf.csr", "-out", "leaf.pem", "-extfile", "leaf.ext", "-notext"];
    await this.openssl("ca", "-batch", "-config", "ca.cnf", ...files, ...dates);
    const read = (file: string) => readFile(join(this.folder, file), "utf8");
    return {
      chain: (await read("leaf.pem")) + (await read("ca.pem")),
      key: await read("leaf.key"),
    };
  }

  async end(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private async write(file: string, text: string): Promise<void> {
    await writeFile(join(this.folder, file), text);
  }

  private async openssl(...args: string[]): Promise<void> {
    await run("openssl", args, { cwd: this.folder });
  }
}

test("the school's certificate", async ({ daemon, school }) => {
  const { https } = daemon.announcement;
  const { page } = await school.person("Pak Made", { provoked: [400] });
  await claim(page, daemon.announcement);
  const world = await World.make();
  const good = await world.sign(SCHOOL_NAME);
  const old = await world.sign(SCHOOL_NAME, "20200101000000Z", "20200201000000Z");
  const foreign = await world.sign("www.sman1.test");
  const go = async () => {
    await page.goto(`${https}/setup/certificate`);
  };
  const send = async ({ chain, key }: Pair) => {
    await go();
    await page.locator("details:has(textarea) summary").click();
    await page.locator("#chain").fill(chain);
    await page.locator("#key").fill(key);
    await page.locator('button[value="install"]').click();
  };
  await send({ ...good, key: foreign.key });
  await expect(page.locator("#key-error")).toContainText("bukan pasangan");
  await expect(page.locator("#chain")).toHaveValue(good.chain);
  await expect(page.locator("#key")).toHaveValue("");
  await send(old);
  await expect(page.locator("#chain-error")).toContainText("hanya sampai 2020-02-01");
  await survey(page, "setup-certificate-refused", async () => {
    await send(foreign);
    await expect(page.locator("#chain-error")).toContainText("www.sman1.test");
  });

  // As files, which is how a technician has them.
  await go();
  await page.locator("details:has(textarea) summary").click();
  const file = (name: string, text: string) => {
    return { name, mimeType: "application/x-pem-file", buffer: Buffer.from(text) };
  };
  await page.locator("#chain_file").setInputFiles(file("fullchain.pem", good.chain));
  await page.locator("#key_file").setInputFiles(file("privkey.pem", good.key));
  await page.locator('button[value="install"]').click();
  await expect(page.locator(".notice")).toBeVisible();
  await survey(page, "setup-certificate-in-force", go);
  await page.goto(`${https}/trust`);
  await expect(page.locator(`a[href^="https://${SCHOOL_NAME}"]`)).toBeVisible();
  await page.screenshot({ path: "shots/pages-trust-third-rung-1280.png", fullPage: true });
  await go();
  await page.locator('button[value="remove"]').click();
  await expect(page.locator(".notice")).toBeVisible();
  await expect(page.locator('button[value="remove"]')).toHaveCount(0);
  await world.end();
});

test("first teacher, sheet and settings", async ({ daemon, school }) => {
  const { https } = daemon.announcement;
  const { page } = await school.person("Pak Made", { provoked: [400, 403, 410] });
  await claim(page, daemon.announcement);
  await setUp(page, https);
  await page.goto(`${https}/setup`);
  await page.screenshot({ path: "shots/pages-setup-box.png", fullPage: true });
  await survey(page, "setup-teacher-refused", async () => {
    await page.goto(`${https}/setup/teacher`);
    await page.locator('input[value="password"]').check();
    await page.locator('main button[type="submit"]').click();
    await page.locator("#name-error").waitFor();
  });
  await page.goto(`${https}/setup/teacher`);
  await page.locator("#name").fill("Bu Wayan");
  await page.locator('main button[type="submit"]').click();
  await page.waitForURL(/\/setup\/teacher\/link\//);
  const shown = page.locator(".address code");
  const link = new URL((await shown.textContent()) ?? "");
  await page.reload();
  await expect(shown, "no other teacher is made").toHaveText(link.href);
  await survey(page, "setup-teacher-link", async () => {
    await page.goto(page.url());
  });
  const wayan = await school.person("Bu Wayan");
  await wayan.page.goto(https + link.pathname);
  await wayan.page.locator('main form button[type="submit"]').click();
  await wayan.page.waitForURL(/\/account\/password/);
  const gone = await page.reload();
  expect(gone?.status(), "there is nothing more to hand over").toBe(410);

  await survey(page, "setup-sheet", async () => {
    await page.goto(`${https}/setup/sheet`);
  });
  await page.goto(`${https}/setup/sheet?passphrase=hidden`);
  await expect(page.getByText(SSID)).toBeVisible();
  await expect(page.getByText(PASSPHRASE)).toHaveCount(0);
  for (const language of ["id", "en"]) {
    await page.context().addCookies([{ name: "kelas_language", value: language, url: https }]);
    await page.goto(`${https}/setup/sheet`);
    const paper = await page.pdf({ path: `shots/sheet-${language}.pdf`, preferCSSPageSize: true });
    expect(paper.toString("latin1").match(/\/Type\s*\/Page\b/g), "one page").toHaveLength(1);
  }

  await survey(page, "setup-reset-refused", async () => {
    await page.goto(`${https}/setup/reset`);
    await page.locator("#confirmation").fill("bukan ini");
    await page.locator("button.danger").click();
    await page.locator("#confirmation-error").waitFor();
  });
  await page.goto(`${https}/setup/reset`);
  await page.locator("#confirmation").fill("SMPN3");
  await page.locator("#password").fill(PASSWORD);
  await page.locator("button.danger").click();
  await expect(page.locator("h1")).toHaveText("Server sedang dikosongkan");
});
