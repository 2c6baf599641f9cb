import { once } from "node:events";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";

export interface Scene extends AsyncDisposable {
  readonly root: string;
  /** Acme's folder: three invoices. */
  readonly acme: string;
  /** Mallory's folder: a file, and a link to one of the invoices. */
  readonly mallory: string;
  /** A server that tells what the euro is worth, and under `/moved` sends whoever asks to the cloud's keys. */
  readonly rates: string;
}

export async function setScene(): Promise<Scene> {
  const root = await realpath(await mkdtemp(`${tmpdir()}/tenants-`));
  const [acme, mallory] = [`${root}/acme`, `${root}/mallory`];
  await mkdir(acme);
  await mkdir(mallory);
  for (const [at, sum] of [120, 80, 50].entries()) await writeFile(`${acme}/${at + 1}.invoice`, String(sum));
  await writeFile(`${mallory}/notes.txt`, "tomorrow at noon");
  await symlink(`${acme}/1.invoice`, `${mallory}/link`);

  const server = createServer(({ url }, response) => {
    if (url === "/moved") response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data/" }).end();
    else response.end("EUR 1.08");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    root,
    acme,
    mallory,
    rates: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await rm(root, { recursive: true });
    },
  };
}
