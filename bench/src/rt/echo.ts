import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { fileURLToPath } from "node:url";

const clientEntry = fileURLToPath(new URL("echo-client.ts", import.meta.url));

/** A client in another process, of an echo that listens on a port of this machine. */
export class EchoClient {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  static async connect(port: number): Promise<EchoClient> {
    const client = new EchoClient(fork(clientEntry, [String(port)]));
    await client.#hear();
    return client;
  }

  start(): void {
    this.#process.send("start");
  }

  /** Resolves to how long each echo took, in microseconds. */
  async stop(): Promise<readonly number[]> {
    const said = this.#hear();
    this.#process.send("stop");
    return said;
  }

  /** What it says next. */
  #hear(): Promise<readonly number[]> {
    return new Promise((resolve, reject) => {
      this.#process.once("message", resolve);
      this.#process.once("exit", (code) => reject(new Error(`the client of the echo ended with ${code}`)));
    });
  }
}

/** An echo of this process's own event loop. */
export async function openEcho(): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const server: Server = createServer({ noDelay: true }, (socket) => socket.pipe(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the echo listens on no port");
  return {
    port: address.port,
    close: async () => {
      server.close();
      await once(server, "close");
    },
  };
}
