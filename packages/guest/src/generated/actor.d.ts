// Generated from wit/ by `pnpm generate`. Do not edit.
/// <reference path="./airssys-core-component-component-lifecycle.d.ts" />
/// <reference path="./airssys-core-host-clock.d.ts" />
/// <reference path="./airssys-core-host-configuration.d.ts" />
/// <reference path="./airssys-core-host-logging.d.ts" />
/// <reference path="./airssys-core-host-messaging.d.ts" />
/// <reference path="./airssys-core-types-types.d.ts" />
