// Connects to an echo on this machine, and when told to, sends to it again and again until told that it is enough. Then it says how
// long the echo took each time, in microseconds.
import { connect } from "node:net";
import { performance } from "node:perf_hooks";

const PAUSE_MS = 1;
const payload = Buffer.alloc(64, "a");

const delays: number[] = [];
let sentAt: number | undefined;
let isOver = false;

const socket = connect({ port: Number(process.argv[2]), host: "127.0.0.1", noDelay: true });

function send(): void {
  if (isOver) return;
  sentAt = performance.now();
  socket.write(payload);
}

let received = 0;
socket.on("data", (data) => {
  received += data.length;
  if (received < payload.length || sentAt === undefined) return;
  received -= payload.length;
  delays.push((performance.now() - sentAt) * 1000);
  sentAt = undefined;
  setTimeout(send, PAUSE_MS);
});

// The echo may end before all of it was read.
socket.on("error", (error) => {
  if (!isOver) throw error;
});
socket.on("connect", () => process.send?.("connected"));

process.on("message", (message: "start" | "stop") => {
  if (message === "start") {
    send();
    return;
  }
  isOver = true;
  // Also the one that is still awaited has taken its time.
  if (sentAt !== undefined) delays.push((performance.now() - sentAt) * 1000);
  process.send?.(delays);
  socket.end();
  process.disconnect();
});
