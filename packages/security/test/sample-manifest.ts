/** The smallest Component.toml that is accepted. */
export const SMALLEST = `[component]
name = "echo"
version = "1.0.0"
artifact = "echo.wasm"

[resources.memory]
max_bytes = 1048576

[resources.cpu]
max_fuel = 10000
timeout_ms = 1000
`;

/** Every field, in every dress that TOML has for tables. */
export const FULLEST = `# An order parser
[component]
name = "order-parser"
namespace = "shop"
version = "1.2.0-rc.1+build.5"
artifact = "build/order-parser.wasm"
description = "Parses \\"orders\\" — quickly"
authors = [
  "Ada <ada@example.com>", # first
  'Grace',
]
license = "MIT OR Apache-2.0"
repository = "https://example.com/order-parser.git"
homepage = "https://example.com"

[resources]
memory.max_bytes = 4_194_304
cpu = { max_fuel = 10_000_000, timeout_ms = 0x3e8 }

[capabilities]
filesystem.read = ["/data/in/**", "/[a-c]?/*.csv"]
filesystem.write = ["/data/out/*"]
filesystem.delete = ["/data/out/*"]
filesystem.list = ["/"]
process = { spawn = ["/usr/bin/convert"] }
environment.variables = ["LANG", "_x1"]
custom.functions = ["labels/*", "ping"]

[capabilities.network]
outbound = ["api.example.com:443", "*.cdn.example.com:443", "10.0.0.1:80", "[::1]:8080"]
inbound = [8080, 0x50]

[capabilities.messaging]
send = ["shop/*", "bank/vault"]
publish = ["orders.*"]
subscribe = ["orders.#", "#"]
receive_from = ["*/*"]

[capabilities.storage]
namespaces = ["orders", "by-day"]

[quotas]
message_rate = "250/s"
storage = "5MB"
network = "1KiB/s"
cpu = "250ms/s"
memory = "64MiB"

[supervision]
restart = "transient"
max_restarts = 5
within_ms = 10000
backoff = { min_ms = 10, max_ms = 1000, factor = 1.5, jitter = 0 }
shutdown_ms = 0
snapshot_every = 100
health.interval_ms = 5000
health.timeout_ms = 500
"health" . 'failure_threshold' = 2

[deployment]
strategy = "canary"

[security]
public_key = "ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
signature = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

[config]
zone = "Europe/Berlin"
10 = "ten"
2 = true
ratio = 0.25
tags = ["a", 1, { deep = [false] }]
text = """
two
lines"""
[config.limits]
lines = 500
bytes.each = 1000
`;
