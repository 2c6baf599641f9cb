// The aggregator: counts the classified records, publishes how far it has come, and reports when asked.
//
// In:   CBOR arrays [client, time, method, path, protocol, status, bytes, referrer, agent, kind, anomalies]
// Out:  on `access-log.progress`, every `progress_every` records, the number of records so far (CBOR)
// Asked to execute `report`: a CBOR map, with names as byte strings, since a log may hold any bytes
//   lines, bytes                                     numbers
//   statusClasses                                    map of 1xx to 5xx and other
//   methods, kinds, anomalies, topPaths, topClients  lists of [name, count], highest first, equal ones by name
//   untracked                                        how many counts of all of these had no room for their name
import { Actor, Answer, ComponentConfig, ComponentMessage, ExecutionContext } from "@airssys/guest/assemblyscript";
import { messaging, Metadata, Output, register } from "@airssys/guest/assemblyscript";
import { CborReader, CborWriter } from "./cbor";
import { Tally } from "./tally";

const topic = "access-log.progress";
const codecCbor: u8 = 0x51;
const items: u64 = 11;
const topSize = 10;
const statusClassNames: string[] = ["other", "1xx", "2xx", "3xx", "4xx", "5xx"];

/** Of 4 MiB: what is left is for one message of up to 64 KiB, several times copied, and for the collector. */
const pathBudget: usize = 2_200_000;
const clientBudget: usize = 1_000_000;
const smallBudget: usize = 32_768;

class Aggregate extends Actor {
  private lines: u64 = 0;
  private bytes: u64 = 0;
  private readonly statusClasses: StaticArray<u64> = new StaticArray<u64>(6);
  private readonly methods: Tally = new Tally(smallBudget);
  private readonly kinds: Tally = new Tally(smallBudget);
  private readonly anomalies: Tally = new Tally(smallBudget);
  private readonly paths: Tally = new Tally(pathBudget);
  private readonly clients: Tally = new Tally(clientBudget);
  private progressEvery: u64 = 500;

  metadata(): Metadata {
    const metadata = new Metadata("aggregate", "1.0.0", "Counts what the log says");
    metadata.operations = ["report"];
    metadata.codecs = [codecCbor];
    return metadata;
  }

  init(config: ComponentConfig): Answer {
    const every = config.get("progress_every");
    if (every === null) return Answer.ok();
    this.progressEvery = u64(parseInt(every));
    return this.progressEvery > 0 ? Answer.ok() : Answer.invalidConfig("`progress_every` is a whole number from 1");
  }

  handleMessage(message: ComponentMessage): Answer {
    const payload = message.payload;
    const reader = new CborReader(payload);
    if (payload[0] != codecCbor || reader.readValue() != items) {
      return Answer.invalidInput("the payload is not a classified record in cbor");
    }
    this.countRecord(reader);
    if (this.lines % this.progressEvery != 0) return Answer.ok();
    const progress = new CborWriter();
    progress.writeNumber(this.lines);
    // Nobody has to listen, and the next one says more: a refused progress report is not tried again.
    messaging.publish(topic, progress.finish());
    return Answer.ok();
  }

  execute(operation: Uint8Array, context: ExecutionContext): Output {
    const name = String.UTF8.decode(operation.buffer);
    return name == "report" ? Output.of(this.report()) : Output.unknownOperation(name);
  }

  private countRecord(reader: CborReader): void {
    reader.readText();
    this.clients.count(reader.start, reader.length);
    reader.readValue(); // time
    reader.readText();
    this.methods.count(reader.start, reader.length);
    reader.readText();
    this.paths.count(reader.start, lengthWithoutQuery(reader.start, reader.length));
    reader.readText(); // protocol
    const statusClass = u32(reader.readValue() / 100);
    this.statusClasses[statusClass <= 5 ? statusClass : 0]++;
    this.bytes += reader.readValue();
    reader.readText(); // referrer
    reader.readText(); // agent
    reader.readText();
    this.kinds.count(reader.start, reader.length);
    for (let left = reader.readValue(); left > 0; left--) {
      reader.readText();
      this.anomalies.count(reader.start, reader.length);
    }
    this.lines++;
  }

  private report(): Uint8Array {
    const writer = new CborWriter();
    writer.writeMap(9);
    writer.writeText("lines");
    writer.writeNumber(this.lines);
    writer.writeText("bytes");
    writer.writeNumber(this.bytes);
    writer.writeText("statusClasses");
    writer.writeMap(statusClassNames.length);
    for (let index = 0; index < statusClassNames.length; index++) {
      writer.writeText(statusClassNames[index]);
      writer.writeNumber(this.statusClasses[index]);
    }
    writeTally(writer, "methods", this.methods, i32.MAX_VALUE);
    writeTally(writer, "kinds", this.kinds, i32.MAX_VALUE);
    writeTally(writer, "anomalies", this.anomalies, i32.MAX_VALUE);
    writeTally(writer, "topPaths", this.paths, topSize);
    writeTally(writer, "topClients", this.clients, topSize);
    writer.writeText("untracked");
    writer.writeNumber(
      this.methods.untracked +
        this.kinds.untracked +
        this.anomalies.untracked +
        this.paths.untracked +
        this.clients.untracked,
    );
    return writer.finish();
  }
}

function writeTally(writer: CborWriter, name: string, tally: Tally, limit: i32): void {
  const entries = tally.top(limit);
  writer.writeText(name);
  writer.writeArray(entries.length);
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index];
    writer.writeArray(2);
    writer.writeBytes(Tally.nameStart(entry), Tally.nameLength(entry));
    writer.writeNumber(Tally.countOf(entry));
  }
}

function lengthWithoutQuery(start: usize, length: u32): u32 {
  for (let index: u32 = 0; index < length; index++) {
    if (load<u8>(start + index) == 0x3f) return index;
  }
  return length;
}

register(new Aggregate());
