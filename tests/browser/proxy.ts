// A stretch of Wi-Fi between a browser and the daemon that can be cut.

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export class Wifi {
  private readonly sockets = new Set<Socket>();
  private isCut = false;

  private constructor(
    private readonly server: Server,
    /** The daemon's address through this stretch. */
    readonly address: string,
  ) {}

  static async to(address: string): Promise<Wifi> {
    const target = new URL(address);
    const server = createServer((near) => wifi.carry(near, Number(target.port), target.hostname));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const bound = server.address();
    if (bound === null || typeof bound === "string") throw new Error("no port");
    const wifi = new Wifi(server, `${target.protocol}//127.0.0.1:${bound.port}`);
    return wifi;
  }

  /** Everything that is open breaks, and nothing new gets through. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private carry(near: Socket, port: number, host: string): void {
    if (this.isCut) {
      near.destroy();
      return;
    }
    const far = connect(port, host);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(one);
      one.pipe(other);
      // A cut ends both sides; that is what it is for.
      one.on("error", () => other.destroy());
      one.on("close", () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }
}
